"""How many holds a second many clients get who all want the same showtime."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from statistics import median

from django.db import connection

from . import sites
from .cinema import make_house
from .clients import SEATS_A_HOLD, Clients, clients
from .one_statement import statements
from .pgbench import NoPgbench, transactions_a_second

CLIENTS = [16, 64]
SPREAD, HOT, FOR_PGBENCH = 200, 100, 500
ROWS = ["s" * 100] * 60
# Two sites that are compared, by what they are called.
NEAR = {"locked": sites.locked, "hot": sites.ours}
FAR = {"locked, far": sites.locked_and_far, "hot, far": sites.far}
# The name, what is divided by what, and what is hoped for.
RATIOS = [
    ("hot / 200 showtimes", "hot", "spread", 0.85),
    ("hot / pgbench, a whole hold", "hot", "pgbench, a whole hold", 0.10),
    ("hot / pgbench, three seats", "hot", "pgbench, three seats", 0.10),
    ("hot / under a lock", "hot", "locked", 3),
    ("the same, database 1 ms away", "hot, far", "locked, far", 3),
]


@dataclass
class Arena:
    """A hall of 6,000 seats: showtimes that share the crowd, and others that have it alone."""

    seats: list[int]
    spread: list[int]
    hot: Iterator[int]
    statements: dict[str, str]


def contention(options):
    """Print how the holds of a crowd compare: all at one showtime, spread out, and under a lock."""
    arena = open_arena()
    for number in CLIENTS:
        if needs(number) > allowed():
            print(f"\nNot with {number} clients: max_connections is less than {needs(number)}")
            continue
        print(f"\nholds a second, {number} clients", flush=True)
        rates = near(arena, number, options) | in_turns(FAR, arena, number, options)
        for what, seen in rates.items():
            print(f"{what:30}{median(seen):9,.0f}{min(seen):9,.0f} to {max(seen):,.0f}")
        for name, ours, others, hoped in RATIOS:
            if others in rates:
                print(ratio(name, rates[ours], rates[others], hoped), flush=True)


def needs(number: int) -> int:
    """How many connections: of two sorts of clients, of pgbench's, and of whoever else is there."""
    return 3 * number + 10


def allowed() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW max_connections")
        return int(cursor.fetchone()[0])


def ratio(name: str, ours: list[float], others: list[float], hoped: float) -> str:
    """A line: the median of the rounds' ratios, their span, and what is hoped for."""
    seen = [one / other for one, other in zip(ours, others, strict=True)]
    span = f"{min(seen):9.2f} to {max(seen):.2f}"
    return f"{name:30}{median(seen):9.2f}{span}, hoped for: {hoped}"


def near(arena: Arena, number: int, options) -> dict[str, list[float]]:
    """Beside our holds and those under a lock: holds at many showtimes, and pgbench."""
    others = {"spread": lambda them: spread(them["hot"], arena, number, options.seconds)}
    with suppress(NoPgbench):
        for name, sql in arena.statements.items():
            transactions_a_second(sql, 1, 1)
            others[name] = lambda _, sql=sql: transactions_a_second(sql, number, options.seconds)
    return in_turns(NEAR, arena, number, options, **others)


def in_turns(both: dict, arena: Arena, number: int, options, **others) -> dict[str, list[float]]:
    """
    The rates of each round, by what was done: holds at one showtime by the clients of each of
    `both`, and `others`. In each round all of it, one right after another in this order.
    """
    rates = defaultdict(list)
    with ExitStack() as stack:
        them = {name: stack.enter_context(clients(number, site)) for name, site in both.items()}
        for warming_up in them.values():
            spread(warming_up, arena, number, options.seconds / 2)
        for _ in range(options.rounds):
            for name, those in them.items():
                rates[name].append(those.hold([next(arena.hot)], arena.seats, options.seconds))
            for name, measure in others.items():
                rates[name].append(measure(them))
    return rates


def spread(them: Clients, arena: Arena, number: int, seconds: float) -> float:
    return them.hold(arena.spread, own_seats(arena, number), seconds)


def own_seats(arena: Arena, number: int) -> list[int]:
    """Seats that nobody has had at those showtimes: a hold of each, for each of the clients."""
    seats = arena.seats[: number * SEATS_A_HOLD]
    arena.seats = arena.seats[len(seats) :] + seats
    return seats


def open_arena() -> Arena:
    """One theater, one hall, and enough showtimes."""
    showtimes = make_house("arena", ROWS, SPREAD + HOT + FOR_PGBENCH)
    seats = list(showtimes[0].screen.seats.order_by("pk").values_list("pk", flat=True))
    showtimes = [showtime.pk for showtime in showtimes]
    return Arena(
        seats=seats,
        spread=showtimes[:SPREAD],
        hot=iter(showtimes[SPREAD : SPREAD + HOT]),
        statements=statements(seats, showtimes[SPREAD + HOT :]),
    )
