"""A hold as one statement, for pgbench: what the database alone could do, without any question."""

from django.db import connection, models

from bookings.customer import Contact
from bookings.holds import hold
from bookings.models import Booking, BookingLine
from showtimes.models import Showtime, TakenSeat

from .clients import SEATS_A_HOLD


def statements(seats: list[int], showtimes: list[int]) -> dict[str, str]:
    """
    SQL that takes three other seats each time: by itself, and with the booking and its lines, which
    are copies of a hold. `seats` and `showtimes` have ids without gaps.
    """
    holds = len(seats) // SEATS_A_HOLD
    showtime, seat = f"{showtimes[1]} + n / {holds}", f"{seats[0]} + n % {holds} * {SEATS_A_HOLD}"
    first = Showtime.objects.select_related("movie", "screen__theater").get(pk=showtimes[0])
    guest = Contact("Guest", "guest@example.com")
    one = hold(first, seats[:SEATS_A_HOLD], user=None, contact=guest)
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE bench_holds MINVALUE 0")
    number = "WITH next AS (SELECT nextval('bench_holds') AS n, gen_random_uuid() AS uuid)"
    booking = copied(
        Booking,
        f"id = '{one.pk}'",
        id="uuid",
        reference="lpad(n::text, 8, '0')",
        access_key="uuid::text",
        showtime_id=showtime,
        contact_email="uuid || '@example.com'",
    )
    lines = copied(
        BookingLine,
        f"booking_id = '{one.pk}'",
        booking_id="uuid",
        seat_id=f"seat_id - {seats[0]} + {seat}",
    )
    taken = copied(
        TakenSeat,
        f"holder = '{one.pk}'",
        holder="uuid",
        showtime_id=showtime,
        seat_id=f"seat_id - {seats[0]} + {seat}",
    )
    return {
        "pgbench, three seats": f"{number} {taken};",
        "pgbench, a whole hold": f"{number}, booking AS ({booking}), lines AS ({lines}) {taken};",
    }


def copied(model: type[models.Model], where: str, **columns: str) -> str:
    """SQL that copies rows of `model`; `columns` say what differs."""
    fields = [field.column for field in model._meta.concrete_fields if not field.db_returning]
    values = ", ".join(columns.get(name, f'"{name}"') for name in fields)
    names = ", ".join(f'"{name}"' for name in fields)
    table = model._meta.db_table
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {table}, next WHERE {where}"
