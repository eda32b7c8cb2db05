"""Seats are locked in one order, so that nobody waits in a circle."""

from collections import Counter

import pytest

from showtimes.models import TakenSeat
from tests.bench.deadlocks import as_we_do, fight, one_by_one, one_by_one_in_order

CLIENTS, SECONDS = 8, 2.5


@pytest.fixture
def crowd(at_once, showtime, seats):
    """Eight clients who want four of six seats, again and again; how they fared."""

    def run(take) -> Counter:
        jobs = [lambda: fight(showtime, seats[:6], take, SECONDS)] * CLIENTS
        return sum(at_once(jobs), Counter())

    return run


@pytest.mark.parametrize("take", [as_we_do, one_by_one_in_order])
def test_in_order_nobody_is_in_anybodys_way(crowd, take):
    came = crowd(take)
    assert came["successes"] > CLIENTS
    assert came["deadlocks"] == 0
    assert not TakenSeat.objects.exists()


def test_without_the_order_they_wait_in_a_circle(crowd):
    assert crowd(one_by_one)["deadlocks"] > 0
