"""Admins write the catalogue of films; everybody reads it."""

import json
from datetime import date

import pytest
from rest_framework.test import APIClient

from bookings.models import PromoCode
from movies.models import Credit, Genre, Movie, Person, Slide

FILM = {
    "title": "Leuchtfeuer",
    "release_date": "2026-11-05",
    "duration_minutes": 118,
    "language": "de",
}


@pytest.fixture
def root(client_of, admin):
    return client_of(admin)


@pytest.fixture
def drama(db):
    return Genre.objects.create(name="Drama", slug="drama")


@pytest.fixture
def jonna(db):
    return Person.objects.create(name="Jonna Brandt")


@pytest.fixture
def emil(db):
    return Person.objects.create(name="Emil Sorge")


def test_a_film_with_its_people(movie, jonna):
    Credit.objects.create(movie=movie, person=jonna, job="director")
    [credit] = APIClient().get(f"/api/movies/{movie.pk}/").json()["credits"]
    assert credit == {
        "person": {"id": jonna.pk, "name": "Jonna Brandt"},
        "job": "director",
        "character": "",
    }


def test_an_admin_adds_a_film_and_is_shown_all_of_it(root, drama, jonna, emil):
    credits = [
        {"person": emil.pk, "job": "actor", "character": "Hinnerk"},
        {"person": jonna.pk, "job": "director"},
    ]
    answer = root.post("/api/movies/", FILM | {"genres": [drama.pk], "credits": credits})
    assert answer.status_code == 201
    film = answer.json()
    assert film["genres"] == [{"id": drama.pk, "name": "Drama", "slug": "drama"}]
    assert [one["person"]["name"] for one in film["credits"]] == ["Emil Sorge", "Jonna Brandt"]
    assert (film["rating"], film["rating_count"], film["now_showing"]) == (None, 0, False)
    assert film["ratings"] == {"1": 0, "2": 0, "3": 0, "4": 0, "5": 0}
    assert APIClient().get(f"/api/movies/{film['id']}/").json() == film


def test_a_change_touches_what_was_sent_and_nothing_else(root, movie, drama, jonna):
    movie.genres.add(drama)
    Credit.objects.create(movie=movie, person=jonna, job="director")
    answer = root.patch(f"/api/movies/{movie.pk}/", {"title": "The Long Way Up"})
    film = answer.json()
    assert (film["title"], film["duration_minutes"]) == ("The Long Way Up", 100)
    assert (len(film["genres"]), len(film["credits"])) == (1, 1)
    emptied = root.patch(f"/api/movies/{movie.pk}/", {"genres": [], "credits": []}).json()
    assert (emptied["genres"], emptied["credits"]) == ([], [])
    assert root.patch(f"/api/movies/{movie.pk}/", {}).json() == emptied


def test_a_change_writes_only_its_own_columns(root, movie, django_assert_num_queries):
    # Two of them remember it: what was there before, and the entry of the history.
    with django_assert_num_queries(13) as queries:
        root.patch(f"/api/movies/{movie.pk}/", {"certificate": "FSK 6"})
    [update] = [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]
    assert update.count("=") == 2
    assert '"certificate"' in update


def test_writing_anew_wants_what_a_new_film_wants(root, movie):
    answer = root.put(f"/api/movies/{movie.pk}/", {"title": "Alone"})
    wanted = {error["attr"] for error in answer.json()["errors"]}
    assert wanted == {"release_date", "duration_minutes", "language"}
    answer = root.put(f"/api/movies/{movie.pk}/", FILM)
    assert (answer.status_code, answer.json()["title"]) == (200, "Leuchtfeuer")


def test_credits_are_replaced_as_a_whole_or_not_at_all(root, movie, jonna, emil):
    path = f"/api/movies/{movie.pk}/"
    root.patch(path, {"credits": [{"person": jonna.pk, "job": "director"}]})
    answer = root.patch(path, {"credits": [{"character": "Ada"}]})
    assert [one["attr"] for one in answer.json()["errors"]] == [
        "credits.0.person",
        "credits.0.job",
    ]
    wrong = [{"person": emil.pk, "job": "actor"}, {"person": 999_999, "job": "actor"}]
    answer = root.patch(path, {"title": "Other", "credits": wrong})
    [error] = answer.json()["errors"]
    assert (error["attr"], error["code"]) == ("credits.1.person", "does_not_exist")
    film = root.get(path).json()
    assert (film["title"], film["credits"][0]["person"]["id"]) == (movie.title, jonna.pk)
    again = [{"person": emil.pk, "job": "actor"}, {"person": jonna.pk, "job": "writer"}]
    film = root.patch(path, {"credits": again}).json()
    assert [one["job"] for one in film["credits"]] == ["actor", "writer"]


def test_a_credit_is_named_once(root, movie, jonna):
    twice = [{"person": jonna.pk, "job": "actor"}] * 2
    answer = root.patch(f"/api/movies/{movie.pk}/", {"credits": twice})
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["attr"], error["code"]) == (
        400,
        "credits.1.person",
        "repeated",
    )
    roles = [{"person": jonna.pk, "job": "actor", "character": name} for name in ("Ada", "Eva")]
    assert root.patch(f"/api/movies/{movie.pk}/", {"credits": roles}).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("duration_minutes", value) for value in (0, 1001, -1, 10**30, 1.5, "long", None, [])),
        *(("release_date", value) for value in ("1887-12-31", "2201-01-01", "soon", 5, None)),
        *(("language", value) for value in ("", "german", "d", "de_DE", "de-", {})),
        *(("trailer_url", value) for value in ("ftp://a.example/b", "javascript:alert(1)", "x")),
        *(("title", value) for value in ("", " ", "x" * 201, "a\x00b", None, {})),
        *(("minimum_age", value) for value in (-1, 100, "x")),
        *(("genres", value) for value in (5, "x", {"a": 1}, None)),
        *(("credits", value) for value in (5, "x", None)),
        ("synopsis", "x" * 10_001),
        ("poster", "http://elsewhere.example/poster.jpg"),
    ],
)
def test_what_is_wrong_is_named(root, field, value):
    answer = root.post("/api/movies/", FILM | {field: value})
    assert answer.status_code == 400
    assert {error["attr"].split(".")[0] for error in answer.json()["errors"]} == {field}
    assert not Movie.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "attr"),
    [
        ("genres", ["x"], "genres.0"),
        ("genres", [999_999], "genres"),
        ("genres", [10**30], "genres.0"),
        ("genres", [True, {}], "genres.1"),
        ("credits", [5], "credits.0.non_field_errors"),
        ("credits", [{"job": "actor"}], "credits.0.person"),
        ("credits", [{"person": 1, "job": "king"}], "credits.0.job"),
        ("credits", [{"person": 10**30, "job": "actor"}], "credits.0.person"),
    ],
)
def test_what_is_wrong_inside_of_a_list_is_named(root, field, value, attr):
    answer = root.post("/api/movies/", FILM | {field: value})
    assert (answer.status_code, attr in {one["attr"] for one in answer.json()["errors"]}) == (
        400,
        True,
    )


@pytest.mark.parametrize(
    "body", ["[]", '"x"', "null", "{", "[1]", '{"title": NaN}', '{"title": "\\ud800"}']
)
def test_a_body_that_is_no_film_is_a_400(root, movie, body):
    for method, path in (("POST", "movies/"), ("PUT", f"movies/{movie.pk}/")):
        answer = root.generic(method, f"/api/{path}", body, content_type="application/json")
        assert answer.status_code == 400


def test_a_film_may_come_as_a_form(root, drama):
    film = root.post("/api/movies/", FILM | {"genres": drama.pk}, format="multipart").json()
    assert [genre["id"] for genre in film["genres"]] == [drama.pk]
    path = f"/api/movies/{film['id']}/"
    changed = root.patch(path, {"title": "Other"}, format="multipart").json()
    assert (changed["title"], len(changed["genres"])) == ("Other", 1)
    assert root.put(path, FILM, format="multipart").json()["genres"] == changed["genres"]


def test_what_was_sold_does_not_disappear(root, showtime, movie):
    answer = root.delete(f"/api/movies/{movie.pk}/")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "in_use")
    assert answer.json()["used_by"] == {"showtimes": 1}
    assert root.get(f"/api/movies/{movie.pk}/").status_code == 200


def test_a_promo_code_for_a_film_does_not_become_one_for_all(root, movie):
    PromoCode.objects.create(code="LONG", percent=10).movies.add(movie)
    answer = root.delete(f"/api/movies/{movie.pk}/")
    assert (answer.status_code, answer.json()["used_by"]) == (409, {"promo_codes": 1})


def test_a_film_that_nobody_needs_goes_with_its_credits(root, movie, jonna):
    Credit.objects.create(movie=movie, person=jonna, job="director")
    Slide.objects.create(title="Soon", image="a.jpg", movie=movie)
    assert root.delete(f"/api/movies/{movie.pk}/").status_code == 204
    assert root.delete(f"/api/movies/{movie.pk}/").status_code == 404
    assert not Slide.objects.exists()
    assert root.delete(f"/api/people/{jonna.pk}/").status_code == 204


def test_genres(root, movie):
    drama = root.post("/api/genres/", {"name": "Social Drama"}).json()
    assert drama["slug"] == "social-drama"
    assert APIClient().get("/api/genres/").json() == [drama]
    path = f"/api/genres/{drama['id']}/"
    assert root.patch(path, {"name": "Drama"}).json() == drama | {"name": "Drama"}
    assert root.put(path, {"name": "Drama", "slug": "d"}).json()["slug"] == "d"
    movie.genres.add(drama["id"])
    answer = root.delete(path)
    assert (answer.status_code, answer.json()["used_by"]) == (409, {"movies": 1})
    movie.genres.clear()
    assert root.delete(path).status_code == 204


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({}, "name"),
        ({"name": "Drama"}, "name"),
        ({"name": "DRAMA!"}, "slug"),
        ({"name": "ドラマ"}, "slug"),
        ({"name": "Other", "slug": "drama"}, "slug"),
        ({"name": "Other", "slug": "a b"}, "slug"),
        ({"name": "Other", "slug": "x" * 51}, "slug"),
        ({"name": "x" * 51}, "name"),
    ],
)
def test_a_genre_has_a_name_and_a_slug_of_its_own(root, drama, body, attr):
    answer = root.post("/api/genres/", body)
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, attr)


@pytest.mark.parametrize("room", ["movies", "genres", "people", "slides"])
@pytest.mark.parametrize("who", ["nobody", "alice", "manager"])
def test_nobody_but_admins_writes(request, db, client_of, room, who):
    user = None if who == "nobody" else request.getfixturevalue(who)
    client, expected = client_of(user), 403 if user else 401
    row = {
        "movies": lambda: Movie.objects.create(**FILM | {"release_date": date(2026, 1, 1)}),
        "genres": lambda: Genre.objects.create(name="Drama", slug="drama"),
        "people": lambda: Person.objects.create(name="Jonna Brandt"),
        "slides": lambda: Slide.objects.create(title="Now", image="a.jpg"),
    }[room]()
    assert client.post(f"/api/{room}/", {}).status_code == expected
    for method in (client.put, client.patch, client.delete):
        assert method(f"/api/{room}/{row.pk}/", {}).status_code == expected
    for path in (f"/api/{room}/", f"/api/{room}/{row.pk}/"):
        assert client.get(path).status_code == 200


def test_a_form_sends_credits_as_json(client_of, admin, movie):
    ada = Person.objects.create(name="Ada")
    root, path = client_of(admin), f"/api/movies/{movie.pk}/"
    credits = json.dumps([{"person": ada.pk, "job": "director"}])
    answer = root.patch(path, {"credits": credits}, format="multipart")
    assert [credit["person"]["name"] for credit in answer.json()["credits"]] == ["Ada"]
    for bad in ("[", "{}", "7", '[{"person": 999999, "job": "director"}]', "[" * 100_000):
        answer = root.patch(path, {"credits": bad}, format="multipart")
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["attr"].startswith("credits")
    assert movie.credits.count() == 1
