"""Whole purchases of seats of one showtime, from the hold to the ticket, with Stripe beside us."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bookings.models import Booking
from bookings.proof.sweep import double_sales
from tests import site

from .cinema import make_house

CLIENTS, PURCHASES, SEATS_EACH = 16, 800, 3
ROWS = ["s" * 40] * 60
TARGET = 1_500


def purchases():
    """
    Print how many bookings a minute go from the hold to the ticket at gunicorn and the emulator of
    Stripe, which share the processors with the buyers. Raises RuntimeError when one does not.
    """
    [showtime] = make_house("premiere", ROWS, 1)
    seats = list(showtime.screen.seats.order_by("pk").values_list("pk", flat=True))
    wanted = seats[: SEATS_EACH * PURCHASES]
    with tempfile.TemporaryDirectory() as folder, shop(Path(folder)) as (web, stripe):
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.buyers", str(web), str(stripe), str(CLIENTS)],
            cwd=site.ROOT,
            input=json.dumps([showtime.pk, SEATS_EACH, wanted]),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    seconds = json.loads(done.stdout)
    confirmed = showtime.bookings.filter(status=Booking.Status.CONFIRMED).count()
    if confirmed != PURCHASES or double_sales(showtime):
        raise RuntimeError(f"{confirmed} of {PURCHASES} bookings have their tickets.")
    print(
        f"\n{PURCHASES} purchases of {SEATS_EACH} seats by {CLIENTS} clients, from the hold to the "
        f"ticket: {60 * PURCHASES / seconds:,.0f} a minute (wanted: {TARGET:,})",
        flush=True,
    )


@contextmanager
def shop(folder: Path) -> Iterator[tuple[int, int]]:
    """The ports of the site and of its Stripe."""
    web, stripe = site.a_free_port(), site.a_free_port()
    ports = {"PORT": str(web), "EMULATOR_PORT": str(stripe)}
    emulator = ["manage.py", "stripe_emulator"]
    with (
        site.process(emulator, folder / "stripe", site.database_url(), **ports),
        site.running(folder / "site", port=web, **ports),
    ):
        yield web, stripe
