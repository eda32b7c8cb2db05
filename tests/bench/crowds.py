"""A thousand buyers at once, through gunicorn, for a hall of three hundred seats."""

import random
import tempfile
import uuid
from collections import Counter, defaultdict
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from bookings.proof.sweep import double_sales
from showtimes.models import Showtime
from tests import site
from tests.crowd import Request, Visit, crowd

from .cinema import make_house
from .contention import ratio

BUYERS, ROUNDS = 1_000, 3
ROWS = ["s" * 20] * 15
SITES = ["ours", "locked", "far", "locked_and_far"]
RATIOS = [
    ("faster than under a lock", "locked", "ours"),
    ("the same, database 1 ms away", "locked_and_far", "far"),
]


def buyers():
    """
    Print how long a crowd takes, and what it hears. Raises RuntimeError if a seat is not sold
    exactly once, or, without the lock, if anybody hears anything but 201 and 409.
    """
    print(f"\n{BUYERS:,} buyers at once, {site.WORKERS} workers", flush=True)
    showtimes = iter(make_house("rush", ROWS, ROUNDS * len(SITES)))
    seconds = defaultdict(list)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sites = {
            name: stack.enter_context(site.running(folder / name, f"tests.bench.sites:{name}()"))
            for name in SITES
        }
        for _ in range(ROUNDS):
            for name, running in sites.items():
                visit = buy(next(showtimes), running.port, name)
                seconds[name].append(visit.seconds)
                print(line(name, visit), flush=True)
    for name, others, ours in RATIOS:
        print(ratio(name, seconds[others], seconds[ours], 2))


def buy(showtime: Showtime, port: int, name: str) -> Visit:
    """Let everybody want one seat, of which there are not enough."""
    seats = list(showtime.screen.seats.values_list("pk", flat=True))
    wishes = [seats[number % len(seats)] for number in range(BUYERS)]
    random.shuffle(wishes)
    visit = crowd(port, [wants(showtime, seat) for seat in wishes])
    heard = Counter(answer.status for answer in visit.answers)
    won = [seat for seat, one in zip(wishes, visit.answers, strict=True) if one.status == 201]
    if len(set(won)) != len(won) or double_sales(showtime):
        raise RuntimeError("A seat was sold twice.")
    if name in ("ours", "far") and heard != {201: len(seats), 409: BUYERS - len(seats)}:
        raise RuntimeError(f"Not every seat was sold, or somebody was not answered: {heard}")
    return visit


def wants(showtime: Showtime, seat: int) -> Request:
    contact = {"name": "Guest", "email": f"{uuid.uuid4().hex}@example.com"}
    return Request("/api/bookings/", {"showtime": showtime.pk, "seats": [seat], "contact": contact})


def line(name: str, visit: Visit) -> str:
    heard = Counter(answer.status for answer in visit.answers)
    waited = median(answer.seconds for answer in visit.answers)
    answers = ", ".join(f"{count} x {status}" for status, count in sorted(heard.items()))
    return f"{name:30}{visit.seconds:9.2f} s, half within {waited:.2f} s: {answers}"
