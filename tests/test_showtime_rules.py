"""Managers plan their theaters by the API: who may, what is refused, and what follows."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from movies.models import Movie
from showtimes.models import Price, Showtime
from theaters.models import Screen, SeatCategory, Theater

from .conftest import PASSWORD

HOLDER = "6f1c0f5e-3a0f-4d53-9f66-0a5a4f0f4a11"
EVENING = datetime(2030, 7, 12, 18, 15, tzinfo=UTC)


@pytest.fixture
def anyone(db):
    return APIClient()


@pytest.fixture
def boss(client_of, manager):
    """The client of the theater's manager."""
    return client_of(manager)


@pytest.fixture
def odeon(db):
    """A theater that somebody else manages."""
    return Theater.objects.create(
        name="Odeon", slug="odeon", timezone="Europe/London", currency="GBP", invoice_prefix="O"
    )


@pytest.fixture
def stranger(client_of, odeon):
    user = User.objects.create_user("stranger", "s@example.com", PASSWORD, role="manager")
    odeon.managers.add(user)
    return client_of(user)


@pytest.fixture
def evening(movie, screen):
    """What is sent for a showtime at 20:15 in Berlin, in summer, and nothing else."""
    return {"movie": movie.pk, "screen": screen.pk, "starts_at": "2030-07-12T20:15"}


@pytest.fixture
def planned(boss, evening):
    """That showtime, as the API shows it."""
    return boss.post("/api/showtimes/", evening).json()


@pytest.fixture
def page(planned):
    return f"/api/showtimes/{planned['id']}/"


def error_of(answer):
    error = answer.json()["errors"][0]
    return answer.status_code, error["code"], error["attr"]


def test_what_is_not_said_follows_from_the_film(boss, evening, movie, screen, theater):
    answer = boss.post("/api/showtimes/", evening)
    assert answer.status_code == 201
    plan = answer.json()
    assert plan["starts_at"] == "2030-07-12T20:15:00+02:00"
    assert plan["ends_at"] == "2030-07-12T22:30:00+02:00"
    assert (plan["advert_minutes"], plan["cleaning_minutes"]) == (20, 15)
    assert (plan["language"], plan["subtitles"], plan["format"]) == ("en", "", "2d")
    assert (plan["status"], plan["preview"]) == ("planned", False)
    assert plan["movie"]["id"] == movie.pk
    assert plan["theater"]["id"] == theater.pk
    assert plan["screen"]["id"] == screen.pk
    assert boss.get(f"/api/showtimes/{plan['id']}/").json() == plan


def test_all_that_can_be_said(boss, evening, silver, gold, anyone):
    more = {
        "advert_minutes": 5,
        "cleaning_minutes": 10,
        "language": "pt-BR",
        "subtitles": "de",
        "format": "imax_3d",
        "preview": True,
        "status": "on_sale",
        "sales_from": "2030-07-01T10:00:00+02:00",
        "sales_until": "2030-07-12T20:00",
        "prices": [{"category": silver.pk, "amount": "7.5"}],
    }
    plan = boss.post("/api/showtimes/", evening | more).json()
    assert plan["ends_at"] == "2030-07-12T22:10:00+02:00"
    same = more.keys() - {"prices", "sales_until"}
    assert {name: plan[name] for name in same} == {name: more[name] for name in same}
    assert plan["sales_until"] == "2030-07-12T20:00:00+02:00"
    assert [(one["category"]["name"], one["amount"], one["own"]) for one in plan["prices"]] == [
        ("Silver", "7.50", True),
        ("Gold", "14.50", False),
    ]
    assert (plan["price_from"], plan["price_to"]) == ("7.50", "14.50")
    assert anyone.get(f"/api/showtimes/{plan['id']}/").json() == plan


def test_who_may_plan(anyone, me, stranger, boss, client_of, admin, evening, showtime):
    page = f"/api/showtimes/{showtime.pk}/"
    for client, status in ((anyone, 401), (me, 403)):
        assert client.post("/api/showtimes/", evening).status_code == status
        assert client.put(page, evening).status_code == status
        assert client.patch(page, {}).status_code == status
        assert client.delete(page).status_code == status
    assert error_of(stranger.post("/api/showtimes/", evening)) == (400, "does_not_exist", "screen")
    assert stranger.patch(page, {"format": "3d"}).status_code == 403
    assert stranger.put(page, evening).status_code == 403
    assert stranger.delete(page).status_code == 403
    Showtime.objects.update(status="planned")
    for answer in (stranger.patch(page, {}), stranger.put(page, evening), stranger.delete(page)):
        assert answer.status_code == 404
    showtime.refresh_from_db()
    assert showtime.format == "2d"
    assert client_of(admin).patch(page, {"format": "3d"}).status_code == 200
    assert boss.delete(page).status_code == 204
    assert boss.get(page).status_code == 404


def test_a_showtime_does_not_leave_for_a_screen_of_somebody_else(boss, page, odeon):
    there = Screen.objects.create(theater=odeon, name="One")
    assert error_of(boss.patch(page, {"screen": there.pk})) == (400, "does_not_exist", "screen")


def test_a_showtime_stays_in_its_theater(client_of, admin, page, odeon):
    there = Screen.objects.create(theater=odeon, name="One")
    answer = client_of(admin).patch(page, {"screen": there.pk})
    assert error_of(answer) == (400, "elsewhere", "screen")


def test_options_are_answered(boss, anyone, page):
    for path in ("/api/showtimes/", page):
        assert boss.options(path).status_code == 200
        assert anyone.options(path).status_code in (200, 404)


@pytest.mark.parametrize("old", ["date_and_time", "date_time"])
def test_the_old_names_of_the_start_are_understood(boss, evening, old):
    evening[old] = evening.pop("starts_at")
    assert boss.post("/api/showtimes/", evening).json()["local_time"] == "20:15"
    later = boss.post("/api/showtimes/", evening | {"starts_at": "2030-07-13T19:00"}).json()
    assert later["local_time"] == "19:00"


@pytest.mark.parametrize(
    ("sent", "starts_at"),
    [
        ("2030-07-12T18:15:00Z", "2030-07-12T20:15:00+02:00"),
        ("2030-07-12T14:15-04:00", "2030-07-12T20:15:00+02:00"),
        ("2030-07-12 20:15", "2030-07-12T20:15:00+02:00"),
        ("2030-12-12T20:15", "2030-12-12T20:15:00+01:00"),
        # At the end of summer the clocks show 02:30 twice, and the first is meant.
        ("2030-10-27T02:30", "2030-10-27T02:30:00+02:00"),
        ("2030-10-27T02:30+01:00", "2030-10-27T02:30:00+01:00"),
    ],
)
def test_a_start_without_an_offset_is_read_off_the_theaters_clocks(boss, evening, sent, starts_at):
    answer = boss.post("/api/showtimes/", evening | {"starts_at": sent})
    assert answer.json()["starts_at"] == starts_at


def test_a_longer_film_moves_no_showtime(boss, page, planned, movie):
    Movie.objects.update(duration_minutes=200)
    assert boss.patch(page, {"format": "3d"}).json()["ends_at"] == planned["ends_at"]
    later = boss.patch(page, {"starts_at": "2030-07-12T20:30"}).json()
    assert later["ends_at"] == "2030-07-13T00:25:00+02:00"


def test_what_is_left_out_of_a_change_stays(boss, page, planned, silver):
    boss.patch(page, {"prices": [{"category": silver.pk, "amount": "7"}]})
    changed = boss.patch(page, {"subtitles": "de"}).json()
    assert changed["subtitles"] == "de"
    assert changed["prices"][0]["amount"] == "7.00"
    assert changed["starts_at"] == planned["starts_at"]
    assert boss.patch(page, {}).json() == changed


def test_prices_are_replaced_as_a_whole(boss, page, silver, gold):
    boss.patch(page, {"prices": [{"category": silver.pk, "amount": "7"}]})
    boss.patch(page, {"prices": [{"category": gold.pk, "amount": "0"}]})
    assert [(price.category, price.amount) for price in Price.objects.all()] == [(gold, 0)]
    assert boss.patch(page, {"prices": []}).json()["price_from"] == "10.00"


@pytest.mark.parametrize(
    ("sent", "code", "attr"),
    [
        ({"movie": 999_999}, "does_not_exist", "movie"),
        ({"movie": None}, "null", "movie"),
        ({"movie": "x"}, "invalid", "movie"),
        ({"movie": True}, "invalid", "movie"),
        ({"movie": 10**30}, "does_not_exist", "movie"),
        ({"movie": [1]}, "invalid", "movie"),
        ({"screen": 999_999}, "does_not_exist", "screen"),
        ({"screen": {"id": 1}}, "invalid", "screen"),
        ({"starts_at": None}, "null", "starts_at"),
        ({"starts_at": "soon"}, "invalid", "starts_at"),
        ({"starts_at": "2030-07-12"}, "invalid", "starts_at"),
        ({"starts_at": 1_900_000_000}, "invalid", "starts_at"),
        ({"starts_at": ["2030-07-12T20:15"]}, "invalid", "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, "invalid", "starts_at"),
        ({"starts_at": "9999-12-31T23:59"}, "invalid", "starts_at"),
        ({"starts_at": "9999-12-31T23:59:59-14:00"}, "invalid", "starts_at"),
        ({"starts_at": "2030-03-31T02:30"}, "no_such_time", "starts_at"),
        ({"starts_at": "2024-07-12T20:15"}, "in_the_past", "starts_at"),
        ({"starts_at": "2025-12-31T20:15"}, "in_the_past", "starts_at"),
        ({"advert_minutes": -1}, "min_value", "advert_minutes"),
        ({"advert_minutes": 241}, "max_value", "advert_minutes"),
        ({"cleaning_minutes": 10**30}, "max_value", "cleaning_minutes"),
        ({"cleaning_minutes": None}, "null", "cleaning_minutes"),
        ({"cleaning_minutes": "NaN"}, "invalid", "cleaning_minutes"),
        ({"language": ""}, "blank", "language"),
        ({"language": "x" * 11}, "max_length", "language"),
        ({"language": "e\x00"}, "null_characters_not_allowed", "language"),
        ({"subtitles": None}, "null", "subtitles"),
        ({"format": "9d"}, "invalid_choice", "format"),
        ({"preview": "perhaps"}, "invalid", "preview"),
        ({"status": "cancelled"}, "invalid_choice", "status"),
        ({"status": "sold"}, "invalid_choice", "status"),
        ({"sales_from": "2030-03-31T02:30"}, "no_such_time", "sales_from"),
        ({"sales_from": "2030-07-12T20:15"}, "sales_begin_too_late", "sales_from"),
        ({"sales_until": "2030-07-12T20:16"}, "sales_end_too_late", "sales_until"),
        (
            {"sales_from": "2030-07-12T10:00", "sales_until": "2030-07-12T10:00"},
            "sales_end_too_early",
            "sales_until",
        ),
        ({"prices": {}}, "not_a_list", "prices.non_field_errors"),
        ({"prices": [1]}, "invalid", "prices.0.non_field_errors"),
        ({"prices": [{"amount": "7"}]}, "required", "prices.0.category"),
        ({"prices": [{"category": 1}] * 51}, "max_length", "prices.non_field_errors"),
        ({"prices": [{"category": 999_999, "amount": "7"}]}, "does_not_exist", "prices.0.category"),
    ],
)
def test_what_makes_no_sense_is_named(boss, page, planned, evening, sent, code, attr):
    assert error_of(boss.patch(page, sent)) == (400, code, attr)
    assert error_of(boss.post("/api/showtimes/", evening | sent)) == (400, code, attr)
    assert boss.get(page).json() == planned


@pytest.mark.parametrize("name", ["movie", "screen", "starts_at"])
def test_what_is_missing_is_named(boss, evening, page, name):
    del evening[name]
    assert error_of(boss.post("/api/showtimes/", evening)) == (400, "required", name)
    assert error_of(boss.put(page, evening)) == (400, "required", name)


@pytest.mark.parametrize("body", ["[]", "null", '"x"', "{", "1"])
def test_a_body_that_is_no_object_is_a_400(boss, page, body):
    for send, path in ((boss.post, "/api/showtimes/"), (boss.patch, page), (boss.put, page)):
        assert send(path, body, content_type="application/json").status_code == 400


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("7.505", "max_decimal_places"),
        ("-0.01", "min_value"),
        ("10000000", "max_whole_digits"),
        ("1e9", "max_whole_digits"),
        ("NaN", "invalid"),
        ("Infinity", "invalid"),
        (None, "null"),
        ("x" * 2000, "max_string_length"),
    ],
)
def test_a_price_that_nobody_can_pay_is_refused(boss, page, silver, amount, code):
    answer = boss.patch(page, {"prices": [{"category": silver.pk, "amount": amount}]})
    assert error_of(answer) == (400, code, "prices.0.amount")


def test_prices_are_for_the_theaters_own_categories_each_once(boss, page, silver, odeon):
    foreign = SeatCategory.objects.create(theater=odeon, name="Box", default_price=1)
    one = {"category": silver.pk, "amount": "7"}
    answer = boss.patch(page, {"prices": [one, {"category": foreign.pk, "amount": "7"}]})
    assert error_of(answer) == (400, "not_of_this_theater", "prices.1.category")
    assert error_of(boss.patch(page, {"prices": [one, one]})) == (
        400,
        "repeated",
        "prices.1.category",
    )
    assert not Price.objects.exists()


def test_yen_have_no_decimals(boss, page, silver, theater):
    theater.currency = "JPY"
    theater.save(update_fields=["currency"])
    prices = [{"category": silver.pk, "amount": "1800.5"}]
    assert error_of(boss.patch(page, {"prices": prices}))[1] == "max_decimal_places"
    prices[0]["amount"] = "1800"
    assert boss.patch(page, {"prices": prices}).json()["prices"][0]["amount"] == "1800"


def test_amounts_are_kept_as_they_were_sent(boss, page, silver):
    boss.patch(page, {"prices": [{"category": silver.pk, "amount": 7.1}]})
    assert Price.objects.get().amount == Decimal("7.1")


def test_sales_do_not_end_in_the_past_unless_they_did(boss, evening, page):
    past = {"sales_until": "2026-01-02T20:00"}
    for answer in (boss.post("/api/showtimes/", evening | past), boss.patch(page, past)):
        assert error_of(answer) == (400, "in_the_past", "sales_until")
    Showtime.objects.update(sales_until=datetime(2026, 1, 2, 19, tzinfo=UTC))
    assert boss.patch(page, past | {"subtitles": "de"}).status_code == 200
    assert boss.patch(page, {"sales_until": None}).status_code == 200
