"""Managers block seats while customers take them, and while other managers do the same."""

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.test import APIClient

from showtimes import planning
from showtimes.models import SeatBlock, Showtime, TakenSeat
from showtimes.models.queryset import ShowtimeQuerySet
from showtimes.models.seat_block import SeatBlockQuerySet

from .conftest import begin, hold
from .test_seats import drop_one_taker_per_seat, restore_one_taker_per_seat

CUSTOMERS, MANAGERS = 16, 8


@pytest.fixture
def boss(client_of, manager):
    """A client of the manager's for each thread."""
    token = client_of(manager)._credentials

    def make():
        client = APIClient(raise_request_exception=False)
        client.credentials(**token)
        return client

    return make


@pytest.fixture
def block(boss, showtime):
    """Block seats; answers the response."""

    def post(seats, **more):
        body = {"kind": "house", "seats": [seat.pk for seat in seats]} | more
        return boss().post(f"/api/showtimes/{showtime.pk}/blocks/", body)

    return post


@pytest.fixture
def house(seats, showtime):
    """A1, A2 and A3, freed an hour before the start."""
    block = SeatBlock(showtime=showtime, kind="house", freed_minutes_before=60)
    block.put_on(seats[:3])
    return block


@pytest.fixture
def change(boss, house):
    """Change the block; answers the response."""

    def patch(**changes):
        if wanted := changes.get("seats"):
            changes["seats"] = [seat.pk for seat in wanted]
        return boss().patch(f"/api/blocks/{house.pk}/", changes)

    return patch


def check_nobody_shares_a_seat(wishes, answers):
    """No seat twice, everyone else a 409 that names the lost seats, and nothing half done."""
    assert {answer.status_code for answer in answers} <= {201, 409}
    won = [wish for wish, answer in zip(wishes, answers, strict=True) if answer.status_code == 201]
    had = Counter(seat.pk for wish in won for seat in wish)
    assert set(had.values()) == {1}, "a seat was given twice"
    assert Counter(TakenSeat.objects.live().values_list("seat", flat=True)) == had
    for wish, answer in zip(wishes, answers, strict=True):
        if answer.status_code == 409:
            assert answer.json()["errors"][0]["code"] == "seats_taken"
            assert set(answer.json()["seats"]) <= {seat.pk for seat in wish}


def check_each_block_has_its_seats():
    """What is blocked is what the blocks say, until when they say."""
    wanted = {
        (block.pk, seat.pk, block.freed_at)
        for block in SeatBlock.objects.select_related("showtime")
        for seat in block.seats.all()
    }
    rows = TakenSeat.objects.blocked().values_list("holder", "seat", "held_until")
    assert set(rows) == wanted, "a block is not what it says"


@pytest.fixture
def race(at_once, showtime, seats, block):
    """Customers hold and managers block two or three of twelve seats each, in any order."""

    def run(seed):
        dice = random.Random(seed)
        wishes = [dice.sample(seats, dice.choice([2, 3])) for _ in range(CUSTOMERS + MANAGERS)]
        jobs = [lambda wish=wish: hold(showtime, wish) for wish in wishes[:CUSTOMERS]]
        jobs += [lambda wish=wish: block(wish) for wish in wishes[CUSTOMERS:]]
        pairs = list(zip(wishes, jobs, strict=True))
        dice.shuffle(pairs)
        wishes, jobs = zip(*pairs, strict=True)
        check_nobody_shares_a_seat(wishes, at_once(jobs))

    return run


@pytest.mark.parametrize("seed", range(4))
def test_a_seat_is_sold_or_blocked_but_not_both(race, seed):
    race(seed)
    check_each_block_has_its_seats()


@pytest.mark.without_a_guard
def test_without_the_constraint_and_the_lock_the_same_race_fails(race, monkeypatch):
    drop_one_taker_per_seat()
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **how: self)
    try:
        with pytest.raises(AssertionError, match="given twice"):
            for seed in range(20):
                race(seed)
                TakenSeat.objects.all().delete()
    finally:
        TakenSeat.objects.all().delete()
        restore_one_taker_per_seat()


def test_of_a_block_and_a_hold_of_the_same_seats_one_wins(at_once, showtime, seats, block):
    jobs = [lambda: hold(showtime, seats[:3])] * CUSTOMERS + [lambda: block(seats[:3])] * MANAGERS
    answers = at_once(jobs)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: len(jobs) - 1}
    assert TakenSeat.objects.values("holder").distinct().count() == 1
    assert SeatBlock.objects.count() == TakenSeat.objects.blocked().count() / 3


@pytest.mark.parametrize("seed", range(3))
def test_managers_who_change_one_block_come_one_after_another(
    at_once, seats, house, change, showtime, seed
):
    dice = random.Random(seed)
    wishes = [dice.sample(seats[:6], 3) for _ in range(MANAGERS)]
    jobs = [lambda wish=wish: change(seats=wish) for wish in wishes]
    jobs += [lambda m=m: change(freed_minutes_before=m) for m in (None, 30, 90)]
    jobs += [lambda: hold(showtime, seats[3:6])] * 4
    answers = at_once(jobs)
    assert {answer.status_code for answer in answers} <= {200, 201, 409}
    check_each_block_has_its_seats()


def test_who_lifts_a_block_leaves_nothing_of_it(at_once, boss, house, change, seats):
    def lift():
        return boss().delete(f"/api/blocks/{house.pk}/")

    answers = at_once([lambda: change(seats=seats[2:5])] * 4 + [lift] * 4)
    assert Counter(answer.status_code for answer in answers[4:]) == {204: 1, 404: 3}
    assert {answer.status_code for answer in answers[:4]} <= {200, 404}
    assert not TakenSeat.objects.exists()
    assert not SeatBlock.objects.exists()


@pytest.fixture
def second_waits():
    """Do `first` and, before it is committed, begin `second`, the answer of which this is."""

    def run(first, second):
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                first()
                other = begin(pool, [second])
            [answer] = other.result()
        return answer

    return run


def of_two_changes(second_waits, house, change, seats):
    """One manager keeps A1 of a block, another A2, knowing all three."""
    return second_waits(lambda: house.change(seats=seats[:1]), lambda: change(seats=seats[1:2]))


def test_who_changes_a_block_second_sees_what_the_first_left(second_waits, house, change, seats):
    assert of_two_changes(second_waits, house, change, seats).status_code == 200
    check_each_block_has_its_seats()


@pytest.mark.without_a_guard
def test_without_a_lock_on_the_block_it_has_other_seats_than_it_says(
    second_waits, house, change, seats, monkeypatch
):
    monkeypatch.setattr(SeatBlockQuerySet, "select_for_update", lambda self, **how: self)
    of_two_changes(second_waits, house, change, seats)
    with pytest.raises(AssertionError, match="not what it says"):
        check_each_block_has_its_seats()


def of_a_change_and_a_move(second_waits, house, showtime):
    """The block is freed half an hour before a start that is moved at the same moment."""
    later = showtime.starts_at + timedelta(hours=2)
    return second_waits(
        lambda: house.change(freed_minutes_before=30),
        lambda: planning.replan(showtime, starts_at=later),
    )


def test_a_start_that_moves_meanwhile_takes_the_new_time_along(second_waits, house, showtime):
    of_a_change_and_a_move(second_waits, house, showtime)
    check_each_block_has_its_seats()


def look_without_a_lock(showtimes, pk, seats):
    return showtimes.get(pk=pk), {seat.pk for seat in seats}


@pytest.mark.without_a_guard
def test_without_a_lock_on_the_showtime_the_time_is_wrong(
    second_waits, house, showtime, monkeypatch
):
    monkeypatch.setattr(ShowtimeQuerySet, "in_place", lambda self, pk: self.get(pk=pk))
    monkeypatch.setattr(ShowtimeQuerySet, "in_place_with", look_without_a_lock)
    of_a_change_and_a_move(second_waits, house, showtime)
    with pytest.raises(AssertionError, match="not what it says"):
        check_each_block_has_its_seats()


@pytest.mark.parametrize("seed", range(4))
def test_in_the_moment_in_which_seats_are_freed_each_is_had_once(
    at_once, showtime, seats, house, change, seed
):
    """Customers try from before to after; a manager blocks them anew when they are freed."""
    freed = timezone.now() + timedelta(seconds=1)
    Showtime.objects.update(starts_at=freed + timedelta(minutes=60))
    with transaction.atomic():
        SeatBlock.objects.all().follow()
    dice = random.Random(seed)
    wishes = [dice.sample(seats[:3], 2) for _ in range(CUSTOMERS)]
    showtime.refresh_from_db()
    jobs = [lambda wish=wish: again_and_again(lambda: hold(showtime, wish)) for wish in wishes]
    jobs.append(lambda: when(freed, lambda: change(freed_minutes_before=None)))
    *answers, manager = at_once(jobs)
    sold = [wish for wish, one in zip(wishes, answers, strict=True) if one.status_code == 201]
    rows = TakenSeat.objects.live()
    if manager.status_code == 200:
        assert sold == []
        assert {row.reason for row in rows} == {"blocked"}
        check_each_block_has_its_seats()
    else:
        [wish] = sold
        assert {(row.seat, row.reason) for row in rows} == {(seat, "booking") for seat in wish}
        assert set(manager.json()["seats"]) <= {seat.pk for seat in wish}


def when(moment, ask):
    time.sleep(max(0, (moment - timezone.now()).total_seconds()))
    return ask()


def again_and_again(ask):
    """The first answer that is no 409, of those in two seconds; or the last."""
    end = time.monotonic() + 2
    while True:
        answer = ask()
        if answer.status_code != 409 or time.monotonic() > end:
            return answer
