"""What somebody booked as a guest becomes their account's: by the e-mail address, or by its key."""

import pytest
from django.db import connection
from rest_framework.test import APIClient

from bookings.models import Booking

from .conftest import PASSWORD

CLAIM = "/api/bookings/claim/"


@pytest.fixture
def as_guest(book, showtime, seats):
    """Hold the seat of this number as a guest with this address; the booking as it is answered."""

    def hold(number, email="alice@example.com"):
        contact = {"name": "A. Weiss", "email": email}
        answer = book(APIClient(), showtime, seats[number : number + 1], contact=contact)
        assert answer.status_code == 201
        return answer.json()

    return hold


@pytest.fixture
def confirmed(me, alice):
    """Alice's client, after she has followed the link in her mail."""
    alice.confirm_email()
    return me


def references(client):
    return {one["reference"] for one in client.get("/api/bookings/").json()["results"]}


def code(answer):
    return answer.status_code, answer.json()["errors"][0]["code"]


def test_what_i_booked_as_a_guest_becomes_mine(confirmed, as_guest):
    first, second = as_guest(0), as_guest(1, "ALICE@Example.com")
    answer = confirmed.post(CLAIM)
    assert answer.status_code == 200
    assert answer.json() == {
        "claimed": 2,
        "references": [second["reference"], first["reference"]],
    }
    assert references(confirmed) == {first["reference"], second["reference"]}


def test_a_second_time_there_is_nothing_left(confirmed, as_guest):
    as_guest(0)
    confirmed.post(CLAIM)
    assert confirmed.post(CLAIM).json() == {"claimed": 0, "references": []}


def test_the_link_from_the_mail_is_all_that_it_takes(letters, as_guest):
    person = {"username": "ada", "email": "ada@example.com", "password": PASSWORD}
    as_guest(0, "ada@example.com")
    ada = APIClient()
    access = ada.post("/api/auth/register/", person).json()["access"]
    ada.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    assert code(ada.post(CLAIM)) == (409, "email_not_confirmed")
    token = letters()[0].body.split("/confirm-email/")[1].split("/")[0]
    assert APIClient().post("/api/auth/email/confirm/", {"token": token}).status_code == 204
    assert ada.post(CLAIM).json()["claimed"] == 1


def test_an_address_that_is_not_confirmed_claims_nothing(me, as_guest):
    as_guest(0)
    answer = me.post(CLAIM)
    assert code(answer) == (409, "email_not_confirmed")
    assert "/api/auth/email/confirm/resend/" in answer.json()["errors"][0]["detail"]
    assert Booking.objects.filter(user=None).count() == 1


def test_another_address_has_to_be_confirmed_anew(confirmed, as_guest):
    as_guest(0, "bob@example.org")
    confirmed.patch("/api/auth/me/", {"email": "bob@example.org"})
    assert code(confirmed.post(CLAIM)) == (409, "email_not_confirmed")


def test_without_an_address_nothing_is_claimed(confirmed, as_guest):
    as_guest(0)
    Booking.objects.update(contact_email="")  # as the box office may sell
    confirmed.patch("/api/auth/me/", {"email": ""})
    assert code(confirmed.post(CLAIM)) == (409, "email_not_confirmed")
    assert Booking.objects.filter(user=None).count() == 1


def test_what_others_booked_stays_theirs(
    confirmed, as_guest, client_of, bob, book, showtime, seats
):
    as_guest(0, "alice@example.com.au")
    as_guest(1, "someone@example.com")
    mine = {"name": "For Alice", "email": "alice@example.com"}
    of_bob = book(client_of(bob), showtime, seats[2:3], contact=mine).json()["reference"]
    assert confirmed.post(CLAIM).json()["claimed"] == 0
    assert references(client_of(bob)) == {of_bob}


def test_tickets_payments_and_papers_come_along(confirmed, as_guest, stripe):
    held = as_guest(0)
    guest = APIClient(headers={"Access-Key": held["access_key"]})
    stripe.pay(guest.post("/api/payments/", {"booking": held["reference"]}).json())
    assert confirmed.post(CLAIM).json()["claimed"] == 1
    booking = confirmed.get(f"/api/bookings/{held['reference']}/").json()
    assert confirmed.get(f"/api/tickets/{booking['tickets'][0]['code']}/").status_code == 200
    assert confirmed.get("/api/payments/").json()["count"] == 1
    assert confirmed.get("/api/invoices/").json()["count"] == 1
    exported = confirmed.get("/api/auth/me/export/").json()
    assert [one["reference"] for one in exported["bookings"]] == [held["reference"]]


def test_the_access_key_stays_good(confirmed, as_guest):
    held = as_guest(0)
    confirmed.post(CLAIM)
    key = {"Access-Key": held["access_key"]}
    path = f"/api/bookings/{held['reference']}/"
    assert APIClient().get(path, headers=key).status_code == 200


def test_whoever_has_the_key_owns_the_booking(me, as_guest):
    held = as_guest(0, "someone@example.com")
    key = {"reference": held["reference"].lower(), "access_key": held["access_key"]}
    answer = me.post(CLAIM, key)
    assert answer.json() == {"claimed": 1, "references": [held["reference"]]}
    assert references(me) == {held["reference"]}
    assert me.post(CLAIM, key).json() == answer.json()


def test_what_belongs_to_an_account_is_not_claimed(me, as_guest, client_of, bob):
    held = as_guest(0, "someone@example.com")
    key = {"reference": held["reference"], "access_key": held["access_key"]}
    assert client_of(bob).post(CLAIM, key).status_code == 200
    assert code(me.post(CLAIM, key)) == (409, "already_claimed")
    assert references(me) == set()


def test_a_wrong_key_opens_nothing(me, as_guest):
    held, other = as_guest(0), as_guest(1, "someone@example.com")
    for key in ("x" * 43, other["access_key"]):
        body = {"reference": held["reference"], "access_key": key}
        assert code(me.post(CLAIM, body)) == (404, "not_found")


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({"reference": "H7KQ3XMW"}, "access_key"),
        ({"access_key": "x"}, "reference"),
        ({"reference": "", "access_key": "x"}, "reference"),
        ({"reference": "H7KQ3XMW\0", "access_key": "x"}, "reference"),
        ({"reference": "H7KQ3XMW", "access_key": [1]}, "access_key"),
        ({"reference": None, "access_key": "x"}, "reference"),
        ([], "non_field_errors"),
    ],
)
def test_half_a_key_is_a_400(confirmed, body, attr):
    answer = confirmed.post(CLAIM, body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == attr


def test_who_leaves_takes_the_contact_of_claimed_bookings_along(confirmed, as_guest, showtime):
    as_guest(0)
    confirmed.post(CLAIM)
    confirmed.delete("/api/auth/me/", {"password": PASSWORD})
    type(showtime).objects.update(starts_at="2026-01-01T20:00Z", ends_at="2026-01-01T22:00Z")
    assert Booking.objects.of_people_who_left().forget_contacts() == 1


def test_it_costs_the_same_for_one_as_for_many(
    confirmed, as_guest, seats, django_assert_num_queries
):
    as_guest(0)
    with django_assert_num_queries(5):
        confirmed.post(CLAIM)
    for number in (1, 2, 3):
        as_guest(number)
    with django_assert_num_queries(5):
        assert confirmed.post(CLAIM).json()["claimed"] == 3


@pytest.mark.django_db
def test_an_index_finds_them():
    plan = Booking.objects.made_as_guest("alice@example.com").order_by().explain()
    if connection.vendor == "postgresql":  # which reads a table of a few rows from end to end
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Booking.objects.made_as_guest("alice@example.com").order_by().explain()
    assert "bookings_of_a_guest" in plan
