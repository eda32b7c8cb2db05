"""Money that is held back for a PaymentIntent: taken later, let go, or lost after a week.

https://docs.stripe.com/payments/place-a-hold-on-a-payment-method
"""

from stripe_emulator import (
    charges,
    connect,
    events,
    intent_parameters,
    metadata,
    parameters,
    settling,
)
from stripe_emulator.clock import agenda, timestamp
from stripe_emulator.errors import InvalidParameter, UnexpectedState
from stripe_emulator.store import store

SECONDS_HELD = 7 * 24 * 3600


def hold(intent, cause):
    """The bank keeps the money of an intent ready for us."""
    intent.update(status="requires_capture", amount_capturable=intent["amount"])
    events.record("payment_intent.amount_capturable_updated", intent, cause)
    agenda.after(SECONDS_HELD, _expire, intent["id"])


def capture(call, intent_id):
    read = parameters.read(
        call.params,
        intent_parameters.CAPTURING,
        not_emulated=intent_parameters.NOT_EMULATED_WHEN_CAPTURING,
    )
    intent = store.payment_intents.get(intent_id, param="intent")
    if intent["status"] != "requires_capture":
        raise UnexpectedState(
            "This PaymentIntent could not be captured because it has a status of "
            f"{intent['status']}. Only a PaymentIntent with one of the following statuses may be "
            "captured: requires_capture.",
            intent,
        )
    amount = read.get("amount_to_capture", intent["amount_capturable"])
    if amount > intent["amount_capturable"]:
        raise InvalidParameter(
            "The requested capture amount is greater than the amount you can capture for this "
            f"charge ({intent['amount_capturable']}).",
            code="amount_too_large",
            param="amount_to_capture",
        )
    charge = store.charges.find(intent["latest_charge"])
    _note_connect(read, charge, intent, amount)
    intent["metadata"] = metadata.merged(intent["metadata"], read.get("metadata", {}))
    charges.capture(charge, intent, amount, call.cause)
    intent.update(status="succeeded", amount_capturable=0, amount_received=amount)
    events.record("payment_intent.succeeded", intent, call.cause)
    return intent


def close(intent, reason, cause):
    """Cancel an intent, letting go of what is held back or asked for."""
    if intent["status"] == "requires_capture":
        charges.let_go(store.charges.find(intent["latest_charge"]), cause)
    elif intent["status"] == "processing":
        settling.call_back(intent, cause)
    intent.update(
        status="canceled",
        amount_capturable=0,
        canceled_at=timestamp(),
        cancellation_reason=reason,
    )
    events.record("payment_intent.canceled", intent, cause)


def _note_connect(read, charge, intent, amount):
    wanted = {
        name: read[name] for name in ("application_fee_amount", "transfer_data") if name in read
    }
    transfer_data = {**(intent["transfer_data"] or {}), **wanted.get("transfer_data", {})}
    connect.check({**wanted, "transfer_data": transfer_data}, amount)
    if "application_fee_amount" in wanted:
        intent["application_fee_amount"] = wanted["application_fee_amount"]
        charge["application_fee_amount"] = wanted["application_fee_amount"]
    if transfer_data:
        intent["transfer_data"] = transfer_data
        charge["transfer_data"] = {"amount": None, **transfer_data}


def _expire(intent_id):
    with store.acting_for(intent_id):
        intent = store.payment_intents.get(intent_id, param="intent")
        if intent["status"] == "requires_capture":
            charge = store.charges.find(intent["latest_charge"])
            events.record("charge.expired", charge, events.AUTOMATIC)
            close(intent, "automatic", events.AUTOMATIC)
