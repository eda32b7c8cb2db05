"""What is on, where and when: by each theater's own clock, at a constant number of queries."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from movies.models import Genre, Movie
from showtimes.models import Showtime, TakenSeat
from theaters.layouts import Place, row_label, seats_of


@pytest.fixture
def anyone(db):
    return APIClient()


def test_now_showing_and_coming_soon_follow_from_the_timetable(anyone, showtime, movie):
    later = timezone.now().date() + timedelta(days=30)
    Movie.objects.create(title="Next", release_date=later, duration_minutes=90, language="en")
    Movie.objects.create(
        title="Past", release_date="2020-01-01", duration_minutes=90, language="en"
    )

    def titles(query):
        return [one["title"] for one in anyone.get(f"/api/movies/?{query}").json()["results"]]

    assert titles("now_showing=true") == [movie.title]
    assert titles("coming_soon=true") == ["Next"]
    assert titles("search=next") == ["Next"]
    assert titles("city=berlin") == [movie.title]
    assert titles(f"theater={showtime.theater.pk}") == [movie.title]
    assert titles("ordering=-release_date") == ["Next", movie.title, "Past"]
    Showtime.objects.update(status="cancelled")
    assert titles("now_showing=true") == []


@pytest.mark.parametrize(
    ("path", "status", "attr"),
    [
        ("movies/?ordering=price", 400, "ordering"),
        ("movies/?search=%00", 400, "search"),
        ("movies/?theater=1e400", 400, "theater"),
        ("movies/?theater=-1e400", 400, "theater"),
        ("seats/", 400, "showtime"),
        ("seats/?showtime=x", 400, "showtime"),
        ("seats/?showtime=", 400, "showtime"),
        ("seats/?showtime=0", 400, "showtime"),
        ("seats/?showtime=999999", 404, None),
        ("seats/?showtime=99999999999999999999999999", 400, "showtime"),
        ("showtimes/99999999999999999999999999/", 404, None),
        ("movies/0/", 404, None),
        ("movies/x/", 404, None),
        ("movies/?page=0", 400, "page"),
        ("movies/?page=999", 404, None),
        ("nowhere/", 404, None),
        ("bookings/ABC/", 404, None),
        ("tickets/ABC/", 404, None),
    ],
)
def test_bad_input_gets_a_4xx_in_the_one_shape(anyone, path, status, attr, movie, theater):
    answer = anyone.get(f"/api/{path.format(movie=movie.pk, theater=theater.pk)}")
    assert answer.status_code == status
    if status >= 400:
        assert answer.json()["errors"][0]["attr"] == attr


@pytest.mark.parametrize("path", ["movies/", "theaters/", "slides/", "seats/", "payments/webhook/"])
def test_a_wrong_method_is_a_405(anyone, path):
    answer = anyone.put(f"/api/{path}", {})
    assert answer.json()["errors"][0]["code"] == "method_not_allowed"
    assert answer.status_code == 405


@pytest.mark.parametrize("body", ["{", "", "[]", '"x"', "null", "\xff", '{"seats": NaN}'])
def test_broken_json_is_a_400(anyone, body):
    for path in ("bookings/", "bookings/quote/", "auth/login/", "auth/register/"):
        answer = anyone.post(
            f"/api/{path}", body.encode("latin-1"), content_type="application/json"
        )
        assert answer.status_code == 400, path
        assert answer.json()["errors"][0]["code"]


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_json_that_is_nested_too_deeply_is_broken(anyone, opening):
    body = opening * 100_000
    answer = anyone.post("/api/auth/login/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "parse_error")


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/nowhere/", "/api//movies/", "/api/movies/-1/"]
)
def test_an_unknown_address_is_a_404_in_the_one_shape(anyone, settings, debug, path):
    settings.DEBUG = debug
    answer = anyone.get(path)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "not_found")


def test_a_strange_host_is_a_400_in_the_one_shape(anyone):
    answer = anyone.get("/api/movies/", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "bad_request")


def test_swagger_refuses_other_methods(anyone):
    assert anyone.options("/api/docs/").status_code == 405


def test_a_form_is_a_415(anyone):
    answer = anyone.post(
        "/api/auth/login/", "a=b", content_type="application/x-www-form-urlencoded"
    )
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (
        415,
        "unsupported_media_type",
    )


def test_an_oversized_body_is_a_413(anyone):
    answer = anyone.post("/api/bookings/", {"promo_code": "x" * 1024 * 1024})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (413, "body_too_large")


def fill(movie, screen, number):
    """`number` films and showtimes more, each with genres and a sold seat."""
    start = timezone.now() + timedelta(days=2 if number == 1 else 3)
    seat = screen.seats.first()
    for index in range(number):
        film = Movie.objects.create(
            title=f"Film {index}", release_date="2026-01-01", duration_minutes=90, language="en"
        )
        film.genres.add(Genre.objects.get_or_create(name="Drama", slug="drama")[0])
        begins = start + timedelta(hours=3 * index)
        showtime = Showtime.objects.create(
            movie=film if index % 2 else movie,
            screen=screen,
            starts_at=begins,
            ends_at=begins + timedelta(hours=2),
            language="en",
            status="on_sale",
        )
        TakenSeat.objects.create(
            showtime=showtime, seat=seat, holder="6f1c0f5e-3a0f-4d53-9f66-0a5a4f0f4a11"
        )


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("movies/?page_size=100", 3),
        ("theaters/", 3),
        ("slides/", 1),
        ("seats/?showtime={showtime}", 2),
        ("showtimes/{showtime}/availability/", 1),
    ],
)
def test_a_list_costs_the_same_for_one_row_as_for_many(
    anyone, path, most, movie, screen, showtime, theater, django_assert_max_num_queries
):
    day = timezone.now().date() + timedelta(days=3)
    path = path.format(movie=movie.pk, theater=theater.pk, showtime=showtime.pk, day=day)
    counts = []
    for number in (1, 30):
        fill(movie, screen, number)
        with django_assert_max_num_queries(most) as queries:
            assert anyone.get(f"/api/{path}").status_code == 200
        counts.append(len(queries))
    assert counts[0] <= counts[1] <= most


def test_rows_are_named_without_look_alikes():
    assert [row_label(index) for index in (0, 7, 8, 13, 23, 24, 25)] == [
        "A", "H", "J", "P", "Z", "AA", "AB",
    ]  # fmt: skip


def test_a_blank_row_is_an_aisle_across(screen, silver):
    seats = seats_of(screen, ["s s", "   ", "s"], {"s": Place(silver)})
    assert [(seat.label, seat.x, seat.y) for seat in seats] == [
        ("A1", 0, 0), ("A2", 2, 0), ("B1", 0, 2),
    ]  # fmt: skip
