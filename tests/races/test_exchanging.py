"""Swaps at the same moment: each seat has one owner, each ticket one seat, and no cent is lost."""

import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.exceptions import APIException
from rest_framework.test import APIClient

from bookings.models import Booking, BookingClosed, Exchange, Ticket
from bookings.models.ticket import TicketQuerySet
from payments.jobs import expire_overdue_exchanges
from payments.models import Payment
from showtimes import contention
from showtimes.models import TakenSeat

from .conftest import a_guest
from .test_seats import drop_one_taker_per_seat, hold, restore_one_taker_per_seat

A1, A2, A3, A4, A5, A6, B1, B2, B3, B4, B5, B6 = range(12)


class Guest:
    """Somebody who has paid for some seats, and asks for others."""

    def __init__(self, showtime, seats, chosen):
        self.client = APIClient(raise_request_exception=False)
        self.seats = seats
        body = {"showtime": showtime.pk, "seats": [seats[n].pk for n in chosen]}
        held = self.client.post("/api/bookings/", body | {"contact": a_guest()}, format="json")
        self.client.credentials(HTTP_ACCESS_KEY=held.json()["access_key"])
        self.booking = Booking.objects.get(reference=held.json()["reference"])
        self.address = f"/api/bookings/{self.booking.reference}/"
        self.pay(self.booking.total)
        self.codes = {ticket.seat_id: ticket.code for ticket in self.booking.tickets.all()}

    def pay(self, amount, exchange=None):
        payment = Payment.objects.create(
            booking=self.booking,
            exchange=exchange,
            amount=amount,
            currency="EUR",
            stripe_intent=f"pi_{time.monotonic_ns()}",
        )
        payment.succeed(amount=amount, currency="EUR")
        return payment

    def swap(self, wishes):
        """A call, to be made later, that asks for other seats: {A1: A4}."""
        swaps = [
            {"ticket": self.codes[self.seats[old].pk], "seat": self.seats[new].pk}
            for old, new in wishes.items()
        ]
        return lambda: self.client.post(f"{self.address}exchange/", {"swaps": swaps}, format="json")

    def cancel(self, *chosen):
        codes = [self.codes[self.seats[n].pk] for n in chosen]
        body = {"tickets": codes} if codes else {}
        return lambda: self.client.post(f"{self.address}cancel/", body, format="json")


@pytest.fixture
def sold(showtime, seats):
    return lambda *chosen: Guest(showtime, seats, chosen)


def statuses(answers):
    return Counter(answer.status_code for answer in answers)


def check_the_house():
    """What must be true after whatever happened."""
    tickets = Counter(Ticket.objects.valid().values_list("booking", "seat"))
    assert set(tickets.values()) <= {1}, "two tickets for one seat"
    places = Counter(Ticket.objects.valid().values_list("seat", flat=True))
    assert set(places.values()) <= {1}, "a seat was sold twice"
    rows = list(TakenSeat.objects.live().values_list("holder", "seat", "held_until"))
    forever = {(holder, seat) for holder, seat, until in rows if until is None}
    assert forever == set(tickets), "a ticket without its seat, or a seat without its ticket"
    pending = set(Exchange.objects.pending().values_list("pk", flat=True))
    pending |= set(Booking.objects.held_now().values_list("pk", flat=True))
    assert {holder for holder, _, until in rows if until} <= pending, "a seat that nobody holds"
    for booking in Booking.objects.filter(status__in=["confirmed", "cancelled"]):
        valid = sum(booking.tickets.valid().values_list("paid", flat=True))
        if booking.confirmed_at:
            asked = booking.total + booking.amount_added
            assert valid + booking.amount_due_back == asked, "money was lost"


# Two into the same seats


@pytest.fixture
def into_the_same(at_once, sold):
    """Six bookings want the same seat at once; how it went."""

    def run(wanted):
        guests = [sold(n) for n in (A1, A2, A3, A5, A6)]
        before = [A1, A2, A3, A5, A6]
        calls = [one.swap({old: wanted}) for one, old in zip(guests, before, strict=True)]
        answers = at_once(calls)
        taken = sum(answer.status_code == 201 for answer in answers)
        assert taken == 1, f"{taken} have the same seat"
        assert statuses(answers) == {201: 1, 409: 4}
        check_the_house()

    return run


@pytest.mark.parametrize("wanted", [A4, B1], ids=["at once", "to be paid"])
def test_one_of_many_swaps_gets_the_seat(into_the_same, wanted):
    into_the_same(wanted)


@pytest.mark.without_a_guard
def test_without_the_constraint_and_the_lock_the_same_race_fails(into_the_same, monkeypatch):
    drop_one_taker_per_seat()
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **how: self)
    try:
        with pytest.raises(AssertionError, match="have the same seat"):
            for _ in range(20):
                into_the_same(A4)
                start_again()
    finally:
        start_again()
        restore_one_taker_per_seat()


def start_again():
    Exchange.objects.all().delete()
    TakenSeat.objects.all().delete()
    Ticket.objects.update(status="void")


# Into each other's seats


@pytest.fixture
def deadlocks(monkeypatch):
    """How often the database broke up two who waited for each other."""
    seen = []
    really = contention.is_contention

    def note(error):
        seen.append(getattr(error.__cause__, "sqlstate", None))
        return really(error)

    monkeypatch.setattr(contention, "is_contention", note)
    return seen


def test_two_who_want_each_others_seats_are_both_refused(at_once, sold, deadlocks):
    one, other = sold(A1, A2), sold(A4, A5)
    for _ in range(5):
        answers = at_once([one.swap({A1: A4, A2: A5}), other.swap({A4: A1, A5: A2})] * 4)
        assert statuses(answers) == {409: 8}
        check_the_house()
    assert not deadlocks


def test_seats_locked_in_another_order_make_two_wait_for_each_other(
    at_once, sold, deadlocks, monkeypatch, showtime
):
    barrier = threading.Barrier(2)
    # Each waits for the other once; whoever comes again goes on.
    meetings = iter([barrier.wait, barrier.wait])

    def lock_as_it_comes(exchange, showtime, others=()):
        showtime.taken_seats.filter(holder=exchange.booking_id).lock()
        next(meetings, bool)()
        wanted = [swap.seat_id for swap in exchange.swaps.all()]
        showtime.taken_seats.filter(seat__in=wanted).lock()

    monkeypatch.setattr(Exchange, "lock", lock_as_it_comes)
    monkeypatch.setattr("bookings.exchanges.exchanging._check_free", lambda *args, **own: None)
    one, other = sold(A1), sold(A4)
    at_once([one.swap({A1: A4}), other.swap({A4: A1})])
    assert contention.DEADLOCK_DETECTED in deadlocks


def test_the_same_with_the_locks_in_order_and_nobody_looking_first(
    at_once, sold, deadlocks, monkeypatch
):
    monkeypatch.setattr("bookings.exchanges.exchanging._check_free", lambda *args, **own: None)
    one, other = sold(A1, A2), sold(A4, A5)
    for _ in range(5):
        answers = at_once([one.swap({A1: A4, A2: A5}), other.swap({A4: A2, A5: A1})] * 4)
        assert statuses(answers) == {409: 8}
    assert not deadlocks
    check_the_house()


def test_a_chain_of_swaps_leaves_each_in_a_seat(at_once, sold):
    for _ in range(4):
        guests = [sold(A1), sold(A2), sold(A3)]
        wishes = [{A1: A2}, {A2: A3}, {A3: A4}]
        calls = [one.swap(wish) for one, wish in zip(guests, wishes, strict=True)]
        assert statuses(at_once(calls)).keys() <= {201, 409}
        check_the_house()
        at_once([one.cancel() for one in guests])
        check_the_house()
        TakenSeat.objects.all().delete()


# Against cancelling


def test_a_swap_and_a_cancellation_of_the_same_ticket(at_once, sold):
    for _ in range(6):
        guest = sold(A1)
        swapped, cancelled = at_once([guest.swap({A1: A4}), guest.cancel(A1)])
        assert sorted([swapped.status_code, cancelled.status_code]) in ([200, 409], [201, 409])
        check_the_house()
        guest.client.post(f"{guest.address}cancel/")
        assert not TakenSeat.objects.exists()


def test_a_dearer_swap_and_a_cancellation_leave_no_seat_behind(at_once, sold):
    for _ in range(6):
        guest = sold(A1)
        swapped, cancelled = at_once([guest.swap({A1: B1}), guest.cancel()])
        assert cancelled.status_code == 200
        assert swapped.status_code in (201, 409)
        assert not TakenSeat.objects.exists()
        assert not Exchange.objects.pending().exists()
        check_the_house()


@pytest.fixture
def back_twice(at_once, sold):
    """A cheaper seat for one ticket while the other is given back: both owe something back."""

    def run():
        guest = sold(B1, B2)
        answers = at_once([guest.swap({B1: A1}), guest.cancel(B2)])
        assert statuses(answers) == {201: 1, 200: 1}
        check_the_house()
        guest.client.post(f"{guest.address}cancel/")

    return run


def test_what_both_give_back_is_owed(back_twice):
    for _ in range(6):
        back_twice()


@pytest.mark.without_a_guard
def test_without_the_lock_on_the_booking_one_of_them_is_forgotten(back_twice, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **how: self)
    with pytest.raises(AssertionError, match="money was lost"):
        for _ in range(40):
            back_twice()


# Against those who buy


@pytest.fixture
def against_buyers(at_once, sold, showtime, seats):
    """A swap into a seat that four others want to hold."""

    def run(wanted):
        guest = sold(A1)
        calls = [lambda: hold(showtime, [seats[wanted]])] * 4
        answers = at_once([guest.swap({A1: wanted}), *calls])
        taken = sum(answer.status_code == 201 for answer in answers)
        assert taken == 1, f"{taken} have the same seat"
        assert statuses(answers) == {201: 1, 409: 4}
        check_the_house()
        guest.client.post(f"{guest.address}cancel/")
        Booking.objects.filter(status="pending").update(held_until=timezone.now())
        TakenSeat.objects.all().delete()

    return run


@pytest.mark.parametrize("wanted", [A4, B1], ids=["at once", "to be paid"])
def test_a_swap_and_holds_of_the_same_seat(against_buyers, wanted):
    for _ in range(4):
        against_buyers(wanted)


@pytest.mark.without_a_guard
def test_without_the_constraint_and_the_lock_a_buyer_gets_it_too(against_buyers, monkeypatch):
    drop_one_taker_per_seat()
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **how: self)
    try:
        with pytest.raises(AssertionError, match="have the same seat"):
            for _ in range(20):
                against_buyers(B1)
    finally:
        start_again()
        restore_one_taker_per_seat()


def test_a_seat_that_is_left_and_the_one_that_is_taken_are_not_held_together(
    at_once, sold, showtime, seats, deadlocks
):
    for _ in range(4):
        guest = sold(A4)
        calls = [lambda: hold(showtime, [seats[A1], seats[A4]])] * 4
        answers = at_once([guest.swap({A4: A1}), *calls])
        assert statuses(answers) == {201: 1, 409: 4}
        check_the_house()
        guest.client.post(f"{guest.address}cancel/")
    assert not deadlocks


# One booking, many devices


@pytest.mark.parametrize("wishes", [(A4, A5), (B1, B2)], ids=["at once", "to be paid"])
def test_one_ticket_for_two_seats_at_once(at_once, sold, wishes):
    for _ in range(4):
        guest = sold(A1)
        answers = at_once([guest.swap({A1: new}) for new in wishes] * 3)
        assert statuses(answers).keys() <= {201, 409}
        check_the_house()
        assert Ticket.objects.valid().count() == 1
        assert Exchange.objects.pending().count() <= 1
        guest.client.post(f"{guest.address}cancel/")
        assert not TakenSeat.objects.exists()


# Paying


@pytest.fixture
def waiting(sold):
    """A booking with an exchange of A1 for B1 that is not paid, and the latter."""

    def make():
        guest = sold(A1)
        assert guest.swap({A1: B1})().status_code == 201
        return guest, Exchange.objects.pending().get()

    return make


def complete(exchange):
    try:
        Exchange.objects.get(pk=exchange.pk).complete()
    except APIException as refusal:
        return type(refusal)
    return None


@pytest.fixture
def many_completions(at_once, waiting):
    def run():
        guest, exchange = waiting()
        results = at_once([lambda: complete(exchange)] * 8)
        assert Counter(results) == {None: 1, BookingClosed: 7}, "completed more than once"
        guest.booking.refresh_from_db()
        assert guest.booking.amount_added == exchange.difference
        check_the_house()

    return run


@pytest.mark.without_money
def test_it_is_completed_once(many_completions):
    many_completions()


@pytest.mark.without_a_guard
def test_without_its_guards_the_database_stops_the_second(many_completions, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **how: self)
    monkeypatch.setattr(Exchange, "_become", lambda *args, **kwargs: None)
    monkeypatch.setattr(
        TicketQuerySet,
        "void",
        lambda self, tickets: Ticket.objects.filter(pk__in=[one.pk for one in tickets]).update(
            status="void"
        ),
    )
    with pytest.raises((AssertionError, IntegrityError)):
        many_completions()


def test_paid_and_let_go_at_once_never_leaves_both(at_once, waiting):
    for _ in range(6):
        guest, exchange = waiting()
        at_once(
            [
                lambda g=guest, e=exchange: g.pay(e.difference, e),
                lambda g=guest: g.client.delete(f"{g.address}exchange/"),
            ]
        )
        check_paid_or_owed(exchange)
        guest.client.post(f"{guest.address}cancel/")


def test_paid_and_replaced_at_once(at_once, waiting):
    for _ in range(6):
        guest, exchange = waiting()
        at_once([lambda g=guest, e=exchange: g.pay(e.difference, e), guest.swap({A1: B2})])
        check_paid_or_owed(exchange)
        guest.client.post(f"{guest.address}cancel/")
        assert not TakenSeat.objects.exists()


def test_paid_and_cancelled_at_once(at_once, waiting):
    for _ in range(6):
        guest, exchange = waiting()
        at_once([lambda g=guest, e=exchange: g.pay(e.difference, e), guest.cancel()])
        check_paid_or_owed(exchange)
        guest.client.post(f"{guest.address}cancel/")
        assert not TakenSeat.objects.exists()


def test_paid_expired_and_taken_over_at_once(at_once, waiting, showtime, seats):
    for _ in range(6):
        guest, exchange = waiting()
        ran_out = timezone.now() - timedelta(seconds=1)
        Exchange.objects.filter(pk=exchange.pk).update(held_until=ran_out)
        TakenSeat.objects.filter(holder=exchange.pk).update(held_until=ran_out)
        at_once(
            [
                lambda g=guest, e=exchange: g.pay(e.difference, e),
                expire_overdue_exchanges,
                lambda: hold(showtime, [seats[B1]]),
            ]
        )
        check_paid_or_owed(exchange)
        assert TakenSeat.objects.live().filter(seat=seats[B1]).count() == 1
        guest.client.post(f"{guest.address}cancel/")
        Booking.objects.filter(status="pending").update(held_until=timezone.now())
        TakenSeat.objects.all().delete()


def check_paid_or_owed(exchange):
    exchange.refresh_from_db()
    owed = Payment.objects.owed_back().filter(exchange=exchange).exists()
    bought = Payment.objects.filter(exchange=exchange, honoured_at__isnull=False).exists()
    assert bought == (exchange.status == "done")
    assert owed != bought or exchange.booking.amount_due_back > 0
    check_the_house()
