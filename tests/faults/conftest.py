"""Things break while tickets are sold: a site as in production, on a PostgreSQL of its own."""

import random

import pytest
from django.core.management import call_command
from django.db import connection, connections

from config.settings import env
from payments.books import problems
from tests import postgres
from tests.site import jobs_running, running
from tests.stripe_wire import WEBHOOK
from theaters.layouts import Place, seats_of
from theaters.models import Seat

from .customers import Customers

# What was committed survives its crash; only the machine must not lose its power.
AS_IN_PRODUCTION_BUT_FAST = ["fsync=off", "full_page_writes=off"]


def pytest_collection_modifyitems(items):
    skip = pytest.mark.skip(reason="only PostgreSQL can be restarted")
    for item in items:
        if "tests/faults/" in str(item.path):
            item.add_marker(pytest.mark.django_db(transaction=True))
            if connections["default"].vendor != "postgresql":
                item.add_marker(skip)


@pytest.fixture(scope="session")
def server():
    """A PostgreSQL that only these tests use."""
    programs = postgres.programs_folder()
    if programs is None:
        pytest.skip("there is no PostgreSQL here that could be restarted")
    with postgres.server_of_our_own(programs, AS_IN_PRODUCTION_BUT_FAST) as ours:
        yield ours


@pytest.fixture(autouse=True)
def database(server, transactional_db):
    """The test itself, with whatever its fixtures make, moves to that server."""
    usual = connection.settings_dict.copy()
    connection.close()
    there = env.db_url_config(server.url)
    options = usual["OPTIONS"] | there.get("OPTIONS", {})
    connection.settings_dict.update(there | {"OPTIONS": options})
    call_command("migrate", verbosity=0)
    yield server
    assert list(problems()) == []
    call_command("flush", verbosity=0, interactive=False)
    connection.close()
    connection.settings_dict.update(usual)


@pytest.fixture
def seats(database, screen, silver):
    """240 of them instead of twelve."""
    screen.seats.all().delete()
    Seat.objects.bulk_create(seats_of(screen, ["s" * 20] * 12, {"s": Place(silver)}))
    return list(screen.seats.order_by("pk"))


@pytest.fixture
def site(database, stripe, monkeypatch, tmp_path):
    """Gunicorn with two workers, and a Stripe that tells it of what was paid."""
    monkeypatch.setenv("STRIPE_API_BASE", stripe.address)
    monkeypatch.setenv("ASK_STRIPE_AFTER", "1")
    with running(tmp_path / "web.log", database=database.url) as site:
        stripe.control("endpoint", url=site.address + WEBHOOK)
        yield site
        stripe.control("endpoint", url="")


@pytest.fixture
def jobs(site, database, tmp_path):
    """The jobs of that site."""
    with jobs_running(tmp_path / "jobs.log", database=database.url) as jobs:
        yield jobs


@pytest.fixture
def customers(site, jobs, showtime, seats, stripe):
    return Customers(site.address, showtime, seats, stripe, random.Random(7))
