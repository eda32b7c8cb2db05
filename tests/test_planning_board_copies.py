"""Copies of days and weeks: what fits, what is in the way, and what the clocks say."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from movies.models import Movie
from showtimes.models import Price, Showtime

from .boards import board, day, planned, statements_of

__all__ = ["board", "day", "planned"]
pytestmark = pytest.mark.usefixtures("in_autumn")


def test_copying_a_day_says_first_what_is_in_the_way(board, planned, silver, day):
    Price.objects.create(showtime=planned("14:00"), category=silver, amount=Decimal("6"))
    planned("20:15", status="on_sale")
    planned("21:00", later=7)
    to = [day + timedelta(days=days) for days in (1, 7)]
    asked = {"first": day, "days": 1, "to": to}
    looked = board("copies/", asked).json()
    assert (looked["fitting"], looked["refused"]) == (3, 1)
    assert looked["lines"][0]["why"] == (
        "Screen 1 is taken by The Long Way Down until 23:15 with cleaning."
    )
    assert Showtime.objects.count() == 3
    done = board("copy/", asked).json()
    assert done["lines"] == looked["lines"]
    copies = Showtime.objects.order_by("-pk")[:3]
    assert {copy.status for copy in copies} == {"planned"}
    assert Price.objects.filter(showtime__in=copies, amount=6).count() == 2
    again = board("copy/", asked).json()
    assert again["reasons"] == {"already_there": 3, "screen_not_free": 1}


def test_a_week_is_copied_in_a_constant_number_of_statements(board, planned, day, silver):
    first = day - timedelta(days=2)
    asked = {"first": first, "days": 7, "to": [first + timedelta(days=28)]}
    Price.objects.create(showtime=planned("10:00"), category=silver, amount=6)
    few, answer = statements_of(board, "copy/", asked)
    assert answer["fitting"] == 1
    for later in range(-2, 5):
        for clock in ("13:00", "16:00", "19:00", "22:00"):
            showtime = planned(clock, later=later)
            Price.objects.create(showtime=showtime, category=silver, amount=6)
    asked["to"] = [first + timedelta(days=days) for days in (42, 49, 56)]
    many, answer = statements_of(board, "copy/", asked)
    assert answer["fitting"] == 3 * 29
    assert many <= few + 1


def test_copies_keep_the_clock_when_the_clocks_change(board, planned, theater, day):
    spring = datetime(2027, 3, 20, 20, 15, tzinfo=theater.zone)
    night = spring + timedelta(hours=6, minutes=15)
    for starts_at in (spring, night):
        showtime = planned("10:00")
        showtime.starts_at = starts_at
        showtime.ends_at = starts_at + timedelta(hours=2)
        showtime.save()
    asked = {"first": "2027-03-20", "days": 1, "to": ["2027-03-27", "2027-03-28"]}
    done = board("copy/", asked).json()
    assert done["reasons"] == {"no_such_time": 1}
    copies = Showtime.objects.filter(starts_at__gt=night).order_by("starts_at")
    zone = theater.zone
    assert [f"{copy.starts_at.astimezone(zone):%a %H:%M}" for copy in copies] == [
        "Sat 20:15",
        "Sun 20:15",
        "Mon 02:30",
    ]


def test_copies_follow_the_rules_of_planning(board, planned, movie, day):
    planned()
    Movie.objects.filter(pk=movie.pk).update(release_date=day)
    earlier, past = day - timedelta(days=1), date(2026, 1, 1)
    asked = {"first": day, "days": 1, "to": [earlier, past]}
    assert board("copies/", asked).json()["reasons"] == {"before_release": 1, "in_the_past": 1}
