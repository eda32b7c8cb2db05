"""Twenty people review a film at the same moment: its rating is the average of what they gave."""

from decimal import Decimal

import pytest
from django.db.models import Avg, QuerySet
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tokens import tokens_for
from reviews.models import Review

GIVEN = [1, 2, 3, 4, 5] * 4


@pytest.fixture
def race(at_once, movie):
    """Everybody writes, changes or takes back at once; the film's rating and the true one."""

    def run():
        people = [User.objects.create_user(f"person{n}") for n in range(len(GIVEN))]
        jobs = [
            lambda person=person, rating=rating: write(person, movie, rating)
            for person, rating in zip(people, GIVEN, strict=True)
        ]
        assert {answer.status_code for answer in at_once(jobs)} == {201}
        jobs = [lambda n=n, person=person: rewrite(n, person) for n, person in enumerate(people)]
        assert {answer.status_code for answer in at_once(jobs)} == {200, 204}
        movie.refresh_from_db()
        true = Review.objects.aggregate(average=Avg("rating"))["average"]
        return movie, round(Decimal(true), 2)

    return run


def client_of(person):
    access = tokens_for(person)["access"]
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {access}", raise_request_exception=False)


def write(person, movie, rating):
    return client_of(person).post(f"/api/movies/{movie.pk}/reviews/", {"rating": rating})


def rewrite(number, person):
    path = f"/api/reviews/{person.reviews.get().pk}/"
    if number % 3:
        return client_of(person).patch(path, {"rating": 1 + number % 5})
    return client_of(person).delete(path)


def test_the_rating_is_exact(race):
    movie, true = race()
    assert (movie.rating, movie.rating_count) == (true, Review.objects.count())
    assert sum(movie.ratings.values()) == movie.rating_count == 13


def test_without_the_lock_the_same_race_goes_wrong(race, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **how: self)
    for _ in range(20):
        movie, true = race()
        if (movie.rating, movie.rating_count) != (true, Review.objects.count()):
            return
        Review.objects.all().delete()
        User.objects.all().delete()
    pytest.fail("The lock is not needed, or the race is not one.")


def test_two_reviews_of_one_person_become_one(at_once, movie, alice):
    answers = at_once([lambda: write(alice, movie, 4)] * 8)
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    movie.refresh_from_db()
    assert movie.rating_count == 1
