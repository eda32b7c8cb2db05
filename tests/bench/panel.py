"""
The dashboard and the reports of a chain that has been open for two years: 200,000 bookings, each of
two seats, of three theaters with two screens each.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from itertools import product

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User
from bookings.models import Booking, BookingLine, Ticket
from manager_panel.figures.rolling import roll_up
from manager_panel.models import Figures, HourFigures, Report
from manager_panel.reports.making import table_of
from payments.models import Invoice, LedgerEntry, Payment
from showtimes.models import Showtime, TakenSeat
from theaters.layouts import Place, seats_of
from theaters.models import Screen, Seat

from . import sales
from .cinema import make_customers, make_films, make_theater, take_stock
from .sales import multiply
from .scale import sequential

HOUSES, HALLS = 3, 2
DAYS_BEFORE, DAYS_AFTER = 724, 6
STARTS = [14, 17, 20, 22]
EACH = 12
ROWS = ["s" * 10] * 8
BIG = {model._meta.db_table for model in (Booking, BookingLine, Ticket, TakenSeat, LedgerEntry)}


def measure(options):
    """Print how long each page and report takes, its statements, and what it reads whole."""
    began = time.monotonic()
    showtimes = open_chain()
    print(
        f"{Booking.objects.count():,} bookings, {Ticket.objects.count():,} tickets, "
        f"{len(showtimes):,} showtimes; made in {time.monotonic() - began:.0f} s",
        flush=True,
    )
    boss = User.objects.create(username="boss", role=Role.ADMIN)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(boss)
    say("dashboard, nothing rolled up", looking(client, "/admin/"), 1)
    say("rolling up two years", roll_up, 1)
    print(f"{Figures.objects.count():,} rows, {HourFigures.objects.count():,} hours", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    say("rolling up, nothing new", roll_up, options.rounds)
    for period in ("today", "week", "month", "year"):
        say(f"dashboard, {period}", looking(client, f"/admin/?period={period}"), options.rounds)
    one = f"/admin/?period=year&theater={showtimes[0].screen.theater_id}"
    say("dashboard, year, one house", looking(client, one), options.rounds)
    for kind, days in product(Report.Kind.values, (7, 720)):
        say(f"{kind}, {days} days", making(kind, days, boss), 1)


def looking(client: Client, page: str) -> Callable:
    """What looks at `page`, and makes sure that it is there."""

    def look():
        assert client.get(page).status_code == 200

    return look


def making(kind: str, days: int, boss: User) -> Callable:
    """What makes the table of a report."""
    last = timezone.now().date()
    report = Report.objects.create(
        kind=kind, first=last - timedelta(days=days), last=last, ordered_by=boss, status="working"
    )
    report.theaters.set(Screen.objects.values_list("theater", flat=True))
    return lambda: table_of(report)


def say(name: str, ask: Callable, rounds: int):
    times = [timed(ask) for _ in range(rounds)]
    with CaptureQueriesContext(connection) as queries:
        ask()
    read = [query["sql"] for query in queries if query["sql"].startswith(("SELECT", "WITH"))]
    whole = {table for sql in read for table in BIG & set(sequential(sql))}
    shown = ", ".join(sorted(whole)) or "nothing"
    print(f"{name:32}{1000 * min(times):10.0f} ms{len(queries):5} SQL  whole: {shown}", flush=True)


def timed(ask: Callable) -> float:
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


def open_chain() -> list[Showtime]:
    """One booking by the front door, and its copies, scattered over the showtimes."""
    customers, films = make_customers(), make_films()
    screens = [screen for n in range(HOUSES) for screen in make_halls(f"house-{n}")]
    showtimes = make_showtimes(films, screens)
    template = showtimes[-1]
    sales.sell(template, customers[0])
    with connection.cursor() as cursor:
        # The rows are right by how they are made; to look each of them up takes for ever.
        cursor.execute("SET session_replication_role = replica")
        copy(showtimes[:-1], screens, customers)
        cursor.execute("SET session_replication_role = DEFAULT")
        take_stock()
    connection.close()
    return showtimes


def make_halls(slug: str) -> list[Screen]:
    theater = make_theater(slug)
    seat = Place(theater.seat_categories.create(name="Seat", default_price=10))
    halls = [theater.screens.create(name=f"Hall {n}") for n in range(HALLS)]
    for hall in halls:
        Seat.objects.bulk_create(seats_of(hall, ROWS, {"s": seat}))
    return halls


def make_showtimes(films, screens) -> list[Showtime]:
    """Four a day on each screen, in their order; the last one is tomorrow's or later."""
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    days = [midnight + timedelta(days=n) for n in range(-DAYS_BEFORE, DAYS_AFTER)]
    places = enumerate(product(days, STARTS, screens))
    return Showtime.objects.bulk_create(
        (
            Showtime(
                movie=films[n // 50 % len(films)],
                screen=screen,
                starts_at=day + timedelta(hours=hour),
                ends_at=day + timedelta(hours=hour + 2),
                language="de",
                status=Showtime.Status.ON_SALE,
            )
            for n, (day, hour, screen) in places
        ),
        batch_size=5000,
    )


def copy(showtimes: list[Showtime], screens: list[Screen], customers: list[User]):
    times = len(showtimes) * EACH
    nth = f"(seat_id - {TakenSeat.objects.earliest('seat').seat_id})"
    number, uuid = "10000000 + n", "'000000000000000000000000' || (10000000 + n)"
    at = f"{showtimes[0].pk} + n / {EACH}"
    first_seat = Seat.objects.earliest("pk").pk
    seats = len(ROWS) * 10
    seat = f"{first_seat} + n / {EACH} % {len(screens)} * {seats} + n % {EACH} * 2 + {nth}"
    theater = f"{screens[0].theater_id} + n / {EACH} % {len(screens)} / {HALLS}"
    start = f"(SELECT starts_at FROM showtimes_showtime s WHERE s.id = {at})"
    sold = f"LEAST(now(), {start} - interval '1 hour' * (n * 7 % 70))"
    came = f"CASE WHEN {start} < now() AND n % 9 > 0 THEN {start} END"
    by = f"{customers[0].pk} + n % {len(customers)}"
    multiply(
        Booking, times, id=uuid, reference=number, access_key=number, user_id=by, showtime_id=at,
        created_at=sold, confirmed_at=sold,
    )  # fmt: skip
    multiply(BookingLine, times, booking_id=uuid, seat_id=seat)
    multiply(TakenSeat, times, holder=uuid, showtime_id=at, seat_id=seat)
    code = f"10000000 + n * 2 + {nth}"
    multiply(Ticket, times, booking_id=uuid, seat_id=seat, code=code, admitted_at=came)
    multiply(Payment, times, id=uuid, booking_id=uuid, stripe_intent="'pi_' || n")
    multiply(Invoice, times, booking_id=uuid, payment_id=uuid, number="'OLD-' || n")
    multiply(LedgerEntry, times, booking_id=uuid, payment_id=uuid, theater_id=theater, at=sold)
