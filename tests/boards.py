"""The planning board of a theater, for tests that come in by HTTP."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from showtimes.models import Showtime


@pytest.fixture
def day(theater):
    """A Wednesday that is some weeks ahead, when no clock changes."""
    soon = date(theater.today().year + 1, 1, 6)
    return soon + timedelta(days=(2 - soon.weekday()) % 7)


def at_the_board(client, theater, day):
    def ask(path, data=None, **query):
        address = f"/admin/showtimes/showtime/board/{theater.pk}/{path}"
        query = {"day": day.isoformat()} | query
        if data is None:
            return client.get(address, query)
        return client.post(address, data, "application/json", query_params=query)

    return ask


@pytest.fixture
def board(client, manager, theater, day):
    """The manager's board: `board(path, data)` posts, and without data gets."""
    client.force_login(manager)
    return at_the_board(client, theater, day)


@pytest.fixture
def planned(movie, screen, day):
    """Plans the film on `day`, or days later, by the theater's clock."""

    def plan(clock="20:15", *, later=0, on=screen, of=movie, status="planned"):
        hour, minute = map(int, clock.split(":"))
        moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=on.theater.zone)
        showtime = Showtime(
            movie=of, screen=on, starts_at=moment + timedelta(days=later), status=status
        )
        showtime.clean()
        showtime.save()
        return showtime

    return plan


def place(showtime):
    return {
        "movie": showtime.movie_id,
        "screen": showtime.screen_id,
        "starts_at": showtime.starts_at.isoformat(),
    }


def local(day, clock):
    return f"{day.isoformat()}T{clock}"


def refusal(answer):
    assert answer.status_code in (400, 404, 409), answer.content
    return answer.json()["errors"][0]["detail"]


def statements_of(board, path, asked) -> tuple[int, dict]:
    """How many statements it takes, and the answer."""
    with CaptureQueriesContext(connection) as queries:
        answer = board(path, asked).json()
    return len([query for query in queries if "SAVEPOINT" not in query["sql"]]), answer


def prices(day, silver, amount, **more):
    return {
        "first": day,
        "last": day + timedelta(days=6),
        "prices": [{"category": silver.pk, "amount": amount}],
    } | more
