"""All that we hold about somebody, for them and for nobody else."""

import json

import pytest
from django.conf import settings
from rest_framework.test import APIClient

PATH = "/api/auth/me/export/"


@pytest.fixture
def exported(me, paid, showtime, seats, stripe, movie):
    """Alice's data: one paid booking of two seats, and a review."""
    paid(me, showtime, seats[:2])
    me.post(f"/api/movies/{movie.pk}/reviews/", {"rating": 5, "text": "I could smell the sea."})
    return me.get(PATH)


def test_it_is_a_file_that_nobody_keeps_on_the_way(exported):
    assert exported.status_code == 200
    assert exported["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert exported["Cache-Control"] == "no-store"
    assert APIClient().get(PATH).status_code == 401


def test_it_has_all_that_we_hold(exported, alice):
    data = exported.json()
    names = [path.rpartition(".")[2] for path in settings.PERSONAL_DATA]
    assert list(data) == names
    assert data["profile"]["email"] == "alice@example.com"
    assert set(data["sessions"][0]) == {"issued_at", "expires_at"}
    [booking] = data["bookings"]
    assert [line["amount"] for line in booking["lines"]] == ["10.00", "10.00", "2.00"]
    assert len(booking["tickets"]) == 2
    assert booking["contact"]["email"] == "alice@example.com"
    assert booking["access_key"]
    assert [payment["amount"] for payment in data["payments"]] == ["22.00"]
    assert data["payments"][0]["refunds"] == []
    assert data["invoices"][0]["snapshot"]["buyer"]["name"] == "Alice Weiss"
    assert data["reviews"][0]["text"] == "I could smell the sea."


def test_it_holds_no_secrets(exported, alice):
    alice.refresh_from_db()
    text = json.dumps(exported.json())
    for secret in (alice.password, "eyJ", "argon2", "md5$", "client_secret"):
        assert secret not in text


def test_it_says_nothing_of_others(exported, client_of, bob, book, showtime, seats):
    other = client_of(bob)
    book(other, showtime, seats[4:5])
    data = other.get(PATH).json()
    assert [len(data[name]) for name in ("bookings", "payments", "invoices", "reviews")] == [
        *(1, 0, 0, 0)
    ]
    assert "alice" not in json.dumps(data).lower()


def test_a_manager_gets_their_own_and_not_their_theater_s(exported, client_of, manager):
    data = client_of(manager).get(PATH).json()
    assert [data[name] for name in ("bookings", "payments", "invoices", "reviews")] == [[]] * 4


def test_ended_sessions_are_not_in_it(me, alice):
    login = {"username": "alice", "password": "a-quiet-evening-42"}
    session = APIClient().post("/api/auth/login/", login).json()
    assert len(me.get(PATH).json()["sessions"]) == 2
    APIClient().post("/api/auth/logout/", {"refresh": session["refresh"]})
    assert len(me.get(PATH).json()["sessions"]) == 1
    new = {"current_password": "a-quiet-evening-42", "new_password": "a-quieter-evening-43"}
    access = me.post("/api/auth/password/change/", new).json()["access"]
    me.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    assert len(me.get(PATH).json()["sessions"]) == 1


def test_it_costs_the_same_for_one_booking_as_for_many(
    me, paid, showtime, seats, stripe, django_assert_num_queries
):
    paid(me, showtime, seats[:1])
    with django_assert_num_queries(13):
        me.get(PATH)
    for seat in seats[1:5]:
        paid(me, showtime, [seat])
    with django_assert_num_queries(13):
        assert len(me.get(PATH).json()["bookings"]) == 5
