"""Seats are locked in one order, so that nobody waits in a circle."""

import random
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError, transaction
from django.utils import timezone

from showtimes.contention import DEADLOCK_DETECTED
from showtimes.models import SeatsTaken, Showtime, TakenSeat
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


@pytest.fixture
def keepers(at_once, showtime, seats):
    """
    24 want two or three of twelve seats, half of them for good, and keep what they get; how often
    each outcome came. Afterwards all seats are free again.
    """

    def keep(wish, until):
        try:
            with transaction.atomic():
                showtime.take(wish, uuid4(), until)
        except SeatsTaken:
            return "taken"
        except OperationalError as error:
            return error.__cause__.sqlstate
        return "kept"

    def run(seed) -> Counter:
        dice = random.Random(seed)
        wishes = [dice.sample(seats, dice.choice([2, 3])) for _ in range(24)]
        ends = [None, timezone.now() + timedelta(hours=1)] * 12
        pairs = zip(wishes, ends, strict=True)
        came = at_once([lambda wish=wish, end=end: keep(wish, end) for wish, end in pairs])
        TakenSeat.objects.all().delete()
        return Counter(came)

    return run


def test_who_keeps_what_they_get_is_in_nobodys_way(keepers):
    for seed in range(12):
        came = keepers(seed)
        assert came.keys() == {"kept", "taken"}, came


@pytest.mark.without_a_guard
def test_with_the_seats_of_others_locked_first_they_wait_in_a_circle(keepers, monkeypatch):
    really = Showtime._lock_all

    def lock_what_is_there_first(self, seats, holder, *how):
        self.lock(seats, holder=holder)
        return really(self, seats, holder, *how)

    monkeypatch.setattr(Showtime, "_lock_all", lock_what_is_there_first)
    assert any(DEADLOCK_DETECTED in keepers(seed) for seed in range(40))
