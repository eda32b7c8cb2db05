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
# And of an exchange: one that was not paid in time is done if the money comes after all, and is
# called off by another that takes its place.
LATER_EXCHANGED = {
    "pending": {"pending", "done", "expired", "cancelled"},
    "expired": {"expired", "done", "cancelled"},
    "done": {"done"},
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
        self.exchanges: dict[str, dict] = {}
        self.gave_back: set[str] = set()
        self.called_off: set[str] = set()
        self.gave_up = False

    def look(self) -> dict:
        self.last = self.client.get(self.address).json()
        if self.exchanges:
            shown = self.client.get(f"{self.address}exchange/").json()["results"]
            self.exchanges = {one["id"]: one for one in shown}
        return self.last

    def check(self):
        """Nothing that was promised is taken back, unless the customer wanted that."""
        before, exchanged_before = self.last, self.exchanges
        self.look()
        assert self.last["status"] in LATER[before["status"]]
        assert self.gave_up or self.last["status"] != "cancelled" or before["status"] == "cancelled"
        self.check_exchanges(exchanged_before)
        for ticket in self.last["tickets"]:
            wanted = "void" if ticket["code"] in self.gave_back | self.swapped else "valid"
            assert ticket["status"] == wanted
        for name in ("lines", "total", "currency"):
            assert self.last[name] == before[name], "the price was frozen"

    def check_exchanges(self, before: dict[str, dict]):
        """Each is where it may be, and those that are done, and no others, count."""
        assert set(before) == set(self.exchanges)
        for key, now in self.exchanges.items():
            was = before[key]
            assert now["status"] in LATER_EXCHANGED[was["status"]]
            if key in self.called_off:
                assert now["status"] == "cancelled"
            elif now["status"] == "cancelled":
                assert was["status"] in ("expired", "cancelled"), "nobody wanted that"
            assert now["difference"] == was["difference"], "the price was frozen"
        swaps = [swap for one in self.done() for swap in one["swaps"]]
        assert {swap["new_ticket"] for swap in swaps} <= {
            ticket["code"] for ticket in self.last["tickets"]
        }
        dearer = [Decimal(one["difference"]) for one in self.done() if one["difference"][0] != "-"]
        assert Decimal(self.last["amount_added"]) == sum(dearer)

    def done(self) -> list[dict]:
        return [one for one in self.exchanges.values() if one["status"] == "done"]

    @property
    def waiting(self) -> dict | None:
        """The exchange that waits to be paid, as its customer was told last."""
        return next((one for one in self.exchanges.values() if one["status"] == "pending"), None)

    @property
    def swapped(self) -> set[str]:
        """The codes of tickets that others came for."""
        return {swap["ticket"] for one in self.done() for swap in one["swaps"]}

    @property
    def to_be_paid(self) -> set[int]:
        """The seats that wait for money, or did once."""
        if self.waiting:
            return {swap["new_seat"]["id"] for swap in self.waiting["swaps"]}
        return self.asked

    @property
    def seats(self) -> set[int]:
        """Those that the booking has, as its customer was told last."""
        if self.last["status"] == "pending":
            return self.asked
        held = self.to_be_paid if self.waiting else set()
        return held | {ticket["seat"]["id"] for ticket in self.valid_tickets()}

    def give_back(self, codes: set[str]):
        """Cancel these tickets; an exchange that waits for one of them is called off."""
        self.gave_up = True
        if self.waiting and codes & {swap["ticket"] for swap in self.waiting["swaps"]}:
            self.called_off.add(self.waiting["id"])
        self.gave_back |= codes - self.swapped

    def valid_tickets(self) -> list[dict]:
        return [ticket for ticket in self.last["tickets"] if ticket["status"] == "valid"]

    def waits_for_money(self, stripe) -> bool:
        """Whether it, or an exchange of it, may be paid now, and is not yet."""
        if self.last["status"] != "pending" and not self.waiting:
            return False
        of = self.waiting and self.waiting["id"]
        asked = [payment for payment in self.payments.values() if payment["exchange"] == of]
        return not any(stripe.intent_of(payment).amount_received for payment in asked)

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
