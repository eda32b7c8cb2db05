"""One review a person and film; verified when they were there."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from showtimes.models import Showtime


def review(client, movie, **body):
    return client.post(f"/api/movies/{movie.pk}/reviews/", {"rating": 4, "text": "Good."} | body)


def test_it_is_verified_after_the_show(client_of, alice, bob, movie, showtime, seats, paid):
    paid(client_of(alice), showtime, seats[:1])
    review(client_of(bob), movie)
    assert review(client_of(alice), movie).json()["verified"] is False
    past = timezone.now() - timedelta(hours=3)
    Showtime.objects.update(starts_at=past, ends_at=past + timedelta(hours=2))
    reviews = APIClient().get(f"/api/movies/{movie.pk}/reviews/").json()["results"]
    assert [(one["author"], one["verified"]) for one in reviews] == [
        ("Alice", True),
        ("Bob", False),
    ]


def test_one_a_person(client_of, alice, movie):
    alice = client_of(alice)
    assert review(alice, movie).status_code == 201
    answer = review(alice, movie)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "already_reviewed")


@pytest.mark.parametrize("rating", [0, 6, None, "good", 4.5])
def test_one_to_five(client_of, alice, movie, rating):
    answer = review(client_of(alice), movie, rating=rating)
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "rating")


def test_only_who_is_signed_in(movie):
    assert review(APIClient(), movie).status_code == 401
    assert APIClient().get("/api/movies/999999/reviews/").status_code == 404
