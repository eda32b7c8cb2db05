"""PostgreSQL restarts while tickets are sold: everybody is told to come back, and can."""

import time
from collections import Counter

import pytest
from django.db import connection
from django.utils import timezone

from bookings.models import Booking
from bookings.promises import broken_promises
from tests.postgres import FAST, IMMEDIATE
from tests.races.conftest import runs_out
from tests.site import within

AWAY = 0.7


@pytest.mark.parametrize("how", [IMMEDIATE, FAST], ids=["immediate", "fast"])
def test_holds_and_payments_survive_a_restart_of_the_database(how, server, site, jobs, customers):
    processes = site.workers()
    with customers.at_work():
        time.sleep(1)
        connection.close()
        server.stop(how)
        time.sleep(AWAY)
        server.start()
        back_at = time.monotonic()
        within(30, lambda: all_is_well(customers, back_at))
    check_the_answers(customers)
    customers.check_wishes()
    customers.check_payments()
    assert broken_promises() == []
    assert site.workers() == processes, "gunicorn had to start a worker again"
    check_the_jobs(jobs)


def all_is_well(customers, back_at):
    """Nobody is sent away any more, and seats are held again."""
    answers = [answer for answer in customers.answers if answer.at > back_at]
    lately = answers[-50:]
    held = any(answer.status == 201 for answer in lately)
    return held and len(answers) > 100 and all(answer.status != 503 for answer in lately)


def check_the_answers(customers):
    """A 503 in the shape of our errors while the database is away, and never another failure."""
    came = Counter(answer.status for answer in customers.answers)
    assert set(came) <= {200, 201, 204, 401, 409, 503}, came
    away = [answer for answer in customers.answers if answer.status == 503]
    assert away, "nobody was disturbed"
    for answer in away:
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.json()["errors"][0]["code"] == "database_unavailable"


def check_the_jobs(jobs):
    """They go on too."""
    runs_out(timezone.now())
    within(30, lambda: not Booking.objects.filter(status="pending").exists())
    assert jobs.poll() is None
