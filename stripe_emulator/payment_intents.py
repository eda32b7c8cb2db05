"""PaymentIntents: create, read, update and cancel. Confirming and capturing: `confirmation.py`.

https://docs.stripe.com/api/payment_intents and https://docs.stripe.com/payments/paymentintents/lifecycle
"""

import hmac

from stripe_emulator import (
    capturing,
    confirmation,
    connect,
    currencies,
    events,
    intent_parameters,
    intent_shape,
    lists,
    metadata,
    parameters,
    payment_methods,
    settling,
)
from stripe_emulator.errors import (
    InvalidParameter,
    InvalidRequest,
    MissingParameter,
    UnexpectedState,
)
from stripe_emulator.store import store

UPDATABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
CANCELABLE = (
    "requires_payment_method",
    "requires_capture",
    "requires_confirmation",
    "requires_action",
    "processing",
)


def create(call):
    read = parameters.read(
        call.params,
        intent_parameters.CREATING,
        required=("amount", "currency"),
        not_emulated=intent_parameters.NOT_EMULATED_WHEN_CREATING,
    )
    currencies.check_charge(read["amount"], read["currency"])
    connect.check(read, read["amount"])
    if not read.get("confirm"):
        _refuse_confirming_only(read)
    pairs = metadata.merged({}, read.get("metadata", {}))
    method = payment_methods.chosen(read)
    if read.get("confirm") and method is None:
        raise confirmation.missing_payment_method()
    if method:
        payment_methods.check_suits(method, read["currency"])
    intent = store.payment_intents.put(intent_shape.new(read, method, pairs))
    events.record("payment_intent.created", intent, call.cause)
    if read.get("confirm"):
        confirmation.attempt(intent, method, read, call)
    return intent


def listing(call):
    return lists.page(
        call, store.payment_intents, equal=("customer",), not_emulated=("customer_account",)
    )


def retrieve(call, intent_id):
    read = parameters.read(call.params, {"client_secret": parameters.text(5000)})
    intent = store.payment_intents.get(intent_id, param="intent")
    if call.is_public or "client_secret" in read:
        check_client_secret(intent, read)
    return intent_shape.public_form(intent) if call.is_public else intent


def update(call, intent_id):
    read = parameters.read(
        call.params,
        intent_parameters.UPDATING,
        not_emulated=intent_parameters.NOT_EMULATED_WHEN_UPDATING,
    )
    intent = store.payment_intents.get(intent_id, param="intent")
    _check_update(intent, read)
    pairs = metadata.merged(intent["metadata"], read.pop("metadata", {}))
    if "transfer_data" in read:
        read["transfer_data"] = {**intent["transfer_data"], **read["transfer_data"]}
    if "payment_method" in read or "payment_method_data" in read:
        _choose(intent, payment_methods.chosen(read))
    elif _changes_money(intent, read) and intent["status"] == "requires_action":
        # The bank was asked about another amount.
        confirmation.forget_challenge(intent)
        intent["status"] = "requires_confirmation"
    changed = {key: value for key, value in read.items() if key not in intent_parameters.PAYING}
    if "receipt_email" in read:
        changed["receipt_email"] = read["receipt_email"]
    intent.update(changed, metadata=pairs)
    intent.update(intent_shape.payable_with(intent["currency"]))
    return intent


def confirm(call, intent_id):
    readers = {
        **intent_parameters.PAYING,
        **intent_parameters.CONFIRMING,
        "client_secret": parameters.text(5000),
    }
    read = parameters.read(
        call.params, readers, not_emulated=intent_parameters.NOT_EMULATED_WHEN_CONFIRMING
    )
    intent = store.payment_intents.get(intent_id, param="intent")
    if call.is_public or "client_secret" in read:
        check_client_secret(intent, read)
    confirmation.confirm(intent, read, call)
    return intent_shape.public_form(intent) if call.is_public else intent


def cancel(call, intent_id):
    reasons = ("duplicate", "fraudulent", "requested_by_customer", "abandoned")
    read = parameters.read(call.params, {"cancellation_reason": parameters.choice(*reasons)})
    intent = store.payment_intents.get(intent_id, param="intent")
    if intent["status"] not in CANCELABLE or settling.is_out_of_hand(intent):
        raise UnexpectedState(
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}. "
            "Only a PaymentIntent with one of the following statuses may be canceled: "
            f"{', '.join(CANCELABLE)}.",
            intent,
        )
    confirmation.forget_challenge(intent)
    capturing.close(intent, read.get("cancellation_reason"), call.cause)
    return intent


def knows_secret(intent, client_secret):
    return hmac.compare_digest(intent["client_secret"].encode(), client_secret.encode())


def check_client_secret(intent, read):
    if "client_secret" not in read:
        raise MissingParameter("client_secret")
    if not knows_secret(intent, read["client_secret"]):
        raise InvalidRequest(
            "The client_secret provided does not match the client_secret associated with the "
            "PaymentIntent.",
            code="payment_intent_invalid_parameter",
            param="client_secret",
        )


def _refuse_confirming_only(read):
    if only := [
        name for name in ("return_url", "off_session", "error_on_requires_action") if name in read
    ]:
        raise InvalidParameter(
            f"The parameter `{only[0]}` cannot be passed when creating a PaymentIntent unless "
            "`confirm` is set to true.",
            param=only[0],
        )


def _changes_money(intent, read):
    return any(name in read and read[name] != intent[name] for name in ("amount", "currency"))


def _check_update(intent, read):
    for name in ("amount", "currency", "payment_method", "payment_method_data", "capture_method"):
        if name in read and intent["status"] not in UPDATABLE:
            raise UnexpectedState(
                f"This PaymentIntent's {name} could not be updated because it has a status of "
                f"{intent['status']}. You may only update the {name} of a PaymentIntent with one "
                f"of the following statuses: {', '.join(UPDATABLE)}.",
                intent,
            )
    if "transfer_data" in read and not intent["transfer_data"]:
        raise InvalidParameter(
            "This PaymentIntent has no transfer_data[destination].", param="transfer_data"
        )
    connect.check(_as_it_would_be(intent, read), read.get("amount", intent["amount"]))
    if _changes_money(intent, read):
        currencies.check_charge(
            read.get("amount", intent["amount"]), read.get("currency", intent["currency"])
        )


def _as_it_would_be(intent, read):
    """What Connect wants to know of the intent after an update, without what is not set."""
    names = ("application_fee_amount", "on_behalf_of")
    after = {name: read.get(name, intent[name]) for name in names}
    transfer_data = {**(intent["transfer_data"] or {}), **(read.get("transfer_data") or {})}
    return {**after, "transfer_data": transfer_data}


def _choose(intent, method):
    if method:
        payment_methods.check_suits(method, intent["currency"])
    confirmation.forget_challenge(intent)
    intent["payment_method"] = method["id"] if method else None
    intent["status"] = "requires_confirmation" if method else "requires_payment_method"
