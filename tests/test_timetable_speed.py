"""The timetable costs the same however long it is."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from movies.models import Movie
from showtimes.models import Price, Showtime, TakenSeat
from theaters.models import Screen

from .test_timetable import HOLDER, anyone, far

__all__ = ["anyone", "far"]


def fill(movie, screen, number):
    """`number` showtimes more within a day, each of another film, with a price and a sold seat."""
    seat = screen.seats.first()
    start = timezone.now() + timedelta(days=3)
    for index in range(number):
        film = Movie.objects.create(
            title=f"Film {index}", release_date="2026-01-01", duration_minutes=90, language="en"
        )
        begins = start + timedelta(minutes=index)
        showtime = Showtime.objects.create(
            movie=film if index % 2 else movie,
            screen=Screen.objects.create(theater=screen.theater, name=f"More {index}"),
            starts_at=begins,
            ends_at=begins + timedelta(hours=2),
            language="en",
            status="on_sale",
        )
        TakenSeat.objects.create(showtime=showtime, seat=seat, holder=HOLDER)
        Price.objects.create(showtime=showtime, category=seat.category, amount=9)


@pytest.mark.parametrize(
    ("path", "statements"),
    [
        ("showtimes/?page_size=100", 6),
        ("showtimes/?page_size=100&theater={theater}&date={day}", 7),
        ("movies/{movie}/showtimes/?date={day}", 8),
        ("movies/{movie}/showtimes/", 8),
        ("theaters/{theater}/showtimes/?date={day}", 7),
        ("theaters/{theater}/showtimes/", 7),
    ],
)
@pytest.mark.parametrize("rows", [1, 60])
def test_a_timetable_costs_the_same_for_one_row_as_for_many(
    anyone, path, statements, rows, movie, screen, theater, time_machine, django_assert_num_queries
):
    # So early in the morning that the whole hour of showtimes is on one cinema day.
    time_machine.move_to(datetime(2030, 6, 3, 5, tzinfo=UTC), tick=False)
    fill(movie, screen, rows)
    if "date" not in path:
        time_machine.move_to(datetime(2030, 6, 6, 4, tzinfo=UTC), tick=False)
    path = path.format(movie=movie.pk, theater=theater.pk, day="2030-06-06")
    with django_assert_num_queries(statements):
        answer = anyone.get(f"/api/{path}")
    found = answer.content.count(b'"local_time"')
    assert found == (rows if "movies/" not in path else (rows + 1) // 2)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL explains itself so")
@pytest.mark.parametrize(
    "path",
    [
        "theaters/{theater}/showtimes/",
        "theaters/{theater}/showtimes/?date={day}",
        "showtimes/?theater={theater}&date={day}",
        "showtimes/?theater={theater}&date={day}&ordering=-starts_at",
        "movies/{movie}/showtimes/?date={day}",
        "showtimes/?date={day}",
    ],
)
def test_a_theaters_timetable_does_not_read_the_whole_table(
    anyone, theater, far, movie, screen, path
):
    plenty(movie, screen, far)
    day = theater.today() + timedelta(days=1)
    path = path.format(theater=theater.pk, movie=movie.pk, day=day)
    with CaptureQueriesContext(connection) as queries:
        assert anyone.get(f"/api/{path}").status_code == 200
    reading = [one["sql"] for one in queries if '"showtimes_showtime"' in one["sql"]]
    assert reading
    for sql in reading:
        assert "Seq Scan on showtimes_showtime" not in explained(sql), sql


def plenty(movie, screen, far):
    """Twenty thousand showtimes, of other films in other halls but for fifty."""
    film = Movie.objects.create(
        title="Elsewhere", release_date="2026-01-01", duration_minutes=90, language="en"
    )
    halls = [Screen.objects.create(theater=far, name=f"Hall {n}") for n in range(100)]
    start = timezone.now().replace(microsecond=0)
    Showtime.objects.bulk_create(
        Showtime(
            movie=film if number % 400 else movie,
            screen=halls[number % 100] if number % 400 else screen,
            starts_at=start + timedelta(hours=3) * (number // 100 - 100),
            ends_at=start + timedelta(hours=3) * (number // 100 - 100) + timedelta(hours=2),
            language="en",
            status="on_sale",
        )
        for number in range(20_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def explained(sql) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(row[0] for row in cursor.fetchall())
