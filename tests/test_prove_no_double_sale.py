"""`manage.py prove_no_double_sale`, beside a cinema that is open: it leaves no trace."""

import os
import signal
import threading
import uuid
from io import StringIO
from typing import NamedTuple

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from bookings.models import Booking, BookingLine, Ticket
from bookings.proof import clients
from bookings.proof.scratch import MARK, SEATS, scratch_showtime
from bookings.proof.sweep import double_sales
from movies.models import Movie
from showtimes.models import Showtime, TakenSeat
from theaters.layouts import Place, seats_of
from theaters.models import Screen, Seat, Theater

pytestmark = pytest.mark.django_db(transaction=True)
LISTS = ["movies", "theaters", "showtimes"]


class Outcome(NamedTuple):
    """What came of a run: the figures that it printed, its exit code, and why if that is not 0."""

    figures: dict[str, int]
    exit_code: int = 0
    reason: str = ""


def prove(**options) -> Outcome:
    said, complaints, failure = StringIO(), StringIO(), None
    try:
        call_command("prove_no_double_sale", stdout=said, stderr=complaints, **options)
    except CommandError as error:
        failure = error
    # Seen where the test fails.
    print(complaints.getvalue())
    lines = [line.rsplit(maxsplit=1) for line in said.getvalue().splitlines()[2:]]
    figures = {name: int(number.replace(",", "")) for name, number in lines}
    return Outcome(figures, failure.returncode, str(failure)) if failure else Outcome(figures)


def rows() -> dict[str, int]:
    models = [Movie, Theater, Screen, Seat, Showtime, TakenSeat, Booking, BookingLine, Ticket]
    return {model.__name__: model.objects.count() for model in models}


@pytest.fixture
def large_hall(silver):
    """A hall of our theater that is large enough to be borrowed."""
    screen = Screen.objects.create(theater=silver.theater, name="Large")
    Seat.objects.bulk_create(seats_of(screen, ["s" * SEATS], {"s": Place(silver)}))
    return screen


def test_seats_are_sold_and_none_twice():
    figures, exit_code, _ = prove(clients=4, seconds=2)
    assert exit_code == 0
    assert figures["attempts"] > figures["sold"] > 0
    assert figures["errors"] == figures["double sales"] == 0


def test_nothing_of_it_stays_in_an_empty_cinema():
    prove(clients=2, seconds=0.5)
    assert set(rows().values()) == {0}


def test_nothing_of_it_stays_in_a_cinema_that_is_open(booking, large_hall):
    before = rows()
    prove(clients=2, seconds=0.5)
    assert rows() == before


def test_what_a_run_left_that_was_killed_is_removed_by_the_next():
    left = scratch_showtime()
    showtime, _ = left.__enter__()
    showtime.take(showtime.screen.seats.all()[:2], uuid.uuid4(), None)
    prove(clients=2, seconds=0.5)
    assert set(rows().values()) == {0}


def test_customers_see_nothing_of_it(booking, large_hall):
    before = {name: APIClient().get(f"/api/{name}/").json() for name in LISTS}
    with scratch_showtime() as (showtime, seats):
        assert showtime.screen == large_hall
        assert {name: APIClient().get(f"/api/{name}/").json() for name in LISTS} == before
        assert APIClient().get(f"/api/showtimes/{showtime.pk}/").status_code == 404
        assert APIClient().get(f"/api/seats/?showtime={showtime.pk}").status_code == 404
        guest = {"name": "Guest", "email": "guest@example.com"}
        body = {"showtime": showtime.pk, "seats": [seats[0]], "contact": guest}
        assert APIClient().post("/api/bookings/", body).status_code in (400, 404, 409)
        assert not TakenSeat.objects.filter(showtime=showtime).exists()


def test_ctrl_c_ends_it_and_nothing_of_it_stays():
    threading.Timer(1, os.kill, [os.getpid(), signal.SIGINT]).start()
    outcome = prove(clients=2, seconds=60)
    assert outcome.exit_code == 130
    assert outcome.figures["attempts"] > 0
    assert set(rows().values()) == {0}


def test_an_error_of_a_client_is_said_and_is_exit_code_1(monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("broken")

    monkeypatch.setattr(clients, "hold", broken)
    outcome = prove(clients=2, seconds=0.5)
    assert outcome.exit_code == 1
    assert outcome.figures["errors"] > 0
    assert set(rows().values()) == {0}


@pytest.mark.parametrize("options", [{"clients": 0}, {"seconds": 0}, {"seconds": -1}])
def test_no_clients_or_no_time_prove_nothing(options):
    assert "must be" in prove(**{"clients": 1, "seconds": 1} | options).reason


def test_without_a_sale_nothing_is_proved(monkeypatch):
    monkeypatch.setattr(clients.Crowd, "_buy", lambda *_: None)
    assert "nothing was proved" in prove(clients=1, seconds=0.3).reason


@pytest.fixture
def stolen(book, me, showtime, seats):
    """A seat that a booking holds, and that somebody has put into another booking by hand."""
    first = Booking.objects.get(reference=book(me, showtime, seats[:2]).json()["reference"])
    second = Booking.objects.get(reference=book(me, showtime, seats[2:3]).json()["reference"])
    assert double_sales(showtime) == set()
    second.lines.filter(seat=seats[2]).update(seat=seats[1])
    return showtime, seats[1], first, second


def test_a_seat_of_two_holds_is_found(stolen):
    showtime, seat, first, second = stolen
    assert double_sales(showtime) == {(seat.pk, frozenset({first.pk, second.pk}))}


def test_a_seat_is_no_longer_of_a_hold_that_ran_out(stolen):
    showtime, _, first, _ = stolen
    Booking.objects.filter(pk=first.pk).update(held_until="2020-01-01T00:00Z")
    TakenSeat.objects.filter(holder=first.pk).update(held_until="2020-01-01T00:00Z")
    assert double_sales(showtime) == set()


@pytest.mark.broken_by_hand
def test_a_ticket_for_a_seat_that_somebody_else_holds_is_found(
    paid, me, client_of, bob, showtime, seats
):
    reference = paid(me, showtime, seats[:1])["reference"]
    TakenSeat.objects.update(holder="6f1c0f5e-3a0f-4d53-9f66-0a5a4f0f4a11")
    [(seat, holders)] = double_sales(showtime)
    assert seat == seats[0].pk
    assert Booking.objects.get(reference=reference).pk in holders
    assert MARK not in Showtime.objects.values_list("language", flat=True)
