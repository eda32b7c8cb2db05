"""
Given an endpoint that anybody can post to, when what comes is not Stripe's, then it is a 400 that
leaves a line in the log and a count, and nothing else.
"""

import json
import logging
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from payments.models import Payment, RefusedWebhook, Stray, WebhookEvent

from .stripe_wire import WEBHOOK

pytestmark = pytest.mark.django_db
NOW = "now"


@pytest.fixture
def event(payment, stripe):
    """A payment that went through, not told of yet."""
    stripe.confirm(payment)
    [event] = stripe.events("payment_intent.succeeded", payment["client_secret"].split("_s")[0])
    return event


@pytest.fixture
def refused(caplog):
    """Look that an answer is a 400 for the reason `why`, and what is left of it."""

    def check(answer, why):
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["code"] == "bad_webhook"
        assert not WebhookEvent.objects.exists()
        assert not Stray.objects.exists()
        assert not Payment.objects.exclude(status="open").exists()
        [counted] = RefusedWebhook.objects.all()
        assert (counted.why, counted.count) == (why, 1)
        lines = [r for r in caplog.records if r.name == "payments.views"]
        assert [line.levelno for line in lines] == [logging.WARNING]

    return check


def test_another_secret(stripe, event, refused):
    refused(stripe.deliver(event, secret="whsec_wrong"), "wrong_secret")


@pytest.mark.parametrize(
    ("shift", "why"), [(-302, "too_old"), (-86400, "too_old"), (302, "from_the_future")]
)
def test_another_time(stripe, event, refused, shift, why):
    refused(stripe.deliver(event, timestamp=int(time.time()) + shift), why)


@pytest.mark.parametrize("shift", [-290, 290])
def test_a_clock_that_is_a_little_off_is_good(stripe, event, shift):
    answer = stripe.deliver(event, timestamp=int(time.time()) + shift)
    assert answer.status_code == 200
    assert not RefusedWebhook.objects.exists()


@pytest.mark.parametrize(
    "signature", ["", "t=", "nonsense", "t=x,v1=y", "v1=abc", "t=1,v1=é", "é", "t=1e9,v1=a"]
)
def test_a_signature_that_is_none(stripe, event, refused, signature):
    refused(stripe.deliver(event, signature=signature), "malformed")


@pytest.mark.parametrize("signature", ["t=1", "t=1,v1=", "t=1,v0=abc", "t=1=2,v1=0"])
def test_a_signature_that_signs_nothing(stripe, event, refused, signature):
    answer = stripe.deliver(event, signature=signature)
    refused(answer, "malformed" if "1=2" in signature else "wrong_secret")


def test_an_old_signature_with_a_new_time_beside_it(stripe, event, refused):
    body = json.dumps(event)
    old = stripe.sign(body, timestamp=int(time.time()) - 400)
    refused(stripe.deliver_raw(body, signature=f"{old},t={int(time.time())}"), "too_old")


def test_a_body_that_was_changed_on_its_way(stripe, event, refused):
    body = json.dumps(event)
    refused(stripe.deliver_raw(body + " ", signature=stripe.sign(body)), "wrong_secret")


@pytest.mark.parametrize("body", [b"\xff\xfe{}", b'{"id": "\xc3\x28"}', b"\x80"])
def test_a_body_that_is_not_utf8(stripe, refused, body):
    refused(stripe.deliver_raw(body), "malformed")


@pytest.mark.parametrize(
    "body",
    [
        *("", "[]", "{}", "null", "1", '"x"', "{", '{"id": 1}', '{"id": "", "type": ""}'),
        *("[" * 50_000, '{"a":' * 900 + "1" + "}" * 900, "NaN", "[1e999]"),
    ],
    ids=lambda body: body[:12],
)
def test_a_signed_body_that_is_no_event(stripe, refused, body):
    refused(stripe.deliver_raw(body), "no_event")


@pytest.mark.parametrize(
    "odd",
    ["NaN", "Infinity", "1e999", '"\\ud800"', '"\\u0000"', "[" * 100 + "]" * 100, "9" * 5000],
    ids=lambda odd: odd[:8],
)
def test_a_signed_event_that_cannot_be_kept(stripe, event, refused, odd):
    body = json.dumps(event).replace('"payment_intent"', odd, 1)
    refused(stripe.deliver_raw(body), "no_event")


@pytest.mark.parametrize(
    "change",
    [
        *({"id": None}, {"id": "e" * 256}, {"type": 5}, {"data": []}, {"data": {}}),
        *({"data": {"object": []}}, {"data": None}),
    ],
    ids=str,
)
def test_a_signed_event_of_another_shape(stripe, event, refused, change):
    refused(stripe.deliver(event | change), "no_event")


@pytest.mark.parametrize("amount", [10**30, -(10**30), 10**11, 1e30])
@pytest.mark.parametrize("about", ["payment_intent", "refund", "dispute"])
def test_more_money_than_there_is(stripe, event, refused, about, amount):
    it = event["data"]["object"] | {"object": about, "id": "pi_no", "amount": amount}
    refused(stripe.deliver(event | {"data": {"object": it}}), "no_event")


@pytest.mark.parametrize("mode", [True, None, "false", 0])
def test_an_event_of_the_other_mode(stripe, event, refused, mode):
    refused(stripe.deliver(event | {"livemode": mode}), "other_mode")


def test_a_test_event_while_our_key_is_live(stripe, event, refused, settings):
    settings.STRIPE_SECRET_KEY = "sk_live_x"
    refused(stripe.deliver(event), "other_mode")


def test_more_than_a_mebibyte(stripe, event, refused):
    refused(stripe.deliver(event | {"padding": "x" * 1024 * 1024}), "too_large")


@pytest.mark.django_db(transaction=True)
def test_bytes_as_they_come_over_a_socket(live_server, event, stripe):
    """No client of ours is between, which would refuse to send them."""

    def post(body: bytes, signature: bytes) -> int:
        line = HTTPConnection(urlsplit(live_server.url).netloc, timeout=20)
        line.putrequest("POST", WEBHOOK)
        line.putheader("Content-Length", str(len(body)))
        line.putheader("Stripe-Signature", signature)
        line.endheaders(body)
        return line.getresponse().status

    body = json.dumps(event).encode()
    good = stripe.sign(body).encode()
    assert post(body, good + b"\xff") == 400
    assert post(body, "t=1,v1=é".encode()) == 400
    assert post(b"\xff\xfe{}", stripe.sign(b"\xff\xfe{}").encode()) == 400
    assert post(b"\x00", stripe.sign(b"\x00").encode()) == 400
    assert not WebhookEvent.objects.exists()
    assert post(body, good) == 200
    assert Payment.objects.get().honoured_at


def test_each_reason_is_counted_by_day(stripe, event):
    for _ in range(3):
        stripe.deliver(event, secret="whsec_wrong")
    stripe.deliver_raw("[]")
    counts = dict(RefusedWebhook.objects.values_list("why", "count"))
    assert counts == {"wrong_secret": 3, "no_event": 1}
