"""Promo codes: whom they are good for, when, and how often; the answer says why not."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from bookings.models import Booking, PromoCode
from movies.models import Movie

from .test_admin import theater_called


@pytest.fixture
def code(db):
    """Makes the promo code TEN: a tenth off, if nothing else is said."""

    def make(**fields):
        return PromoCode.objects.create(**{"code": "TEN", "percent": Decimal(10)} | fields)

    return make


@pytest.fixture
def with_code(showtime, seats):
    """Asks for A1 (or `seat`) with the code TEN; answers the response."""

    def ask(client, seat=0, path="/api/bookings/", **more):
        body = {"showtime": showtime.pk, "seats": [seats[seat].pk], "promo_code": "ten"}
        return client.post(path, body | more)

    return ask


def guest(email):
    return {"contact": {"name": "Guest", "email": email}}


def why(answer):
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["attr"]) == (400, "promo_code")
    return error["code"]


QUOTE, HOLD = "/api/bookings/quote/", "/api/bookings/"
NOW = timezone.now()
REFUSED = [
    ({"valid_from": NOW + timedelta(hours=1)}, "not_yet"),
    ({"valid_until": NOW - timedelta(hours=1)}, "ended"),
    ({"minimum_tickets": 2}, "too_few_tickets"),
    ({"percent": None, "amount": Decimal(3), "currency": "USD"}, "wrong_currency"),
    ({"max_uses": 0}, "used_up"),
    ({"max_uses_per_customer": 0}, "used_by_you"),
]


@pytest.mark.parametrize("path", [QUOTE, HOLD])
@pytest.mark.parametrize(("limits", "reason"), REFUSED)
def test_a_refusal_says_why(code, with_code, path, limits, reason):
    code(**limits)
    assert why(with_code(APIClient(), path=path, **guest("g@example.com"))) == reason
    assert not Booking.objects.exists()


@pytest.mark.parametrize("path", [QUOTE, HOLD])
def test_a_code_that_nobody_gave_is_unknown(with_code, path):
    assert why(with_code(APIClient(), path=path, **guest("g@example.com"))) == "unknown"


def test_a_code_of_another_theater_or_film_is_refused(code, with_code, theater, movie):
    ten = code()
    ten.theaters.add(theater_called("Odeon"))
    assert why(with_code(APIClient(), path=QUOTE)) == "wrong_theater"
    ten.theaters.add(theater)
    assert with_code(APIClient(), path=QUOTE).json()["discount"] == "1.00"
    ten.movies.add(Movie.objects.create(title="X", release_date=NOW.date(), duration_minutes=90))
    assert why(with_code(APIClient(), path=QUOTE)) == "wrong_film"
    ten.movies.add(movie)
    assert with_code(APIClient(), path=QUOTE).json()["discount"] == "1.00"


def test_a_quote_says_whether_the_code_would_hold(code, with_code, me, client_of, bob):
    code(max_uses=2, max_uses_per_customer=1)
    assert with_code(me, path=QUOTE).status_code == 200
    assert with_code(me).status_code == 201
    assert why(with_code(me, seat=1, path=QUOTE)) == "used_by_you"
    assert with_code(client_of(bob), seat=1).status_code == 201
    assert why(with_code(APIClient(), seat=2, path=QUOTE)) == "used_up"


def test_capitals_make_no_other_guest(code, with_code):
    code(max_uses_per_customer=1)
    assert with_code(APIClient(), **guest("eve@example.com")).status_code == 201
    assert why(with_code(APIClient(), seat=1, **guest("EVE@Example.com"))) == "used_by_you"
    assert with_code(APIClient(), seat=1, **guest("adam@example.com")).status_code == 201


def test_who_signs_in_is_no_other_person_than_the_guest_with_that_address(code, with_code, me):
    code(max_uses_per_customer=1)
    assert with_code(APIClient(), **guest("ALICE@example.com")).status_code == 201
    assert why(with_code(me, seat=1)) == "used_by_you"


def test_who_signs_out_is_no_other_person(code, with_code, me):
    code(max_uses_per_customer=1)
    assert with_code(me, **guest("else@example.com")).status_code == 201
    assert why(with_code(APIClient(), seat=1, **guest("Alice@example.com"))) == "used_by_you"


def test_the_address_that_somebody_else_typed_is_not_used_up(code, with_code, me, client_of, bob):
    code(max_uses_per_customer=1)
    assert with_code(me, **guest("bob@example.com")).status_code == 201
    assert with_code(client_of(bob), seat=1).status_code == 201


def test_people_without_an_address_are_not_one_person(code, with_code, client_of):
    code(max_uses_per_customer=1)
    for number, name in enumerate(["ann", "ben"]):
        user = User.objects.create_user(name, None, "a-quiet-evening-42")
        contact = guest("desk@example.com")
        assert with_code(client_of(user), seat=number, **contact).status_code == 201


def let_go(client, booking):
    assert client.delete(f"/api/bookings/{booking['reference']}/").status_code == 204


def lapse(client, booking):
    Booking.objects.filter(reference=booking["reference"]).update(held_until=timezone.now())


@pytest.mark.parametrize("ends", [let_go, lapse])
def test_a_hold_that_ends_gives_its_use_back(code, with_code, me, ends):
    code(max_uses=1, max_uses_per_customer=1)
    booking = with_code(me).json()
    assert why(with_code(me, seat=1)) == "used_up"
    ends(me, booking)
    assert with_code(me, seat=1).status_code == 201


def test_a_booking_that_is_cancelled_whole_gives_its_use_back(code, with_code, me, theater):
    code(max_uses=1, percent=100)
    type(theater).objects.update(booking_fee=0)
    booking = with_code(me).json()
    assert booking["status"] == "confirmed"
    assert why(with_code(me, seat=1)) == "used_up"
    assert me.post(f"/api/bookings/{booking['reference']}/cancel/", {}).status_code == 200
    assert with_code(me, seat=1).status_code == 201


def test_a_refused_hold_takes_no_seat(code, with_code, me, showtime):
    code(max_uses=0)
    with_code(me)
    assert not showtime.taken_seats.exists()
