"""Films are narrowed by what they are, and by where and when they are shown."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from movies.models import Credit, Genre, Movie, Person
from showtimes.models import Showtime
from theaters.models import Screen, Theater, cinema_date


def film(title, **more):
    fields = {"release_date": "2026-01-01", "duration_minutes": 90, "language": "en"}
    return Movie.objects.create(title=title, **fields | more)


@pytest.fixture
def titles(db):
    def get(query):
        answer = APIClient().get(f"/api/movies/?{query}")
        assert answer.status_code == 200, answer.json()
        return [one["title"] for one in answer.json()["results"]]

    return get


@pytest.fixture
def far(db):
    """A screen in New York."""
    theater = Theater.objects.create(
        name="Orpheum",
        slug="orpheum",
        city="New York",
        address="1 Broadway",
        country="US",
        timezone="America/New_York",
        currency="USD",
        legal_name="Orpheum Inc.",
        invoice_prefix="ORP",
    )
    return Screen.objects.create(theater=theater, name="One")


def show(movie, screen, starts_at=None, **more):
    starts_at = starts_at or timezone.now() + timedelta(days=2)
    fields = {"language": "en", "status": "on_sale", "ends_at": starts_at + timedelta(hours=2)}
    return Showtime.objects.create(movie=movie, screen=screen, starts_at=starts_at, **fields | more)


def in_a_month():
    return timezone.now().date() + timedelta(days=30)


def test_now_showing_and_coming_soon_follow_from_the_timetable(titles, showtime, movie):
    film("Next", release_date=in_a_month())
    film("Past", release_date="2020-01-01")
    assert titles("now_showing=true") == [movie.title]
    assert titles("now_showing=false") == ["Next", "Past"]
    assert titles("coming_soon=true") == ["Next"]
    assert titles("coming_soon=false") == ["Past", movie.title]
    assert titles("city=berlin") == [movie.title]
    assert titles(f"theater={showtime.theater.pk}") == [movie.title]
    assert titles("ordering=-release_date") == ["Next", movie.title, "Past"]
    Showtime.objects.update(status="cancelled")
    assert titles("now_showing=true") == []


def test_one_showtime_meets_all_that_is_asked_of_it(titles, showtime, movie, screen, far):
    other = film("Imax in New York, 2D in Berlin")
    show(other, far, datetime(2030, 12, 6, 19, tzinfo=UTC), format="imax")
    show(other, screen, datetime(2030, 12, 7, 19, tzinfo=UTC))
    assert titles("format=imax") == [other.title]
    assert titles("city=berlin&format=imax") == []
    assert titles("city=new york&format=imax") == [other.title]
    assert titles(f"theater={far.theater_id}&city=berlin") == []
    day = cinema_date(showtime.starts_at, "Europe/Berlin")
    assert titles(f"city=berlin&date={day}") == [movie.title]
    assert titles(f"city=berlin&date={day}&format=imax") == []
    assert titles(f"city=new york&now_showing=false&date={day}") == [other.title, movie.title]
    assert titles("city=new york&now_showing=false") == [movie.title]


def test_a_date_is_a_cinema_day_by_the_theaters_clock(titles, movie, screen, far):
    moment = datetime(2030, 12, 7, 3, 30, tzinfo=UTC)
    show(movie, screen, moment)
    there = film("Over there")
    show(there, far, moment)
    assert titles("date=2030-12-06") == ["Over there"]
    assert titles("date=2030-12-07") == [movie.title]
    show(there, far, datetime(2026, 1, 3, 20, tzinfo=UTC))
    assert titles("date=2026-01-03") == ["Over there"]
    assert titles("date=2026-01-03&now_showing=true") == []
    Showtime.objects.update(status="planned")
    assert titles("date=2030-12-07") == []


def test_what_comes_to_a_city_is_on_sale_there_or_nowhere_yet(titles, screen, far):
    film("No dates yet", release_date=in_a_month())
    show(film("Preview in Berlin", release_date=in_a_month()), screen)
    show(film("Preview in New York", release_date=in_a_month()), far)
    show(film("Running"), screen, datetime(2030, 12, 6, 19, tzinfo=UTC))
    assert titles("coming_soon=true&city=berlin") == ["No dates yet", "Preview in Berlin"]
    assert titles(f"coming_soon=true&theater={far.theater_id}") == [
        "No dates yet",
        "Preview in New York",
    ]
    assert titles("coming_soon=true&city=berlin&now_showing=true") == ["Preview in Berlin"]
    assert titles("coming_soon=true&city=berlin&format=2d") == ["Preview in Berlin"]
    assert titles("coming_soon=false&city=berlin") == ["Running"]


def test_any_of_several_genres_and_each_film_once(titles):
    drama = Genre.objects.create(name="Drama", slug="drama")
    crime = Genre.objects.create(name="Crime", slug="crime")
    film("Both").genres.set([drama, crime])
    film("Crime only").genres.set([crime])
    film("Neither")
    assert titles("genre=drama") == ["Both"]
    assert titles("genre=drama,crime") == ["Both", "Crime only"]
    assert titles("genre=drama, nothing") == ["Both"]
    assert titles("genre=nothing") == titles("genre=,") == []


def test_by_length_rating_person_language_and_certificate(titles):
    short = film("Short", duration_minutes=80, language="de", rating="4.50", rating_count=2)
    film("Long", duration_minutes=180, certificate="FSK 12", rating="2.00", rating_count=1)
    jonna = Person.objects.create(name="Jonna Brandt")
    for job in ("director", "writer"):
        Credit.objects.create(movie=short, person=jonna, job=job)
    assert titles("duration_min=80&duration_max=80") == ["Short"]
    assert titles("duration_min=81") == ["Long"]
    assert titles("rating_min=4.5") == ["Short"]
    assert titles("rating_min=2") == ["Long", "Short"]
    assert titles(f"person={jonna.pk}") == ["Short"]
    assert titles("language=DE") == ["Short"]
    assert titles("certificate=fsk 12") == ["Long"]


def test_films_without_a_rating_come_last_either_way(titles):
    film("A", rating="3.00", rating_count=1, popularity=5)
    film("B")
    film("É", rating="4.00", rating_count=1, popularity=1)
    film("F")
    assert titles("ordering=-rating") == ["É", "A", "B", "F"]
    assert titles("ordering=rating") == ["A", "É", "B", "F"]
    assert titles("ordering=-popularity") == ["A", "É", "B", "F"]
    assert titles("ordering=popularity,-title") == ["F", "B", "É", "A"]
    assert titles("ordering=-title") == ["F", "É", "B", "A"]


def test_pages_never_repeat_what_is_equal(titles):
    for _ in range(7):
        film("Same")
    ids = []
    for page in (1, 2, 3):
        answer = APIClient().get(f"/api/movies/?ordering=-popularity&page_size=3&page={page}")
        ids += [one["id"] for one in answer.json()["results"]]
    assert len(set(ids)) == 7


@pytest.mark.parametrize(
    ("query", "attr"),
    [
        ("date=9999-12-31", "date"),
        ("date=soon", "date"),
        ("format=9d", "format"),
        ("duration_min=x", "duration_min"),
        ("duration_max=1e400", "duration_max"),
        ("duration_max=99999999999999999999", "duration_max"),
        ("rating_min=NaN", "rating_min"),
        ("rating_min=6", "rating_min"),
        ("rating_min=1e999999999", "rating_min"),
        ("person=0", "person"),
        ("person=99999999999999999999", "person"),
        ("genre=%00", "genre"),
        ("ordering=pk", "ordering"),
        ("ordering=--title", "ordering"),
        ("search=" + "x" * 201, "search"),
    ],
)
def test_what_makes_no_sense_is_named(query, attr, db):
    answer = APIClient().get(f"/api/movies/?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, attr)


def test_the_filters_of_a_list_do_not_hide_a_film(movie):
    assert APIClient().get(f"/api/movies/{movie.pk}/?now_showing=true").status_code == 200


@pytest.mark.parametrize(
    "query", ["", "search=film", "city=berlin&date=2030-12-06", "ordering=-rating&genre=drama"]
)
def test_a_list_costs_the_same_for_one_film_as_for_many(
    query, screen, django_assert_max_num_queries
):
    drama = Genre.objects.create(name="Drama", slug="drama")
    counts = []
    for number in (1, 30):
        for index in range(number):
            one = film(f"Film {index}")
            one.genres.add(drama)
            starts_at = datetime(2030, 12, 6, 9, tzinfo=UTC) + timedelta(minutes=index + number)
            Showtime.objects.bulk_create([showing(one, screen, starts_at)])
        with django_assert_max_num_queries(4) as queries:
            assert APIClient().get(f"/api/movies/?{query}&page_size=100").json()["count"] >= number
        counts.append(len(queries))
        Showtime.objects.all().delete()
    assert counts[0] == counts[1]


def showing(movie, screen, starts_at):
    return Showtime(
        movie=movie,
        screen=screen,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=1),
        language="en",
        status="on_sale",
    )
