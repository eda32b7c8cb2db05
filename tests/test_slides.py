"""What the home page shows, and for how long."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from rest_framework.test import APIClient

from movies.models import Slide


@pytest.fixture
def root(client_of, admin):
    return client_of(admin)


def picture():
    file = BytesIO()
    Image.new("RGB", (1600, 700), "teal").save(file, "JPEG")
    return SimpleUploadedFile("slide.jpg", file.getvalue(), "image/jpeg")


def titles(client, query=""):
    return [slide["title"] for slide in client.get(f"/api/slides/{query}").json()]


@pytest.fixture
def slides(db):
    now = timezone.now()
    add = Slide.objects.create
    return [
        add(title="Now", image="a.jpg"),
        add(title="Later", image="a.jpg", shown_from=now + timedelta(days=1)),
        add(title="Over", image="a.jpg", shown_until=now - timedelta(days=1)),
        add(title="Off", image="a.jpg", active=False),
    ]


def test_slides_have_a_window(slides):
    assert titles(APIClient()) == ["Now"]
    for slide in slides:
        status = APIClient().get(f"/api/slides/{slide.pk}/").status_code
        assert status == (200 if slide.title == "Now" else 404)


def test_an_admin_sees_the_others_too(slides, root, client_of, manager):
    assert titles(root) == ["Now"]
    assert titles(root, "?all=true") == ["Now", "Later", "Over", "Off"]
    assert root.get(f"/api/slides/{slides[3].pk}/").status_code == 200
    for other in (APIClient(), client_of(manager)):
        assert titles(other, "?all=true") == ["Now"]


def test_a_new_one_comes_with_its_picture(root, movie):
    body = {"title": "New", "movie": movie.pk}
    answer = root.post("/api/slides/", body)
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "image")
    answer = root.post("/api/slides/", body | {"image": picture()}, format="multipart")
    assert answer.status_code == 201
    assert (answer.json()["active"], answer.json()["movie"]) == (True, movie.pk)
    assert titles(APIClient()) == ["New"]


def test_it_is_changed_and_removed(root, slides, movie):
    path = f"/api/slides/{slides[0].pk}/"
    assert root.patch(path, {"text": "At last."}).json()["text"] == "At last."
    assert root.put(path, {"title": "Then", "active": False}).json()["title"] == "Then"
    assert titles(APIClient()) == []
    assert root.patch(path, {"active": True}, format="multipart").json()["active"] is True
    assert root.patch(path, {"position": 3}, format="multipart").json()["active"] is True
    assert root.delete(path).status_code == 204


def test_it_leads_to_one_place(root, slides, movie):
    path = f"/api/slides/{slides[0].pk}/"
    there = {"link": "https://cinema.example/"}
    assert root.patch(path, there).status_code == 200
    answer = root.patch(path, {"movie": movie.pk})
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "link")
    assert root.patch(path, {"movie": movie.pk, "link": ""}).json()["movie"] == movie.pk
    assert root.patch(path, there).status_code == 400
    assert root.patch(path, there | {"movie": None}).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("movie", value) for value in (999_999, 10**30, "x", {}, True)),
        *(("link", value) for value in ("javascript:alert(1)", "ftp://a.example/", "home")),
        *(("shown_until", value) for value in ("soon", "0001-01-01T00:00:00+14:00", 5)),
        *(("position", value) for value in (-1, 10**30, "x")),
        *(("title", value) for value in ("", "x" * 121, None)),
        *(("active", value) for value in ("perhaps", None, [])),
        ("text", "x" * 301),
        ("image", "a.jpg"),
        ("image", None),
    ],
)
def test_what_is_wrong_is_named(root, slides, field, value):
    answer = root.patch(f"/api/slides/{slides[0].pk}/", {field: value})
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, field)


def test_it_ends_after_it_begins(root, slides):
    path = f"/api/slides/{slides[0].pk}/"
    window = {"shown_from": "2026-12-01T00:00:00Z", "shown_until": "2026-12-01T00:00:00Z"}
    answer = root.patch(path, window)
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "shown_until")
    assert root.patch(path, {"shown_from": "2026-12-02T00:00:00Z"}).status_code == 200
    assert root.patch(path, {"shown_until": "2026-12-01T00:00:00Z"}).status_code == 400
