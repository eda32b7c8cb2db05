"""
Given a Stripe that does the work and does not answer, is slow, or has had enough of us, when the
jobs go on, then nothing is lost, nothing is done twice, and nobody goes on asking.
"""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from bookings.models import Booking
from payments import gateway
from payments.models import Invoice, Payment, Refund

from .stripe_wire import intent_id

pytestmark = pytest.mark.django_db
# The SDK's two retries included.
EVERY_ATTEMPT = gateway.ATTEMPTS_AGAIN + 1


def run_jobs(**later):
    with time_machine.travel(timezone.now() + timedelta(**later)):
        call_command("run_jobs", once=True)


@pytest.mark.parametrize("fault", ["lost_answer", "broken_answer"])
def test_the_answer_to_a_new_intent_is_lost(me, booking, stripe, fault):
    stripe.fail(fault, method="POST", path="/v1/payment_intents", times=EVERY_ATTEMPT)
    me.raise_request_exception = False
    answer = me.post("/api/payments/", {"booking": booking["reference"]})
    assert answer.status_code == 503
    assert answer["Retry-After"]
    again = me.post("/api/payments/", {"booking": booking["reference"]})
    assert again.status_code == 201
    assert Payment.objects.count() == 1
    mine = [
        one
        for one in stripe.api.payment_intents.list({"limit": 100}).data
        if one.metadata.to_dict().get("booking") == booking["reference"]
    ]
    assert len(mine) == 1
    assert stripe.pay(again.json()).status_code == 200


@pytest.mark.parametrize("fault", ["lost_answer", "broken_answer"])
def test_the_answer_to_a_cancellation_is_lost(payment, stripe, fault):
    path = f"/v1/payment_intents/{intent_id(payment)}/cancel"
    stripe.fail(fault, method="POST", path=path, times=EVERY_ATTEMPT)
    run_jobs(minutes=11)
    assert Booking.objects.get().status == "pending"
    run_jobs(minutes=30)
    assert Payment.objects.get().status == "cancelled"
    assert Booking.objects.get().status == "expired"


@pytest.mark.parametrize("fault", ["lost_answer", "broken_answer"])
def test_the_answer_to_a_refund_is_lost(me, booking, payment, stripe, fault):
    stripe.pay(payment)
    me.post(f"/api/bookings/{booking['reference']}/cancel/", {})
    stripe.fail(fault, method="POST", path="/v1/refunds", times=EVERY_ATTEMPT)
    run_jobs()
    assert Refund.objects.get().status == "pending"
    run_jobs(minutes=10)
    assert Refund.objects.get().status == "succeeded"
    assert len(stripe.api.refunds.list({"payment_intent": intent_id(payment)}).data) == 1
    assert Invoice.objects.filter(kind="credit_note").count() == 1


def test_the_answer_to_a_question_is_lost(payment, stripe):
    stripe.confirm(payment)
    path = f"/v1/payment_intents/{intent_id(payment)}"
    stripe.fail("lost_answer", method="GET", path=path, times=EVERY_ATTEMPT)
    run_jobs()
    assert Booking.objects.get().status == "pending"
    run_jobs(minutes=10)
    assert Booking.objects.get().status == "confirmed"


@pytest.fixture
def three_payments(me, book, showtime, seats, stripe):
    """Paid, each for a booking of its own, and no webhook told of them."""
    for seat in (seats[0], seats[2], seats[5]):
        booking = book(me, showtime, [seat]).json()
        stripe.confirm(me.post("/api/payments/", {"booking": booking["reference"]}).json())


def test_all_are_confirmed_in_one_round(three_payments):
    run_jobs()
    assert set(Booking.objects.values_list("status", flat=True)) == {"confirmed"}


def test_more_than_a_handful_are_confirmed_in_one_round(three_payments, monkeypatch):
    claim = Payment.objects.none().claim.__func__
    monkeypatch.setattr(claim, "__defaults__", (2,))
    run_jobs()
    assert set(Booking.objects.values_list("status", flat=True)) == {"confirmed"}


def test_who_has_had_enough_is_asked_once_and_not_before_they_say(three_payments, stripe):
    stripe.fail("rate_limited", seconds=40)
    before = timezone.now()
    run_jobs()
    assert set(Booking.objects.values_list("status", flat=True)) == {"pending"}
    waits = [at - before for at in Payment.objects.values_list("next_try_at", flat=True)]
    assert min(waits) >= timedelta(seconds=40)
    assert len(set(waits)) == 3
    run_jobs(seconds=30)
    assert set(Booking.objects.values_list("status", flat=True)) == {"pending"}
    run_jobs(seconds=75)
    assert set(Booking.objects.values_list("status", flat=True)) == {"confirmed"}


def test_whoever_is_away_is_asked_less_and_less(payment, stripe, settings):
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    gateway.connect.cache_clear()
    waits = []
    now = timezone.now()
    for _ in range(5):
        with time_machine.travel(now, tick=False):
            call_command("run_jobs", once=True)
        after = Payment.objects.get().next_try_at
        waits.append(after - now)
        now = after
    assert waits == sorted(waits)
    assert waits[0] <= timedelta(seconds=25)
    assert timedelta(minutes=2) < waits[-1] <= timedelta(minutes=8)


def test_a_payment_that_has_just_begun_is_not_asked_about(me, booking, stripe, settings):
    settings.ASK_STRIPE_AFTER = 120
    stripe.confirm(me.post("/api/payments/", {"booking": booking["reference"]}).json())
    run_jobs(seconds=60)
    assert Booking.objects.get().status == "pending"
    run_jobs(seconds=121)
    assert Booking.objects.get().status == "confirmed"
