"""Every POST that makes something takes an Idempotency-Key: those in the schema and the others."""

import json

import pytest
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from accounts.models import User
from movies.models import Genre, Movie, Person
from retries.models import KeptAnswer
from retries.once import HEADER, KeyUsedAgain
from reviews.models import Review
from showtimes.models import Showtime
from theaters.models import Amenity, Screen, SeatCategory, Theater

from .test_pictures import drawn
from .test_who_may import Every, pattern

ADA = {
    "username": "ada",
    "email": "ada@example.com",
    "password": "popcorn-for-two",
    "full_name": "Ada Byron",
}
KEY = {HEADER: "5f0c2a52-6a3e-4b57-9a2c-0f6f8f2f7a10"}


@pytest.fixture(scope="module")
def posts():
    paths = SchemaGenerator().get_schema(public=True)["paths"]
    return {path: item["post"] for path, item in paths.items() if "post" in item}


def test_every_post_that_makes_something_takes_a_key(posts):
    without = [
        path
        for path, one in posts.items()
        if "201" in one["responses"]
        and HEADER not in [each["name"] for each in one.get("parameters", [])]
    ]
    assert not without


def test_whatever_takes_a_key_says_what_becomes_of_one_used_twice(posts):
    with_key = {
        path: one
        for path, one in posts.items()
        if HEADER in [each["name"] for each in one.get("parameters", [])]
    }
    assert len(with_key) > 12
    assert [path for path, one in with_key.items() if "422" not in one["responses"]] == []


def test_posts_that_the_schema_does_not_name_take_one_too(posts):
    named = {pattern("POST", path) for path in posts}
    others = [
        (path, callback)
        for path, _, method, callback in Every().get_api_endpoints()
        if method == "POST" and pattern("POST", path) not in named
    ]
    assert others
    for path, callback in others:
        handler = getattr(callback.cls, getattr(callback, "actions", {}).get("post", "post"))
        assert KeyUsedAgain in getattr(handler, "raises", []), path


@pytest.fixture
def made(cinema):
    """What can be made by whom: the address, a body, and the model whose rows are counted."""
    theater = f"/api/theaters/{cinema.theater}/"
    plan = {"movie": cinema.movie, "screen": cinema.screen, "starts_at": "2031-01-01T20:00:00Z"}
    place = {"name": "Rex", "slug": "rex", "address": "1", "city": "Bonn", "country": "DE"}
    seller = {"legal_name": "Rex GmbH", "invoice_prefix": "REX"}
    zone = {"timezone": "Europe/Berlin", "currency": "EUR"}
    film = {"title": "Ebb", "release_date": "2026-01-01", "duration_minutes": 90, "language": "en"}
    return {
        "/api/movies/": (film, Movie),
        "/api/people/": ({"name": "Ida"}, Person),
        "/api/genres/": ({"name": "Noir", "slug": "noir"}, Genre),
        "/api/theaters/": (place | zone | seller, Theater),
        "/api/amenities/": ({"name": "Terrace"}, Amenity),
        f"{theater}screens/": ({"name": "Screen 9"}, Screen),
        f"{theater}seat-categories/": ({"name": "Box", "default_price": "9.00"}, SeatCategory),
        "/api/showtimes/": (plan, Showtime),
        f"/api/movies/{cinema.movie}/reviews/": ({"rating": 5}, Review),
    }


def test_the_same_key_makes_one_and_gets_the_same_answer(made, people):
    for number, (path, (body, model)) in enumerate(made.items()):
        key = {HEADER: f"attempt {number}"}
        before = model.objects.count()
        first, again = (people["admin"].post(path, body, headers=key) for _ in range(2))
        assert first.status_code == 201, (path, first.json())
        assert (again.status_code, again["Idempotency-Replayed"]) == (201, "true"), path
        assert again.json() == first.json(), path
        assert model.objects.count() == before + 1, path
        assert people["admin"].post(path, body | {"x": 1}, headers=key).status_code == 422, path


def test_a_slide_that_is_sent_twice_with_its_picture_is_one(people, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    def send():
        body = {"title": "Tonight", "image": SimpleUploadedFile("tonight.png", drawn())}
        return people["admin"].post("/api/slides/", body, format="multipart", headers=KEY)

    first, again = send(), send()
    assert (first.status_code, again.json()) == (201, first.json())
    assert people["admin"].get("/api/slides/").json() == [first.json()]


def register(**changes):
    return APIClient().post("/api/auth/register/", ADA | changes, headers=KEY)


@pytest.mark.django_db
def test_registering_again_signs_in_again(letters):
    first, again = register(), register()
    assert (first.status_code, again.status_code) == (201, 201)
    assert again["Idempotency-Replayed"] == "true"
    for answer in (first, again):
        client = APIClient(headers={"Authorization": f"Bearer {answer.json()['access']}"})
        assert client.get("/api/auth/me/").json()["username"] == "ada"
    tokens = {"access", "refresh"}
    assert {k: v for k, v in again.json().items() if k not in tokens} == {
        k: v for k, v in first.json().items() if k not in tokens
    }
    assert (User.objects.count(), len(letters())) == (1, 1)


@pytest.mark.django_db
def test_registering_again_as_somebody_else_needs_another_key():
    register()
    for changes in ({"password": "popcorn-for-three"}, {"username": "eve"}):
        answer = register(**changes)
        assert answer.status_code == 422
        assert "access" not in answer.json()
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_a_password_that_was_changed_since_signs_nobody_in():
    register()
    User.objects.update(password=make_password("something-else-entirely"))
    answer = register()
    assert answer.status_code == 409
    assert answer.json()["errors"][0]["code"] == "password_has_changed"


@pytest.mark.django_db
def test_what_is_kept_of_registering_holds_no_secret():
    answer = register().json()
    kept = KeptAnswer.objects.values().get()
    assert json.loads(kept["body"]) == {"id": answer["id"]}
    said = json.dumps(kept, default=str)
    for secret in (*ADA.values(), answer["access"], answer["refresh"]):
        assert secret not in said


def test_who_leaves_leaves_no_answers(me, movie):
    me.post(f"/api/movies/{movie.pk}/reviews/", {"rating": 5}, headers=KEY)
    assert KeptAnswer.objects.count() == 1
    me.delete("/api/auth/me/", {"password": "a-quiet-evening-42"})
    assert not KeptAnswer.objects.exists()
