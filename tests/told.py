"""What a customer knows of a booking, and what they find when they look again."""

import json
from decimal import Decimal

from rest_framework.test import APIClient

# What becomes of a booking that is looked at again.
LATER = {
    "pending": {"pending", "confirmed", "expired", "cancelled"},
    "expired": {"expired", "confirmed"},
    "confirmed": {"confirmed", "cancelled"},
    "cancelled": {"cancelled"},
}


class Told:
    """A booking as its customer knows it, and what they were told of it before."""

    def __init__(self, who, shown):
        self.who, self.reference, self.last = who, shown["reference"], shown
        self.asked = {line["seat"] for line in shown["lines"] if line["seat"]}
        self.address = f"/api/bookings/{self.reference}/"
        self.client = APIClient(headers={"Access-Key": shown["access_key"]})
        self.payments: dict[str, dict] = {}
        self.gave_back: set[str] = set()
        self.gave_up = False

    def look(self) -> dict:
        self.last = self.client.get(self.address).json()
        return self.last

    def check(self):
        """Nothing that was promised is taken back, unless the customer wanted that."""
        before = self.last
        self.look()
        assert self.last["status"] in LATER[before["status"]]
        assert self.gave_up or self.last["status"] != "cancelled" or before["status"] == "cancelled"
        for ticket in self.last["tickets"]:
            wanted = "void" if ticket["code"] in self.gave_back else "valid"
            assert ticket["status"] == wanted
        for name in ("lines", "total", "currency"):
            assert self.last[name] == before[name], "the price was frozen"

    @property
    def seats(self) -> set[int]:
        """Those that the booking has, as its customer was told last."""
        if self.last["status"] == "pending":
            return self.asked
        return {one["seat"]["id"] for one in self.last["tickets"] if one["status"] == "valid"}

    def is_paid_at(self, stripe) -> bool:
        return self.money_at(stripe) > 0

    def money_at(self, stripe) -> Decimal:
        """What Stripe took for the booking and has not given back."""
        cents = 0
        for payment in self.payments.values():
            intent = stripe.intent_of(payment)
            refunds = stripe.api.refunds.list({"payment_intent": intent.id}).data
            cents += intent.amount_received - sum(one.amount for one in refunds)
        return Decimal(cents) / 100

    def events(self, stripe) -> list[dict]:
        """What Stripe has said or will say about it, the newest first."""
        intents = [
            payment["client_secret"].split("_secret_")[0] for payment in self.payments.values()
        ]
        found = stripe.api.events.list({"limit": 40}).to_dict()["data"] if intents else []
        return [one for one in found if any(intent in json.dumps(one) for intent in intents)]
