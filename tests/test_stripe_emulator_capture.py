"""Money that is only held back at first: manual capture."""

import pytest
import stripe

from tests.test_stripe_emulator_process import shared_emulator


@pytest.fixture
def emulator():
    emulator = shared_emulator()
    yield emulator
    emulator.control("reset")


@pytest.fixture
def intents(emulator):
    return emulator.stripe.v1.payment_intents


def held(emulator, **params):
    return emulator.paid(capture_method="manual", expand=["latest_charge"], **params)


def told(emulator, intent_id):
    found = emulator.stripe.v1.events.list({"limit": 100}).to_dict()["data"][::-1]
    about = [event for event in found if intent_id in str(event["data"]["object"])]
    return [event["type"] for event in about]


def test_the_money_is_held_back_and_then_taken(emulator, intents):
    intent = held(emulator)
    assert (intent.status, intent.amount_capturable, intent.amount_received) == (
        "requires_capture",
        1250,
        0,
    )
    charge = intent.latest_charge
    assert (charge.status, charge.paid, charge.captured) == ("succeeded", True, False)
    assert charge.balance_transaction is None
    taken = intents.capture(intent.id, {"expand": ["latest_charge.balance_transaction"]})
    assert (taken.status, taken.amount_capturable, taken.amount_received) == ("succeeded", 0, 1250)
    assert taken.latest_charge.captured
    assert taken.latest_charge.balance_transaction.net == 1250 - 66
    assert told(emulator, intent.id) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.amount_capturable_updated",
        "charge.captured",
        "payment_intent.succeeded",
    ]


def test_less_may_be_taken_and_the_rest_is_let_go(emulator, intents):
    intent = held(emulator)
    taken = intents.capture(intent.id, {"amount_to_capture": 1000, "expand": ["latest_charge"]})
    assert (taken.amount, taken.amount_received) == (1250, 1000)
    charge = taken.latest_charge
    assert (charge.amount_captured, charge.amount_refunded, charge.refunded) == (1000, 250, False)
    assert emulator.stripe.v1.refunds.create({"payment_intent": intent.id}).amount == 1000


@pytest.mark.parametrize("amount", [1251, 0])
def test_more_than_is_held_or_nothing_cannot_be_taken(emulator, intents, amount):
    intent = held(emulator)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        intents.capture(intent.id, {"amount_to_capture": amount})
    assert caught.value.param == "amount_to_capture"
    assert intents.retrieve(intent.id).status == "requires_capture"


@pytest.mark.parametrize("paid", [True, False])
def test_only_what_is_held_can_be_taken(emulator, intents, paid):
    intent = emulator.paid() if paid else emulator.intent()
    with pytest.raises(stripe.InvalidRequestError) as caught:
        intents.capture(intent.id)
    assert caught.value.code == "payment_intent_unexpected_state"


def test_what_is_held_is_not_refunded_but_let_go_by_cancelling(emulator, intents):
    intent = held(emulator)
    with pytest.raises(stripe.InvalidRequestError, match="has not been captured"):
        emulator.stripe.v1.refunds.create({"payment_intent": intent.id})
    canceled = intents.cancel(intent.id, {"expand": ["latest_charge"]})
    assert (canceled.status, canceled.amount_capturable) == ("canceled", 0)
    assert canceled.latest_charge.refunded
    assert told(emulator, intent.id)[-2:] == ["charge.refunded", "payment_intent.canceled"]


def test_what_is_never_taken_is_lost_after_a_week(emulator, intents):
    intent = held(emulator)
    emulator.control("clock", advance=7 * 24 * 3600 + 5)
    lost = intents.retrieve(intent.id)
    assert (lost.status, lost.cancellation_reason) == ("canceled", "automatic")
    assert "charge.expired" in told(emulator, intent.id)
