"""How refunds go on: the bank's reference arrives, pending ones finish, some fail later.

https://docs.stripe.com/refunds#failed-refunds and https://docs.stripe.com/refunds#tracing-refunds
"""

from stripe_emulator import balance, charges, events
from stripe_emulator.clock import agenda
from stripe_emulator.errors import InvalidRequest
from stripe_emulator.store import random_id, store

SECONDS_UNTIL_REFERENCE = 0.5
SECONDS_UNTIL_FINISHED = 3
FAILURES = (
    "charge_for_pending_refund_disputed",
    "declined",
    "expired_or_canceled_card",
    "insufficient_funds",
    "lost_or_stolen_card",
    "merchant_request",
    "unknown",
)
# Where a refund may go from where it is. A succeeded one may still come back from the bank.
NEXT = {
    "pending": ("succeeded", "failed", "requires_action"),
    "requires_action": ("pending", "succeeded", "failed", "canceled"),
    "succeeded": ("failed", "pending", "requires_action"),
}
LOST = ("failed", "canceled")
BANK_TRANSFERS = {"sepa_debit": "eu_bank_transfer", "us_bank_account": "us_bank_transfer"}


def foresee(refund, how):
    """Put on the agenda what becomes of a refund by itself (see `cards.Card.refunds`)."""
    if how == "later":
        agenda.after(SECONDS_UNTIL_FINISHED, _finish_later, refund["id"], "succeeded", None)
        return
    agenda.after(SECONDS_UNTIL_REFERENCE, _reference_arrives, refund["id"])
    if how == "fail":
        reason = "expired_or_canceled_card"
        agenda.after(SECONDS_UNTIL_FINISHED, _finish_later, refund["id"], "failed", reason)


def finish(refund, status, cause, *, failure_reason=None):
    """Take a refund on to `status`; money that never arrived is ours again.

    Raises InvalidRequest if a refund does not go there from where it is.
    """
    if status not in NEXT.get(refund["status"], ()):
        raise InvalidRequest(f"A refund does not go from {refund['status']} to {status}.")
    before = {"status": refund["status"]}
    refund["status"] = status
    refund.pop("pending_reason", None)
    if status == "pending":
        refund["pending_reason"] = "processing"
    if status in LOST:
        _give_back(refund, failure_reason or "unknown")
    tell(refund, before, cause)
    if status == "failed":
        events.record("refund.failed", refund, cause)


def tell(refund, before, cause):
    """A refund has changed: the events of today and of yesteryear."""
    events.record("refund.updated", refund, cause, previously=before)
    events.record("charge.refund.updated", refund, cause, previously=before)


def destination(kind):
    """Where the money of a refund goes, before the bank has given it a reference."""
    if kind in BANK_TRANSFERS:
        name = BANK_TRANSFERS[kind]
        return {name: {"reference": None, "reference_status": "pending"}, "type": name}
    card = {
        "reference_status": "pending",
        "reference_type": "acquirer_reference_number",
        "type": "refund",
    }
    return {"card": card, "type": "card"}


def _give_back(refund, failure_reason):
    returned = balance.book_refund_failure(refund)
    refund.update(failure_balance_transaction=returned["id"], failure_reason=failure_reason)
    charges.note_refund_undone(store.charges.find(refund["charge"]), refund["amount"])


def _finish_later(refund_id, status, failure_reason):
    with store.acting_for(refund_id):
        refund = store.refunds.get(refund_id, param="refund")
        if status in NEXT.get(refund["status"], ()):
            finish(refund, status, events.AUTOMATIC, failure_reason=failure_reason)
            if status == "succeeded":
                agenda.after(SECONDS_UNTIL_REFERENCE, _reference_arrives, refund_id)


def _reference_arrives(refund_id):
    with store.acting_for(refund_id):
        refund = store.refunds.get(refund_id, param="refund")
        if refund["status"] != "succeeded":
            return
        before = refund["destination_details"]
        kind = before["type"]
        known = {"reference": random_id("7", 22), "reference_status": "available"}
        refund["destination_details"] = {kind: {**before[kind], **known}, "type": kind}
        tell(refund, {"destination_details": before}, events.AUTOMATIC)
