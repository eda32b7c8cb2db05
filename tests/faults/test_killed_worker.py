"""A worker process dies in the middle of holds: nothing is half done, and nobody has to act."""

import os
import signal
import time
from collections import Counter

from django.utils import timezone

from bookings.promises import broken_promises
from showtimes.models import TakenSeat
from tests.races.conftest import runs_out

from .crowd import LOST
from .site import WORKERS, within


def test_holds_survive_a_killed_worker(site, crowd, seats):
    with crowd.at_work():
        for _ in range(4):
            time.sleep(0.7)
            os.kill(site.workers()[0], signal.SIGKILL)
        time.sleep(0.7)
    check_the_answers(crowd)
    crowd.check_wishes()
    assert broken_promises() == []
    within(5, lambda: len(site.workers()) == WORKERS)
    check_no_seat_is_stuck(crowd)


def check_the_answers(crowd):
    came = Counter(answer.status for answer in crowd.answers)
    assert came[LOST] > 0, "nobody was disturbed"
    assert set(came) <= {LOST, 200, 201, 204, 401, 409}, came


def check_no_seat_is_stuck(crowd):
    """When the holds have run out, every seat can be held again."""
    assert not TakenSeat.objects.filter(held_until=None).exists()
    runs_out(timezone.now())
    tens = [crowd.seats[start : start + 10] for start in range(0, len(crowd.seats), 10)]
    assert {crowd.hold(ten).outcome for ten in tens} == {201}
