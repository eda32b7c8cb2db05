"""PaymentIntents as the unmodified SDK gets them: made, changed, cancelled and paid."""

import time

import pytest
import stripe

from tests.test_stripe_emulator_process import eventually, shared_emulator


@pytest.fixture
def emulator():
    return shared_emulator()


@pytest.fixture
def intents(emulator):
    return emulator.stripe.v1.payment_intents


def test_a_new_intent_waits_for_a_payment_method(emulator, intents):
    intent = emulator.intent(
        metadata={"booking": "B7K2", "seats": "A1, A2"}, receipt_email="a@b.de"
    )
    assert intent.status == "requires_payment_method"
    assert (intent.amount, intent.currency, intent.amount_received) == (1250, "eur", 0)
    assert intent.client_secret.startswith(f"{intent.id}_secret_")
    again = intents.retrieve(intent.id)
    assert again.metadata.to_dict() == {"booking": "B7K2", "seats": "A1, A2"}
    assert again.receipt_email == "a@b.de"


def test_an_unknown_intent_is_a_404_that_says_so(intents):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        intents.retrieve("pi_nobody")
    error = caught.value
    assert (error.http_status, error.code, error.param) == (404, "resource_missing", "intent")
    assert error.user_message == "No such payment_intent: 'pi_nobody'"
    assert error.request_id.startswith("req_")


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"currency": "eur"}, "parameter_missing", "amount"),
        ({"amount": "1000"}, "parameter_missing", "currency"),
        ({"amount": "12.50", "currency": "eur"}, "parameter_invalid_integer", "amount"),
        ({"amount": "-1", "currency": "eur"}, "parameter_invalid_integer", "amount"),
        ({"amount": "0", "currency": "eur"}, "parameter_invalid_integer", "amount"),
        ({"amount": "", "currency": "eur"}, "parameter_invalid_empty", "amount"),
        ({"amount": "49", "currency": "eur"}, "amount_too_small", "amount"),
        ({"amount": "49", "currency": "jpy"}, "amount_too_small", "amount"),
        ({"amount": "100000000", "currency": "usd"}, "amount_too_large", "amount"),
        ({"amount": "1501", "currency": "kwd"}, "parameter_invalid_integer", "amount"),
        ({"amount": "1000", "currency": "gold"}, None, "currency"),
        ({"amount": "1000", "currency": "eur", "seat": "A1"}, "parameter_unknown", "seat"),
        (
            {"amount": "1000", "currency": "eur", "payment_method_types[]": "card"},
            "parameter_unknown",
            "payment_method_types",
        ),
        (
            {"amount": "1000", "currency": "eur", "automatic_payment_methods[on]": "true"},
            "parameter_unknown",
            "automatic_payment_methods[on]",
        ),
        ({"amount": "1000", "currency": "eur", "confirm": "yes"}, None, "confirm"),
        ({"amount": "1000", "currency": "eur", "hooks[x]": "y"}, None, "hooks"),
        (
            {"amount": "1000", "currency": "eur", "transfer_data[x]": "y"},
            "parameter_unknown",
            "transfer_data[x]",
        ),
        (
            {"amount": "1000", "currency": "eur", "receipt_email": "x"},
            "email_invalid",
            "receipt_email",
        ),
        ({"amount": "1000", "currency": "eur", "description": "x" * 1001}, None, "description"),
        ({"amount": "1000", "currency": "eur", "metadata": "x"}, None, "metadata"),
        (
            {"amount": "1000", "currency": "eur", "payment_method": "pm_nobody"},
            "resource_missing",
            "payment_method",
        ),
        ({"amount": "1000", "currency": "eur", "expand[]": "customer"}, None, "expand"),
        ({"amount": "1000", "currency": "eur", "return_url": "http://a"}, None, "return_url"),
    ],
)
def test_a_wrong_parameter_is_a_400_that_names_it(emulator, params, code, param):
    before = emulator.http("GET", "/v1/payment_intents", {"limit": "1"}).json()
    answer = emulator.http("POST", "/v1/payment_intents", params)
    error = answer.json()["error"]
    assert answer.status_code == 400
    assert (error["type"], error.get("code"), error["param"]) == (
        "invalid_request_error",
        code,
        param,
    )
    assert emulator.http("GET", "/v1/payment_intents", {"limit": "1"}).json() == before


@pytest.mark.parametrize(
    ("metadata", "param"),
    [
        ({f"k{n}": "v" for n in range(51)}, "metadata"),
        ({"k" * 41: "v"}, "metadata"),
        ({"k": "v" * 501}, "metadata[k]"),
        ({"k": {"deeper": "v"}}, "metadata[k]"),
    ],
)
def test_metadata_has_limits(emulator, metadata, param):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        emulator.intent(metadata=metadata)
    assert caught.value.param == param


def test_metadata_keys_are_merged_removed_one_by_one_and_all_at_once(emulator, intents):
    intent = emulator.intent(metadata={"a": "1", "b": "2"})
    changed = intents.update(intent.id, {"metadata": {"b": "", "c": "3"}})
    assert changed.metadata.to_dict() == {"a": "1", "c": "3"}
    assert intents.update(intent.id, {"metadata": ""}).metadata.to_dict() == {}


def test_an_open_intent_can_be_changed_and_a_paid_one_only_in_words(emulator, intents):
    intent = intents.update(emulator.intent().id, {"amount": 2500, "description": "3 seats"})
    assert (intent.amount, intent.description) == (2500, "3 seats")
    paid = emulator.paid()
    assert intents.update(paid.id, {"description": "later"}).description == "later"
    with pytest.raises(stripe.InvalidRequestError) as caught:
        intents.update(paid.id, {"amount": 1})
    assert caught.value.code == "payment_intent_unexpected_state"
    assert intents.retrieve(paid.id).amount == 1250


@pytest.mark.parametrize("method", [None, "pm_card_visa"])
def test_an_unpaid_intent_can_be_cancelled_once(emulator, intents, method):
    intent = emulator.intent(**({"payment_method": method} if method else {}))
    canceled = intents.cancel(intent.id, {"cancellation_reason": "abandoned"})
    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "abandoned")
    assert abs(canceled.canceled_at - time.time()) < 5
    with pytest.raises(stripe.InvalidRequestError) as caught:
        intents.cancel(intent.id)
    assert caught.value.code == "payment_intent_unexpected_state"
    assert "it has a status of canceled" in caught.value.user_message


def test_cancelling_a_paid_intent_shows_it_inside_the_error(emulator, intents):
    intent = emulator.paid()
    with pytest.raises(stripe.InvalidRequestError) as caught:
        intents.cancel(intent.id)
    error = caught.value.error
    assert caught.value.http_status == 400
    assert error.code == "payment_intent_unexpected_state"
    assert (error.payment_intent.id, error.payment_intent.status) == (intent.id, "succeeded")


@pytest.mark.parametrize("method", ["pm_card_visa", "pm_card_mastercard"])
def test_a_good_card_pays(emulator, intents, method):
    intent = intents.confirm(emulator.intent().id, {"payment_method": method})
    assert (intent.status, intent.amount_received) == ("succeeded", 1250)
    charge = emulator.stripe.v1.charges.retrieve(intent.latest_charge)
    assert (charge.status, charge.paid, charge.captured) == ("succeeded", True, True)
    assert charge.payment_method_details.card.brand == method.removeprefix("pm_card_")


def test_an_intent_can_be_created_and_paid_in_one_call(emulator):
    intent = emulator.paid(expand=["latest_charge", "payment_method"])
    assert intent.status == "succeeded"
    assert intent.latest_charge.payment_intent == intent.id
    assert intent.latest_charge.payment_method == intent.payment_method.id


def test_the_balance_transaction_arrives_a_little_later(emulator, intents):
    intent = emulator.paid(expand=["latest_charge"])
    assert intent.capture_method == "automatic_async"
    assert intent.latest_charge.balance_transaction is None
    path = "latest_charge.balance_transaction"
    booked = eventually(
        lambda: intents.retrieve(intent.id, {"expand": [path]}).latest_charge.balance_transaction
    )
    assert booked.amount == 1250
    synchronous = emulator.paid(capture_method="automatic", expand=["latest_charge"])
    assert synchronous.latest_charge.balance_transaction.startswith("txn_")


@pytest.mark.parametrize(
    ("method", "code", "decline_code"),
    [
        ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"),
    ],
)
def test_a_bad_card_is_declined_and_another_may_be_tried(
    emulator, intents, method, code, decline_code
):
    intent = emulator.intent()
    with pytest.raises(stripe.CardError) as caught:
        intents.confirm(intent.id, {"payment_method": method})
    error = caught.value.error
    assert caught.value.http_status == 402
    assert (error.type, error.code, error.decline_code) == ("card_error", code, decline_code)
    assert error.payment_intent.id == intent.id
    after = intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    assert (after.status, after.payment_method) == ("requires_payment_method", None)
    assert after.last_payment_error.decline_code == decline_code
    assert after.last_payment_error.charge == error.charge == after.latest_charge.id
    assert (after.latest_charge.status, after.amount_received) == ("failed", 0)
    paid = intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert (paid.status, paid.last_payment_error) == ("succeeded", None)


def test_a_declined_payment_made_in_one_call_leaves_the_intent(emulator, intents):
    with pytest.raises(stripe.CardError) as caught:
        emulator.intent(confirm=True, payment_method="pm_card_chargeDeclined")
    left = intents.retrieve(caught.value.error.payment_intent.id)
    assert left.status == "requires_payment_method"


@pytest.mark.parametrize(
    "method",
    [
        "pm_card_authenticationRequired",
        "pm_card_threeDSecure2Required",
        "pm_card_authenticationRequiredOnSetup",
    ],
)
def test_some_cards_want_3d_secure_first(emulator, intents, method):
    intent = intents.confirm(
        emulator.intent().id,
        {"payment_method": method, "return_url": "https://cinema.example/back"},
    )
    assert (intent.status, intent.latest_charge) == ("requires_action", None)
    assert intent.next_action.type == "redirect_to_url"
    assert intent.next_action.redirect_to_url.return_url == "https://cinema.example/back"
    assert intent.next_action.redirect_to_url.url.startswith(f"{emulator.url}/pay/{intent.id}/")
    assert intents.cancel(intent.id).next_action is None


def test_3d_secure_cannot_be_asked_for_while_the_customer_is_away(emulator, intents):
    with pytest.raises(stripe.CardError) as caught:
        intents.confirm(
            emulator.intent().id,
            {"payment_method": "pm_card_authenticationRequired", "off_session": True},
        )
    assert caught.value.code == "authentication_required"


def test_an_intent_without_a_card_cannot_be_confirmed(emulator, intents):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        intents.confirm(emulator.intent().id)
    assert caught.value.code == "payment_intent_unexpected_state"
    assert intents.confirm(emulator.intent(payment_method="pm_card_visa").id).status == "succeeded"


@pytest.mark.parametrize("state", ["succeeded", "canceled"])
def test_a_closed_intent_cannot_be_confirmed(emulator, intents, state):
    intent = emulator.paid() if state == "succeeded" else intents.cancel(emulator.intent().id)
    answer = emulator.confirm(intent, "pm_card_visa")
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "payment_intent_unexpected_state")
    assert error["payment_intent"]["status"] == state
