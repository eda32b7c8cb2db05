"""Managers change the layout while customers take seats: nobody has a seat that is not there."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from showtimes.layouts.changes import change_layout
from showtimes.models import TakenSeat
from showtimes.models.queryset import ShowtimeQuerySet
from theaters.models import Screen, Seat, SeatQuerySet

from .conftest import begin, hold

CUSTOMERS, CHANGES = 18, 6


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
def put(boss, screen):
    """Make `wanted` the layout of the screen."""

    def send(wanted, **more):
        names = ("row", "number", "x", "y", "kind")
        seats = [
            {name: getattr(one, name) for name in names} | {"category": one.category_id}
            for one in wanted
        ]
        return boss().put(f"/api/screens/{screen.pk}/layout/", {"seats": seats} | more)

    return send


@pytest.fixture
def race(at_once, showtime, seats, put):
    """Customers want two of twelve seats each while managers keep two thirds of them each."""

    def run(seed):
        dice = random.Random(seed)
        wishes = [dice.sample(seats, 2) for _ in range(CUSTOMERS)]
        layouts = [dice.sample(seats, 8) for _ in range(CHANGES)]
        jobs = [lambda wish=wish: hold(showtime, wish) for wish in wishes]
        jobs += [lambda layout=layout: put(layout) for layout in layouts]
        dice.shuffle(jobs)
        check(at_once(jobs))

    return run


def check(answers):
    lost = TakenSeat.objects.live().filter(seat__active=False)
    assert not lost.exists(), "somebody has a seat that is not there"
    assert {answer.status_code for answer in answers} <= {200, 201, 400, 409}
    codes = {answer.json()["errors"][0]["code"] for answer in answers if answer.status_code == 409}
    assert codes <= {"seats_taken", "seats_removed", "seats_sold"}


@pytest.mark.parametrize("seed", range(6))
def test_nobody_has_a_seat_that_is_not_there(race, seed):
    race(seed)


@pytest.fixture
def dropping(put, screen, seats, showtime):
    """
    A1 is dropped while somebody takes it. `first` has done its part and not committed when the
    other begins; what the other is told, and whether A1 is taken and gone.
    """

    def run(first):
        kept, wanted = seats[1:], seats[:1]
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                if first == "the taker":
                    hold(showtime, wanted)
                    other = begin(pool, [lambda: put(kept)])
                else:
                    change_layout(screen, [fresh(one) for one in kept])
                    other = begin(pool, [lambda: hold(showtime, wanted)])
            [answer] = other.result()
        return answer, TakenSeat.objects.live().filter(seat__active=False).exists()

    return run


def fresh(seat):
    names = ("screen_id", "row", "number", "x", "y", "kind", "category_id")
    return Seat(**{name: getattr(seat, name) for name in names})


# After `lapsed` no seat is ever deleted, since it was taken once: it leaves the hall.
ENDS = [("the taker", "seats_sold"), ("the manager", "seats_removed")]


@pytest.mark.parametrize(("first", "code"), ENDS)
def test_who_comes_second_waits_and_is_told(dropping, lapsed, first, code):
    answer, is_taken_and_gone = dropping(first)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, code)
    assert not is_taken_and_gone


def lock_nothing(monkeypatch):
    monkeypatch.setattr(SeatQuerySet, "select_for_update", lambda self, **how: self)


def look_at_nothing(monkeypatch):
    monkeypatch.setattr(
        ShowtimeQuerySet,
        "in_place_with",
        lambda self, pk, seats: (self.in_place(pk), {seat.pk for seat in seats}),
    )


def look_without_a_lock(monkeypatch):
    monkeypatch.setattr(
        ShowtimeQuerySet,
        "in_place_with",
        lambda self, pk, seats: (self.in_place(pk), {seat.pk for seat in seats if in_use(seat)}),
    )


def in_use(seat):
    return Seat.objects.filter(pk=seat.pk, active=True).exists()


@pytest.mark.without_a_guard
@pytest.mark.parametrize(
    ("first", "without_a_guard"),
    [
        ("the taker", lock_nothing),
        ("the taker", look_without_a_lock),
        ("the manager", look_at_nothing),
        ("the manager", look_without_a_lock),
    ],
)
def test_without_a_guard_somebody_has_a_seat_that_is_not_there(
    dropping, lapsed, monkeypatch, first, without_a_guard
):
    without_a_guard(monkeypatch)
    answer, is_taken_and_gone = dropping(first)
    assert answer.status_code in (200, 201)
    assert is_taken_and_gone


def test_of_changes_that_know_one_version_one_wins(at_once, put, seats, screen):
    layouts = [seats[:count] for count in range(1, 9)]
    answers = at_once([lambda layout=layout: put(layout, version=0) for layout in layouts])
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 7}
    assert Screen.objects.get().layout_version == 1
    [won] = [answer.json() for answer in answers if answer.status_code == 200]
    assert screen.seats.filter(active=True).count() == len(won["seats"])


def test_changes_without_a_version_come_one_after_another(at_once, put, seats, screen):
    layouts = [seats[:count] for count in range(1, 9)]
    answers = at_once([lambda layout=layout: put(layout) for layout in layouts])
    assert {answer.status_code for answer in answers} == {200}
    assert Screen.objects.get().layout_version == 8
    left = list(screen.seats.filter(active=True).order_by("row", "number"))
    assert [one.label for one in left] in [[one.label for one in layout] for layout in layouts]
