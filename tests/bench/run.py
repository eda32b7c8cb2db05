"""Fill a scratch database, measure, and say what came of it."""

import platform
import sys
import time
from statistics import median

import django
from django.db import connection

# First of ours: it loads Django's apps.
from config.wsgi import application

from . import panel, scale
from .cases import all_cases, papers, searching, timetables
from .cinema import crowd, make_catalogue, open_cinema
from .clock import WARM_UP, Clock
from .contention import contention
from .crowds import buyers
from .deadlocks import deadlocks
from .options import read_options
from .purchases import purchases
from .sales import Booking, BookingLine, Showtime, TakenSeat

HEAD = f"{'':26}{'ms':>7}{'R':>8}{'from':>8}{'to':>7}{'SQL':>6}{'+':>3}{'bytes':>8}"
LEGEND = """
ms: CPU of the thread that answers, the median. R: the bare view's ms by this one's, the median of
the rounds, and its span. SQL: statements, and + those that begin or end transactions. bytes: body.
"""


def main(arguments: list[str]):
    """Measure, and leave no database behind."""
    options = read_options(arguments)
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        _chosen(options)(options)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _chosen(options):
    if options.panel:
        return panel.measure
    return scale.measure if options.scale else bench


def bench(options):
    """Print what each of the chosen cases costs."""
    calls = options.rounds * options.calls + options.calls * options.profile + WARM_UP + 1
    cinema = open_cinema(bookings=options.bookings, holds=2 * calls + 1)
    bare, *cases = all_cases(cinema)
    print(machine(), flush=True)
    print(f"{options.rounds} rounds of {options.calls} calls\n\n{HEAD}", flush=True)
    measure([bare, *chosen(cases, options)], options, Clock(application))
    print(LEGEND)
    if printed := chosen(papers(), options):
        print("CPU of all threads")
        measure([bare, *printed], options, Clock(application, time.process_time))
    many_clients(cinema, options)
    if of_theaters := chosen(timetables(cinema), options):
        in_a_crowd(of_theaters, options)
    if searches := chosen(searching(), options):
        # Last, since it is a larger cinema then than the one of all others.
        make_catalogue()
        measure([bare, *searches], options, Clock(application))


def many_clients(cinema, options):
    """What happens when all come at once. On SQLite, where writers take turns, nothing does."""
    sections = {
        "hot showtime": lambda: contention(options),
        "deadlocks": lambda: deadlocks(cinema.empty, options),
        "crowd": buyers,
        "purchases": purchases,
    }
    for name, section in sections.items():
        if options.only in name and connection.vendor == "postgresql":
            section()


def chosen(cases: list, options) -> list:
    return [case for case in cases if options.only in case.name]


def measure(cases: list, options, clock: Clock):
    """Print what each of `cases` costs, compared with the first."""
    costs = {case.name: clock.cost(case) for case in cases}
    rounds = clock.rounds(cases, rounds=options.rounds, calls=options.calls)
    for case in cases:
        print(line(case.name, rounds, cases[0].name, costs[case.name]), flush=True)
    if options.profile:
        show_profiles(clock, cases, options.calls)


def in_a_crowd(cases, options):
    """What the same timetables take when the table is full of other showtimes."""
    clock = Clock(application, time.perf_counter)
    few, before = Showtime.objects.count(), by_name(clock, cases, options)
    crowd(options.crowd - few)
    many, after = Showtime.objects.count(), by_name(clock, cases, options)
    print(f"\nwith the database's time, ms{few:10,}{many:10,} showtimes")
    for case in cases:
        ratio = after[case.name] / before[case.name]
        print(f"{case.name:26}{before[case.name]:11.2f}{after[case.name]:10.2f}{ratio:7.2f}x")


def by_name(clock: Clock, cases, options) -> dict[str, float]:
    """The median ms of each case in its best round, after some calls that warm up."""
    clock.round(cases, WARM_UP)
    rounds = clock.rounds(cases, rounds=options.rounds, calls=options.calls)
    return {case.name: 1000 * min(one[case.name] for one in rounds) for case in cases}


def machine() -> str:
    """What it was measured on."""
    rows = ", ".join(
        f"{model.objects.count():,} {model._meta.verbose_name_plural}"
        for model in (Booking, BookingLine, TakenSeat, Showtime)
    )
    version = ".".join(map(str, connection.get_database_version()))
    python = f"Python {platform.python_version()}, Django {django.__version__}"
    return f"{connection.display_name} {version}, {python}, {platform.machine()}\n{rows}"


def line(name: str, rounds: list[dict], bare: str, cost) -> str:
    """A line of the table."""
    ratios = [of_round[bare] / of_round[name] for of_round in rounds]
    ms = 1000 * median(of_round[name] for of_round in rounds)
    return (
        f"{name:26}{ms:7.2f}{median(ratios):8.3f}{min(ratios):8.3f}{max(ratios):7.3f}"
        f"{cost.statements:6}{cost.control:3}{cost.size:8,}"
    )


def show_profiles(clock: Clock, cases, calls: int):
    """Where the time of each case goes, by the functions in which most of it passes."""
    for case in cases:
        print(f"\n{case.name}, {calls} calls")
        clock.profile(case, calls).strip_dirs().sort_stats("cumulative").print_stats(40)


if __name__ == "__main__":
    main(sys.argv[1:])
