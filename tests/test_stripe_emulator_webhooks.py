"""Webhooks: a real receiver gets them, the SDK checks their signatures."""

import time

import pytest
import stripe

from tests.test_stripe_emulator_process import (
    PUBLISHABLE_KEY,
    WEBHOOK_SECRET,
    Receiver,
    eventually,
    running_emulator,
)


@pytest.fixture(scope="module")
def shop():
    return Receiver()


@pytest.fixture(scope="module")
def emulator(shop):
    with running_emulator(EMULATOR_WEBHOOK_URL=shop.url) as emulator:
        yield emulator


@pytest.fixture
def receiver(shop, emulator):
    """The shop's endpoint with an empty inbox, answering 200."""
    eventually(lambda: not undelivered(emulator))
    shop.received.clear()
    shop.answers.clear()
    shop.seconds_to_answer = 0
    return shop


def undelivered(emulator):
    params = {"delivery_success": "false", "limit": "100"}
    return emulator.http("GET", "/v1/events", params).json()["data"]


def one(receiver, kind):
    events = eventually(lambda: [event for event in receiver.events() if event.type == kind])
    assert len(events) == 1
    return events[0]


def test_a_paid_intent_is_told_in_order(emulator, receiver):
    intent = emulator.paid()
    expected = [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "charge.updated",
    ]
    eventually(lambda: len(receiver.received) >= len(expected))
    assert receiver.types(intent.id) == expected


def test_an_event_says_what_stripe_says(emulator, receiver):
    intent = emulator.stripe.v1.payment_intents.create(
        {"amount": 990, "currency": "eur", "metadata": {"booking": "B7"}},
        {"idempotency_key": "told-once"},
    )
    event = one(receiver, "payment_intent.created")
    assert (event.object, event.livemode, event.pending_webhooks) == ("event", False, 1)
    assert event.api_version == stripe.api_version == "2026-10-28.endive"
    assert event.request.id == intent.last_response.request_id
    assert event.request.idempotency_key == "told-once"
    assert event.data.object.id == intent.id
    assert event.data.object.metadata["booking"] == "B7"
    assert abs(event.created - time.time()) < 5
    retrieved = eventually(
        lambda: (e := emulator.stripe.v1.events.retrieve(event.id)).pending_webhooks == 0 and e
    )
    assert retrieved.type == event.type


def test_a_signature_holds_for_its_secret_its_body_and_its_time_only(emulator, receiver):
    emulator.intent()
    eventually(lambda: receiver.received)
    _, headers, body = receiver.received[0]
    header = headers["Stripe-Signature"]
    assert stripe.Webhook.construct_event(body, header, WEBHOOK_SECRET)
    at = int(header.split(",")[0].removeprefix("t="))
    ours = stripe.WebhookSignature.generate_signature_header(
        payload=body.decode(), secret=WEBHOOK_SECRET, timestamp=at
    )
    assert header == ours
    for changed_body, secret, changed_header in [
        (body, "whsec_other", header),
        (body.replace(b"1250", b"1"), WEBHOOK_SECRET, header),
        (body, WEBHOOK_SECRET, header.replace(f"t={at}", f"t={at - 1}")),
    ]:
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(changed_body, changed_header, secret)


def test_a_declined_payment_is_told(emulator, receiver):
    intent = emulator.intent()
    emulator.confirm(intent, "pm_card_chargeDeclined")
    event = one(receiver, "payment_intent.payment_failed")
    assert event.data.object.last_payment_error.code == "card_declined"
    assert receiver.types(intent.id) == [
        "payment_intent.created",
        "charge.failed",
        "payment_intent.payment_failed",
    ]


def test_3d_secure_and_a_cancellation_are_told(emulator, receiver):
    intent = emulator.intent()
    emulator.confirm(intent, "pm_card_authenticationRequired")
    emulator.stripe.v1.payment_intents.cancel(intent.id)
    event = one(receiver, "payment_intent.canceled")
    assert event.data.object.status == "canceled"
    assert receiver.types(intent.id)[1:] == [
        "payment_intent.requires_action",
        "payment_intent.canceled",
    ]


def test_what_a_customer_does_is_told_whole_and_not_in_the_public_form(emulator, receiver):
    intent = emulator.intent(metadata={"booking": "B8"})
    emulator.http(
        "POST",
        f"/v1/payment_intents/{intent.id}/confirm",
        {"payment_method": "pm_card_visa", "client_secret": intent.client_secret},
        key=PUBLISHABLE_KEY,
    )
    event = one(receiver, "payment_intent.succeeded")
    assert event.data.object.metadata["booking"] == "B8"
    assert event.data.object.amount_received == 1250


def test_a_refund_is_told_with_what_changed(emulator, receiver):
    intent = emulator.paid()
    refund = emulator.stripe.v1.refunds.create({"payment_intent": intent.id, "amount": 200})
    assert one(receiver, "refund.created").data.object.id == refund.id
    charge = one(receiver, "charge.refunded")
    assert charge.data.object.amount_refunded == 200
    assert charge.data.previous_attributes.to_dict() == {"amount_refunded": 0}
    updated = one(receiver, "refund.updated")
    assert updated.data.object.destination_details.card.reference_status == "available"
    assert updated.request.id is None


def test_a_failed_delivery_is_tried_again_until_it_is_taken(emulator, receiver):
    receiver.answers = [500, 302]
    intent = emulator.intent()
    eventually(lambda: len(receiver.received) == 3)
    times = [at for at, _, _ in receiver.received]
    assert len({event.id for event in receiver.events()}) == 1
    assert times[1] - times[0] > 0.9
    assert times[2] - times[1] > 1.9
    stamps = [headers["Stripe-Signature"].split(",")[0] for _, headers, _ in receiver.received]
    assert len(set(stamps)) == 3
    eventually(lambda: not undelivered(emulator))
    page = emulator.http("GET", "/", key=None).text
    assert intent.id in page
    assert "delivered" in page
    lines = [line for line in emulator.lines if receiver.events()[0].id in line]
    assert [result in line for result, line in zip(["500", "302", "200"], lines, strict=True)] == [
        True
    ] * 3
    time.sleep(0.3)
    assert len(receiver.received) == 3


def test_a_slow_receiver_makes_no_api_call_wait(emulator, receiver):
    receiver.seconds_to_answer = 3
    started = time.monotonic()
    for _ in range(3):
        emulator.intent()
    assert time.monotonic() - started < 2.9
    receiver.seconds_to_answer = 0
    assert eventually(lambda: len(receiver.received) == 3)


def test_a_receiver_that_is_down_gets_it_when_it_is_back():
    down = Receiver()
    down.server.shutdown()
    down.server.server_close()
    with running_emulator(EMULATOR_WEBHOOK_URL=down.url) as emulator:
        intent = emulator.paid()
        assert eventually(lambda: [line for line in emulator.lines if "refused" in line])
        assert intent.status == "succeeded"
        assert undelivered(emulator)
        back = Receiver(port=down.server.server_port)
        assert eventually(lambda: "payment_intent.succeeded" in back.types(intent.id))
