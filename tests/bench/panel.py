"""
The dashboard, the reports and all other pages of the admin, for a chain that has been open for two
years (`two_years`).
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
from payments.models import LedgerEntry
from showtimes.models import TakenSeat
from theaters.models import Screen

from . import pages
from .scale import sequential
from .two_years import open_chain

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
    if not options.only:
        figures(client, boss, showtimes, options)
    else:
        roll_up()
    manager = User.objects.get(username="chief-house-0")
    pages.measure({"admin": boss, "manager": manager}, options.only)


def figures(client: Client, boss: User, showtimes: list, options):
    """The dashboard and the reports, and what they read whole."""
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
