"""`manage.py prove_no_double_sale`: many clients fight for the same seats of the real database."""

import signal
import threading
import time
from contextlib import contextmanager

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from bookings.proof.clients import Crowd
from bookings.proof.scratch import scratch_showtime
from bookings.proof.sweep import double_sales

# Between two looks at the database, in seconds.
EVERY = 0.25
COUNTED = ["attempts", "sold", "refused", "busy", "errors"]


class Command(BaseCommand):
    help = (
        "Let many clients hold, buy, let go and forget the same seats of a scratch showtime, on "
        "the configured database, and look whether a seat was sold twice. Customers see none of "
        "it, and it is removed at the end. Exit code 1 if a seat was sold twice, or on any error."
    )

    def add_arguments(self, parser):
        parser.add_argument("--clients", type=int, default=50, help="Each has a connection.")
        parser.add_argument("--seconds", type=float, default=20)

    def handle(self, *, clients, seconds, **options):
        if clients < 1 or seconds <= 0:
            raise CommandError("There must be a client, and some time.")
        with until_told_to_stop() as stop, scratch_showtime() as (showtime, seats):
            self.stdout.write(f"{clients} clients want {len(seats)} seats for {seconds:g} s.")
            self.stdout.write(on_what())
            with Crowd(showtime, seats, clients) as crowd:
                twice = watch(showtime, stop, seconds)
            twice |= double_sales(showtime)
        self.report(crowd, twice)
        if stop.is_set():
            raise CommandError("Stopped before the time was over.", returncode=130)

    def report(self, crowd: Crowd, twice: set):
        """Print what came of it. Raises CommandError if any of it should not have happened."""
        for what in COUNTED:
            self.stdout.write(f"{what:14}{crowd.counts[what]:8,}")
        self.stdout.write(f"{'double sales':14}{len(twice):8,}")
        for error, times in crowd.errors.most_common(5):
            self.stderr.write(f"{times} x {error}")
        if twice:
            raise CommandError("A seat was sold twice.")
        if crowd.counts["errors"]:
            raise CommandError("There were errors.")
        if not crowd.counts["sold"]:
            raise CommandError("Nothing was sold, so nothing was proved. Give it more time.")


def on_what() -> str:
    """The database, and what to expect of it."""
    if connection.vendor == "postgresql":
        return f"{connection.display_name}: they come at once."
    return f"{connection.display_name}: writers take turns, so few of them really meet."


def watch(showtime, stop: threading.Event, seconds: float) -> set:
    """All double sales that are seen until the time is over."""
    twice, end = set(), time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and not stop.wait(min(left, EVERY)):
        twice |= double_sales(showtime)
    return twice


@contextmanager
def until_told_to_stop():
    """An event that Ctrl-C and SIGTERM set, instead of ending us before all is put away."""
    stop = threading.Event()
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: stop.set()) for number in numbers]
    try:
        yield stop
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
