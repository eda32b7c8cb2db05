"""Several devices give back, exchange or pay for the same seats at once: each is done once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from bookings.models import Booking, Ticket
from bookings.models.booking_queryset import BookingQuerySet
from bookings.models.ticket import TicketQuerySet
from bookings.promises import broken_promises
from payments.models import Payment
from showtimes.models import TakenSeat

from .conftest import begin, pay

DEVICES = 8


@pytest.fixture
def sold(stripe, guest, showtime, seats):
    """A guest paid for A1 to A3, 11.00 each; answers the client and the booking."""

    def sell():
        client, held = guest(showtime, seats[:3])
        assert stripe.pay(pay(client, held).json()).status_code == 200
        return client, Booking.objects.get(reference=held["reference"])

    return sell


def cancel(client, booking, tickets=()):
    body = {"tickets": [ticket.code for ticket in tickets]} if tickets else {}
    return client.post(f"/api/bookings/{booking.reference}/cancel/", body).status_code


def check(booking):
    """Free are the seats of void tickets, and due back is what was paid for them."""
    booking.refresh_from_db()
    valid, void = booking.tickets.valid(), booking.tickets.filter(status=Ticket.Status.VOID)
    assert booking.amount_due_back == sum(ticket.paid for ticket in void)
    assert booking.status == ("confirmed" if valid else "cancelled")
    kept = TakenSeat.objects.held_by(booking.pk).values_list("seat", flat=True)
    assert set(kept) == {ticket.seat_id for ticket in valid}


def test_two_devices_and_more_cancel_once(at_once, sold):
    client, booking = sold()
    answers = at_once([lambda: cancel(client, booking)] * DEVICES)
    assert Counter(answers) == {200: 1, 409: DEVICES - 1}
    check(booking)
    assert Payment.objects.owed_back().get().owed == 33


@pytest.fixture
def overlapping(at_once, sold):
    """Six devices give back one or two of three tickets each."""

    def run():
        client, booking = sold()
        one, two, three = booking.tickets.all()
        wishes = [[one, two], [two, three], [three, one], [one], [two], [three]]
        answers = at_once([lambda wish=wish: cancel(client, booking, wish) for wish in wishes])
        assert set(answers) <= {200, 400, 409}
        check(booking)

    return run


@pytest.mark.parametrize("time", range(3))
def test_no_ticket_is_given_back_twice(overlapping, time):
    overlapping()


def lock_nothing(monkeypatch):
    monkeypatch.setattr(BookingQuerySet, "select_for_update", lambda self, **how: self)


def void_what_is_void(monkeypatch):
    def void(self, tickets):
        self.filter(pk__in=[ticket.pk for ticket in tickets]).update(status="void")

    monkeypatch.setattr(TicketQuerySet, "void", void)


@pytest.mark.without_a_guard
@pytest.mark.parametrize("without_a_guard", [lock_nothing, void_what_is_void])
def test_without_a_guard_what_is_due_back_is_wrong(overlapping, monkeypatch, without_a_guard):
    without_a_guard(monkeypatch)
    with pytest.raises(AssertionError):
        for _ in range(20):
            overlapping()
            TakenSeat.objects.all().delete()


@pytest.fixture
def pay_and_let_go(stripe, guest, showtime, seats):
    """
    Stripe tells of a payment while three devices let the hold go, for each of four seats. All have
    read what there is to read when the first may write.
    """

    def run():
        held = [guest(showtime, [seat]) for seat in seats[:4]]
        jobs = []
        for client, booking in held:
            payment = pay(client, booking).json()
            stripe.confirm(payment)
            intent = payment["client_secret"].split("_s")[0]
            [event] = stripe.events("payment_intent.succeeded", intent)
            jobs += [lambda event=event: stripe.deliver(event)]
            address = f"/api/bookings/{booking['reference']}/"
            jobs += [lambda client=client, at=address: client.delete(at)] * 3
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                list(Booking.objects.select_for_update())
                answers = begin(pool, jobs, waiting=len(jobs))
            return answers.result()

    return run


def test_a_booking_is_paid_or_let_go(pay_and_let_go):
    answers = pay_and_let_go()
    assert {answer.status_code for answer in answers} <= {200, 204, 409}
    let_go = Booking.objects.filter(status="cancelled")
    assert [answer.status_code for answer in answers].count(204) == let_go.count()
    owed = set(Payment.objects.owed_back().values_list("booking", flat=True))
    assert owed == set(let_go.values_list("pk", flat=True))


@pytest.mark.without_a_guard
def test_without_naming_where_a_status_comes_from_it_is_both(pay_and_let_go, monkeypatch):
    def become(self, new, *, coming_from, **changes):
        Booking.objects.filter(pk=self.pk).update(status=new, **changes)

    monkeypatch.setattr(Booking, "_become", become)
    pay_and_let_go()
    assert broken_promises()


@pytest.fixture
def replace(showtime):
    """Exchange a hold for another seat."""

    def post(client, booking, seat, **more):
        contact = booking["contact"]
        body = {"showtime": showtime.pk, "seats": [seat.pk], "contact": contact} | more
        return client.post("/api/bookings/", body | {"replaces": booking["reference"]})

    return post


def test_a_hold_is_exchanged_once(at_once, guest, showtime, seats, replace):
    client, booking = guest(showtime, seats[:1])
    wanted = seats[1 : 1 + DEVICES]
    answers = at_once([lambda seat=seat: replace(client, booking, seat) for seat in wanted])
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: DEVICES - 1}
    [new] = [answer.json() for answer in answers if answer.status_code == 201]
    assert Booking.objects.held_now().get().reference == new["reference"]
    assert TakenSeat.objects.count() == 1


def test_eight_who_exchange_for_the_same_seat_do_not_lose_their_own(
    at_once, guest, showtime, seats, replace
):
    held = [guest(showtime, [seat]) for seat in seats[:DEVICES]]
    answers = at_once([lambda one=one: replace(*one, seats[-1]) for one in held])
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: DEVICES - 1}
    assert TakenSeat.objects.live().count() == DEVICES


def test_a_hold_that_is_exchanged_is_not_paid_as_well(
    at_once, stripe, guest, showtime, seats, replace
):
    for seat, other in zip(seats[:4], seats[6:10], strict=True):
        client, booking = guest(showtime, [seat])
        payment = pay(client, booking).json()
        stripe.confirm(payment)
        [event] = stripe.events("payment_intent.succeeded", payment["client_secret"].split("_s")[0])
        _, answer = at_once(
            [
                lambda event=event: stripe.deliver(event),
                lambda client=client, one=booking, seat=other: replace(client, one, seat),
            ]
        )
        status = Booking.objects.get(reference=booking["reference"]).status
        owed = Payment.objects.owed_back().filter(booking__reference=booking["reference"]).exists()
        assert (answer.status_code, status, owed) in [
            (201, "cancelled", True),
            (409, "confirmed", False),
        ]
