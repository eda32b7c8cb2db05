"""Refunds as the unmodified SDK gets them."""

import pytest
import stripe

from tests.test_stripe_emulator_process import shared_emulator


@pytest.fixture
def emulator():
    return shared_emulator()


@pytest.fixture
def intents(emulator):
    return emulator.stripe.v1.payment_intents


@pytest.fixture
def refunds(emulator):
    return emulator.stripe.v1.refunds


def test_a_refund_gives_all_back_once(emulator, refunds, intents):
    intent = emulator.paid()
    refund = refunds.create(
        {
            "payment_intent": intent.id,
            "reason": "requested_by_customer",
            "metadata": {"refund": "R1"},
        }
    )
    assert (refund.status, refund.amount, refund.charge) == (
        "succeeded",
        1250,
        intent.latest_charge,
    )
    charge = intents.retrieve(intent.id, {"expand": ["latest_charge"]}).latest_charge
    assert (charge.refunded, charge.amount_refunded, charge.status) == (True, 1250, "succeeded")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        refunds.create({"payment_intent": intent.id})
    assert (caught.value.http_status, caught.value.code) == (400, "charge_already_refunded")


def test_refunds_in_parts_never_add_up_to_more_than_was_paid(emulator, refunds):
    intent = emulator.paid()
    refunds.create({"charge": intent.latest_charge, "amount": 1000})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        refunds.create({"payment_intent": intent.id, "amount": 251})
    assert caught.value.param == "amount"
    assert caught.value.user_message == (
        "Refund amount (€2.51) is greater than unrefunded amount on charge (€2.50)"
    )
    assert refunds.create({"payment_intent": intent.id}).amount == 250
    assert emulator.stripe.v1.charges.retrieve(intent.latest_charge).refunded


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({}, 400, None),
        ({"payment_intent": "pi_nobody"}, 404, "resource_missing"),
        ({"charge": "ch_nobody"}, 404, "resource_missing"),
        ({"payment_intent": "OPEN"}, 400, None),
        ({"payment_intent": "DECLINED"}, 400, None),
        ({"payment_intent": "PAID", "amount": "0"}, 400, "parameter_invalid_integer"),
        ({"payment_intent": "PAID", "reason": "bored"}, 400, None),
        ({"payment_intent": "PAID", "seats": "2"}, 400, "parameter_unknown"),
        ({"payment_intent": "PAID", "reverse_transfer": "true"}, 400, None),
    ],
)
def test_a_refund_that_cannot_be_is_refused(emulator, params, status, code):
    named = {"OPEN": emulator.intent, "PAID": emulator.paid, "DECLINED": emulator.intent}
    if (state := params.get("payment_intent")) in named:
        intent = named[state]()
        params = {**params, "payment_intent": intent.id}
        if state == "DECLINED":
            emulator.confirm(intent, "pm_card_chargeDeclined")
    answer = emulator.http("POST", "/v1/refunds", params)
    assert (answer.status_code, answer.json()["error"].get("code")) == (status, code)


def test_a_refund_is_found_again_by_its_intent(emulator, refunds):
    intent = emulator.paid()
    refund = refunds.create({"payment_intent": intent.id, "amount": 100, "metadata": {"id": "7"}})
    refunds.create({"payment_intent": emulator.paid().id})
    found = refunds.list({"payment_intent": intent.id}).data
    assert [(r.id, r.metadata["id"]) for r in found] == [(refund.id, "7")]
    assert refunds.update(refund.id, {"metadata": {"id": "8"}}).metadata["id"] == "8"
    assert refunds.retrieve(refund.id, {"expand": ["charge"]}).charge.amount_refunded == 100
