"""Which theaters: by words, by what they show and offer, and by how far they are."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from movies.models import Movie
from showtimes.models import Showtime
from theaters.distances import EARTH_KM
from theaters.models import Amenity, Screen, Theater

from .test_admin import theater_called

BERLIN, POTSDAM, NEW_YORK = (52.52, 13.405), (52.39886, 13.06566), (40.7128, -74.006)
EVENING = datetime(2030, 12, 6, 19, 0, tzinfo=UTC)


@pytest.fixture
def names(db):
    """The names of the theaters that a query finds, in order."""

    def ask(query):
        answer = APIClient().get(f"/api/theaters/?{query}")
        assert answer.status_code == 200, answer.json()
        return [one["name"] for one in answer.json()["results"]]

    return ask


@pytest.fixture
def chain(db):
    """Theaters in Potsdam, in New York, and two somewhere in Berlin."""
    berlin = theater_called("Astor", latitude=BERLIN[0], longitude=BERLIN[1])
    potsdam = theater_called("Thalia", latitude=POTSDAM[0], longitude=POTSDAM[1])
    far = theater_called("Paris", latitude=NEW_YORK[0], longitude=NEW_YORK[1])
    lost = theater_called("Nowhere")
    Theater.objects.filter(pk__in=[berlin.pk, lost.pk]).update(city="Berlin")
    Theater.objects.filter(pk=far.pk).update(timezone="America/New_York")
    return [Theater.objects.get(pk=one.pk) for one in (berlin, potsdam, far, lost)]


@pytest.fixture
def show(movie):
    """Adds a showtime to a theater."""

    def add(theater, starts_at=None, **more):
        screen, _ = Screen.objects.get_or_create(theater=theater, name="One")
        starts_at = starts_at or timezone.now() + timedelta(days=1)
        fields = {"movie": movie, "language": "en", "status": "on_sale", "screen": screen} | more
        ends_at = starts_at + timedelta(hours=2)
        return Showtime.objects.create(starts_at=starts_at, ends_at=ends_at, **fields)

    return add


def test_words_are_looked_for_in_name_address_and_city(names, chain):
    assert names("search=astor") == ["Astor"]
    assert names("search=BERLIN") == ["Astor", "Nowhere"]
    assert names("search=main+berlin+ast") == ["Astor"]
    assert names("search=astor+potsdam") == []
    assert names("city=bERLIN") == ["Astor", "Nowhere"]


def test_a_theater_shows_a_film_that_is_to_come_and_on_sale(names, chain, movie, show):
    astor, thalia, paris, nowhere = chain
    show(astor)
    show(thalia, starts_at=timezone.now() - timedelta(hours=1))
    show(paris, status="planned")
    show(nowhere, status="cancelled")
    assert names(f"movie={movie.pk}") == ["Astor"]
    assert names("movie=999999") == []


def test_a_day_is_a_cinema_day_by_each_theaters_own_clock(names, chain, show):
    astor, _, paris, _ = chain
    # 03:30 in Berlin is the next day; 21:30 in New York is the evening before.
    for theater in (astor, paris):
        show(theater, starts_at=datetime(2030, 12, 7, 2, 30, tzinfo=UTC))
    assert names("date=2030-12-06") == ["Paris"]
    assert names("date=2030-12-07") == ["Astor"]


def test_film_day_and_format_mean_one_showtime(names, chain, movie, show):
    astor, thalia, *_ = chain
    other = Movie.objects.create(
        title="Other", release_date="2026-01-01", duration_minutes=90, language="en"
    )
    show(astor, EVENING, format="3d")
    show(thalia, EVENING, movie=other, format="3d")
    show(thalia, EVENING + timedelta(hours=3), format="2d")
    show(thalia, EVENING + timedelta(days=1), format="3d")
    assert names(f"movie={movie.pk}&format=3d&date=2030-12-06") == ["Astor"]
    assert names(f"movie={movie.pk}&date=2030-12-06") == ["Astor", "Thalia"]
    assert names(f"movie={movie.pk}&format=3d") == ["Astor", "Thalia"]
    assert names("format=imax") == []


def test_a_theater_offers_all_that_is_asked_for(names, chain):
    astor, thalia, *_ = chain
    bar, parking = (Amenity.objects.create(name=name) for name in ("Bar", "Parking"))
    astor.amenities.add(bar, parking)
    thalia.amenities.add(bar)
    assert names("amenity=bar") == ["Astor", "Thalia"]
    assert names(f"amenity=bar,+{parking.pk}") == ["Astor"]
    assert names("amenity=bar,sauna") == []
    assert names(f"amenity={10**40}") == []
    assert names("amenity=" + ",".join(["bar"] * 40)) == ["Astor", "Thalia"]


def test_the_nearest_is_first_and_says_how_far(chain):
    listed = APIClient().get("/api/theaters/?near=52.52,13.405").json()["results"]
    assert [(one["name"], one["distance_km"]) for one in listed] == [
        ("Astor", 0.0),
        ("Thalia", 26.6),
        ("Paris", 6385.0),
        ("Nowhere", None),
    ]


def test_near_goes_with_filters_ordering_and_pages(names, chain, movie, show):
    for theater in chain:
        show(theater)
    near = "near=40.7,-74"
    assert names(f"{near}&movie={movie.pk}&city=berlin") == ["Astor", "Nowhere"]
    assert names(f"{near}&page_size=2") == ["Paris", "Thalia"]
    assert names(f"{near}&page_size=2&page=2") == ["Astor", "Nowhere"]
    assert names(f"{near}&ordering=-distance") == ["Astor", "Thalia", "Paris", "Nowhere"]
    assert names(f"{near}&ordering=city,distance") == ["Astor", "Nowhere", "Paris", "Thalia"]
    assert names("ordering=-name") == ["Thalia", "Paris", "Nowhere", "Astor"]
    plain = APIClient().get("/api/theaters/").json()["results"]
    assert {one["distance_km"] for one in plain} == {None}


@pytest.mark.parametrize(
    ("query", "attr"),
    [
        ("near=", None),
        ("near=52.5", "near"),
        ("near=52.5,13.4,7", "near"),
        ("near=here,there", "near"),
        ("near=NaN,13.4", "near"),
        ("near=52.5,inf", "near"),
        ("near=90.01,0", "near"),
        ("near=0,-180.01", "near"),
        ("near=1e1,0", "near"),
        ("near=%00,0", "near"),
        ("near=,", "near"),
        ("near=٥٢,١٣", "near"),
        ("near=" + "9" * 500 + ",1", "near"),
        ("ordering=distance", "near"),
        ("ordering=price", "ordering"),
        ("movie=x", "movie"),
        ("movie=" + "9" * 30, "movie"),
        ("date=9999-12-31", "date"),
        ("date=soon", "date"),
        ("format=9d", "format"),
        ("search=" + "a+" * 300, "search"),
        ("amenity=" + "a," * 300, "amenity"),
        ("amenity=%00", "amenity"),
    ],
)
def test_bad_input_names_the_field(db, query, attr):
    answer = APIClient().get(f"/api/theaters/?{query}")
    if attr is None:
        assert answer.status_code == 200
    else:
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["attr"] == attr


def test_a_list_costs_the_same_for_one_as_for_many(movie, show, django_assert_num_queries):
    path = f"/api/theaters/?near=1,2&movie={movie.pk}&date=2030-12-06&amenity=bar&page_size=100"
    bar = Amenity.objects.create(name="Bar")
    for count in (1, 30):
        for number in range(count):
            theater = theater_called(f"T{count}x{number}")
            theater.amenities.add(bar)
            show(theater, EVENING)
        with django_assert_num_queries(4):
            assert APIClient().get(path).json()["count"] >= count


def by_vectors(one, other):
    """The same by other means: the angle between two vectors from the middle of the earth."""

    def vector(latitude, longitude):
        phi, lam = math.radians(latitude), math.radians(longitude)
        return math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)

    gap = math.dist(vector(*one), vector(*other))
    return EARTH_KM * 2 * math.asin(min(1, gap / 2))


latitudes = st.decimals(-90, 90, places=6)
longitudes = st.decimals(-180, 180, places=6)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(latitudes, longitudes, latitudes, longitudes)
def test_every_two_places_on_earth_have_a_distance(theater, lat, lng, their_lat, their_lng):
    Theater.objects.filter(pk=theater.pk).update(latitude=their_lat, longitude=their_lng)
    [one] = APIClient().get(f"/api/theaters/?near={lat:f},{lng:f}").json()["results"]
    straight = by_vectors((float(lat), float(lng)), (float(their_lat), float(their_lng)))
    assert abs(one["distance_km"] - straight) < 0.2


@pytest.mark.parametrize("opposite", [(-52.5, -166.6), (-52.5, -166.600001)])
def test_the_other_side_of_the_earth_is_half_way_round(theater, opposite):
    Theater.objects.filter(pk=theater.pk).update(latitude=opposite[0], longitude=opposite[1])
    [one] = APIClient().get("/api/theaters/?near=52.5,13.4").json()["results"]
    assert one["distance_km"] == round(math.pi * EARTH_KM, 1)
