"""The timetable: what is on, where and when, by each theater's own clock."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from movies.models import Movie
from showtimes.models import Price, Showtime
from theaters.models import Screen, Theater, cinema_date

from .conftest import PASSWORD

HOLDER = UUID("6f1c0f5e-3a0f-4d53-9f66-0a5a4f0f4a11")


@pytest.fixture
def anyone(db):
    return APIClient()


@pytest.fixture
def far(db):
    """A theater in New York."""
    return Theater.objects.create(
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


def test_each_theater_has_its_own_day(anyone, show, far):
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
    showtime.take(seats[:11], UUID("6f1c0f5e-3a0f-4d53-9f66-0a5a4f0f4a11"), None)
    listed = anyone.get(f"/api/showtimes/{showtime.pk}/").json()
    assert (listed["seats_left"], listed["sold_out"], listed["almost_sold_out"]) == (1, False, True)
    showtime.take(seats[11:], UUID("6f1c0f5e-3a0f-4d53-9f66-0a5a4f0f4a11"), None)
    assert anyone.get(f"/api/showtimes/{showtime.pk}/").json()["sold_out"] is True


def test_the_seat_map_draws_every_seat(anyone, showtime, seats):
    showtime.take(seats[:1], UUID("6f1c0f5e-3a0f-4d53-9f66-0a5a4f0f4a11"), None)
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
    showtime.take(seats[:1], UUID("6f1c0f5e-3a0f-4d53-9f66-0a5a4f0f4a11"), None)
    news = anyone.get(path, headers={"If-None-Match": first["ETag"]})
    assert news.json() == {"taken": [seats[0].pk]}


@pytest.fixture
def list_of(anyone):
    """The ids of the showtimes that a list shows to somebody."""

    def ids(query="", client=anyone):
        answer = client.get(f"/api/showtimes/?{query}").json()
        return [one["id"] for one in answer["results"]]

    return ids


def test_a_showtime_in_a_list_has_its_local_time_and_cinema_day(anyone, show):
    late = show(datetime(2030, 12, 6, 23, 30, tzinfo=UTC), sales_from="2030-11-01T09:00Z")
    [one] = anyone.get("/api/showtimes/").json()["results"]
    assert one["id"] == late.pk
    assert (one["local_date"], one["local_time"]) == ("2030-12-06", "00:30")
    assert one["sales_from"] == "2030-11-01T10:00:00+01:00"
    assert one["sales"] == {"open": False, "reason": "not_yet_on_sale"}


def test_what_has_started_keeps_its_address_but_is_not_listed(anyone, showtime, list_of):
    Showtime.objects.update(starts_at=timezone.now() - timedelta(minutes=5))
    assert list_of() == []
    one = anyone.get(f"/api/showtimes/{showtime.pk}/")
    assert (one.status_code, one.json()["sales"]["reason"]) == (200, "started")


def test_a_list_is_narrowed_by_what_a_showtime_is(show, list_of, far, movie, screen, theater):
    other = Movie.objects.create(
        title="Next", release_date="2026-01-01", duration_minutes=90, language="de"
    )
    there = Screen.objects.create(theater=far, name="One")
    first = show(datetime(2030, 12, 6, 12, tzinfo=UTC), format="imax")
    second = show(datetime(2030, 12, 6, 18, tzinfo=UTC), movie=other, language="de", preview=True)
    third = show(datetime(2030, 12, 7, 18, tzinfo=UTC), screen=there)
    assert list_of() == [first.pk, second.pk, third.pk]
    assert list_of("ordering=-starts_at") == [third.pk, second.pk, first.pk]
    assert list_of(f"movie={other.pk}") == [second.pk]
    assert list_of(f"theater={far.pk}") == list_of("city=new york") == [third.pk]
    assert list_of(f"theater={far.pk}&date=2030-12-06") == []
    assert list_of(f"screen={screen.pk}") == [first.pk, second.pk]
    assert list_of("language=DE") == [second.pk]
    assert list_of("format=imax") == [first.pk]
    assert list_of("preview=true") == [second.pk]
    assert list_of("preview=false") == [first.pk, third.pk]
    assert list_of("from=2030-12-06T13:00Z&to=2030-12-07T00:00Z") == [second.pk]


def test_showtimes_that_start_together_keep_their_order_over_pages(show, list_of, theater):
    screens = [Screen.objects.create(theater=theater, name=f"S{n}") for n in range(9)]
    moment = datetime(2030, 12, 6, 12, tzinfo=UTC)
    shows = [show(moment, screen=screen).pk for screen in screens]
    for ordering in ("starts_at", "-starts_at"):
        pages = [list_of(f"ordering={ordering}&page_size=2&page={n}") for n in range(1, 6)]
        assert sum(pages, []) == shows


@pytest.mark.parametrize(
    ("query", "attr"),
    [
        ("date=yesterday", "date"),
        ("date=06/12/2030", "date"),
        ("date=9999-12-31", "date"),
        ("date=0001-01-01", "date"),
        ("movie=x", "movie"),
        ("movie=-99999999999999999999999999", "movie"),
        ("movie=99999999999999999999999999", "movie"),
        ("theater=1.5", "theater"),
        ("screen=0", "screen"),
        ("city=%00", "city"),
        ("language=%00", "language"),
        ("from=soon", "from"),
        ("from=0001-01-01T00:00:00%2B14:00", "from"),
        ("to=9999-12-31T23:59:59-14:00", "to"),
        ("format=9d", "format"),
        ("preview=maybe", "preview"),
        ("status=sold", "status"),
        ("ordering=price", "ordering"),
    ],
)
def test_a_filter_that_makes_no_sense_is_named(anyone, query, attr, movie, theater):
    paths = ["showtimes/"]
    if attr not in ("from", "to", "status", "ordering"):
        paths += [f"movies/{movie.pk}/showtimes/", f"theaters/{theater.pk}/showtimes/"]
    for path in paths:
        answer = anyone.get(f"/api/{path}?{query}")
        assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, attr), path


def test_what_is_planned_is_seen_by_its_managers_only(
    anyone, client_of, manager, admin, alice, showtime, list_of, far
):
    Showtime.objects.update(status="planned")
    stranger = client_of(manager_of(far))
    page = f"/api/showtimes/{showtime.pk}/"
    for path in (page, f"{page}availability/", f"/api/seats/?showtime={showtime.pk}"):
        for client in (anyone, client_of(alice), stranger):
            assert client.get(path).status_code == 404
        for client in (client_of(manager), client_of(admin)):
            assert client.get(path).status_code == 200
    for client in (anyone, stranger):
        assert list_of("status=planned", client) == []
    for client in (client_of(manager), client_of(admin)):
        assert list_of("status=planned", client) == [showtime.pk]
        assert list_of("status=planned&status=on_sale", client) == [showtime.pk]
        assert list_of("status=on_sale", client) == list_of("", client) == []


def manager_of(theater):
    user = User.objects.create_user("stranger", "s@example.com", PASSWORD, role="manager")
    theater.managers.add(user)
    return user


def test_each_theater_of_a_film_has_its_own_today(anyone, show, far, movie, time_machine):
    # 03:30 on Saturday in Berlin, 21:30 on Friday in New York.
    time_machine.move_to(datetime(2030, 12, 7, 2, 30, tzinfo=UTC), tick=False)
    there = Screen.objects.create(theater=far, name="One")
    in_berlin = show(datetime(2030, 12, 7, 19, tzinfo=UTC))
    tonight = show(datetime(2030, 12, 7, 3, 30, tzinfo=UTC), screen=there)
    show(datetime(2030, 12, 7, 20, tzinfo=UTC), screen=there)
    answer = anyone.get(f"/api/movies/{movie.pk}/showtimes/").json()
    assert answer["date"] is None
    assert answer["dates"] == ["2030-12-06", "2030-12-07"]
    days = [(one["name"], one["date"], ids(one)) for one in answer["theaters"]]
    assert days == [
        ("Lux", "2030-12-07", [in_berlin.pk]),
        ("Orpheum", "2030-12-06", [tonight.pk]),
    ]
    only = anyone.get(f"/api/movies/{movie.pk}/showtimes/?city=new+york").json()
    assert [one["name"] for one in only["theaters"]] == ["Orpheum"]


def ids(group):
    return [one["id"] for one in group["showtimes"]]


def test_a_theaters_day_is_its_today_unless_another_is_asked_for(anyone, show, far, time_machine):
    time_machine.move_to(datetime(2030, 12, 7, 2, 30, tzinfo=UTC), tick=False)
    there = Screen.objects.create(theater=far, name="One")
    tonight = show(datetime(2030, 12, 7, 3, 30, tzinfo=UTC), screen=there)
    answer = anyone.get(f"/api/theaters/{far.pk}/showtimes/").json()
    assert (answer["date"], answer["dates"]) == ("2030-12-06", ["2030-12-06"])
    assert [ids(film) for film in answer["movies"]] == [[tonight.pk]]
    assert anyone.get(f"/api/theaters/{far.pk}/showtimes/?format=imax").json()["dates"] == []


@pytest.mark.parametrize(
    ("zone", "clock_change"),
    [
        ("Europe/Berlin", datetime(2030, 3, 31, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2030, 10, 27, tzinfo=UTC)),
        ("America/New_York", datetime(2030, 11, 3, tzinfo=UTC)),
        ("America/Havana", datetime(2030, 3, 10, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2030, 4, 7, tzinfo=UTC)),
        ("Pacific/Kiritimati", datetime(2030, 6, 1, tzinfo=UTC)),
    ],
)
def test_the_days_are_those_of_the_clock_also_when_it_changes(
    show, theater, time_machine, zone, clock_change
):
    theater.timezone = zone
    theater.save(update_fields=["timezone"])
    time_machine.move_to(clock_change - timedelta(days=3), tick=False)
    for minutes in range(-2880, 2880, 45):
        Showtime.objects.all().delete()
        one = show(clock_change + timedelta(minutes=minutes))
        days = Showtime.objects.all().cinema_days([zone])
        assert days == [cinema_date(one.starts_at, zone)]
        assert Showtime.objects.on_cinema_day(days[0]).get() == one
        assert Showtime.objects.all().cinema_days([zone, "Asia/Tokyo"]) == days


def test_days_are_named_sixty_days_ahead(anyone, show, theater):
    show(timezone.now() + timedelta(days=59))
    show(timezone.now() + timedelta(days=61))
    assert len(anyone.get(f"/api/theaters/{theater.pk}/showtimes/").json()["dates"]) == 1
