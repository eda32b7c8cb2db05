"""Many clients at once, on PostgreSQL: SQLite lets one write at a time and hides every race."""

import itertools
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone
from rest_framework.test import APIClient

from bookings.models import Booking
from bookings.promises import broken_promises
from payments.books import problems
from showtimes.models import TakenSeat

# No test is about how fast the machine is: who is slow to come is waited for.
SECONDS_TO_MEET = 60


def pytest_collection_modifyitems(items):
    """Everything in this folder is for PostgreSQL, and commits for real."""
    skip = pytest.mark.skip(reason="only PostgreSQL can show a race")
    for item in items:
        if "tests/races/" in str(item.path):
            item.add_marker(pytest.mark.django_db(transaction=True))
            if connections["default"].vendor != "postgresql":
                item.add_marker(skip)


def at_once(jobs: Iterable[Callable]) -> list:
    """Run `jobs` in a thread and a connection each, from one starting shot; their results."""
    jobs = list(jobs)
    barrier = threading.Barrier(len(jobs))

    def run(job):
        try:
            connection.ensure_connection()
            barrier.wait(30)
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


_numbers = itertools.count(1)


def a_guest() -> dict:
    """The contact of somebody who has not been here before."""
    return {"name": "Guest", "email": f"guest{next(_numbers)}@example.com"}


@pytest.fixture(autouse=True)
def no_promise_is_broken(request, transactional_db):
    """
    After each race the sweep finds nothing and the books balance, unless a guard was taken away to
    see them fail.
    """
    yield
    if not request.node.get_closest_marker("without_a_guard"):
        assert broken_promises() == []
        if not request.node.get_closest_marker("without_money"):
            assert list(problems()) == []


@pytest.fixture(name="at_once")
def at_once_fixture():
    return at_once


def hold(showtime, wish, **more):
    """A new guest asks for the seats of `wish`; the response."""
    body = {"showtime": showtime.pk, "seats": [seat.pk for seat in wish], "contact": a_guest()}
    return APIClient(raise_request_exception=False).post("/api/bookings/", body | more)


@pytest.fixture
def guest(client_of):
    """A new guest who holds the given seats; answers the client and the booking."""

    def hold(showtime, seats, **more):
        client = client_of()
        client.raise_request_exception = False
        body = {"showtime": showtime.pk, "seats": [s.pk for s in seats], "contact": a_guest()}
        booking = client.post("/api/bookings/", body | more).json()
        client.credentials(HTTP_ACCESS_KEY=booking["access_key"])
        return client, booking

    return hold


def pay(client, booking):
    """Start to pay."""
    return client.post("/api/payments/", {"booking": booking["reference"]})


def runs_out(moment: datetime):
    """Let every hold end at `moment`."""
    Booking.objects.filter(status="pending").update(held_until=moment)
    TakenSeat.objects.exclude(held_until=None).update(held_until=moment)


@pytest.fixture
def lapsed(showtime, seats):
    """Every seat was held by somebody whose time has run out, and no job has looked yet."""
    assert hold(showtime, seats[:6]).status_code == hold(showtime, seats[6:]).status_code == 201
    runs_out(timezone.now() - timedelta(minutes=1))


def begin(pool: Executor, jobs: Iterable[Callable], *, waiting: int = 1) -> Future:
    """
    Start `jobs` at once, and return their results to come when they are done, or when `waiting` of
    them wait for what the transaction of the caller has locked.
    """
    results = pool.submit(at_once, jobs)
    give_up_at = time.monotonic() + SECONDS_TO_MEET
    while not (results.done() or how_many_wait() >= waiting):
        assert time.monotonic() < give_up_at, f"{how_many_wait()} wait for a lock, not {waiting}"
        time.sleep(0.01)
    return results


def how_many_wait() -> int:
    """In this database: other processes run other tests beside it."""
    with connection.cursor() as cursor:
        # Within a transaction PostgreSQL would tell the same again and again.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0]
