"""
Given a payment that was declined, then paid, and given back in Stripe's dashboard, when its events
come in any order, however often, and an older one says that it was cancelled, then all ends the
same.
"""

from itertools import permutations

import pytest
from django.core.management import call_command

from bookings.models import Booking
from bookings.promises import broken_promises
from payments.models import Invoice, Payment, Refund, Stray, WebhookEvent

from .stripe_wire import intent_id

pytestmark = pytest.mark.django_db
FAILED, SUCCEEDED, CANCELED = (
    f"payment_intent.{what}" for what in ("payment_failed", "succeeded", "canceled")
)
REFUNDED = ["refund.created", "charge.refunded"]
KINDS = [FAILED, SUCCEEDED, *REFUNDED]


@pytest.fixture
def story(payment, stripe):
    """One event of each of KINDS, and an older word of the intent being cancelled."""
    stripe.confirm(payment, "pm_card_chargeDeclined")
    stripe.confirm(payment)
    stripe.refund_in_dashboard(payment, 900)
    by_kind = {event["type"]: event for event in stripe.story(payment)}
    events = {kind: by_kind[kind] for kind in KINDS}
    declined = events[FAILED]
    cancelled = declined["data"]["object"] | {"status": "canceled"}
    events[CANCELED] = declined | {
        "id": "evt_never",
        "type": CANCELED,
        "data": {"object": cancelled},
    }
    return events


def check_the_end():
    payment = Payment.objects.get()
    assert payment.status == "succeeded"
    assert payment.honoured_at
    assert not payment.failure
    assert Booking.objects.get().status == "confirmed"
    refund = Refund.objects.get()
    assert (refund.amount, refund.reason, refund.status) == (9, "dashboard", "succeeded")
    totals = {invoice.kind: invoice.total for invoice in Invoice.objects.all()}
    assert totals == {"invoice": 22, "credit_note": -9}
    assert not Payment.objects.owed_back().exists()
    assert not Stray.objects.exists()
    assert not WebhookEvent.objects.failed().exists()
    assert broken_promises() == []


@pytest.mark.parametrize(
    "order", list(permutations(["failed", "succeeded", "canceled", "refunded"])), ids="-".join
)
def test_any_order_ends_the_same(story, stripe, order):
    # Of the two that tell of the refund, now one comes first, now the other.
    refunded = REFUNDED if order[0] < order[1] else REFUNDED[::-1]
    told_by = {"failed": [FAILED], "succeeded": [SUCCEEDED], "canceled": [CANCELED]}
    kinds = [kind for what in order for kind in (told_by | {"refunded": refunded})[what]]
    for number in range(2):
        for kind in kinds:
            again = story[kind] | {"id": f"{story[kind]['id']}{number}"}
            assert stripe.deliver(again).status_code == 200
            assert broken_promises() == []
    call_command("run_jobs", once=True)
    check_the_end()


def test_all_twice_backwards(story, stripe):
    for kind in [*reversed(KINDS), *KINDS]:
        for number in range(2):
            again = story[kind] | {"id": f"{story[kind]['id']}{number}"}
            assert stripe.deliver(again).status_code == 200
    call_command("run_jobs", once=True)
    check_the_end()


def test_the_refund_alone_is_a_reason_to_look(story, stripe):
    assert stripe.deliver(story["charge.refunded"]).status_code == 200
    call_command("run_jobs", once=True)
    check_the_end()


def test_a_declined_card_told_of_after_it_worked_shows_nothing(me, story, stripe, payment):
    stripe.deliver(story[SUCCEEDED])
    stripe.deliver(story[FAILED])
    assert me.get(f"/api/payments/{payment['id']}/").json()["failure"] == ""


def test_the_fee_that_a_charge_is_updated_with_is_no_reason_to_ask(payment, stripe):
    stripe.pay(payment)
    for event in stripe.events("charge.updated", intent_id(payment)):
        assert stripe.deliver(event).status_code == 200
    assert Payment.objects.get().charge_changed_at is None
