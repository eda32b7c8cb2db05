"""`expand[]`: ids in an answer replaced by their objects.

https://docs.stripe.com/api/expanding_objects
"""

from stripe_emulator import balance, parameters
from stripe_emulator.errors import InvalidParameter
from stripe_emulator.store import store

DEEPEST = 4
# What may be expanded in which object, and what is found there.
EXPANDABLE = {
    "payment_intent": {"latest_charge": "charge", "payment_method": "payment_method"},
    "charge": {
        "application_fee": "application_fee",
        "balance_transaction": "balance_transaction",
        "payment_intent": "payment_intent",
        "refunds": "list of refund",
        "transfer": "transfer",
    },
    "refund": {
        "balance_transaction": "balance_transaction",
        "charge": "charge",
        "failure_balance_transaction": "balance_transaction",
        "payment_intent": "payment_intent",
        "payment_method": "payment_method",
        "transfer_reversal": "transfer_reversal",
    },
    "dispute": {"charge": "charge", "payment_intent": "payment_intent"},
    "transfer": {"balance_transaction": "balance_transaction", "source_transaction": "charge"},
    "application_fee": {
        "balance_transaction": "balance_transaction",
        "originating_transaction": "charge",
    },
    "balance_transaction": {"source": "charge"},
    "list of payment_intent": {"data": "payment_intent"},
    "list of charge": {"data": "charge"},
    "list of refund": {"data": "refund"},
    "list of dispute": {"data": "dispute"},
    "list of transfer": {"data": "transfer"},
    "list of application_fee": {"data": "application_fee"},
    "list of balance_transaction": {"data": "balance_transaction"},
    # Seen with the publishable key.
    "public payment_intent": {"payment_method": "payment_method"},
}


def paths(value, kind):
    """The dotted paths of an `expand` parameter, each as its steps.

    Raises InvalidParameter before any work is done if one leads nowhere from the object `kind`.
    """
    return [_checked(path, kind) for path in parameters.strings(value, "expand")]


def expanded(obj, steps):
    """A copy of `obj` in which the ids along one path are replaced by what they stand for."""
    field, *rest = steps
    if obj["object"] == "list":
        items = obj["data"]
        return {**obj, "data": [expanded(item, rest) for item in items] if rest else items}
    value = _refunds(obj) if field == "refunds" else obj.get(field)
    if isinstance(value, str):
        value = _found(value) or value
    if rest and isinstance(value, dict) and (rest[0] in value or rest[0] == "refunds"):
        value = expanded(value, rest)
    return {**obj, field: value} if field in obj or field == "refunds" else obj


def _checked(path, kind):
    steps = path.split(".")
    if len(steps) > DEEPEST:
        raise InvalidParameter(
            f"You cannot expand more than {DEEPEST} levels of a property. Property: {path}",
            param="expand",
        )
    for step in steps:
        kind = EXPANDABLE.get(kind, {}).get(step)
        if kind is None:
            raise InvalidParameter(f"This property cannot be expanded ({path}).", param="expand")
    return steps


def _found(object_id):
    obj = store.find(object_id)
    if obj is not None and obj["object"] == "balance_transaction":
        return balance.as_of_now(obj)
    return obj


def _refunds(charge):
    found = store.refunds.newest_first()
    refunds = [refund for refund in found if refund["charge"] == charge["id"]]
    return {
        "object": "list",
        "data": refunds[:10],
        "has_more": len(refunds) > 10,
        "url": f"/v1/charges/{charge['id']}/refunds",
    }
