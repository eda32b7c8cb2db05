"""What is on, where and when: by each theater's own clock, at a constant number of queries."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from movies.models import Genre, Movie
from showtimes.models import Price, Showtime, TakenSeat
from theaters.layouts import Place, row_label, seats_of
from theaters.models import Screen, Theater, cinema_date


@pytest.fixture
def anyone(db):
    return APIClient()


@pytest.fixture
def show(movie, screen):
    """Adds a showtime that starts at a time in UTC."""

    def add(starts_at, **more):
        ends_at = starts_at + timedelta(minutes=130)
        fields = {"movie": movie, "screen": screen, "language": "en", "status": "on_sale"}
        return Showtime.objects.create(**fields | more, starts_at=starts_at, ends_at=ends_at)

    return add


def test_a_cinema_day_ends_at_three_by_the_theaters_clock(anyone, show):
    # Berlin is at UTC+1 in December.
    evening = show(datetime(2030, 12, 6, 19, 0, tzinfo=UTC))
    after_midnight = show(datetime(2030, 12, 6, 23, 30, tzinfo=UTC))
    next_morning = show(datetime(2030, 12, 7, 2, 0, tzinfo=UTC))
    listed = anyone.get("/api/showtimes/?date=2030-12-06").json()["results"]
    assert [one["id"] for one in listed] == [evening.pk, after_midnight.pk]
    assert listed[1]["starts_at"] == "2030-12-07T00:30:00+01:00"
    [one] = anyone.get("/api/showtimes/?date=2030-12-07").json()["results"]
    assert one["id"] == next_morning.pk


def test_each_theater_has_its_own_day(anyone, show, theater):
    far = Theater.objects.create(
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
    screen = Screen.objects.create(theater=far, name="One")
    moment = datetime(2030, 12, 7, 3, 30, tzinfo=UTC)
    in_berlin, in_new_york = show(moment), show(moment, screen=screen)
    friday = anyone.get("/api/showtimes/?date=2030-12-06").json()["results"]
    saturday = anyone.get("/api/showtimes/?date=2030-12-07").json()["results"]
    assert [one["id"] for one in friday] == [in_new_york.pk]
    assert [one["id"] for one in saturday] == [in_berlin.pk]
    assert friday[0]["starts_at"] == "2030-12-06T22:30:00-05:00"


def test_a_day_with_a_clock_change_keeps_its_shows(anyone, show):
    # On 2030-10-27 Berlin's clocks go back at 03:00 summer time.
    late = show(datetime(2030, 10, 27, 0, 30, tzinfo=UTC))
    assert cinema_date(late.starts_at, "Europe/Berlin").isoformat() == "2030-10-26"
    [one] = anyone.get("/api/showtimes/?date=2030-10-26").json()["results"]
    assert one["starts_at"] == "2030-10-27T02:30:00+02:00"


def test_the_timetable_of_a_film_and_of_a_theater(anyone, showtime, movie, theater):
    day = cinema_date(showtime.starts_at, theater.timezone).isoformat()
    by_film = anyone.get(f"/api/movies/{movie.pk}/showtimes/?date={day}").json()
    assert by_film["dates"] == [day]
    assert by_film["theaters"][0]["name"] == "Lux"
    assert by_film["theaters"][0]["showtimes"][0]["id"] == showtime.pk
    by_theater = anyone.get(f"/api/theaters/{theater.pk}/showtimes/?date={day}").json()
    assert by_theater["movies"][0]["title"] == movie.title
    assert by_theater["movies"][0]["showtimes"] == by_film["theaters"][0]["showtimes"]
    elsewhere = anyone.get(f"/api/movies/{movie.pk}/showtimes/?city=Nowhere").json()
    assert elsewhere == {"date": None, "dates": [], "theaters": []}
    assert anyone.get(f"/api/theaters/{theater.pk}/showtimes/?date=2031-01-01").json() == {
        "date": "2031-01-01",
        "dates": [day],
        "movies": [],
    }


def test_how_the_sale_stands(anyone, showtime, seats, silver):
    Price.objects.create(showtime=showtime, category=silver, amount=Decimal("8.50"))
    listed = anyone.get(f"/api/showtimes/{showtime.pk}/").json()
    assert (listed["price_from"], listed["price_to"]) == ("8.50", "14.50")
    assert (listed["seats_left"], listed["sold_out"], listed["almost_sold_out"]) == (
        12,
        False,
        False,
    )
    assert listed["sales"] == {"open": True, "reason": ""}
    showtime.take(seats[:11], "6f1c0f5e-3a0f-4d53-9f66-0a5a4f0f4a11", None)
    listed = anyone.get(f"/api/showtimes/{showtime.pk}/").json()
    assert (listed["seats_left"], listed["sold_out"], listed["almost_sold_out"]) == (1, False, True)
    showtime.take(seats[11:], "6f1c0f5e-3a0f-4d53-9f66-0a5a4f0f4a11", None)
    assert anyone.get(f"/api/showtimes/{showtime.pk}/").json()["sold_out"] is True


def test_the_seat_map_draws_every_seat(anyone, showtime, seats):
    showtime.take(seats[:1], "6f1c0f5e-3a0f-4d53-9f66-0a5a4f0f4a11", None)
    drawn = anyone.get(f"/api/seats/?showtime={showtime.pk}").json()
    assert [category["name"] for category in drawn["categories"]] == ["Silver", "Gold"]
    by_place = {(seat["row"], seat["number"]): seat for seat in drawn["seats"]}
    assert len(by_place) == 12
    first, over_the_aisle = by_place["A", 1], by_place["A", 4]
    assert (first["status"], over_the_aisle["status"]) == ("taken", "free")
    assert (first["x"], over_the_aisle["x"]) == (0, 4)
    assert by_place["B", 1]["price"] == "14.50"


def test_a_poll_without_news_is_a_304(anyone, showtime, seats):
    path = f"/api/showtimes/{showtime.pk}/availability/"
    first = anyone.get(path)
    assert first.json() == {"taken": []}
    same = anyone.get(path, headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    showtime.take(seats[:1], "6f1c0f5e-3a0f-4d53-9f66-0a5a4f0f4a11", None)
    news = anyone.get(path, headers={"If-None-Match": first["ETag"]})
    assert news.json() == {"taken": [seats[0].pk]}


@pytest.mark.parametrize(
    ("path", "status", "attr"),
    [
        ("showtimes/?date=yesterday", 400, "date"),
        ("showtimes/?movie=x", 400, "movie"),
        ("showtimes/?from=soon", 400, "from"),
        ("showtimes/?format=9d", 400, "format"),
        ("movies/?ordering=price", 400, "ordering"),
        ("movies/?search=%00", 400, "search"),
        ("movies/?theater=1e400", 400, "theater"),
        ("movies/?theater=-1e400", 400, "theater"),
        ("showtimes/?movie=-99999999999999999999999999", 400, "movie"),
        ("showtimes/?theater=1.5", 400, "theater"),
        ("showtimes/?screen=0", 400, "screen"),
        ("showtimes/?date=9999-12-31", 400, "date"),
        ("showtimes/?date=0001-01-01", 400, "date"),
        ("showtimes/?from=0001-01-01T00:00:00%2B14:00", 400, "from"),
        ("showtimes/?to=9999-12-31T23:59:59-14:00", 400, "to"),
        ("movies/{movie}/showtimes/?date=9999-12-31", 400, "date"),
        ("theaters/{theater}/showtimes/?date=9999-12-31", 400, "date"),
        ("seats/", 400, "showtime"),
        ("seats/?showtime=x", 400, "showtime"),
        ("seats/?showtime=", 400, "showtime"),
        ("seats/?showtime=0", 400, "showtime"),
        ("seats/?showtime=999999", 404, None),
        ("seats/?showtime=99999999999999999999999999", 400, "showtime"),
        ("showtimes/99999999999999999999999999/", 404, None),
        ("showtimes/?movie=99999999999999999999999999", 400, "movie"),
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
        ("showtimes/?page_size=100", 6),
        ("movies/{movie}/showtimes/?date={day}", 8),
        ("theaters/{theater}/showtimes/?date={day}", 8),
        ("seats/?showtime={showtime}", 5),
        ("showtimes/{showtime}/availability/", 2),
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
