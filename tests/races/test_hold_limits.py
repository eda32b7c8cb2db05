"""One customer who asks many times at once still holds no more than they may."""

import pytest
from django.db.models import Sum
from rest_framework.test import APIClient

from bookings.customer import Customer
from bookings.models import Booking

GUEST = {"name": "Guest", "email": "guest@example.com"}


@pytest.fixture
def greedy(at_once, showtime, seats):
    """Twelve requests for one seat each, by one guest, at the same moment."""

    def hold(seat):
        body = {"showtime": showtime.pk, "seats": [seat.pk], "contact": GUEST}
        client = APIClient(raise_request_exception=False)
        return client.post("/api/bookings/", body).status_code

    return lambda: at_once([lambda seat=seat: hold(seat) for seat in seats])


def test_no_more_than_three_succeed(greedy):
    answers = greedy()
    assert sorted(set(answers)) == [201, 409]
    assert answers.count(201) == 3
    assert Booking.objects.held_now().count() == 3


def test_without_taking_turns_more_succeed(greedy, monkeypatch):
    monkeypatch.setattr(Customer, "wait_for_turn", lambda self: None)
    assert greedy().count(201) > 3


def test_two_who_exchange_their_seats_do_not_wait_in_a_circle(at_once, showtime, seats):
    """Each replaces the own hold by the other's seats: one or none gets through, nobody crashes."""

    def guest(name, wanted, **more):
        contact = {"name": name, "email": f"{name}@example.com"}
        body = {"showtime": showtime.pk, "seats": [s.pk for s in wanted], "contact": contact}
        client = APIClient(headers=more.pop("headers", {}), raise_request_exception=False)
        return client.post("/api/bookings/", body | more)

    ada, bob = guest("ada", seats[:2]).json(), guest("bob", seats[2:4]).json()

    def exchange(name, mine, wanted):
        headers = {"Access-Key": mine["access_key"]}
        return guest(name, wanted, replaces=mine["reference"], headers=headers).status_code

    answers = at_once(
        [
            lambda: exchange("ada", ada, seats[2:4][::-1]),
            lambda: exchange("bob", bob, seats[:2][::-1]),
        ]
    )
    assert set(answers) <= {201, 409}
    assert Booking.objects.held_now().aggregate(total=Sum("total"))["total"] == 44
