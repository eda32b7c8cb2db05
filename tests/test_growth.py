"""What is asked all the time reads few rows, however many there are. `make bench` has the times."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.models import Booking
from payments.jobs import expire_overdue_bookings
from showtimes.models import Showtime, TakenSeat

from .test_timetable_speed import explained

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="only PostgreSQL explains itself so"
)
# A thousand showtimes are few; tests.test_timetable_speed has many.
BIG = {model._meta.db_table for model in (Booking, TakenSeat)}


@pytest.fixture
def history(me, book, alice, bob, showtime, seats):
    """Alice has one booking, Bob ten thousand, for a thousand showtimes before."""
    book(me, showtime, seats[:1])
    before = showtime.starts_at - timedelta(days=400)
    old = Showtime.objects.bulk_create(
        Showtime(
            movie=showtime.movie,
            screen=showtime.screen,
            starts_at=before + timedelta(hours=3 * n),
            ends_at=before + timedelta(hours=3 * n + 2),
            language="en",
            status="on_sale",
        )
        for n in range(1_000)
    )
    TakenSeat.objects.bulk_create(
        TakenSeat(showtime=one, seat=seat, holder=uuid4()) for one in old for seat in seats[:10]
    )
    money = dict.fromkeys(["subtotal", "discount", "fees", "tax", "total"], 0)
    Booking.objects.bulk_create(
        Booking(user=bob, showtime=old[n % 1_000], status="confirmed", currency="EUR", **money)
        for n in range(10_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.fixture
def read_whole(history):
    """The big tables of which `ask` reads all rows."""

    def tables(ask):
        with CaptureQueriesContext(connection) as queries:
            ask()
        plans = [
            explained(one["sql"]) for one in queries if one["sql"].startswith(("SELECT", "WITH"))
        ]
        assert plans
        return BIG & {name for plan in plans for name in re.findall(r"Seq Scan on (\w+)", plan)}

    return tables


@pytest.mark.parametrize(
    "path",
    [
        "seats/?showtime={showtime}",
        "showtimes/{showtime}/availability/",
        "showtimes/?date={day}",
        "bookings/",
        "bookings/?status=pending",
        "bookings/?upcoming=true",
    ],
)
def test_a_question_is_answered_by_indexes(read_whole, me, bob, client_of, showtime, path):
    path = path.format(showtime=showtime.pk, day=showtime.starts_at.date())
    assert read_whole(lambda: me.get(f"/api/{path}")) == set()


def test_a_refused_hold_and_the_sweep_use_indexes(
    read_whole, book, client_of, bob, showtime, seats
):
    client = client_of(bob)
    refused = []

    def ask():
        refused.append(book(client, showtime, seats[:1]).status_code)

    assert read_whole(ask) == set()
    assert refused == [409]
    past = timezone.now() - timedelta(minutes=1)
    Booking.objects.filter(status="pending").update(held_until=past)
    assert read_whole(expire_overdue_bookings) == set()
