"""What tests can make Stripe do to a payment of ours, from a booking's payment to the bank."""

import pytest
import requests
from django.conf import settings

from payments import gateway

pytestmark = pytest.mark.django_db


def kinds(stripe, payment):
    return [event["type"] for event in stripe.story(payment)]


def test_money_is_given_back_at_the_dashboard(payment, stripe):
    assert stripe.pay(payment).status_code == 200
    refund = stripe.refund_in_dashboard(payment, 700)
    assert (refund["amount"], refund["metadata"]) == (700, {})
    assert {"refund.created", "charge.refunded"} <= set(kinds(stripe, payment))
    stripe.settle_refund(refund["id"], "failed", "expired_or_canceled_card")
    assert gateway.find_refund(refund["id"]).failure == "expired_or_canceled_card"
    assert "refund.failed" in kinds(stripe, payment)


def test_a_payment_is_disputed_and_decided(payment, stripe):
    stripe.pay(payment)
    dispute = stripe.dispute(payment)
    stripe.decide_dispute(dispute, "lost")
    told = [kind for kind in kinds(stripe, payment) if kind.startswith("charge.dispute.")]
    assert told == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.closed",
    ]


@pytest.mark.parametrize("outcome", ["succeeded", "failed"])
def test_a_debit_is_settled_by_the_bank(payment, stripe, outcome):
    assert stripe.confirm(payment, "pm_successDelayed_at")["status"] == "processing"
    stripe.settle(payment, outcome)
    settled = gateway.find_intent(payment["client_secret"].split("_secret_")[0])
    assert settled.status == ("succeeded" if outcome == "succeeded" else "requires_payment_method")


def test_time_goes_by_at_stripe_and_stops_doing_so_for_the_next_test(payment, stripe):
    stripe.confirm(payment, "pm_successDelayed_at")
    stripe.wait(200)
    assert "payment_intent.succeeded" in kinds(stripe, payment)
    stripe.reset()
    shown = requests.get(f"{stripe.address}/_emulator/clock", auth=(settings.STRIPE_SECRET_KEY, ""))
    assert abs(shown.json()["ahead"]) < 1


def test_answers_get_lost_and_the_gateway_says_so(payment, stripe):
    intent = payment["client_secret"].split("_secret_")[0]
    stripe.fail("lost_answer", path="/v1/payment_intents/*", times=gateway.ATTEMPTS_AGAIN + 1)
    with pytest.raises(gateway.StripeUnreachable):
        gateway.find_intent(intent)
    assert gateway.find_intent(intent).status == "requires_payment_method"
