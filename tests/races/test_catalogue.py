"""Several admins write the catalogue at the same moment."""

import pytest
from rest_framework.test import APIClient

from accounts.tokens import tokens_for
from movies.models import Credit, Genre, Person

JOBS = ["director", "writer", "producer", "actor"]


@pytest.fixture
def send(admin):
    """Sends a request as an admin; answers the response."""
    access = tokens_for(admin)["access"]

    def go(method, path, body=None):
        client = APIClient(HTTP_AUTHORIZATION=f"Bearer {access}", raise_request_exception=False)
        return getattr(client, method)(f"/api/{path}", body)

    return go


@pytest.fixture
def people(db):
    return [Person.objects.create(name=f"Person {n}") for n in range(4)]


def test_credits_are_those_of_one_of_them(at_once, send, movie, people):
    wishes = [
        [{"person": person.pk, "job": job} for person in people] for job in JOBS for _ in range(2)
    ]
    answers = at_once(
        [
            lambda wish=wish: send("patch", f"movies/{movie.pk}/", {"credits": wish})
            for wish in wishes
        ]
    )
    assert {answer.status_code for answer in answers} == {200}
    written = [{"person": one.person_id, "job": one.job} for one in movie.credits.all()]
    assert written in wishes


def test_whoever_is_credited_is_there(at_once, send, movie, people):
    for person in people:
        wish = {"credits": [{"person": person.pk, "job": "actor"}]}
        written, removed = at_once(
            [
                lambda wish=wish: send("patch", f"movies/{movie.pk}/", wish),
                lambda person=person: send("delete", f"people/{person.pk}/"),
            ]
        )
        outcome = (written.status_code, removed.status_code)
        assert outcome in {(200, 409), (409, 204), (400, 204)}
        there = Person.objects.filter(pk=person.pk).exists()
        assert Credit.objects.filter(person=person).exists() == there


def test_a_genre_is_added_once(at_once, send):
    answers = at_once([lambda: send("post", "genres/", {"name": "Drama"})] * 6)
    assert sorted(answer.status_code for answer in answers)[0] == 201
    assert {answer.status_code for answer in answers} <= {201, 400, 409}
    assert Genre.objects.count() == 1


def test_what_is_removed_is_not_changed(at_once, send, people):
    for person in people:
        changed, removed = at_once(
            [
                lambda person=person: send("patch", f"people/{person.pk}/", {"name": "Other"}),
                lambda person=person: send("delete", f"people/{person.pk}/"),
            ]
        )
        assert (changed.status_code, removed.status_code) in {(200, 204), (404, 204)}


def test_what_is_removed_is_removed_once(at_once, send, people):
    answers = at_once([lambda: send("delete", f"people/{people[0].pk}/")] * 6)
    assert sorted(answer.status_code for answer in answers) == [204] + [404] * 5
