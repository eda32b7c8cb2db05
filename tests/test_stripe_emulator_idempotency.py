"""The same request twice, one after the other or at once."""

import pytest
import stripe

from stripe_emulator.errors import KeyInUse
from stripe_emulator.idempotency import Answer, Ledger
from tests.test_stripe_emulator_process import shared_emulator, together


@pytest.fixture
def emulator():
    return shared_emulator()


@pytest.fixture
def intents(emulator):
    return emulator.stripe.v1.payment_intents


def test_the_same_key_and_request_get_the_first_answer_again(emulator):
    headers = {"Idempotency-Key": "booking-1"}
    form = {"amount": "900", "currency": "eur", "metadata[a]": "1"}
    first = emulator.http("POST", "/v1/payment_intents", form, headers=headers)
    again = emulator.http("POST", "/v1/payment_intents", form, headers=headers)
    assert again.content == first.content
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Original-Request"] == first.headers["Request-Id"]
    assert again.headers["Request-Id"] != first.headers["Request-Id"]


def test_a_key_used_with_other_parameters_is_refused(emulator):
    headers = {"Idempotency-Key": "booking-2"}
    form = {"amount": "900", "currency": "eur"}
    emulator.http("POST", "/v1/payment_intents", form, headers=headers)
    form["amount"] = "901"
    answer = emulator.http("POST", "/v1/payment_intents", form, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "idempotency_error"
    assert "with the same parameters" in answer.json()["error"]["message"]


def test_a_key_used_at_another_endpoint_is_refused(emulator, intents):
    first, second = emulator.intent(), emulator.intent()
    headers = {"Idempotency-Key": "cancel"}
    path = "/v1/payment_intents/{}/cancel"
    assert emulator.http("POST", path.format(first.id), headers=headers).status_code == 200
    answer = emulator.http("POST", path.format(second.id), headers=headers)
    assert answer.status_code == 400
    assert "for the same endpoint" in answer.json()["error"]["message"]
    assert intents.retrieve(second.id).status == "requires_payment_method"


def test_the_sdk_gets_a_stored_decline_again(emulator, intents):
    intent = emulator.intent()
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            intents.confirm(
                intent.id,
                {"payment_method": "pm_card_chargeDeclined"},
                {"idempotency_key": f"pay-{intent.id}"},
            )
    assert len(emulator.stripe.v1.charges.list({"payment_intent": intent.id}).data) == 1


def test_a_request_refused_before_it_began_may_be_put_right_under_the_same_key(emulator):
    headers = {"Idempotency-Key": "booking-3"}
    wrong = {"amount": "10", "currency": "eur"}
    assert emulator.http("POST", "/v1/payment_intents", wrong, headers=headers).status_code == 400
    right = {"amount": "1000", "currency": "eur"}
    assert emulator.http("POST", "/v1/payment_intents", right, headers=headers).status_code == 200


def test_the_same_key_many_times_at_once_does_the_work_once(emulator):
    headers = {"Idempotency-Key": "all-at-once"}
    form = {"amount": "777", "currency": "eur", "customer": "cus_at_once"}

    def send(_):
        return emulator.http("POST", "/v1/payment_intents", form, headers=headers)

    answers = together(16, send)
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert len({a.json()["id"] for a in answers if a.status_code == 200}) == 1
    made = emulator.http("GET", "/v1/payment_intents", {"customer": "cus_at_once"}).json()
    assert len(made["data"]) == 1
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["error"]["code"] == "idempotency_key_in_use"
            assert answer.headers["Stripe-Should-Retry"] == "true"


def test_the_sdk_waits_out_a_key_in_use(emulator):
    params = {"amount": 778, "currency": "eur"}
    options = {"idempotency_key": "waited-out"}
    made = together(8, lambda _: emulator.sdk().v1.payment_intents.create(params, options).id)
    assert len(set(made)) == 1


def test_a_key_is_in_use_until_its_work_is_done():
    ledger = Ledger()
    assert ledger.begin("key", "/v1/refunds", "asked") is None
    with pytest.raises(KeyInUse):
        ledger.begin("key", "/v1/refunds", "asked")
    answer = Answer(200, b"{}", "req_1")
    ledger.finish("key", answer)
    assert ledger.begin("key", "/v1/refunds", "asked") == answer
