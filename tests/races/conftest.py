"""Many clients at once, on PostgreSQL: SQLite lets one write at a time and hides every race."""

import itertools
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections


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


@pytest.fixture(name="at_once")
def at_once_fixture():
    return at_once
