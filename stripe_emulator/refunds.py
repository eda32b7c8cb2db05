"""Refunds: all or part of a charge given back. https://docs.stripe.com/api/refunds

How they go on by themselves, or as a control wants it, is in `refund_outcomes.py`.
"""

from stripe_emulator import (
    balance,
    charges,
    connect,
    disputes,
    events,
    lists,
    metadata,
    parameters,
    refund_outcomes,
)
from stripe_emulator.clock import timestamp
from stripe_emulator.currencies import spoken
from stripe_emulator.errors import InvalidRequest
from stripe_emulator.payment_methods import instrument_of
from stripe_emulator.store import random_id, store

REASONS = ("duplicate", "fraudulent", "requested_by_customer")
WHAT = {
    "amount": parameters.integer(at_least=1),
    "charge": parameters.text(5000),
    "payment_intent": parameters.text(5000),
    "reason": parameters.choice(*REASONS),
}
CREATING = {
    **WHAT,
    "metadata": metadata.changes,
    "refund_application_fee": parameters.boolean,
    "reverse_transfer": parameters.boolean,
}
NOT_EMULATED = ("currency", "customer", "instructions_email", "origin")


def create(call):
    read = parameters.read(call.params, CREATING, not_emulated=NOT_EMULATED)
    return make(read, metadata.merged({}, read.get("metadata", {})), call.cause)


def make(read, pairs, cause):
    """The refund that `read` describes, with `pairs` as metadata. Raises InvalidRequest."""
    charge = charge_named(read)
    connect.check_return(charge, read)
    refund = _new(charge, _refundable(charge, read.get("amount")), read.get("reason"), pairs)
    if read.get("reverse_transfer"):
        connect.reverse_transfer(refund, charge, cause)
    if read.get("refund_application_fee"):
        connect.refund_fee(refund, charge, cause)
    store.refunds.put(refund)
    refund["balance_transaction"] = balance.book_refund(refund)["id"]
    events.record("refund.created", refund, cause)
    charges.note_refund(charge, refund["amount"], cause)
    refund_outcomes.foresee(refund, _instrument(charge).refunds)
    return refund


def retrieve(call, refund_id):
    parameters.read(call.params, {})
    return store.refunds.get(refund_id, param="refund")


def update(call, refund_id):
    read = parameters.read(call.params, {"metadata": metadata.changes})
    refund = store.refunds.get(refund_id, param="refund")
    before = {"metadata": refund["metadata"]}
    refund["metadata"] = metadata.merged(refund["metadata"], read.get("metadata", {}))
    refund_outcomes.tell(refund, before, call.cause)
    return refund


def cancel(call, refund_id):
    parameters.read(call.params, {})
    refund = store.refunds.get(refund_id, param="refund")
    if refund["status"] != "requires_action":
        raise InvalidRequest(
            f"You cannot cancel this refund because it has a status of {refund['status']}. Only a "
            "refund with the status requires_action may be canceled."
        )
    refund_outcomes.finish(refund, "canceled", call.cause, failure_reason="merchant_request")
    return refund


def listing(call):
    return lists.page(call, store.refunds, equal=("charge", "payment_intent"))


def charge_named(read):
    """The succeeded charge that `read` names, itself or by its intent."""
    if "payment_intent" not in read and "charge" not in read:
        raise InvalidRequest(
            "One of the following params should be provided for this request: payment_intent or "
            "charge."
        )
    charge = store.charges.get(read["charge"], param="id") if "charge" in read else None
    intent_id = read.get("payment_intent") or charge["payment_intent"]
    intent = store.payment_intents.get(intent_id, param="payment_intent")
    charge = charge or store.charges.find(intent["latest_charge"])
    if charge is None or charge["status"] != "succeeded":
        raise InvalidRequest(
            f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
        )
    if charge["payment_intent"] != intent["id"]:
        raise InvalidRequest(
            f"Charge {charge['id']} does not belong to PaymentIntent {intent['id']}.",
            param="charge",
        )
    return charge


def _refundable(charge, amount):
    """`amount`, or all that is left. Raises InvalidRequest when less than that is left."""
    if disputes.stands_against(charge):
        raise InvalidRequest(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.",
            code="charge_disputed",
        )
    if not charge["captured"]:
        raise InvalidRequest(
            f"Charge {charge['id']} has not been captured. Cancel its PaymentIntent instead."
        )
    left = charge["amount"] - charge["amount_refunded"]
    if not left:
        raise InvalidRequest(
            f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded"
        )
    if amount is not None and amount > left:
        asked, rest = (spoken(number, charge["currency"]) for number in (amount, left))
        raise InvalidRequest(
            f"Refund amount ({asked}) is greater than unrefunded amount on charge ({rest})",
            param="amount",
        )
    return left if amount is None else amount


def _instrument(charge):
    return instrument_of(store.payment_methods.find(charge["payment_method"]))


def _new(charge, amount, reason, pairs):
    instrument = _instrument(charge)
    is_late = instrument.refunds == "later"
    return {
        "id": random_id("re_3" if instrument.kind == "card" else "pyr_3"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": timestamp(),
        "currency": charge["currency"],
        "customer": charge["customer"],
        "customer_account": None,
        "destination_details": refund_outcomes.destination(instrument.kind),
        "metadata": pairs,
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "pending" if is_late else "succeeded",
        "transfer_reversal": None,
        **({"pending_reason": "processing"} if is_late else {}),
    }
