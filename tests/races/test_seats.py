"""32 clients want overlapping seats at the same moment: each seat is sold once."""

import random
from collections import Counter
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from showtimes.models import TakenSeat

from .conftest import hold

CLIENTS = 32


@pytest.fixture
def race(at_once, showtime, seats):
    """Lets 32 guests want two or three of twelve seats, in any order; checks what came of it."""

    def run(seed):
        dice = random.Random(seed)
        wishes = [dice.sample(seats, dice.choice([2, 3])) for _ in range(CLIENTS)]
        answers = at_once([lambda wish=wish: hold(showtime, wish) for wish in wishes])
        check(showtime, wishes, answers)

    return run


def check(showtime, wishes, answers):
    """No seat twice, everyone else a 409 that names the lost seats, and nothing half done."""
    won = [wish for wish, answer in zip(wishes, answers, strict=True) if answer.status_code == 201]
    sold = Counter(seat.pk for wish in won for seat in wish)
    assert set(sold.values()) == {1}, "a seat was sold twice"
    assert {answer.status_code for answer in answers} == {201, 409}
    rows = TakenSeat.objects.filter(showtime=showtime, held_until__gt=Now())
    assert Counter(rows.values_list("seat", flat=True)) == sold
    for wish, answer in zip(wishes, answers, strict=True):
        if answer.status_code == 409:
            assert answer.json()["errors"][0]["code"] == "seats_taken"
            assert set(answer.json()["seats"]) <= {seat.pk for seat in wish}


@pytest.mark.parametrize("seed", range(3))
def test_no_seat_is_sold_twice(race, seed):
    race(seed)


@pytest.mark.without_a_guard
def test_without_the_constraint_and_the_lock_the_same_race_fails(race, monkeypatch):
    drop_one_taker_per_seat()
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **how: self)
    try:
        with pytest.raises(AssertionError, match="sold twice"):
            for seed in range(20):
                race(seed)
                TakenSeat.objects.all().delete()
    finally:
        TakenSeat.objects.all().delete()
        restore_one_taker_per_seat()


def drop_one_taker_per_seat():
    with connection.schema_editor() as editor:
        editor.remove_constraint(TakenSeat, TakenSeat._meta.constraints[0])


def restore_one_taker_per_seat():
    with connection.schema_editor() as editor:
        editor.add_constraint(TakenSeat, TakenSeat._meta.constraints[0])


def test_lapsed_seats_are_taken_over_once(at_once, lapsed, showtime, seats):
    dice = random.Random(7)
    wishes = [dice.sample(seats, 3) for _ in range(CLIENTS)]
    answers = at_once([lambda wish=wish: hold(showtime, wish) for wish in wishes])
    check(showtime, wishes, answers)


def test_pairs_in_opposite_orders_do_not_block_one_another(at_once, showtime, seats):
    pair, riap = seats[:2], seats[1::-1]
    wishes = [pair, riap] * (CLIENTS // 2)
    answers = at_once([lambda wish=wish: hold(showtime, wish) for wish in wishes])
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: CLIENTS - 1}


def test_taking_seats_locks_nobody_elses_rows(lapsed, showtime, seats, screen, theater, at_once):
    with transaction.atomic():
        hold(showtime, seats[:2])
        [nothing] = at_once([lambda: rename_all(theater, screen, seats[0])])
    assert nothing is None


def rename_all(*rows):
    """Raises OperationalError when one of the rows is locked for update."""
    with transaction.atomic():
        for row in rows:
            type(row).objects.select_for_update(nowait=True, no_key=True).get(pk=row.pk)


@pytest.fixture
def impatient(monkeypatch):
    """New connections wait for a lock for a moment only."""
    options = connection.settings_dict["OPTIONS"]
    monkeypatch.setitem(options, "options", f"{options['options']} -c lock_timeout=200")


def test_who_waits_too_long_for_a_seat_is_told_to_come_back(at_once, showtime, seats, impatient):
    answers = []
    with transaction.atomic():
        showtime.take(seats[:1], uuid4(), None)
        answers += at_once([lambda: hold(showtime, seats[:1]), lambda: hold(showtime, seats[1:2])])
        transaction.set_rollback(True)
    assert [answer.status_code for answer in answers] == [503, 201]
    assert answers[0].json()["errors"][0]["code"] == "busy"
    assert int(answers[0]["Retry-After"]) > 0
