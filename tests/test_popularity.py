"""Films that sell come first where lists are ordered by popularity."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone
from rest_framework.test import APIClient

from bookings.popularity import count_popularity
from movies.models import Movie


@pytest.fixture
def never_counted():
    cache.clear()


def popularity_of(movie):
    return Movie.objects.get(pk=movie.pk).popularity


def test_tickets_that_were_sold_count(me, movie, showtime, seats, paid, book):
    other = Movie.objects.create(
        title="A", release_date="2026-01-01", duration_minutes=90, language="en", popularity=7
    )
    paid(me, showtime, seats[:2])
    book(me, showtime, seats[2:4])
    assert count_popularity() == 2
    assert (popularity_of(movie), popularity_of(other)) == (2, 0)
    films = APIClient().get("/api/movies/?ordering=-popularity").json()["results"]
    assert [film["title"] for film in films] == [movie.title, "A"]


def test_only_what_has_changed_is_written(
    me, movie, showtime, seats, paid, django_assert_num_queries
):
    paid(me, showtime, seats[:2])
    assert count_popularity() == 1
    with django_assert_num_queries(2):
        assert count_popularity() == 0


def test_tickets_that_were_given_back_do_not(me, movie, showtime, seats, paid):
    booking = paid(me, showtime, seats[:3])
    code = booking["tickets"][0]["code"]
    path = f"/api/bookings/{booking['reference']}/cancel/"
    assert me.post(path, {"tickets": [code]}).status_code == 200
    count_popularity()
    assert popularity_of(movie) == 2
    me.post(path, {})
    count_popularity()
    assert popularity_of(movie) == 0


def test_what_sold_long_ago_is_forgotten(me, movie, showtime, seats, paid):
    paid(me, showtime, seats[:1])
    count_popularity()
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert count_popularity() == 1
    assert popularity_of(movie) == 0


def test_the_jobs_count_every_ten_minutes(me, movie, showtime, seats, paid, never_counted):
    call_command("run_jobs", once=True)
    paid(me, showtime, seats[:1])
    call_command("run_jobs", once=True)
    assert popularity_of(movie) == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        call_command("run_jobs", once=True)
    assert popularity_of(movie) == 1
