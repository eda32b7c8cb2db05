"""A showtime has its place on a screen to itself, and keeps it while somebody has a seat."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from movies.models import Movie
from showtimes.models import Price, Showtime, TakenSeat
from theaters.models import Screen

from .test_showtime_rules import anyone, boss, error_of, evening, page, planned

__all__ = ["anyone", "boss", "evening", "page", "planned"]
HOLDER = UUID("6f1c0f5e-3a0f-4d53-9f66-0a5a4f0f4a11")
EVENING = datetime(2030, 7, 12, 18, 15, tzinfo=UTC)


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
    with pytest.raises(Exception, match="just been changed"), transaction.atomic():
        stale.take(seats[:1], HOLDER, None)
    assert not TakenSeat.objects.exists()
