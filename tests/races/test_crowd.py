"""A crowd comes through the front door: gunicorn, HTTP, and everybody at the same moment."""

import random
from collections import Counter

import pytest

from bookings.models import Booking
from bookings.proof.sweep import double_sales
from showtimes.models import TakenSeat
from tests import site
from tests.crowd import Request, crowd
from theaters.layouts import Place, seats_of
from theaters.models import Screen, Seat

from .conftest import a_guest

BUYERS, CALLERS = 200, 50


@pytest.fixture
def hall(showtime, silver):
    """The showtime runs in a hall of five rows of twelve; answers its seats."""
    showtime.screen = Screen.objects.create(theater=silver.theater, name="Hall")
    Seat.objects.bulk_create(seats_of(showtime.screen, ["s" * 12] * 5, {"s": Place(silver)}))
    showtime.save(update_fields=["screen"])
    return [seat.pk for seat in showtime.screen.seats.all()]


@pytest.fixture
def port(tmp_path):
    with site.running(tmp_path / "log") as running:
        yield running.port


def test_each_seat_is_sold_once_and_all_others_are_told(showtime, hall, port):
    wishes = [hall[number % len(hall)] for number in range(BUYERS)]
    random.Random(7).shuffle(wishes)
    answers = crowd(port, [wants(showtime, [seat]) for seat in wishes]).answers
    assert statuses(answers) == {201: len(hall), 409: BUYERS - len(hall)}, not_answered(answers)
    won = [seat for seat, answer in zip(wishes, answers, strict=True) if answer.status == 201]
    assert sorted(won) == sorted(hall)
    assert set(TakenSeat.objects.live().values_list("seat", flat=True)) == set(hall)
    assert Booking.objects.count() == len(hall)
    assert double_sales(showtime) == set()


def test_everybody_gets_the_best_seats_that_are_left(showtime, hall, port):
    path = f"/api/showtimes/{showtime.pk}/best-seats/"
    wish = {"count": 1, "hold": True}
    requests = [Request(path, wish | {"contact": a_guest()}) for _ in range(CALLERS)]
    answers = crowd(port, requests).answers
    assert statuses(answers) == {201: CALLERS}, not_answered(answers)
    assert TakenSeat.objects.live().count() == CALLERS
    assert double_sales(showtime) == set()


def wants(showtime, seats) -> Request:
    body = {"showtime": showtime.pk, "seats": seats, "contact": a_guest()}
    return Request("/api/bookings/", body)


def statuses(answers) -> Counter:
    return Counter(answer.status for answer in answers)


def not_answered(answers) -> list:
    return [answer for answer in answers if answer.status not in (201, 409)][:3]
