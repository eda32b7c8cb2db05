"""A worker process dies in the middle of holds: nothing is half done, and nobody has to act."""

import os
import signal
import time
from collections import Counter

from django.utils import timezone

from bookings.promises import broken_promises
from showtimes.models import TakenSeat
from tests.races.conftest import runs_out
from tests.site import WORKERS, within

from .customers import LOST


def test_holds_and_payments_survive_a_killed_worker(site, customers, seats):
    with customers.at_work():
        for _ in range(4):
            time.sleep(0.7)
            os.kill(site.workers()[0], signal.SIGKILL)
        time.sleep(0.7)
    check_the_answers(customers)
    customers.check_wishes()
    customers.check_payments()
    assert broken_promises() == []
    within(30, lambda: len(site.workers()) == WORKERS)
    check_no_seat_is_stuck(customers)


def check_the_answers(customers):
    came = Counter(answer.status for answer in customers.answers)
    assert came[LOST] > 0, "nobody was disturbed"
    assert set(came) <= {LOST, 200, 201, 204, 401, 409}, came


def check_no_seat_is_stuck(customers):
    """When the holds have run out, every seat that is not sold can be held again."""
    sold = set(TakenSeat.objects.filter(held_until=None).values_list("seat", flat=True))
    assert len(sold) == 2 * len(customers.paid)
    runs_out(timezone.now())
    left = [seat for seat in customers.seats if seat not in sold]
    tens = [left[start : start + 10] for start in range(0, len(left), 10)]
    assert {customers.hold(ten).outcome for ten in tens} == {201}
