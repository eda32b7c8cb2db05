"""
Given a Stripe that does whatever it is asked and says so too late, when nobody but the jobs asks
again, then every booking ends as it would have, and no money moves twice.
"""

import inspect
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from bookings.models import Booking
from payments import gateway
from payments.models import Invoice, Payment, Refund

from .stripe_wire import intent_id

INTENTS, REFUNDS, DISPUTES = "/v1/payment_intents", "/v1/refunds", "/v1/disputes"
# What each function of the gateway asks.
CALLS = {
    "create_intent": ("POST", INTENTS),
    "find_intent": ("GET", f"{INTENTS}/*"),
    "cancel_intent": ("POST", f"{INTENTS}/*/cancel"),
    "capture_intent": ("POST", f"{INTENTS}/*/capture"),
    "send_refund": ("POST", REFUNDS),
    "find_refund": ("GET", f"{REFUNDS}/*"),
    "refunds_of": ("GET", REFUNDS),
    "disputes_of": ("GET", DISPUTES),
}
# These only look, for `reconcile_stripe`.
LOOKS = {"intents_since": INTENTS, "refunds_since": REFUNDS, "disputes_since": DISPUTES}
NO_CALLS = {"has_signed", "is_live", "connect"}


@pytest.fixture
def times_out(stripe, monkeypatch):
    """Let the next call go on for longer than we wait."""
    monkeypatch.setattr(gateway, "TIMEOUT", 1)
    monkeypatch.setattr(gateway, "ATTEMPTS_AGAIN", 0)
    gateway.connect.cache_clear()

    def go(method, path):
        stripe.fail("slow_answer", method=method, path=path, seconds=3)

    return go


def run_jobs(*minutes):
    """One round after each of so many minutes from now."""
    for after in minutes:
        with time_machine.travel(timezone.now() + timedelta(minutes=after)):
            call_command("run_jobs", once=True)


@pytest.fixture
def start_to_pay(book, me, showtime, seats):
    """Hold a seat and ask for its payment until there is an answer; how often that was."""
    me.raise_request_exception = False

    def go(place):
        booking = book(me, showtime, [seats[place]]).json()
        for asked in range(1, 5):
            answer = me.post("/api/payments/", {"booking": booking["reference"]})
            if answer.status_code == 201:
                return booking, answer.json(), asked
            assert (answer.status_code, answer["Retry-After"]) == (503, "5")
        raise AssertionError("Stripe does not come back")

    return go


@pytest.fixture
def set_aside(start_to_pay, stripe):
    """A booking whose money the bank has set aside, which somebody asked for by hand."""
    booking, payment, _ = start_to_pay(0)
    intent = stripe.api.payment_intents.create(
        {
            **{"amount": 1100, "currency": "eur", "capture_method": "manual", "confirm": True},
            **{"payment_method": "pm_card_visa", "return_url": "https://example.com"},
            "metadata": {"payment": payment["id"], "booking": booking["reference"]},
        }
    )
    Payment.objects.update(stripe_intent=intent.id)
    return booking


def test_every_call_times_out_and_the_jobs_bring_all_right(
    set_aside, start_to_pay, times_out, me, stripe
):
    for call in CALLS.values():
        times_out(*call)
    paid, payment, asked = start_to_pay(1)
    assert asked > 1
    stripe.confirm(payment, "pm_card_pendingRefund")
    left, forgotten, _ = start_to_pay(2)
    run_jobs(1, 3, 5, 7, 9)
    assert status_of(set_aside) == status_of(paid) == "confirmed"

    me.post(f"/api/bookings/{paid['reference']}/cancel/", {})
    kept = Payment.objects.get(booking__reference=set_aside["reference"])
    stripe.control("refunds", payment_intent=kept.stripe_intent, amount=300)
    Payment.objects.filter(pk=kept.pk).charge_changed()
    run_jobs(12, 16, 21, 27)
    stripe.wait(5)
    run_jobs(33, 39, 46, 53)

    assert stripe.faults() == []
    assert [status_of(one) for one in (set_aside, paid, left)] == [
        *("confirmed", "cancelled", "expired")
    ]
    assert stripe.intent_of(forgotten).status == "canceled"
    assert sorted(Refund.objects.values_list("amount", "status")) == [
        (Decimal(3), "succeeded"),
        (Decimal(11), "succeeded"),
    ]
    for intent in (intent_id(payment), kept.stripe_intent):
        assert len(stripe.api.refunds.list({"payment_intent": intent}).data) == 1
    assert Payment.objects.count() == 3
    assert sorted(one.total for one in Invoice.objects.all()) == [-11, -3, 11, 11]


def status_of(booking) -> str:
    return Booking.objects.get(reference=booking["reference"]).status


@pytest.mark.parametrize("path", LOOKS.values(), ids=LOOKS)
def test_books_that_cannot_be_compared_are_not_said_to_differ(payment, stripe, times_out, path):
    stripe.pay(payment)
    times_out("GET", path)
    with pytest.raises(CommandError) as error:
        call_command("reconcile_stripe", "--since", "2026-01-01")
    assert error.value.returncode == 2


def test_no_call_is_left_out():
    functions = {
        name
        for name, function in vars(gateway).items()
        if getattr(function, "__module__", "") == gateway.__name__
        and not name.startswith("_")
        and not inspect.isclass(function)
    }
    assert functions == {*CALLS, *LOOKS, *NO_CALLS}
