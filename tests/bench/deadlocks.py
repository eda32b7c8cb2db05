"""Why seats are taken in order: two who want A and B, and begin at either end, wait in a circle."""

import random
import time
import uuid
from collections import Counter
from collections.abc import Callable

from django.db import OperationalError, connections, transaction

from showtimes.contention import DEADLOCK_DETECTED
from showtimes.models import Showtime
from theaters.models import Seat

from .clients import processes

CLIENTS, SEATS, SEATS_A_HOLD = 16, 12, 4


def one_by_one(showtime: Showtime, seats: list[Seat], holder: uuid.UUID):
    """In the order in which they were asked for."""
    for seat in seats:
        showtime.take([seat], holder, None)


def one_by_one_in_order(showtime: Showtime, seats: list[Seat], holder: uuid.UUID):
    one_by_one(showtime, sorted(seats, key=lambda seat: seat.pk), holder)


def as_we_do(showtime: Showtime, seats: list[Seat], holder: uuid.UUID):
    showtime.take(seats, holder, None)


def fight(showtime: Showtime, seats: list[Seat], take: Callable, seconds: float) -> Counter:
    """
    Take some of `seats`, in any order, in one transaction, and give them back, again and again: how
    many `successes`, `deadlocks`, and `waits` that took longer than the database allows.
    """
    came, end = Counter(), time.monotonic() + seconds
    while time.monotonic() < end:
        wish = random.sample(seats, SEATS_A_HOLD)
        try:
            with transaction.atomic():
                take(showtime, wish, uuid.uuid4())
                # Nobody keeps anything: there is always something to fight for.
                transaction.set_rollback(True)
            came["successes"] += 1
        except OperationalError as error:
            code = getattr(error.__cause__, "sqlstate", None)
            came["deadlocks" if code == DEADLOCK_DETECTED else "waits"] += 1
    return came


TAKES = {"unsorted": one_by_one, "sorted": one_by_one_in_order, "as we do": as_we_do}


def deadlocks(showtime: Showtime, options):
    """Print how many clients got what they want, and how many were in each other's way."""
    seats = list(showtime.screen.seats.order_by("pk")[:SEATS])
    print(f"\n{CLIENTS} clients lock {SEATS_A_HOLD} of {SEATS} seats, {options.seconds:g} s")
    for name, take in TAKES.items():
        came = all_at_once(lambda take=take: fight(showtime, seats, take, options.seconds))
        print(f"{name:30}{came['successes']:9,} successes, {came['deadlocks']:,} deadlocks")


def all_at_once(job: Callable[[], Counter]) -> Counter:
    """What CLIENTS processes make of `job` together."""
    connections.close_all()
    queue = processes.SimpleQueue()
    crowd = [processes.Process(target=lambda: queue.put(job())) for _ in range(CLIENTS)]
    for one in crowd:
        one.start()
    came = sum((queue.get() for _ in crowd), Counter())
    for one in crowd:
        one.join()
    return came
