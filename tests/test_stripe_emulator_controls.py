"""The emulator's controls: for whoever holds its test key, and the clock that they move."""

import json
import time

import pytest
import requests

from tests.test_stripe_emulator_process import (
    PUBLISHABLE_KEY,
    SECRET_KEY,
    command,
    eventually,
    shared_emulator,
)


@pytest.fixture
def emulator():
    emulator = shared_emulator()
    yield emulator
    emulator.control("reset")


@pytest.mark.parametrize(
    "key",
    [
        None,
        "",
        "sk_live_51Marquee0Secret",
        "rk_live_51Marquee0Secret",
        "sk_test_somebody_elses",
        PUBLISHABLE_KEY,
        SECRET_KEY + "x",
        "é",
    ],
)
@pytest.mark.parametrize("path", ["", "clock", "faults", "reset", "refunds", "nothing"])
def test_without_the_emulators_own_test_key_there_are_no_controls(emulator, key, path):
    headers = {"Authorization": f"Bearer {key}".encode()} if key is not None else {}
    for method in ("GET", "POST", "DELETE"):
        answer = requests.request(
            method, f"{emulator.url}/_emulator/{path}", headers=headers, json={}, timeout=30
        )
        assert answer.status_code == 404
        assert "Unrecognized request URL" in answer.text
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("key", ["sk_live_abc", "rk_live_abc", "sk_prod_abc", "somebody's", "sk_"])
def test_the_emulator_does_not_start_with_a_key_that_is_no_test_key(key):
    process = command(STRIPE_SECRET_KEY=key)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "STRIPE_SECRET_KEY is " in output
    assert key == "sk_" or key not in output


def test_controls_are_taken_as_json_and_as_forms(emulator):
    url = emulator.url + "/_emulator/faults"
    fault = {"fault": "slow_answer", "seconds": 1, "path": "/v1/nowhere", "should_retry": False}
    as_json = requests.post(url, json=fault, auth=(SECRET_KEY, "")).json()
    as_form = requests.post(url, data={**fault, "should_retry": "false"}, auth=(SECRET_KEY, ""))
    same = {**as_json, "id": as_form.json()["id"]}
    assert as_form.json() == same
    shown = emulator.http("GET", "/_emulator/").json()["faults"]
    assert [fault["path"] for fault in shown] == ["/v1/nowhere"] * 2


@pytest.mark.parametrize(
    ("path", "params", "param"),
    [
        ("faults", {"fault": "earthquake"}, "fault"),
        ("faults", {}, "fault"),
        ("faults", {"fault": "slow_answer"}, "seconds"),
        ("faults", {"fault": "broken", "times": 0}, "times"),
        ("faults", {"fault": "broken", "often": 3}, "often"),
        ("disturbances", {"do": "sing"}, "do"),
        ("disturbances", {"do": "delay"}, "seconds"),
        ("disturbances", {"do": "reorder"}, "times"),
        ("clock", {"advance": -1}, "advance"),
        ("clock", {"advance": 1, "now": 1}, "now"),
        ("clock", {"advance": 10**30}, "advance"),
        ("endpoint", {}, "url"),
        ("endpoint", {"url": "https://elsewhere.example/hook", "secret": "x"}, "url"),
        ("endpoint", {"url": "ftp://127.0.0.1/"}, "url"),
        ("accounts", {"id": "us_1"}, "id"),
        ("payment_intents/pi_nobody/settle", {"outcome": "succeeded"}, "intent"),
        ("refunds", {"payment_intent": "pi_nobody"}, "payment_intent"),
        ("refunds/re_nobody/settle", {"outcome": "failed"}, "refund"),
        ("disputes", {"charge": "ch_nobody"}, "id"),
        ("disputes/du_nobody/decide", {"outcome": "won"}, "dispute"),
    ],
)
def test_a_control_that_is_turned_wrongly_says_what_is_wrong(emulator, path, params, param):
    answer = requests.post(f"{emulator.url}/_emulator/{path}", json=params, auth=(SECRET_KEY, ""))
    assert answer.status_code in (400, 404)
    assert answer.json()["error"]["param"] == param


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff", b'"x"', b"[" * 100_000, b"NaN"])
def test_no_body_makes_a_control_stumble(emulator, body):
    answer = requests.post(
        emulator.url + "/_emulator/faults",
        data=body,
        headers={"Content-Type": "application/json"},
        auth=(SECRET_KEY, ""),
    )
    assert answer.status_code == 400
    assert json.loads(answer.text)["error"]["type"] == "invalid_request_error"


def test_the_clock_moves_what_is_made_and_what_happens(emulator):
    intent = emulator.paid(payment_method="pm_successDelayed_at")
    assert intent.status == "processing"
    emulator.control("clock", advance=179)
    intents = emulator.stripe.v1.payment_intents
    assert intents.retrieve(intent.id).status == "processing"
    emulator.control("clock", advance=2)
    settled = intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    assert settled.status == "succeeded"
    told = emulator.stripe.v1.events.list({"type": "payment_intent.succeeded", "limit": 1}).data[0]
    assert 179 <= told.created - intent.created <= 182
    assert abs(emulator.intent().created - time.time() - 181) < 5


def test_things_happen_at_their_own_time_however_far_the_clock_goes(emulator):
    intent = emulator.paid(payment_method="pm_successDelayed_at")
    emulator.control("clock", advance=30 * 24 * 3600)
    told = emulator.stripe.v1.events.list({"type": "charge.succeeded", "limit": 1}).data[0]
    assert told.data.object.payment_intent == intent.id
    assert 180 <= told.created - intent.created <= 182


def test_a_frozen_clock_stands_still_until_it_is_let_go(emulator):
    emulator.control("clock", freeze=True)
    moment = emulator.control("clock")["now"]
    intent = emulator.paid()
    time.sleep(0.7)
    assert emulator.http("GET", "/_emulator/clock").json() == {
        "now": moment,
        "ahead": pytest.approx(0, abs=1),
        "frozen": True,
    }
    charge = emulator.stripe.v1.charges.retrieve(intent.latest_charge)
    assert charge.balance_transaction is None
    emulator.control("clock", freeze=False)
    assert eventually(
        lambda: emulator.stripe.v1.charges.retrieve(intent.latest_charge).balance_transaction
    )


def test_the_clock_goes_to_a_moment_and_reset_takes_it_back(emulator):
    at = int(time.time()) + 400_000
    emulator.control("clock", now=at)
    assert abs(emulator.intent().created - at) < 3
    emulator.control("reset")
    assert abs(emulator.intent().created - time.time()) < 3


def test_an_idempotency_key_is_forgotten_after_a_day(emulator):
    params = {"amount": 999, "currency": "eur"}
    options = {"idempotency_key": "a-day-old"}
    intents = emulator.stripe.v1.payment_intents
    first = intents.create(params, options)
    emulator.control("clock", advance=23 * 3600)
    assert intents.create(params, options).id == first.id
    emulator.control("clock", advance=3601)
    assert intents.create(params, options).id != first.id
