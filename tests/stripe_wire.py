"""Stripe as the tests meet it: the emulator, a process of its own, and webhooks that it signs."""

import json
import os
import re
import subprocess
import sys
import urllib.parse
import urllib.request

import stripe
from django.conf import settings

WEBHOOK = "/api/payments/webhook/"


def start_emulator() -> tuple[subprocess.Popen, str]:
    """The emulator on a free port, delivering nothing by itself, and its address."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "stripe_emulator"],
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ
        | {
            "EMULATOR_PORT": "0",
            "EMULATOR_WEBHOOK_URL": "",
            "STRIPE_SECRET_KEY": settings.STRIPE_SECRET_KEY,
            "STRIPE_PUBLISHABLE_KEY": settings.STRIPE_PUBLISHABLE_KEY,
        },
    )
    for line in process.stdout:
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            return process, found[0]
    raise RuntimeError("The emulator did not start.")


class StripeWire:
    """What a customer does at Stripe, and what Stripe says to us."""

    def __init__(self, address: str, client):
        self.address = address
        self.client = client
        self.api = stripe.StripeClient(
            settings.STRIPE_SECRET_KEY, base_addresses={"api": address}
        ).v1

    def confirm(self, payment: dict, card: str = "pm_card_visa") -> dict:
        """Pay as Stripe.js does: with the client secret and the publishable key."""
        secret = payment["client_secret"]
        intent = secret.split("_secret_")[0]
        form = {
            "client_secret": secret,
            "key": payment["publishable_key"],
            "payment_method": card,
        }
        request = urllib.request.Request(
            f"{self.address}/v1/payment_intents/{intent}/confirm",
            data=urllib.parse.urlencode(form).encode(),
        )
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refusal:
            return json.load(refusal)

    def intent_of(self, payment: dict):
        return self.api.payment_intents.retrieve(payment["client_secret"].split("_secret_")[0])

    def events(self, kind: str, about: str = "") -> list[dict]:
        """The events of a type that the emulator has made, the newest first."""
        found = self.api.events.list({"type": kind, "limit": 100}).to_dict()["data"]
        return [event for event in found if not about or about in json.dumps(event)]

    def deliver(self, event: dict, **how):
        """Send `event` to us as Stripe does: raw, and signed with the endpoint's secret."""
        return self.deliver_raw(json.dumps(event), **how)

    def deliver_raw(self, body, *, secret=None, timestamp=None, signature=None, client=None):
        """Send any body; signed properly unless told otherwise."""
        if signature is None:
            text = body if isinstance(body, str) else body.decode("latin-1")
            signature = stripe.WebhookSignature.generate_signature_header(
                text, secret or settings.STRIPE_WEBHOOK_SECRETS[0], timestamp
            )
        return (client or self.client).post(
            WEBHOOK,
            data=body,
            content_type="application/json",
            headers={"Stripe-Signature": signature},
        )

    def pay(self, payment: dict):
        """Pay with a good card, and let the webhook come."""
        self.confirm(payment)
        intent = payment["client_secret"].split("_secret_")[0]
        [event] = self.events("payment_intent.succeeded", intent)
        return self.deliver(event)
