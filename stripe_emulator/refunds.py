"""Refunds: all or part of a charge given back. https://docs.stripe.com/api/refunds"""

from stripe_emulator import balance, charges, events, lists, metadata, parameters
from stripe_emulator.clock import agenda, timestamp
from stripe_emulator.currencies import spoken
from stripe_emulator.errors import InvalidRequest
from stripe_emulator.store import random_id, store

REASONS = ("duplicate", "fraudulent", "requested_by_customer")
NOT_EMULATED = (
    "currency",
    "customer",
    "instructions_email",
    "origin",
    "refund_application_fee",
    "reverse_transfer",
)
# The bank's reference number arrives after the refund: https://docs.stripe.com/refunds#tracing-refunds
SECONDS_UNTIL_REFERENCE = 0.5


def create(call):
    read = parameters.read(
        call.params,
        {
            "amount": parameters.integer(at_least=1),
            "charge": parameters.text(5000),
            "metadata": metadata.changes,
            "payment_intent": parameters.text(5000),
            "reason": parameters.choice(*REASONS),
        },
        not_emulated=NOT_EMULATED,
    )
    pairs = metadata.merged({}, read.get("metadata", {}))
    charge = _charge_to_refund(read)
    amount = _refundable(charge, read.get("amount"))
    refund = store.refunds.put(_new(charge, amount, read.get("reason"), pairs))
    refund["balance_transaction"] = balance.book_refund(refund)["id"]
    events.record("refund.created", refund, call.cause)
    charges.note_refund(charge, amount, call.cause)
    agenda.after(SECONDS_UNTIL_REFERENCE, _reference_arrives, refund["id"])
    return refund


def retrieve(call, refund_id):
    parameters.read(call.params, {})
    return store.refunds.get(refund_id, param="refund")


def update(call, refund_id):
    read = parameters.read(call.params, {"metadata": metadata.changes})
    refund = store.refunds.get(refund_id, param="refund")
    refund["metadata"] = metadata.merged(refund["metadata"], read.get("metadata", {}))
    events.record("refund.updated", refund, call.cause)
    return refund


def listing(call):
    return lists.page(call, store.refunds, equal=("charge", "payment_intent"))


def _charge_to_refund(read):
    """The succeeded charge that the call names, itself or by its intent."""
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


def _reference_arrives(refund_id):
    with store.lock:
        refund = store.refunds.get(refund_id, param="refund")
        before = dict(refund["destination_details"]["card"])
        refund["destination_details"] = {
            "card": {**before, "reference": random_id("7", 22), "reference_status": "available"},
            "type": "card",
        }
        previously = {"destination_details": {"card": before, "type": "card"}}
        events.record("refund.updated", refund, events.AUTOMATIC, previously=previously)


def _new(charge, amount, reason, pairs):
    return {
        "id": random_id("re_3"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": timestamp(),
        "currency": charge["currency"],
        "customer": charge["customer"],
        "customer_account": None,
        "destination_details": {
            "card": {
                "reference_status": "pending",
                "reference_type": "acquirer_reference_number",
                "type": "refund",
            },
            "type": "card",
        },
        "metadata": pairs,
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }
