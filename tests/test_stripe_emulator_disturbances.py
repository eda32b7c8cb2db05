"""Webhooks that go astray on request, at a real receiver."""

import time

import pytest
import requests
import stripe

from tests.test_stripe_emulator_process import (
    SECRET_KEY,
    WEBHOOK_SECRET,
    Receiver,
    eventually,
    running_emulator,
)


@pytest.fixture(scope="module")
def shop():
    return Receiver()


@pytest.fixture(scope="module")
def running(shop):
    with running_emulator(EMULATOR_WEBHOOK_URL=shop.url) as emulator:
        yield emulator


@pytest.fixture
def emulator(running, shop):
    eventually(lambda: settled(running))
    shop.received.clear()
    yield running
    running.control("reset")


def settled(emulator):
    deliveries = state(emulator)["deliveries"]
    return not deliveries.get("pending") and not deliveries.get("held")


def state(emulator):
    return requests.get(emulator.url + "/_emulator/", auth=(SECRET_KEY, "")).json()


def newest(emulator, kind):
    return emulator.stripe.v1.events.list({"type": kind, "limit": 1}).data[0]


PAID = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "charge.updated"]


def test_a_dropped_webhook_never_comes_and_the_event_is_still_known(emulator, shop):
    emulator.control("disturbances", do="drop", type="payment_intent.succeeded")
    intent = emulator.paid()
    eventually(lambda: "charge.updated" in shop.types(intent.id))
    assert shop.types(intent.id) == [kind for kind in PAID if kind != "payment_intent.succeeded"]
    event = newest(emulator, "payment_intent.succeeded")
    assert (event.data.object.id, event.pending_webhooks) == (intent.id, 1)
    again = emulator.paid()
    assert eventually(lambda: "payment_intent.succeeded" in shop.types(again.id))


def test_every_webhook_may_be_dropped(emulator, shop):
    emulator.control("disturbances", do="drop", times=1000)
    intent = emulator.paid()
    time.sleep(0.8)
    assert shop.types(intent.id) == []
    assert state(emulator)["deliveries"]["dropped"] >= 4


def test_a_webhook_comes_many_times_at_once(emulator, shop):
    shop.seconds_to_answer = 0.3
    emulator.control("disturbances", do="double", type="payment_intent.succeeded", copies=8)
    intent = emulator.paid()
    assert eventually(lambda: shop.types(intent.id).count("payment_intent.succeeded") == 8)
    shop.seconds_to_answer = 0
    copies = [event for event in shop.events() if event.type == "payment_intent.succeeded"]
    assert len({event.id for event in copies}) == 1
    at = [when for when, _, body in shop.received if b'"payment_intent.succeeded"' in body]
    assert max(at) - min(at) < 1.5


def test_a_webhook_comes_late(emulator, shop):
    emulator.control("disturbances", do="delay", type="payment_intent.succeeded", seconds=3600)
    intent = emulator.paid()
    eventually(lambda: "charge.updated" in shop.types(intent.id))
    assert "payment_intent.succeeded" not in shop.types(intent.id)
    assert state(emulator)["deliveries"]["delayed"] == 1
    emulator.control("clock", advance=3601)
    assert eventually(lambda: "payment_intent.succeeded" in shop.types(intent.id))


def test_webhooks_come_in_the_opposite_order(emulator, shop):
    emulator.control("disturbances", do="reorder", times=3)
    intent = emulator.paid()
    eventually(lambda: len(shop.types(intent.id)) == 4)
    assert [kind for kind in shop.types(intent.id) if kind != "charge.updated"] == PAID[2::-1]


@pytest.mark.parametrize("order", ["forward", "backward", "chosen"])
def test_webhooks_are_held_back_until_they_are_released(emulator, shop, order):
    emulator.control("disturbances", do="hold", times=100)
    intent = emulator.paid(capture_method="automatic")
    held = state(emulator)["disturbances"][0]["held"]
    assert len(held) == 3
    assert shop.types(intent.id) == []
    how = (
        {"events": [held[1], held[2], held[0], held[1]]} if order == "chosen" else {"order": order}
    )
    released = emulator.control("disturbances/release", **how)["released"]
    eventually(lambda: len(shop.about(intent.id)) == len(released))
    assert [event.id for event in shop.about(intent.id)] == released
    expected = {
        "forward": PAID[:3],
        "backward": PAID[2::-1],
        "chosen": [PAID[1], PAID[2], PAID[0], PAID[1]],
    }
    assert shop.types(intent.id) == expected[order]


def test_a_disturbance_may_be_about_one_payment_only(emulator, shop):
    spared, meant = emulator.intent(), emulator.intent()
    emulator.control("disturbances", do="drop", about=meant.id, times=100)
    for intent in (meant, spared):
        emulator.confirm(intent, "pm_card_visa")
    assert eventually(lambda: "payment_intent.succeeded" in shop.types(spared.id))
    assert shop.types(meant.id) == ["payment_intent.created"]


def test_a_webhook_may_speak_another_api_version(emulator, shop):
    emulator.control("disturbances", do="version", api_version="2020-08-27")
    intent = emulator.intent()
    eventually(lambda: shop.types(intent.id))
    assert [event.api_version for event in shop.about(intent.id)] == ["2020-08-27"]
    assert newest(emulator, "payment_intent.created").api_version == stripe.api_version


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_signature_may_be_of_another_time(emulator, shop, seconds):
    emulator.control("disturbances", do="skew", seconds=seconds)
    emulator.intent()
    eventually(lambda: shop.received)
    _, headers, body = shop.received[0]
    header = headers["Stripe-Signature"]
    signed_at = int(header.split(",")[0].removeprefix("t="))
    assert abs(signed_at - time.time() - seconds) < 5
    assert stripe.WebhookSignature.verify_header(body.decode(), header, WEBHOOK_SECRET)


def test_signatures_keep_to_the_machines_time_when_the_clock_is_moved(emulator, shop):
    emulator.control("clock", advance=86400)
    emulator.intent()
    eventually(lambda: shop.received)
    assert newest(emulator, "payment_intent.created").created > time.time() + 80_000


def test_an_event_is_sent_again_by_its_id(emulator, shop):
    intent = emulator.intent()
    eventually(lambda: shop.types(intent.id))
    event = newest(emulator, "payment_intent.created")
    emulator.control(f"events/{event.id}/deliver", copies=3)
    assert eventually(lambda: len(shop.types(intent.id)) == 4)
    # As `stripe events resend` asks for it.
    answer = emulator.http("POST", f"/v1/events/{event.id}/retry", {"for_stripecli": "true"})
    assert answer.json()["id"] == event.id
    assert eventually(lambda: len(shop.types(intent.id)) == 5)


def test_disturbances_can_be_taken_back_and_what_was_held_goes_out(emulator, shop):
    emulator.control("disturbances", do="hold", times=100)
    intent = emulator.intent()
    assert emulator.http("DELETE", "/_emulator/disturbances").json() == {"disturbances": []}
    assert eventually(lambda: shop.types(intent.id) == ["payment_intent.created"])


def test_webhooks_go_where_a_control_says():
    with running_emulator(STRIPE_WEBHOOK_SECRET="") as emulator:
        emulator.intent()
        late = Receiver()
        emulator.control("endpoint", url=late.url, secret=WEBHOOK_SECRET)
        intent = emulator.intent()
        assert eventually(lambda: late.types(intent.id) == ["payment_intent.created"])
        emulator.control("endpoint", url="")
        emulator.intent()
        time.sleep(0.3)
        assert len(late.received) == 1
