"""While the database is away everybody is told to come back; our own mistakes stay a 500."""

import sqlite3

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from rest_framework.test import APIClient

OUTAGES = [
    OperationalError("the connection is lost"),
    InterfaceError("the connection is closed"),
    OperationalError("database is locked"),
]
OUTAGES[0].__cause__ = psycopg.errors.AdminShutdown()
OUTAGES[2].__cause__ = sqlite3.OperationalError()
MISTAKE = OperationalError("no such column: sceats")
MISTAKE.__cause__ = sqlite3.OperationalError()


@pytest.fixture
def broken(db):
    """A database whose every answer is this error."""

    def by(error):
        def fail(*_):
            raise error

        return connection.execute_wrapper(fail)

    return by


@pytest.mark.parametrize("outage", OUTAGES, ids=str)
def test_the_api_says_when_to_come_back(broken, outage):
    with broken(outage):
        answer = APIClient(raise_request_exception=False).get("/api/movies/")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "2"
    assert answer.json()["type"] == "server_error"
    assert answer.json()["errors"][0]["code"] == "database_unavailable"


@pytest.mark.parametrize("debug", [True, False])
def test_a_mistake_of_ours_does_not_hide_behind_it(broken, settings, debug):
    settings.DEBUG = debug
    with broken(MISTAKE):
        answer = APIClient(raise_request_exception=False).get("/api/movies/")
    assert answer.status_code == 500


def test_the_pages_of_the_admin_say_it_too(broken, admin):
    browser = Client(raise_request_exception=False)
    browser.force_login(admin)
    with broken(OUTAGES[0]):
        answer = browser.get("/admin/")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "2"
    assert answer.content == b"We cannot do this just now. Please try again in a moment."


def test_who_balances_the_load_is_told(broken):
    with broken(OUTAGES[1]):
        assert Client().get("/health/ready").status_code == 503
        assert Client().get("/health/live").status_code == 200
