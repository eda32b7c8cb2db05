"""Guests have no account that a key belongs to: a stranger who guesses at keys learns nothing."""

import uuid

import pytest
from rest_framework.test import APIClient

from bookings.models import Booking

KEY = str(uuid.UUID(int=7))
GUEST = {"name": "Guest", "email": "guest@example.com"}


@pytest.fixture
def hold(showtime, seats):
    """Hold a seat as a guest, under a key."""

    def post(number=0, key=KEY, contact=GUEST, **headers):
        body = {"showtime": showtime.pk, "seats": [seats[number].pk], "contact": contact}
        headers |= {"Idempotency-Key": key}
        return APIClient().post("/api/bookings/", body, headers=headers)

    return post


def error(answer):
    [one] = answer.json()["errors"]
    return answer.status_code, one["attr"], one["code"]


def test_a_guest_who_heard_nothing_gets_the_same_booking_from_wherever_they_are(hold):
    first, again = hold(), hold(**{"X-Forwarded-For": "203.0.113.9"})
    assert again.json() == first.json()
    assert again.json()["access_key"]
    assert Booking.objects.count() == 1


@pytest.mark.parametrize("key", ["1", "first", "checkout-2026-11-21"])
def test_a_key_that_others_could_think_of_is_not_taken_from_a_guest(hold, key):
    assert error(hold(key=key)) == (400, "Idempotency-Key", "too_easy_to_guess")
    assert not Booking.objects.exists()


def test_one_that_is_signed_in_may_have_short_ones(me, showtime, seats):
    body = {"showtime": showtime.pk, "seats": [seats[0].pk]}
    assert me.post("/api/bookings/", body, headers={"Idempotency-Key": "1"}).status_code == 201


@pytest.mark.parametrize(
    "contact",
    [
        {"name": "Guest", "email": "other@example.com"},
        {"name": "Other", "email": "guest@example.com"},
        {"name": "Guest", "email": "guest@example.com", "phone": "1"},
    ],
)
def test_the_key_alone_opens_nothing(hold, contact):
    access_key = hold().json()["access_key"]
    answer = hold(contact=contact)
    assert error(answer) == (422, None, "idempotency_key_used_again")
    assert access_key not in answer.content.decode()


def test_a_guests_key_is_not_an_account_s(hold, me, showtime, seats):
    hold()
    body = {"showtime": showtime.pk, "seats": [seats[0].pk], "contact": GUEST}
    answer = me.post("/api/bookings/", body, headers={"Idempotency-Key": KEY})
    assert (answer.status_code, answer.get("Idempotency-Replayed")) == (409, None)


def test_who_does_not_show_the_access_key_is_not_answered_what_its_owner_was(hold):
    held = hold().json()
    path = f"/api/bookings/{held['reference']}/cancel/"
    key = {"Idempotency-Key": str(uuid.UUID(int=8))}
    owner = key | {"Access-Key": held["access_key"]}
    first, again = (APIClient().post(path, {}, headers=owner) for _ in range(2))
    assert (first.status_code, again["Idempotency-Replayed"]) == (200, "true")
    for shown in ({}, {"Access-Key": "made-up"}):
        assert APIClient().post(path, {}, headers=key | shown).status_code == 404
