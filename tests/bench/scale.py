"""
What is asked all the time, while the cinema grows from ten thousand seats that were ever taken to
ten millions: it should take as long as before. `--largest 1000000` leaves the last step out, which
takes many minutes and about 15 GB of disk.
"""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import F, Min
from django.db.models.functions import Mod
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.tokens import tokens_for
from bookings.customer import Contact
from bookings.holds import hold
from config.wsgi import application
from movies.models import Movie
from payments.jobs import expire_overdue_bookings
from theaters.models import Screen

from . import sales
from .cases import Case, book, get
from .cinema import LENGTH, SEATS, SLOT, Cinema, open_cinema
from .clock import WARM_UP, Clock
from .sales import Booking, BookingLine, Showtime, TakenSeat, Ticket, multiply

STEPS = [10**4, 10**6, 10**7]
# Fifty customers made all of it: the history of each grows, too.
REGULARS = 50
OVERDUE = 10
# Tables of which no statement may read all rows.
BIG = {model._meta.db_table for model in (Booking, BookingLine, Showtime, TakenSeat, Ticket)}
ALLOWED = 1.5


class Question(NamedTuple):
    """`ask` is timed; `prepare` is not."""

    ask: Callable
    prepare: Callable = bool


def measure(options):
    """Print what each question takes at each size, and what it reads without an index."""
    if connection.vendor != "postgresql":
        print("Growth is measured on PostgreSQL: nothing else explains itself so.")
        return
    cinema = open_cinema(bookings=STEPS[0] // sales.SEATS, holds=500)
    regular = next(cinema.customers)
    first = regular.pk
    Booking.objects.update(user=first + Mod(F("user") - first, REGULARS))
    found = {}
    for size in [step for step in STEPS if step <= options.largest]:
        began = time.monotonic()
        grow(size, regular)
        print(
            f"{TakenSeat.objects.count():,} taken seats, {Booking.objects.count():,} bookings, "
            f"{Showtime.objects.count():,} showtimes, {regular.bookings.count():,} bookings of one "
            f"customer; made in {time.monotonic() - began:.0f} s",
            flush=True,
        )
        # Anew each time: tokens do not last as long as the largest step.
        for name, question in questions(cinema, regular).items():
            step = milliseconds(question, options), scanned(question)
            found.setdefault(name, []).append(step)
        report(found)


def questions(cinema: Cinema, regular: User) -> dict[str, Question]:
    """What is asked, by name. Each makes sure of its answer."""
    clock = Clock(application, time.perf_counter)
    showtime, theater = cinema.showtime, cinema.showtime.screen.theater
    today = theater.today()
    token = {"Authorization": f"Bearer {tokens_for(regular)['access']}"}
    mine = "/api/bookings/"

    def looking(path: str, headers: dict | None = None) -> Question:
        case = Case(path, 200, lambda: get(path, headers))
        return Question(lambda: clock.call(case, case.request()))

    refused = Case("refusal", 409, lambda: book(showtime, cinema.half_taken, regular))
    return {
        "seat map": looking(f"/api/seats/?showtime={showtime.pk}"),
        "availability": looking(f"/api/showtimes/{showtime.pk}/availability/"),
        "look before locking": Question(lambda: clock.call(refused, refused.request())),
        "my bookings": looking(mine, token),
        "my bookings, page 5": looking(f"{mine}?page=5", token),
        "my bookings to come": looking(f"{mine}?upcoming=true", token),
        "showtimes of a day, here": looking(f"/api/showtimes/?theater={theater.pk}&date={today}"),
        "showtimes of a day": looking(f"/api/showtimes/?date={today}"),
        "showtimes since ever": looking("/api/showtimes/?from=2000-01-01T00:00:00Z"),
        "expiry sweep": Question(expire_overdue_bookings, overdue(cinema, regular)),
    }


def overdue(cinema: Cinema, customer: User) -> Callable:
    """Makes a few holds that have run out, the same each time."""
    contact = Contact("Regular", "regular@example.com", "")
    held = []
    for n in range(OVERDUE):
        showtime, seats = next(cinema.free)
        one = contact._replace(email=f"{n}@example.com")
        held.append(hold(showtime, [seat.pk for seat in seats], user=None, contact=one).pk)

    def lapse():
        Booking.objects.filter(pk__in=held).update(
            status=Booking.Status.PENDING, held_until=timezone.now() - timedelta(minutes=1)
        )

    return lapse


def grow(size: int, regular: User):
    """Sell more of the past, until `size` seats were taken."""
    many = (size - TakenSeat.objects.count()) // (sales.BOOKINGS * sales.SEATS)
    if many > 0:
        with connection.cursor() as cursor:
            # The rows are right by how they are made; to look each of them up takes for ever.
            cursor.execute("SET session_replication_role = replica")
            sell(past_showtimes(many), regular)
            cursor.execute("SET session_replication_role = DEFAULT")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connection.close()


def past_showtimes(many: int) -> list[Showtime]:
    """Before all others, on every screen one after another."""
    film, screens = Movie.objects.first(), list(Screen.objects.order_by("pk"))
    before = Showtime.objects.aggregate(first=Min("starts_at"))["first"]
    starts = (before - SLOT * (n // len(screens) + 1) for n in range(many))
    return Showtime.objects.bulk_create(
        (
            Showtime(
                movie=film,
                screen=screens[n % len(screens)],
                starts_at=start,
                ends_at=start + LENGTH,
                language="de",
                status=Showtime.Status.ON_SALE,
            )
            for n, start in enumerate(starts)
        ),
        batch_size=5000,
    )


def sell(showtimes: list[Showtime], regular: User):
    """Copy one booking for `showtimes`, as `sales.copy` does; each a second before the last."""
    first, times = Booking.objects.count(), len(showtimes) * sales.BOOKINGS
    template = Booking.objects.filter(confirmed_at__isnull=False).earliest("created_at")
    held = template.tickets.order_by("seat").first().seat_id
    n, number = f"(n - {first})", "50000000 + n"
    uuid = f"'000000000000000000000000' || ({number})"
    at = f"{showtimes[0].pk} + {n} / {sales.BOOKINGS}"
    nth = f"(seat_id - {held})"
    row, hall = f"{n} / {sales.BOOKINGS}", f"{n} % {sales.BOOKINGS} * {sales.SEATS}"
    screens = Screen.objects.order_by("pk")
    start = screens.first().seats.order_by("pk").first().pk
    seat = f"{start} + {row} % {screens.count()} * {SEATS} + {hall} + {nth}"
    own = {"first": first, "source": f"booking_id = '{template.pk}'"}
    multiply(
        Booking,
        times,
        first=first,
        source=f"id = '{template.pk}'",
        id=uuid,
        reference=number,
        access_key=number,
        user_id=f"{regular.pk} + n % {REGULARS}",
        showtime_id=at,
        created_at="created_at - n * interval '1 second'",
    )
    multiply(BookingLine, times, booking_id=uuid, seat_id=seat, **own)
    code = f"50000000 + n * {sales.SEATS} + {nth}"
    multiply(Ticket, times, booking_id=uuid, seat_id=seat, code=code, **own)
    own["source"] = f"holder = '{template.pk}'"
    multiply(TakenSeat, times, holder=uuid, showtime_id=at, seat_id=seat, **own)


def milliseconds(question: Question, options) -> float:
    """All the time that it takes, at best: what else the machine does is not in it."""
    for _ in range(WARM_UP):
        timed(question)
    return 1000 * min(timed(question) for _ in range(options.rounds * options.calls))


def timed(question: Question) -> float:
    question.prepare()
    began = time.perf_counter()
    question.ask()
    return time.perf_counter() - began


def scanned(question: Question) -> set[str]:
    """The big tables of which it reads all rows."""
    question.prepare()
    with CaptureQueriesContext(connection) as queries:
        question.ask()
    read = [query["sql"] for query in queries if query["sql"].startswith(("SELECT", "WITH"))]
    return {table for sql in read for table in BIG & set(sequential(sql))}


def sequential(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    return re.findall(r"Seq Scan on (\w+)", plan)


def report(found: dict[str, list[tuple]]):
    """A line for each question: its time at each size, how far they are apart, what it scans."""
    sizes = "".join(f"{size:>12,}" for size in STEPS[: len(next(iter(found.values())))])
    print(f"\n{'best ms, database and all':26}{sizes}{'apart':>8}  without an index")
    for name, steps in found.items():
        times = [ms for ms, _ in steps]
        ratio = max(times) / min(times)
        tables = ", ".join(sorted(steps[-1][1])) or "nothing"
        mark = "" if ratio <= ALLOWED else f"  more than {ALLOWED}"
        print(f"{name:26}{''.join(f'{ms:12.2f}' for ms in times)}{ratio:7.2f}x  {tables}{mark}")
