"""The list of films: one statement, kept SQL, and never an old answer."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from movies.models import Genre, Movie
from movies.serializers import SUMMARY
from reviews.models import Review
from showtimes.models import Showtime


@pytest.fixture
def anyone(db):
    return APIClient()


@pytest.fixture
def films(movie):
    """Thirty films beside `movie`, with two genres each."""
    genres = [Genre.objects.create(name=name, slug=name.lower()) for name in ("Drama", "Comedy")]
    day = timezone.now().date()
    films = [
        Movie.objects.create(
            title=f"Film {n:02}", release_date=day, duration_minutes=90, language="en"
        )
        for n in range(30)
    ]
    for film in films:
        film.genres.set(genres)
    return films


def test_the_list_says_what_the_film_says(anyone, movie, showtime, alice):
    movie.genres.set([Genre.objects.create(name="Drama", slug="drama")])
    Review.objects.write(movie=movie, user=alice, rating=4, text="")
    [listed] = anyone.get("/api/movies/").json()["results"]
    shown = anyone.get(f"/api/movies/{movie.pk}/").json()
    assert listed == {name: shown[name] for name in SUMMARY}
    assert (listed["rating"], listed["now_showing"]) == ("4.00", True)
    [narrowed] = anyone.get("/api/movies/?now_showing=true").json()["results"]
    assert narrowed == listed


def test_one_statement_for_all_and_two_for_some(anyone, films, django_assert_num_queries):
    anyone.get("/api/movies/")
    for size in (1, 30):
        with django_assert_num_queries(1):
            anyone.get(f"/api/movies/?page_size={size}")
        with django_assert_num_queries(2):
            anyone.get(f"/api/movies/?page_size={size}&ordering=-title&genre=drama")


def test_pages(anyone, films):
    first = anyone.get("/api/movies/?page_size=20").json()
    assert (first["count"], len(first["results"]), first["previous"]) == (31, 20, None)
    last = anyone.get(first["next"]).json()
    assert (last["count"], len(last["results"]), last["next"]) == (31, 11, None)
    titles = [film["title"] for film in first["results"] + last["results"]]
    assert titles == sorted(titles)
    assert anyone.get("/api/movies/?page=3").status_code == 404
    assert anyone.get("/api/movies/?page=3&genre=drama").status_code == 404
    nothing = anyone.get("/api/movies/?genre=western").json()
    assert (nothing["count"], nothing["results"]) == (0, [])


def test_genres_are_in_order_of_their_names(anyone, films):
    [film] = anyone.get("/api/movies/?search=Film+07&page_size=1").json()["results"]
    assert [genre["name"] for genre in film["genres"]] == ["Comedy", "Drama"]


def test_the_clock_goes_on_though_the_sql_is_kept(anyone, showtime):
    def is_showing():
        [film] = anyone.get("/api/movies/").json()["results"]
        return film["now_showing"]

    assert is_showing()
    with time_machine.travel(showtime.starts_at + timedelta(seconds=1)):
        assert not is_showing()
    Showtime.objects.update(status="planned")
    assert not is_showing()


def test_who_has_the_list_is_told_that_nothing_is_new(anyone, films):
    first = anyone.get("/api/movies/")
    same = anyone.get("/api/movies/", headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert same["ETag"] == first["ETag"]
    films[0].genres.clear()
    first = anyone.get("/api/movies/", headers={"If-None-Match": first["ETag"]})
    assert first.status_code == 200
    Movie.objects.filter(pk=films[0].pk).update(title="Another")
    assert anyone.get("/api/movies/", headers={"If-None-Match": first["ETag"]}).status_code == 200
