"""The same request with the same Idempotency-Key, sixteen times at the same moment."""

from collections import Counter

import pytest
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tokens import tokens_for
from bookings.models import Booking
from movies.models import Person
from retries.models import KeptAnswer
from retries.once import Keeper
from reviews.models import Review
from showtimes.models import TakenSeat

GUEST = {"name": "Guest", "email": "guest@example.com"}
ADA = {"username": "ada", "email": "ada@example.com", "password": "popcorn-for-two"}
TIMES = 16
KEY = {"Idempotency-Key": "the same, sixteen times over"}


@pytest.fixture
def sixteen_times(at_once):
    """Send the same at once, as `user` or as a guest; the answers."""

    def send(path, body, user=None):
        signed_in = {"Authorization": f"Bearer {tokens_for(user)['access']}"} if user else {}

        def once():
            client = APIClient(raise_request_exception=False)
            return client.post(path, body, headers=KEY | signed_in)

        return at_once([once] * TIMES)

    return send


@pytest.fixture
def unguarded(monkeypatch):
    """The guard taken away: no answer is kept."""
    monkeypatch.setattr(Keeper, "keep", lambda keeper, response: response)


def statuses(answers):
    return Counter(answer.status_code for answer in answers)


def test_a_hold_is_done_once_and_answered_the_same(sixteen_times, showtime, seats):
    body = {"showtime": showtime.pk, "seats": [seats[0].pk, seats[1].pk], "contact": GUEST}
    answers = sixteen_times("/api/bookings/", body)
    assert statuses(answers) == {201: TIMES}
    assert len({answer.content for answer in answers}) == 1
    assert Booking.objects.count() == 1


def test_a_customer_registers_once_and_is_signed_in_each_time(sixteen_times):
    answers = sixteen_times("/api/auth/register/", ADA)
    assert statuses(answers) == {201: TIMES}
    assert {answer.json()["id"] for answer in answers} == {User.objects.get().pk}
    for answer in answers:
        client = APIClient(headers={"Authorization": f"Bearer {answer.json()['access']}"})
        assert client.get("/api/auth/me/").status_code == 200


def test_without_the_guard_most_are_told_that_the_name_is_taken(sixteen_times, unguarded):
    assert statuses(sixteen_times("/api/auth/register/", ADA)) == {201: 1, 400: TIMES - 1}


def test_a_review_is_written_once(sixteen_times, movie, alice):
    answers = sixteen_times(f"/api/movies/{movie.pk}/reviews/", {"rating": 5}, alice)
    assert statuses(answers) == {201: TIMES}
    assert len({answer.content for answer in answers}) == 1
    assert Review.objects.count() == 1


def test_without_the_guard_most_are_told_that_they_reviewed_it(
    sixteen_times, movie, alice, unguarded
):
    answers = sixteen_times(f"/api/movies/{movie.pk}/reviews/", {"rating": 5}, alice)
    assert statuses(answers) == {201: 1, 409: TIMES - 1}


def test_what_may_be_there_twice_is_made_once(sixteen_times, admin):
    answers = sixteen_times("/api/people/", {"name": "Ida"}, admin)
    assert statuses(answers) == {201: TIMES}
    assert Person.objects.count() == 1


def test_without_the_guard_it_is_made_sixteen_times(sixteen_times, admin, unguarded):
    sixteen_times("/api/people/", {"name": "Ida"}, admin)
    assert Person.objects.count() == TIMES


def hold(showtime, seats):
    body = {"showtime": showtime.pk, "seats": [seat.pk for seat in seats], "contact": GUEST}
    client = APIClient(raise_request_exception=False)
    return client.post("/api/bookings/", body, headers=KEY)


def test_of_two_bodies_with_one_key_one_is_done(at_once, showtime, seats):
    wishes = [seats[:2], seats[2:4]] * (TIMES // 2)
    answers = at_once([lambda wish=wish: hold(showtime, wish) for wish in wishes])
    assert Booking.objects.count() == 1
    held = set(TakenSeat.objects.values_list("seat", flat=True))
    assert [answer.status_code for answer in answers] == [
        201 if {seat.pk for seat in wish} == held else 422 for wish in wishes
    ]


@pytest.mark.without_a_guard
def test_without_the_constraint_it_is_done_more_than_once(at_once, showtime, seats):
    with connection.schema_editor() as editor:
        editor.remove_constraint(KeptAnswer, KeptAnswer._meta.constraints[0])
    try:
        at_once([lambda seat=seat: hold(showtime, [seat]) for seat in seats])
        assert Booking.objects.count() > 1
    finally:
        KeptAnswer.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(KeptAnswer, KeptAnswer._meta.constraints[0])
