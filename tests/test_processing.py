"""
Given a payment by direct debit, on which the bank works for days, when it ends, then the seats are
the customer's if they are free, and else the money goes back.
"""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from bookings.models import Booking
from payments.models import Payment, Refund

from .stripe_wire import intent_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def processing(payment, stripe):
    """The customer has signed, and the bank works on it; told of."""
    answer = stripe.confirm(payment, "pm_successDelayed_at")
    assert answer["status"] == "processing", answer
    tell(stripe, payment, "processing")
    return payment


def tell(stripe, payment, what):
    [event] = stripe.events(f"payment_intent.{what}", intent_id(payment))
    assert stripe.deliver(event).status_code == 200


def run_jobs():
    call_command("run_jobs", once=True)


def later(**time):
    return time_machine.travel(timezone.now() + timedelta(**time))


def shown(me, payment):
    return me.get(f"/api/payments/{payment['id']}/").json()["status"]


def test_the_customer_sees_it_and_the_seats_are_held(processing, me):
    run_jobs()
    assert shown(me, processing) == "processing"
    assert Booking.objects.get().status == "pending"


def test_it_succeeds_in_time(processing, me, stripe):
    stripe.settle(processing)
    tell(stripe, processing, "succeeded")
    assert shown(me, processing) == "succeeded"
    assert Booking.objects.get().status == "confirmed"


def test_it_fails_and_another_card_pays(processing, me, stripe):
    stripe.settle(processing, "failed")
    tell(stripe, processing, "payment_failed")
    assert shown(me, processing) == "open"
    assert stripe.pay(processing).status_code == 200
    assert Booking.objects.get().status == "confirmed"


def test_an_old_event_does_not_show_it_for_long(processing, me, stripe):
    stripe.settle(processing, "failed")
    tell(stripe, processing, "payment_failed")
    [event] = stripe.events("payment_intent.processing", intent_id(processing))
    stripe.deliver(event | {"id": "evt_again"})
    run_jobs()
    assert shown(me, processing) == "open"


def test_the_seats_do_not_wait_for_a_bank(processing, me):
    with later(minutes=31):
        run_jobs()
        assert Booking.objects.get().status == "expired"
    assert shown(me, processing) == "processing"


def test_it_succeeds_later_and_the_seats_are_free(processing, stripe):
    with later(minutes=31):
        run_jobs()
        stripe.settle(processing)
        tell(stripe, processing, "succeeded")
        run_jobs()
    assert Booking.objects.get().status == "confirmed"
    assert not Refund.objects.exists()


def test_it_succeeds_later_and_the_seats_are_gone(
    processing, stripe, book, client_of, bob, showtime, seats
):
    with later(minutes=31):
        assert book(client_of(bob), showtime, seats[:1]).status_code == 201
        stripe.settle(processing)
        tell(stripe, processing, "succeeded")
        run_jobs()
    assert Refund.objects.get().reason == "not_honoured"


def test_the_jobs_alone_bring_it_to_its_end(payment, stripe):
    stripe.confirm(payment, "pm_successDelayed_at")
    run_jobs()
    stripe.settle(payment)
    with later(hours=1):
        run_jobs()
    assert Booking.objects.get().status == "confirmed"


def test_money_that_is_only_set_aside_is_taken(payment, stripe, me, booking):
    manual = stripe.api.payment_intents.create(
        {
            "amount": 2200,
            "currency": "eur",
            "capture_method": "manual",
            "confirm": True,
            "payment_method": "pm_card_visa",
            "return_url": "https://example.com",
            "metadata": {"payment": payment["id"], "booking": booking["reference"]},
        }
    )
    Payment.objects.update(stripe_intent=manual.id)
    [event] = stripe.events("payment_intent.amount_capturable_updated", manual.id)
    assert stripe.deliver(event).status_code == 200
    assert Booking.objects.get().status == "pending"
    run_jobs()
    assert Booking.objects.get().status == "confirmed"
