"""Answers that go wrong on request, as the unmodified SDK meets them."""

import time

import pytest
import requests
import stripe

from tests.test_stripe_emulator_process import SECRET_KEY, eventually, shared_emulator

PARAMS = {"amount": 1250, "currency": "eur"}


@pytest.fixture
def emulator():
    emulator = shared_emulator()
    yield emulator
    emulator.control("reset")


def client(emulator, *, retries, timeout=80):
    """The SDK as `payments.gateway` sets it up."""
    return stripe.StripeClient(
        SECRET_KEY,
        base_addresses={"api": emulator.url},
        max_network_retries=retries,
        http_client=stripe.RequestsClient(timeout=timeout),
    ).v1


def made(emulator, customer):
    return emulator.stripe.v1.payment_intents.list({"customer": customer}).data


def test_a_lost_answer_leaves_the_work_done(emulator):
    emulator.control("faults", fault="lost_answer", method="POST", path="/v1/payment_intents")
    params = {**PARAMS, "customer": "cus_lost_answer"}
    with pytest.raises(stripe.APIConnectionError):
        client(emulator, retries=0).payment_intents.create(params)
    assert len(made(emulator, "cus_lost_answer")) == 1


def test_a_lost_request_leaves_nothing_done(emulator):
    emulator.control("faults", fault="lost_request", method="POST", path="/v1/payment_intents")
    params = {**PARAMS, "customer": "cus_lost_request"}
    with pytest.raises(stripe.APIConnectionError):
        client(emulator, retries=0).payment_intents.create(params)
    assert made(emulator, "cus_lost_request") == []


@pytest.mark.parametrize("fault", ["lost_answer", "lost_request", "broken", "broken_answer"])
def test_the_sdks_own_retries_get_over_it_and_do_the_work_once(emulator, fault):
    emulator.control("faults", fault=fault, method="POST", path="/v1/payment_intents", times=2)
    customer = f"cus_{fault}_retried"
    intent = client(emulator, retries=2).payment_intents.create({**PARAMS, "customer": customer})
    assert [known.id for known in made(emulator, customer)] == [intent.id]
    assert emulator.http("GET", "/_emulator/").json()["faults"][0]["hits"] == 2


def test_lost_refunds_are_made_once_whatever_the_sdk_tries(emulator):
    intent = emulator.paid()
    emulator.control("faults", fault="lost_answer", path="/v1/refunds", times=3)
    params = {"payment_intent": intent.id, "amount": 500}
    options = {"idempotency_key": f"refund-{intent.id}"}
    with pytest.raises(stripe.APIConnectionError):
        client(emulator, retries=2).refunds.create(params, options)
    refund = client(emulator, retries=2).refunds.create(params, options)
    known = emulator.stripe.v1.refunds.list({"payment_intent": intent.id}).data
    assert [one.id for one in known] == [refund.id]


def test_a_slow_answer_is_given_up_on_although_the_work_is_done(emulator):
    path = "/v1/payment_intents"
    emulator.control("faults", fault="slow_answer", method="POST", path=path, seconds=3)
    params = {**PARAMS, "customer": "cus_slow"}
    with pytest.raises(stripe.APIConnectionError):
        client(emulator, retries=0, timeout=0.5).payment_intents.create(params)
    assert len(made(emulator, "cus_slow")) == 1


def test_a_slow_request_is_worked_on_after_its_caller_has_given_up(emulator):
    path = "/v1/payment_intents"
    emulator.control("faults", fault="slow_request", method="POST", path=path, seconds=1)
    params = {**PARAMS, "customer": "cus_late"}
    with pytest.raises(stripe.APIConnectionError):
        client(emulator, retries=0, timeout=0.3).payment_intents.create(params)
    assert made(emulator, "cus_late") == []
    assert eventually(lambda: made(emulator, "cus_late"))


def test_slow_answers_keep_nobody_else_waiting(emulator):
    emulator.control("faults", fault="slow_answer", path="/v1/refunds", seconds=5)
    with pytest.raises(requests.Timeout):
        requests.get(emulator.url + "/v1/refunds", auth=(SECRET_KEY, ""), timeout=0.2)
    started = time.monotonic()
    emulator.intent()
    assert time.monotonic() - started < 4


def test_too_many_requests_say_when_to_come_again(emulator):
    emulator.control("faults", fault="rate_limited", seconds=7, path="/v1/payment_intents")
    answer = emulator.http("GET", "/v1/payment_intents")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "7"
    assert "Stripe-Should-Retry" not in answer.headers
    assert answer.json()["error"]["code"] == "rate_limit"
    assert emulator.http("GET", "/v1/payment_intents").status_code == 200


@pytest.mark.parametrize(("should_retry", "hits"), [(True, 2), (False, 1)])
def test_the_sdk_does_as_stripe_advises(emulator, should_retry, hits):
    path = "/v1/payment_intents"
    times = {"fault": "rate_limited", "times": 2, "seconds": 0, "path": path}
    emulator.control("faults", **times, should_retry=should_retry)
    if should_retry:
        client(emulator, retries=2).payment_intents.list()
    else:
        with pytest.raises(stripe.RateLimitError):
            client(emulator, retries=2).payment_intents.list()
    assert emulator.http("GET", "/_emulator/").json()["faults"][0]["hits"] == hits


def test_a_500_is_an_api_error(emulator):
    emulator.control("faults", fault="broken", method="GET", path="/v1/payment_intents/*")
    with pytest.raises(stripe.APIError) as caught:
        client(emulator, retries=0).payment_intents.retrieve(emulator.intent().id)
    assert caught.value.http_status == 500


def test_a_fault_spares_other_methods_other_paths_and_the_first_few(emulator):
    intent = emulator.intent()
    path = f"/v1/payment_intents/{intent.id}"
    emulator.control("faults", fault="broken", method="GET", path=path, after=1, times=2)
    codes = [emulator.http("GET", path).status_code for _ in range(4)]
    assert codes == [200, 500, 500, 200]
    emulator.control("faults", fault="broken", method="GET", path=path)
    assert emulator.http("POST", path).status_code == 200
    assert emulator.http("GET", "/v1/payment_intents").status_code == 200
    assert emulator.http("GET", path).status_code == 500


def test_faults_can_be_taken_back(emulator):
    emulator.control("faults", fault="broken", times=1000)
    assert emulator.http("DELETE", "/_emulator/faults").json() == {"faults": []}
    assert emulator.intent().status == "requires_payment_method"
