"""PaymentIntents that are `processing`: a bank account is debited, and the bank answers later.

https://docs.stripe.com/payments/payment-methods#payment-notification
"""

from stripe_emulator import charges, debits, events
from stripe_emulator.clock import agenda
from stripe_emulator.errors import DOC_URL, InvalidRequest
from stripe_emulator.payment_methods import instrument_of
from stripe_emulator.store import store


def begin(intent, method, call):
    """Ask the bank; it answers when the test account's time has come."""
    charge = charges.begin(intent, method, call)
    intent.update(status="processing", latest_charge=charge["id"])
    events.record("payment_intent.processing", intent, call.cause)
    debit = instrument_of(method)
    if debit.settles_after is not None:
        agenda.after(debit.settles_after, _answer, intent["id"], charge["id"])


def settle(intent, decline, cause):
    """The bank's answer: the money, or why not. Raises InvalidRequest if it was not asked."""
    if intent["status"] != "processing":
        raise InvalidRequest(f"PaymentIntent {intent['id']} is not processing.")
    charge = store.charges.find(intent["latest_charge"])
    if decline:
        charges.fail(charge, decline, cause)
        intent.update(
            status="requires_payment_method",
            payment_method=None,
            last_payment_error=_error(charge, decline),
        )
        events.record("payment_intent.payment_failed", intent, cause)
    else:
        charges.succeed(charge, intent, cause)
        intent.update(status="succeeded", amount_received=intent["amount"])
        events.record("payment_intent.succeeded", intent, cause)


def call_back(intent, cause):
    """The debit is taken back before the bank has carried it out."""
    charges.fail(store.charges.find(intent["latest_charge"]), debits.CALLED_BACK, cause)


def is_out_of_hand(intent):
    """Whether the bank is at work on this and cannot be called back any more."""
    if intent["status"] != "processing":
        return False
    method = store.payment_methods.find(intent["payment_method"])
    return not instrument_of(method).can_be_called_back


def _answer(intent_id, charge_id):
    with store.acting_for(intent_id):
        intent = store.payment_intents.get(intent_id, param="intent")
        if intent["status"] == "processing" and intent["latest_charge"] == charge_id:
            debit = instrument_of(store.payment_methods.find(intent["payment_method"]))
            settle(intent, debit.decline, events.AUTOMATIC)


def _error(charge, decline):
    method = store.payment_methods.find(charge["payment_method"])
    return {
        "charge": charge["id"],
        "code": decline.code,
        "doc_url": DOC_URL.format(decline.code.replace("_", "-")),
        "message": decline.message,
        "payment_method": dict(method),
        "type": "invalid_request_error",
    }
