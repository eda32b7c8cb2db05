"""Many plan, move and book at the same moment: a screen is planned once, and nobody is moved."""

import time
from collections import Counter
from datetime import timedelta

import pytest
from django.test import Client
from rest_framework.test import APIClient

from bookings.models import Booking, BookingLine
from showtimes.models import Showtime, TakenSeat
from showtimes.models.queryset import ShowtimeQuerySet

from .conftest import hold

ADD = "/admin/showtimes/showtime/add/"


def plan(person, movie, screen, minute):
    browser = Client()
    browser.force_login(person)
    form = {
        "movie": movie.pk,
        "screen": screen.pk,
        "starts_at_0": "2027-07-10",
        "starts_at_1": f"20:{minute:02}",
        "format": "2d",
        "status": "planned",
        "own_prices-TOTAL_FORMS": 0,
        "own_prices-INITIAL_FORMS": 0,
    }
    return browser.post(ADD, form)


def test_a_screen_is_planned_once_and_the_others_are_told(at_once, manager, movie, screen):
    jobs = [lambda minute=minute: plan(manager, movie, screen, minute) for minute in range(8)]
    answers = at_once(jobs)
    assert Counter(answer.status_code for answer in answers) == {302: 1, 200: 7}
    told = [answer for answer in answers if b"is taken by" in answer.content]
    assert len(told) == 7
    assert Showtime.objects.count() == 1


@pytest.fixture
def boss(client_of, manager):
    """Makes clients of the theater's manager: each request of a race has its own."""
    credentials = client_of(manager)._credentials

    def client():
        made = APIClient(raise_request_exception=False)
        made.credentials(**credentials)
        return made

    return client


def test_twenty_plans_for_one_screen_and_hour_become_one_showtime(at_once, boss, movie, screen):
    plan = {"movie": movie.pk, "screen": screen.pk, "starts_at": "2030-07-12T20:15"}
    clients = [boss() for _ in range(20)]
    answers = at_once([lambda one=one: one.post("/api/showtimes/", plan) for one in clients])
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    [planned] = Showtime.objects.all()
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["errors"][0]["code"] == "screen_not_free"
            assert [one["id"] for one in answer.json()["showtimes"]] == [planned.pk]


def test_of_those_who_move_into_the_same_gap_one_does(at_once, boss, movie, screen, theater):
    plan = {"movie": movie.pk, "screen": screen.pk}
    starts = [f"2030-07-{day}T20:15" for day in range(10, 18)]
    posts = [boss().post("/api/showtimes/", plan | {"starts_at": start}) for start in starts]
    jobs = [
        lambda one=one, minute=minute: boss().patch(
            f"/api/showtimes/{one.json()['id']}/", {"starts_at": f"2030-07-20T20:{minute:02}"}
        )
        for minute, one in enumerate(posts)
    ]
    answers = at_once(jobs)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 7}
    assert Showtime.objects.filter(starts_at__day=20).count() == 1


def test_a_day_that_many_copy_at_once_is_planned_once(at_once, boss, manager, movie, screen):
    for clock in ("14:00", "20:15"):
        plan = {"movie": movie.pk, "screen": screen.pk, "starts_at": f"2027-07-10T{clock}"}
        assert boss().post("/api/showtimes/", plan).status_code == 201
    copying = {"first": "2027-07-10", "days": 1, "to": ["2027-07-11"]}
    page = f"/admin/showtimes/showtime/board/{screen.theater_id}/copy/?day=2027-07-10"

    def copy():
        browser = Client()
        browser.force_login(manager)
        return browser.post(page, copying, "application/json")

    answers = at_once([copy] * 6)
    assert Counter(answer.json()["fitting"] for answer in answers) == {2: 1, 0: 5}
    assert Showtime.objects.count() == 4


@pytest.fixture
def race(at_once, boss, showtime, seats, theater):
    """
    Lets twelve guests book a showtime while its manager does something to it, after a wait in ms.
    """

    def run(do, wait):
        def manage():
            time.sleep(wait / 1000)
            return do(boss(), f"/api/showtimes/{showtime.pk}/")

        holds = [lambda seat=seat: hold(showtime, [seat]) for seat in seats]
        managed, *held = at_once([manage, *holds])
        assert {answer.status_code for answer in held} <= {201, 400, 409}
        return managed, [answer for answer in held if answer.status_code == 201]

    return run


def forget_bookings():
    TakenSeat.objects.all().delete()
    BookingLine.objects.all().delete()
    Booking.objects.all().delete()


def check_a_move(race, showtime, rounds):
    """A showtime that was moved has no bookings of those who saw it elsewhere."""
    came = Counter()
    for number in range(rounds):
        start = (showtime.starts_at + timedelta(hours=number + 1)).isoformat()
        managed, held = race(
            lambda boss, page, start=start: boss.patch(page, {"starts_at": start}),
            wait=5 * number % 60,
        )
        assert managed.status_code in (200, 409)
        booked_before_the_move = managed.status_code == 200 and any(
            answer.json()["showtime"]["starts_at"] != managed.json()["starts_at"]
            or Booking.objects.get(reference=answer.json()["reference"]).created_at
            < Showtime.objects.get().moved_at
            for answer in held
        )
        assert not booked_before_the_move, "somebody booked what was moved"
        came[managed.status_code] += 1
        forget_bookings()
    return came


def test_either_somebody_books_or_the_showtime_moves(race, showtime):
    came = check_a_move(race, showtime, 24)
    assert set(came) == {200, 409}, came


def test_without_staying_in_place_somebody_books_what_was_moved(race, showtime, monkeypatch):
    monkeypatch.setattr(Showtime, "_keep_in_place", lambda self, seats: None)
    with pytest.raises(AssertionError, match="booked what was moved"):
        check_a_move(race, showtime, 120)


def test_without_the_lock_somebody_books_what_was_moved(race, showtime, monkeypatch):
    """A look that locks nothing is not enough: the move comes between the look and the commit."""
    monkeypatch.setattr(
        ShowtimeQuerySet,
        "in_place_with",
        lambda self, pk, seats: (self.get(pk=pk), {seat.pk for seat in seats}),
    )
    with pytest.raises(AssertionError, match="booked what was moved"):
        check_a_move(race, showtime, 400)


def test_a_showtime_is_deleted_or_booked(race, showtime):
    for wait in (0, 10, 20, 40):
        managed, held = race(lambda boss, page: boss.delete(page), wait)
        if managed.status_code == 204:
            assert not held
            break
        assert managed.status_code == 409
        forget_bookings()
