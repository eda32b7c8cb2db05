"""Bank debits: a payment that is processing first, and settled by the bank later."""

import pytest
import stripe

from tests.test_stripe_emulator_process import eventually, shared_emulator


@pytest.fixture
def emulator():
    emulator = shared_emulator()
    yield emulator
    emulator.control("reset")


@pytest.fixture
def intents(emulator):
    return emulator.stripe.v1.payment_intents


def told(emulator, intent):
    """The types of the events about an intent and its charges, the oldest first."""
    found = emulator.stripe.v1.events.list({"limit": 100}).data[::-1]
    about = (intent.id, intent.latest_charge)
    return [event.type for event in found if event.data.object.id in about]


def test_a_debit_is_processing_until_the_bank_has_the_money(emulator, intents):
    intent = emulator.paid(payment_method="pm_success_at", expand=["latest_charge"])
    assert (intent.status, intent.amount_received) == ("processing", 0)
    assert intent.payment_method_types == ["card", "sepa_debit"]
    charge = intent.latest_charge
    assert charge.id.startswith("py_")
    assert (charge.status, charge.paid, charge.balance_transaction) == ("pending", False, None)
    assert charge.payment_method_details.sepa_debit.last4 == "3201"
    assert eventually(lambda: intents.retrieve(intent.id).status == "succeeded")
    paid = intents.retrieve(intent.id)
    assert paid.amount_received == 1250
    assert told(emulator, paid) == [
        "payment_intent.created",
        "charge.pending",
        "payment_intent.processing",
        "charge.succeeded",
        "payment_intent.succeeded",
    ]


def test_a_debit_may_fail_and_something_else_be_tried(emulator, intents):
    intent = emulator.paid(payment_method="pm_failedDelayed_at")
    assert intent.status == "processing"
    emulator.control("clock", advance=181)
    failed = intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    assert (failed.status, failed.payment_method) == ("requires_payment_method", None)
    assert failed.last_payment_error.code == "payment_method_provider_decline"
    assert failed.last_payment_error.payment_method.type == "sepa_debit"
    assert (failed.latest_charge.status, failed.latest_charge.paid) == ("failed", False)
    paid = intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert paid.status == "succeeded"


@pytest.mark.parametrize(("outcome", "status"), [("succeeded", "succeeded"), ("failed", "failed")])
def test_a_control_says_what_the_bank_says(emulator, intents, outcome, status):
    intent = emulator.intent(
        confirm=True, currency="usd", payment_method="pm_usBankAccount_processing"
    )
    assert intent.status == "processing"
    settled = emulator.control(
        f"payment_intents/{intent.id}/settle", outcome=outcome, failure_code="account_closed"
    )
    charge = emulator.stripe.v1.charges.retrieve(settled["latest_charge"])
    assert charge.status == status
    assert charge.failure_code == (None if outcome == "succeeded" else "account_closed")
    emulator.control("clock", advance=3600)
    assert intents.retrieve(intent.id).status == settled["status"]


def test_settling_what_is_not_processing_is_refused(emulator):
    intent = emulator.paid()
    path = f"/_emulator/payment_intents/{intent.id}/settle"
    answer = emulator.http("POST", path, {"outcome": "failed"})
    assert answer.status_code == 400
    assert "is not processing" in answer.text


def test_what_is_processing_can_neither_be_confirmed_nor_changed_nor_refunded(emulator, intents):
    intent = emulator.paid(payment_method="pm_successDelayed_at")
    for refused in (
        lambda: intents.confirm(intent.id, {"payment_method": "pm_card_visa"}),
        lambda: intents.update(intent.id, {"amount": 5}),
        lambda: intents.capture(intent.id),
        lambda: intents.cancel(intent.id),
    ):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            refused()
        assert caught.value.code == "payment_intent_unexpected_state"
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        emulator.stripe.v1.refunds.create({"payment_intent": intent.id})
    emulator.control("clock", advance=181)
    assert intents.retrieve(intent.id).status == "succeeded"


def test_an_ach_debit_may_still_be_called_back(emulator, intents):
    intent = emulator.intent(
        confirm=True, currency="usd", payment_method="pm_usBankAccount_success"
    )
    assert intents.cancel(intent.id).status == "canceled"
    emulator.control("clock", advance=10)
    after = intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    assert (after.status, after.latest_charge.status) == ("canceled", "failed")


@pytest.mark.parametrize(
    ("currency", "method"), [("usd", "pm_success_at"), ("eur", "pm_usBankAccount_success")]
)
def test_a_bank_account_pays_in_its_own_currency_only(emulator, currency, method):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        emulator.intent(confirm=True, currency=currency, payment_method=method)
    assert caught.value.code == "payment_intent_incompatible_payment_method"


def test_a_customer_pays_with_an_iban_as_stripe_js_sends_it(emulator, intents):
    intent = emulator.intent()
    form = {
        "client_secret": intent.client_secret,
        "payment_method_data[type]": "sepa_debit",
        "payment_method_data[sepa_debit][iban]": "AT32 1904 3002 3547 3204",
        "payment_method_data[billing_details][name]": "Jenny Rosen",
        "payment_method_data[billing_details][email]": "jenny@example.com",
        "mandate_data[customer_acceptance][type]": "online",
    }
    path = f"/v1/payment_intents/{intent.id}/confirm"
    answer = emulator.http("POST", path, form, key="pk_test_51Marquee0Public")
    assert answer.json()["status"] == "processing"
    wrong = {**form, "payment_method_data[sepa_debit][iban]": "AT00"}
    again = emulator.intent()
    answer = emulator.http(
        "POST", path.replace(intent.id, again.id), {**wrong, "client_secret": again.client_secret}
    )
    assert answer.json()["error"]["code"] == "invalid_bank_account_iban"


def test_a_debit_has_its_refund_pending_until_the_bank_has_sent_it(emulator, intents):
    intent = emulator.paid(payment_method="pm_success_at")
    eventually(lambda: intents.retrieve(intent.id).status == "succeeded")
    refund = emulator.stripe.v1.refunds.create({"payment_intent": intent.id, "amount": 50})
    assert (refund.status, refund.destination_details.type) == ("pending", "eu_bank_transfer")
    emulator.control("clock", advance=10)
    assert emulator.stripe.v1.refunds.retrieve(refund.id).status == "succeeded"
