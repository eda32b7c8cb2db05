"""Charges: each attempt to take a PaymentIntent's money from a card or a bank account.

https://docs.stripe.com/api/charges/object
"""

from stripe_emulator import (
    balance,
    charge_shape,
    connect,
    disputes,
    events,
    lists,
    metadata,
    parameters,
)
from stripe_emulator.clock import agenda
from stripe_emulator.payment_methods import instrument_of
from stripe_emulator.store import store

# With `automatic_async` capture a charge gets its balance transaction a little later, and
# `charge.updated` says so: https://docs.stripe.com/payments/payment-intents/asynchronous-capture
SECONDS_UNTIL_BOOKED = 0.5
SECONDS_UNTIL_DISPUTED = 1


def retrieve(call, charge_id):
    parameters.read(call.params, {})
    return store.charges.get(charge_id, param="charge")


def listing(call):
    filters = ("payment_intent", "customer", "transfer_group")
    return lists.page(call, store.charges, equal=filters)


def update(call, charge_id):
    readers = {
        "description": parameters.unsettable(parameters.text(1000)),
        "metadata": metadata.changes,
        "receipt_email": parameters.unsettable(parameters.email),
    }
    others = ("customer", "fraud_details", "shipping", "transfer_group")
    read = parameters.read(call.params, readers, not_emulated=others)
    charge = store.charges.get(charge_id, param="charge")
    pairs = metadata.merged(charge["metadata"], read.pop("metadata", {}))
    before = {name: charge[name] for name in call.params}
    charge.update(read, metadata=pairs)
    events.record("charge.updated", charge, call.cause, previously=before)
    return charge


def take(intent, method, decline, call):
    """A charge of the whole intent, succeeded or, if the bank gave a `decline`, failed.

    With manual capture the money is only held back for us.
    """
    charge = store.charges.put(charge_shape.new(intent, method, call.base_url))
    if decline:
        fail(charge, decline, call.cause)
    elif intent["capture_method"] == "manual":
        charge.update(status="succeeded", paid=True, outcome=charge_shape.outcome(None))
        events.record("charge.succeeded", charge, call.cause)
    else:
        succeed(charge, intent, call.cause)
    return charge


def begin(intent, method, call):
    """A charge of which the bank will tell later how it went: see `succeed` and `fail`."""
    charge = store.charges.put(charge_shape.new(intent, method, call.base_url))
    events.record("charge.pending", charge, call.cause)
    return charge


def succeed(charge, intent, cause):
    """The money is ours."""
    charge.update(
        status="succeeded",
        paid=True,
        captured=True,
        amount_captured=charge["amount"],
        outcome=charge_shape.outcome(None),
    )
    if intent["capture_method"] == "automatic_async" and "card" in charge["payment_method_details"]:
        agenda.after(SECONDS_UNTIL_BOOKED, _book_later, charge["id"])
    else:
        charge["balance_transaction"] = balance.book_charge(charge)["id"]
    connect.pass_on(charge, intent, cause)
    events.record("charge.succeeded", charge, cause)
    _dispute_later(charge)


def capture(charge, intent, amount, cause):
    """Take `amount` of what was held back, and let go of the rest."""
    before = {name: charge[name] for name in ("amount_captured", "captured")}
    charge.update(captured=True, amount_captured=amount, amount_refunded=charge["amount"] - amount)
    charge["balance_transaction"] = balance.book_charge(charge)["id"]
    connect.pass_on(charge, intent, cause)
    events.record("charge.captured", charge, cause, previously=before)
    _dispute_later(charge)


def let_go(charge, cause):
    """Give back what was held and never captured."""
    before = {"amount_refunded": charge["amount_refunded"], "refunded": False}
    charge.update(amount_refunded=charge["amount"], refunded=True)
    events.record("charge.refunded", charge, cause, previously=before)


def fail(charge, decline, cause):
    charge.update(
        status="failed",
        failure_code=decline.code,
        failure_message=decline.message,
        outcome=charge_shape.outcome(decline),
    )
    events.record("charge.failed", charge, cause)


def note_refund(charge, amount, cause):
    """`amount` more of this charge has been given back."""
    before = {"amount_refunded": charge["amount_refunded"], "refunded": charge["refunded"]}
    _count_refund(charge, amount)
    changed = {key: value for key, value in before.items() if charge[key] != value}
    events.record("charge.refunded", charge, cause, previously=changed)


def note_refund_undone(charge, amount):
    """`amount` that seemed to be given back has come back to us."""
    _count_refund(charge, -amount)


def _count_refund(charge, amount):
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]


def _dispute_later(charge):
    method = store.payment_methods.find(charge["payment_method"])
    if reason := instrument_of(method).disputed:
        agenda.after(SECONDS_UNTIL_DISPUTED, _dispute, charge["id"], reason)


def _dispute(charge_id, reason):
    with store.acting_for(charge_id):
        charge = store.charges.get(charge_id, param="charge")
        disputes.open_dispute(charge, reason, charge["amount_captured"], events.AUTOMATIC)


def _book_later(charge_id):
    with store.acting_for(charge_id):
        charge = store.charges.get(charge_id, param="charge")
        charge["balance_transaction"] = balance.book_charge(charge)["id"]
        events.record(
            "charge.updated", charge, events.AUTOMATIC, previously={"balance_transaction": None}
        )
