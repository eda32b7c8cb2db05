"""Who made a film and who plays in it, with what else they did."""

import pytest
from rest_framework.test import APIClient

from movies.models import Credit, Movie, Person


@pytest.fixture
def anyone(db):
    return APIClient()


@pytest.fixture
def root(client_of, admin):
    return client_of(admin)


def film_of(person, number):
    movie = Movie.objects.create(
        title=f"Film {number}",
        release_date=f"20{number:02}-01-01",
        duration_minutes=90,
        language="en",
    )
    return Credit.objects.create(movie=movie, person=person, job="actor", character="Ada")


def names(client, query=""):
    return [one["name"] for one in client.get(f"/api/people/?{query}").json()["results"]]


def test_somebodys_films_the_newest_first(anyone, movie):
    emil = Person.objects.create(name="Emil Sorge", biography="Born by the sea.")
    old = film_of(emil, 10)
    Credit.objects.create(movie=movie, person=emil, job="actor", character="Hinnerk")
    Credit.objects.create(movie=movie, person=emil, job="director", order=1)
    shown = anyone.get(f"/api/people/{emil.pk}/").json()
    assert shown["biography"] == "Born by the sea."
    assert [(one["movie"]["id"], one["job"], one["character"]) for one in shown["films"]] == [
        (movie.pk, "actor", "Hinnerk"),
        (movie.pk, "director", ""),
        (old.movie_id, "actor", "Ada"),
    ]
    assert shown["films"][0]["movie"]["title"] == movie.title


def test_it_costs_the_same_for_one_film_as_for_many(anyone, django_assert_num_queries):
    emil = Person.objects.create(name="Emil Sorge")
    for numbers in (range(1, 2), range(2, 30)):
        for number in numbers:
            film_of(emil, number)
        with django_assert_num_queries(2):
            assert anyone.get(f"/api/people/{emil.pk}/").status_code == 200


def test_people_are_found_without_accents_and_listed_by_name(anyone):
    for name in ("Zoë Kravitz", "Søren Łukasz", "Anaïs Straße", "Zoe Saldaña"):
        Person.objects.create(name=name)
    assert names(anyone) == sorted(["Anaïs Straße", "Søren Łukasz", "Zoe Saldaña", "Zoë Kravitz"])
    assert names(anyone, "search=ZOE") == ["Zoë Kravitz", "Zoe Saldaña"]
    assert names(anyone, "search=strasse anais") == ["Anaïs Straße"]
    assert names(anyone, "search=lukasz") == ["Søren Łukasz"]
    assert names(anyone, "search=nobody") == names(anyone, "search=!!") == []
    assert names(anyone, "search=zoe&page_size=1&page=2") == ["Zoe Saldaña"]


def test_an_admin_adds_changes_and_removes_somebody(root, anyone):
    answer = root.post("/api/people/", {"name": "Emil Sorge"})
    assert answer.status_code == 201
    path = f"/api/people/{answer.json()['id']}/"
    assert root.patch(path, {"name": "Émil Sorge"}).json()["name"] == "Émil Sorge"
    assert names(anyone, "search=emil") == ["Émil Sorge"]
    assert root.put(path, {"biography": "x"}).json()["errors"][0]["attr"] == "name"
    assert root.delete(path).status_code == 204
    assert names(anyone) == []


def test_somebody_in_the_credits_is_not_removed(root):
    emil = Person.objects.create(name="Emil Sorge")
    film_of(emil, 1)
    answer = root.delete(f"/api/people/{emil.pk}/")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "in_use")
    assert answer.json()["used_by"]["movies"] == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "x" * 201), ("name", "\x00"), ("biography", "x" * 10_001)],
)
def test_what_is_wrong_is_named(root, field, value):
    answer = root.post("/api/people/", {"name": "Emil"} | {field: value})
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, field)
