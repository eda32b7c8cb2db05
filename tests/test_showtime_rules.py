"""Managers plan their theaters by the API: who may, what is refused, and what follows."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from movies.models import Movie
from showtimes.models import Price, Showtime, TakenSeat
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
    status, said, attr = error_of(answer)
    assert (status, said, attr.split(".")[0]) == (400, code, "prices")


def test_prices_are_for_the_theaters_own_categories_each_once(boss, page, silver, odeon):
    foreign = SeatCategory.objects.create(theater=odeon, name="Box", default_price=1)
    one = {"category": silver.pk, "amount": "7"}
    answer = boss.patch(page, {"prices": [one, {"category": foreign.pk, "amount": "7"}]})
    assert error_of(answer) == (400, "not_of_this_theater", "prices")
    assert error_of(boss.patch(page, {"prices": [one, one]})) == (400, "repeated", "prices")
    assert not Price.objects.exists()


def test_yen_have_no_decimals(boss, page, silver, theater):
    theater.currency = "JPY"
    theater.save(update_fields=["currency"])
    prices = [{"category": silver.pk, "amount": "1800.5"}]
    assert error_of(boss.patch(page, {"prices": prices}))[1] == "max_decimal_places"
    prices[0]["amount"] = "1800"
    assert boss.patch(page, {"prices": prices}).json()["prices"][0]["amount"] == "1800"


def test_a_film_runs_from_its_release_on_by_the_theaters_date(boss, evening, movie):
    Movie.objects.update(release_date=date(2030, 7, 13))
    late = evening | {"starts_at": "2030-07-12T23:59"}
    assert error_of(boss.post("/api/showtimes/", late)) == (400, "before_release", "starts_at")
    preview = boss.post("/api/showtimes/", late | {"preview": True})
    assert preview.status_code == 201
    answer = boss.patch(f"/api/showtimes/{preview.json()['id']}/", {"preview": False})
    assert error_of(answer) == (400, "before_release", "starts_at")
    # By UTC this is still the day before.
    premiere = boss.post("/api/showtimes/", evening | {"starts_at": "2030-07-13T00:01"})
    assert error_of(premiere)[1] == "screen_not_free"
    Showtime.objects.all().delete()
    premiere = boss.post("/api/showtimes/", evening | {"starts_at": "2030-07-13T00:01"})
    assert premiere.status_code == 201


def test_a_screen_shows_one_film_at_a_time(boss, evening, planned, movie):
    answer = boss.post("/api/showtimes/", evening | {"starts_at": "2030-07-12T22:29"})
    assert error_of(answer) == (409, "screen_not_free", None)
    assert "22:30" in answer.json()["errors"][0]["detail"]
    assert answer.json()["showtimes"] == [
        {
            "id": planned["id"],
            "starts_at": "2030-07-12T20:15:00+02:00",
            "ends_at": "2030-07-12T22:30:00+02:00",
            "movie": {"id": movie.pk, "title": movie.title},
        }
    ]
    after = boss.post("/api/showtimes/", evening | {"starts_at": "2030-07-12T22:30"})
    assert after.status_code == 201
    before = boss.post("/api/showtimes/", evening | {"starts_at": "2030-07-12T18:00"})
    assert before.status_code == 201
    page = f"/api/showtimes/{before.json()['id']}/"
    assert error_of(boss.patch(page, {"advert_minutes": 21}))[1] == "screen_not_free"
    assert boss.patch(page, {"advert_minutes": 19}).status_code == 200


def test_a_cancelled_showtime_leaves_its_screen_and_stays_as_it_is(boss, evening, page):
    Showtime.objects.update(status="cancelled")
    assert error_of(boss.patch(page, {"status": "on_sale"})) == (409, "showtime_cancelled", None)
    assert error_of(boss.put(page, evening)) == (409, "showtime_cancelled", None)
    assert boss.post("/api/showtimes/", evening).status_code == 201
    assert Showtime.objects.filter(status="cancelled").count() == 1


def test_what_the_database_refuses_is_named_too(boss, evening, movie, screen):
    """Somebody else's transaction ends between our look at the screen and our insert."""
    end = EVENING + timedelta(hours=2)
    rival = Showtime(movie=movie, screen=screen, starts_at=EVENING, ends_at=end, language="en")

    refused = []

    def faster(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "showtimes_showtime"') and not refused:
            refused.append(sql)
            raise IntegrityError("no_two_showtimes_overlap_on_one_screen")
        if sql.startswith("SELECT") and len(refused) == 1:
            refused.append(sql)
            rival.save()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(faster):
        answer = boss.post("/api/showtimes/", evening)
    assert error_of(answer) == (409, "screen_not_free", None)


def test_what_has_begun_is_still_corrected_but_not_moved(boss, page, theater):
    begun = timezone.now() - timedelta(minutes=5)
    Showtime.objects.update(starts_at=begun, ends_at=begun + timedelta(hours=2))
    assert boss.patch(page, {"subtitles": "de"}).status_code == 200
    other = Screen.objects.create(theater=theater, name="Screen 2")
    assert error_of(boss.patch(page, {"screen": other.pk})) == (400, "in_the_past", "starts_at")


def test_on_sale_and_off_again(boss, page, anyone, seats):
    assert anyone.get(page).status_code == 404
    assert boss.patch(page, {"status": "on_sale"}).json()["sales"]["open"] is True
    assert anyone.get(page).status_code == 200
    assert boss.patch(page, {"status": "on_sale"}).status_code == 200
    Showtime.objects.get().take(seats[:1], HOLDER, None)
    assert boss.patch(page, {"status": "planned"}).json()["sales"]["reason"] == "not_yet_on_sale"
    assert TakenSeat.objects.count() == 1


def test_where_and_when_stay_while_somebody_has_a_seat(boss, page, seats, theater, movie):
    other = Screen.objects.create(theater=theater, name="Screen 2")
    film = Movie.objects.create(
        title="Next", release_date="2026-01-01", duration_minutes=90, language="en"
    )
    Showtime.objects.get().take(seats[:2], HOLDER, timezone.now() + timedelta(minutes=5))
    moves = [{"screen": other.pk}, {"movie": film.pk}, {"starts_at": "2030-07-12T20:20"}]
    for move in moves:
        answer = boss.patch(page, move)
        assert error_of(answer) == (409, "has_bookings", None)
        assert answer.json()["seats_taken"] == 2
    same = {"screen": seats[0].screen_id, "movie": movie.pk, "starts_at": "2030-07-12T18:15Z"}
    assert boss.patch(page, same | {"subtitles": "de", "cleaning_minutes": 30}).status_code == 200
    assert error_of(boss.delete(page)) == (409, "has_bookings", None)
    TakenSeat.objects.update(held_until=timezone.now())
    for move in moves:
        assert boss.patch(page, move).status_code == 200
    assert boss.delete(page).status_code == 204


def test_what_was_ever_booked_stays_in_the_books(boss, showtime, booking, me):
    me.delete(f"/api/bookings/{booking['reference']}/")
    answer = boss.delete(f"/api/showtimes/{showtime.pk}/")
    assert error_of(answer) == (409, "has_bookings", None)
    assert answer.json()["seats_taken"] == 0
    assert "off sale" in answer.json()["errors"][0]["detail"]
    assert Showtime.objects.filter(pk=showtime.pk).exists()


def test_a_showtime_goes_with_its_prices(boss, page, silver):
    boss.patch(page, {"prices": [{"category": silver.pk, "amount": "7"}]})
    assert boss.delete(page).status_code == 204
    assert not Price.objects.exists()
    assert boss.delete(page).status_code == 404


def test_who_pays_too_late_for_what_was_moved_is_not_let_in(
    boss, showtime, booking, payment, me, stripe
):
    """The hold has run out, the showtime moves to another hour, and then the money comes."""
    TakenSeat.objects.update(held_until=timezone.now())
    showtime.bookings.update(held_until=timezone.now())
    later = (showtime.starts_at + timedelta(hours=3)).isoformat()
    page = f"/api/showtimes/{showtime.pk}/"
    assert boss.patch(page, {"starts_at": later}).status_code == 200
    assert stripe.pay(payment).status_code == 200
    shown = me.get(f"/api/bookings/{booking['reference']}/").json()
    assert shown["status"] == "expired"
    assert shown["tickets"] == []
    assert showtime.bookings.get().payments.model.objects.owed_back().count() == 1


def test_who_looked_before_a_move_books_nothing(showtime, seats, boss):
    stale = Showtime.objects.select_related("screen__theater").get(pk=showtime.pk)
    later = (showtime.starts_at + timedelta(hours=3)).isoformat()
    assert boss.patch(f"/api/showtimes/{showtime.pk}/", {"starts_at": later}).status_code == 200
    with pytest.raises(Exception, match="just been changed"):
        stale.take(seats[:1], HOLDER, None)
    assert not TakenSeat.objects.exists()


def test_amounts_are_kept_as_they_were_sent(boss, page, silver):
    boss.patch(page, {"prices": [{"category": silver.pk, "amount": 7.1}]})
    assert Price.objects.get().amount == Decimal("7.1")
