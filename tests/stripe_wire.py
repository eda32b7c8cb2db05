"""Stripe as the tests meet it: the emulator, a process of its own, and webhooks that it signs."""

import json
import os
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from collections import deque
from threading import Thread

import requests
import stripe
from django.conf import settings

WEBHOOK = "/api/payments/webhook/"
# Seconds that the SDK waits before it asks again.
stripe.HTTPClient.INITIAL_DELAY = 0.01


def start_emulator(webhook_url: str = "") -> tuple[subprocess.Popen, str]:
    """The emulator on a free port, and its address. Without a URL it delivers nothing by itself."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "stripe_emulator"],
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ
        | {
            "EMULATOR_PORT": "0",
            "EMULATOR_WEBHOOK_URL": webhook_url,
            "STRIPE_WEBHOOK_SECRET": settings.STRIPE_WEBHOOK_SECRETS[0],
            "STRIPE_SECRET_KEY": settings.STRIPE_SECRET_KEY,
            "STRIPE_PUBLISHABLE_KEY": settings.STRIPE_PUBLISHABLE_KEY,
        },
    )
    for line in process.stdout:
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            # What it says is read on: a pipe that is full would stop it.
            Thread(target=deque, args=(process.stdout, 0), daemon=True).start()
            return process, found[0]
    raise RuntimeError("The emulator did not start.")


def intent_id(payment: dict) -> str:
    """The id of the PaymentIntent that our API's answer `payment` is about."""
    return payment["client_secret"].split("_secret_")[0]


class StripeWire:
    """What a customer does at Stripe, and what Stripe says to us."""

    def __init__(self, address: str, client):
        self.address = address
        self.client = client
        self.is_turned = False
        self.api = stripe.StripeClient(
            settings.STRIPE_SECRET_KEY, base_addresses={"api": address}
        ).v1

    def confirm(self, payment: dict, card: str = "pm_card_visa") -> dict:
        """Pay as Stripe.js does: with the client secret and the publishable key."""
        form = {
            "client_secret": payment["client_secret"],
            "key": payment["publishable_key"],
            "payment_method": card,
        }
        request = urllib.request.Request(
            f"{self.address}/v1/payment_intents/{intent_id(payment)}/confirm",
            data=urllib.parse.urlencode(form).encode(),
        )
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refusal:
            return json.load(refusal)

    def intent_of(self, payment: dict):
        return self.api.payment_intents.retrieve(intent_id(payment))

    def control(self, path: str, /, **params) -> dict:
        """Turn one of the emulator's own controls: docs/stripe-emulator.md."""
        self.is_turned = True
        answer = requests.post(
            f"{self.address}/_emulator/{path}",
            json={name: value for name, value in params.items() if value is not None},
            auth=(settings.STRIPE_SECRET_KEY, ""),
            timeout=60,
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def reset(self):
        """No faults and the machine's time, for whoever comes next."""
        if self.is_turned:
            self.control("reset")

    def fail(self, fault: str, **which) -> dict:
        """Let the next requests go wrong: "lost_answer", "broken"; `method`, `path`, `times`."""
        return self.control("faults", fault=fault, **which)

    def faults(self) -> list[dict]:
        """Those that nobody has met yet."""
        answer = requests.get(
            f"{self.address}/_emulator/", auth=(settings.STRIPE_SECRET_KEY, ""), timeout=60
        )
        return [fault for fault in answer.json()["faults"] if fault["left"]]

    def wait(self, seconds: int):
        """Let time go by at Stripe; what falls due there happens."""
        self.control("clock", advance=seconds)

    def settle(self, payment: dict, outcome: str = "succeeded", failure_code: str | None = None):
        """The bank's answer to a payment that is processing."""
        path = f"payment_intents/{intent_id(payment)}/settle"
        return self.control(path, outcome=outcome, failure_code=failure_code)

    def refund_in_dashboard(self, payment: dict, amount: int | None = None) -> dict:
        """Somebody gives money back (`amount` in minor units, or all) without telling us."""
        return self.control("refunds", payment_intent=intent_id(payment), amount=amount)

    def settle_refund(self, refund: str, outcome: str, failure_reason: str | None = None) -> dict:
        """What the bank says of a refund in the end: `refund` is Stripe's id of it."""
        path = f"refunds/{refund}/settle"
        return self.control(path, outcome=outcome, failure_reason=failure_reason)

    def dispute(self, payment: dict, reason: str = "fraudulent", amount: int | None = None):
        """The customer asks the bank for the money back."""
        about = intent_id(payment)
        return self.control("disputes", payment_intent=about, reason=reason, amount=amount)

    def decide_dispute(self, dispute: dict, outcome: str) -> dict:
        """The bank's last word: "won" or "lost" for us."""
        return self.control(f"disputes/{dispute['id']}/decide", outcome=outcome)

    def add_account(self, account: str, transfers: str = "active") -> dict:
        """A connected account that Stripe knows from now on, and may pass money on to, or not."""
        return self.control("accounts", id=account, transfers=transfers)

    def story(self, payment: dict) -> list[dict]:
        """All events about a payment, its charges, refunds and disputes, the oldest first."""
        return [
            event
            for event in reversed(self.events("*"))
            if intent_id(payment) in json.dumps(event["data"]["object"])
        ]

    def events(self, kind: str, about: str = "") -> list[dict]:
        """The events of a type that the emulator has made, the newest first."""
        found = self.api.events.list({"type": kind, "limit": 100}).to_dict()["data"]
        return [event for event in found if not about or about in json.dumps(event)]

    def deliver(self, event: dict, **how):
        """Send `event` to us as Stripe does: raw, and signed with the endpoint's secret."""
        return self.deliver_raw(json.dumps(event), **how)

    def sign(self, body, *, secret=None, timestamp=None) -> str:
        """The header by which Stripe signs `body`."""
        text = body if isinstance(body, str) else body.decode("latin-1")
        return stripe.WebhookSignature.generate_signature_header(
            text, secret or settings.STRIPE_WEBHOOK_SECRETS[0], timestamp
        )

    def deliver_raw(self, body, *, secret=None, timestamp=None, signature=None, client=None):
        """Send any body; signed properly unless told otherwise."""
        if signature is None:
            signature = self.sign(body, secret=secret, timestamp=timestamp)
        return (client or self.client).post(
            WEBHOOK,
            data=body,
            content_type="application/json",
            headers={"Stripe-Signature": signature},
        )

    def pay(self, payment: dict):
        """Pay with a good card, and let the webhook come."""
        self.confirm(payment)
        [event] = self.events("payment_intent.succeeded", intent_id(payment))
        return self.deliver(event)
