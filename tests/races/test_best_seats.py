"""Fifty callers want the best seats at one moment: everybody gets some while there are some."""

from collections import Counter

import pytest
from rest_framework.test import APIClient

from bookings.best_seats import views
from showtimes.models import TakenSeat
from theaters.layouts import Place, seats_of
from theaters.models import Screen, Seat

CALLERS = 50
GUEST = {"name": "Guest", "email": "guest@example.com"}


@pytest.fixture
def fill(showtime, silver):
    """Put the showtime into a hall of so many rows of twelve."""

    def rows(count):
        showtime.screen = Screen.objects.create(theater=silver.theater, name="Hall")
        Seat.objects.bulk_create(
            seats_of(showtime.screen, ["s" * 12] * count, {"s": Place(silver)})
        )
        showtime.save(update_fields=["screen"])

    return rows


def hold(showtime, number, **headers):
    contact = GUEST | {"email": f"guest{number}@example.com"}
    body = {"count": 2, "hold": True, "contact": contact}
    client = APIClient(raise_request_exception=False)
    address = f"/api/showtimes/{showtime.pk}/best-seats/"
    return client.post(address, body, format="json", headers=headers)


def crowd(at_once, showtime, **headers):
    jobs = [
        lambda n=n: hold(showtime, n, **{name: f"{value}{n}" for name, value in headers.items()})
        for n in range(CALLERS)
    ]
    return at_once(jobs)


def check(showtime, answers):
    """Whoever has a booking has two seats side by side, and nobody has somebody else's."""
    held = [answer.json() for answer in answers if answer.status_code == 201]
    seats = [seat for booking in held for group in booking["groups"] for seat in group]
    assert len(seats) == 2 * len(held)
    assert set(Counter(seats).values()) == {1}, "a seat was sold twice"
    assert set(seats) == set(TakenSeat.objects.live().values_list("seat", flat=True))


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "the-attempt-of-caller-"}])
def test_everybody_gets_two_seats_of_a_hall_that_is_large_enough(at_once, showtime, fill, headers):
    fill(10)
    answers = crowd(at_once, showtime, **headers)
    assert Counter(answer.status_code for answer in answers) == {201: CALLERS}
    check(showtime, answers)


def test_without_another_look_some_go_away_empty_handed(at_once, showtime, fill, monkeypatch):
    monkeypatch.setattr(views, "TRIES", 1)
    fill(10)
    answers = crowd(at_once, showtime)
    assert Counter(answer.status_code for answer in answers)[409] > 0
    check(showtime, answers)


def test_the_hall_is_sold_to_the_last_seat_and_the_rest_are_told(at_once, showtime, fill):
    fill(5)
    answers = crowd(at_once, showtime)
    assert Counter(answer.status_code for answer in answers) == {201: 30, 409: CALLERS - 30}
    check(showtime, answers)
    refused = [answer.json() for answer in answers if answer.status_code == 409]
    assert {answer["errors"][0]["code"] for answer in refused} == {"not_enough_seats"}
    assert {answer["seats_left"] for answer in refused} <= {0, 1}
