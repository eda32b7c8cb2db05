"""Given money that could not buy anything, when we write about it, then we name the real reason."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from bookings.models import Booking, Letter
from showtimes.models import Showtime

from .stripe_wire import intent_id

pytestmark = pytest.mark.django_db

RAN_OUT = "came after the time to pay had run out"
GOOD = "Your tickets are good"


def words_of(letter):
    """Subject and plain text, without line ends, and what the HTML says as well."""
    html = " ".join(letter.alternatives[0].content.split())
    text = " ".join(letter.body.split())
    for sentence in ("We are sending", "Please do not come", GOOD, RAN_OUT, "You had let"):
        assert (sentence in text) == (sentence in html)
    return f"{letter.subject} {text}"


@pytest.fixture
def dearer(paid, me, showtime, seats):
    """A1 is bought, and B1, which is dearer, waits to be paid instead of it; answers both."""
    booking = paid(me, showtime, seats[:1])
    swap = {"ticket": booking["tickets"][0]["code"], "seat": seats[6].pk}
    address = f"/api/bookings/{booking['reference']}/"
    made = me.post(f"{address}exchange/", {"swaps": [swap]})
    assert (made.status_code, made.json()["status"]) == (201, "pending"), made.json()
    return booking, me.post("/api/payments/", {"booking": booking["reference"]}).json()


@pytest.fixture
def processing(payment, stripe):
    """A direct debit that the bank has begun to work on, in time."""
    assert stripe.confirm(payment, "pm_successDelayed_at")["status"] == "processing"
    [event] = stripe.events("payment_intent.processing", intent_id(payment))
    assert stripe.deliver(event).status_code == 200
    return payment


@pytest.fixture
def debited(stripe):
    """The bank has the money in the end."""

    def go(payment):
        stripe.settle(payment)
        [event] = stripe.events("payment_intent.succeeded", intent_id(payment))
        assert stripe.deliver(event).status_code == 200

    return go


def last(letters):
    """What the newest letter says. The post takes letters of one moment in any order."""
    delivered = letters()
    subject = Letter.objects.latest("pk").mail.subject
    return words_of(next(one for one in delivered if one.subject == subject))


def test_who_cancelled_before_the_surcharge_came_is_not_told_of_good_tickets(
    dearer, me, stripe, letters
):
    booking, surcharge = dearer
    letters()
    assert me.post(f"/api/bookings/{booking['reference']}/cancel/", {}).status_code == 200
    stripe.pay(surcharge)
    said = last(letters)
    assert GOOD not in said
    assert RAN_OUT not in said
    assert "you had given all tickets of this booking back before your payment for other" in said


def test_who_let_the_other_seats_go_keeps_good_tickets(dearer, me, stripe, letters):
    booking, surcharge = dearer
    assert me.delete(f"/api/bookings/{booking['reference']}/exchange/").status_code == 204
    stripe.pay(surcharge)
    said = last(letters)
    assert "the exchange of your seats had been called off before your payment came" in said
    assert f"{GOOD}: they are listed below." in said


@pytest.mark.broken_by_hand
def test_who_paid_too_late_for_other_seats_keeps_good_tickets(
    dearer, book, client_of, bob, stripe, showtime, seats, letters
):
    _, surcharge = dearer
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert book(client_of(bob), showtime, seats[6:7]).status_code == 201
        stripe.pay(surcharge)
        said = last(letters)
    assert "your payment for other seats came too late, and they could not be kept" in said
    assert GOOD in said


@pytest.mark.broken_by_hand
def test_of_a_cancelled_showtime_no_ticket_is_good(dearer, stripe, letters):
    Showtime.objects.update(status="cancelled", cancelled_at=timezone.now())
    stripe.pay(dearer[1])
    said = last(letters)
    assert GOOD not in said
    assert "is cancelled. Please do not come for it." in said


def cancelled_by(client_of, manager, showtime):
    answer = client_of(manager).post(f"/api/showtimes/{showtime.pk}/cancel/", {"reason": "Water."})
    assert answer.status_code == 200, answer.json()


def test_who_paid_in_time_for_what_was_cancelled_meanwhile_hears_that(
    processing, debited, client_of, manager, showtime, letters
):
    cancelled_by(client_of, manager, showtime)
    debited(processing)
    said = last(letters)
    assert RAN_OUT not in said
    assert said.startswith("Cancelled: The Long Way Down, ")
    assert "is cancelled. Please do not come for it." in said
    assert "We are sending €22.00 back the way you paid." in said


def test_who_paid_in_the_moment_of_the_cancellation_hears_that(
    payment, stripe, client_of, manager, showtime, letters
):
    stripe.confirm(payment)
    cancelled_by(client_of, manager, showtime)
    stripe.pay(payment)
    said = last(letters)
    assert RAN_OUT not in said
    assert "Please do not come for it." in said


def test_who_let_the_seats_go_while_the_bank_worked_hears_that(
    processing, debited, booking, me, letters
):
    assert me.delete(f"/api/bookings/{booking['reference']}/").status_code == 204
    debited(processing)
    said = last(letters)
    assert RAN_OUT not in said
    assert "You had let these seats go before your payment came, so it could not buy them." in said
    assert "This booking is cancelled." not in said


@pytest.mark.broken_by_hand
def test_who_paid_again_for_what_is_cancelled_is_not_told_of_seats(
    payment, stripe, me, booking, letters
):
    Booking.objects.get().confirm()
    assert me.post(f"/api/bookings/{booking['reference']}/cancel/", {}).status_code == 200
    stripe.pay(payment)
    said = last(letters)
    assert RAN_OUT not in said
    assert "This booking was paid already, and what you paid a second time comes back." in said
    assert GOOD not in said
