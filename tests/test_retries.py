"""A request that is sent again with its Idempotency-Key is done once."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from bookings.models import Booking
from payments.models import Payment
from retries.models import KeptAnswer

GUEST = {"name": "Guest", "email": "guest@example.com"}


@pytest.fixture
def hold(showtime, seats):
    """Hold the first seat, or others, under a key."""

    def post(client, key="first", **body):
        body = {"showtime": showtime.pk, "seats": [seats[0].pk], "contact": GUEST} | body
        return client.post("/api/bookings/", body, headers={"Idempotency-Key": key})

    return post


def test_the_same_request_gets_the_same_answer(client_of, alice, hold):
    alice = client_of(alice)
    first, again = hold(alice), hold(alice)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert (first.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert Booking.objects.count() == 1


def test_the_order_of_the_fields_does_not_matter(client_of, alice, hold, showtime, seats):
    alice = client_of(alice)
    first = hold(alice)
    body = {"contact": GUEST, "seats": [seats[0].pk], "showtime": showtime.pk}
    again = alice.post("/api/bookings/", body, headers={"Idempotency-Key": "first"})
    assert again.json() == first.json()


def test_another_body_is_a_422(client_of, alice, hold, seats):
    alice = client_of(alice)
    hold(alice)
    answer = hold(alice, seats=[seats[1].pk])
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "idempotency_key_used_again"
    assert Booking.objects.count() == 1


def test_another_path_is_a_422(client_of, alice, hold):
    alice = client_of(alice)
    reference = hold(alice).json()["reference"]
    answer = alice.post(
        f"/api/bookings/{reference}/cancel/", {}, headers={"Idempotency-Key": "first"}
    )
    assert answer.status_code == 422


def test_keys_belong_to_their_caller(client_of, alice, bob, hold, seats):
    assert hold(client_of(alice)).status_code == 201
    of_bob = hold(client_of(bob), seats=[seats[1].pk])
    assert (of_bob.status_code, of_bob.get("Idempotency-Replayed")) == (201, None)


def test_a_refused_attempt_leaves_the_key_free(client_of, alice, bob, hold):
    reference = hold(client_of(bob)).json()["reference"]
    alice = client_of(alice)
    assert hold(alice).status_code == 409
    client_of(bob).delete(f"/api/bookings/{reference}/")
    assert hold(alice).status_code == 201


def test_a_key_lives_for_a_day(client_of, alice, hold, seats):
    hold(client_of(alice))
    with time_machine.travel(timezone.now() + timedelta(hours=23), tick=False):
        assert hold(client_of(alice), seats=[seats[1].pk]).status_code == 422
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=24))
    assert hold(client_of(alice), seats=[seats[1].pk]).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb", "é"])
def test_a_malformed_key_is_named(hold, key):
    answer = hold(APIClient(), key=key)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == "Idempotency-Key"


def test_paying_again_shows_the_same_payment(client_of, alice, hold, stripe):
    alice = client_of(alice)
    reference = hold(alice).json()["reference"]
    answers = [
        alice.post("/api/payments/", {"booking": reference}, headers={"Idempotency-Key": "pay"})
        for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert answers[1]["Idempotency-Replayed"] == "true"
    assert Payment.objects.count() == 1


def test_giving_back_again_is_no_error(client_of, alice, hold):
    alice = client_of(alice)
    reference = hold(alice).json()["reference"]
    path, headers = f"/api/bookings/{reference}/cancel/", {"Idempotency-Key": "cancel"}
    first = alice.post(path, {}, headers=headers)
    assert first.json()["status"] == "cancelled"
    assert alice.post(path, {}, headers=headers).json() == first.json()
    assert alice.post(path, {}).status_code == 409
