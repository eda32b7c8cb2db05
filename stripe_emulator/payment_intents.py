"""PaymentIntents: create, read, update and cancel. What confirming does is in `confirmation.py`.

https://docs.stripe.com/api/payment_intents and https://docs.stripe.com/payments/paymentintents/lifecycle
"""

import hmac

from stripe_emulator import (
    confirmation,
    currencies,
    events,
    intent_parameters,
    lists,
    metadata,
    parameters,
    payment_methods,
)
from stripe_emulator.clock import timestamp
from stripe_emulator.errors import (
    InvalidParameter,
    InvalidRequest,
    MissingParameter,
    UnexpectedState,
)
from stripe_emulator.store import random_id, store

UPDATABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
CANCELABLE = (
    "requires_payment_method",
    "requires_capture",
    "requires_confirmation",
    "requires_action",
    "processing",
)
# What Stripe shows to whoever has only the publishable key and the client secret, as recorded by
# Stripe's own client libraries (payments-core/src/test in github.com/stripe/stripe-android).
PUBLIC_FIELDS = (
    "id",
    "object",
    "amount",
    "amount_details",
    "automatic_payment_methods",
    "canceled_at",
    "cancellation_reason",
    "capture_method",
    "client_secret",
    "confirmation_method",
    "created",
    "currency",
    "description",
    "last_payment_error",
    "livemode",
    "next_action",
    "payment_method",
    "payment_method_types",
    "processing",
    "receipt_email",
    "setup_future_usage",
    "shipping",
    "source",
    "status",
)


def create(call):
    read = parameters.read(
        call.params,
        intent_parameters.CREATING,
        required=("amount", "currency"),
        not_emulated=intent_parameters.NOT_EMULATED_WHEN_CREATING,
    )
    currencies.check_charge(read["amount"], read["currency"])
    if not read.get("confirm"):
        _refuse_confirming_only(read)
    pairs = metadata.merged({}, read.get("metadata", {}))
    method = payment_methods.chosen(read)
    if read.get("confirm") and method is None:
        raise confirmation.missing_payment_method()
    intent = store.payment_intents.put(_new(read, method, pairs))
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
    return public_form(intent) if call.is_public else intent


def update(call, intent_id):
    read = parameters.read(
        call.params,
        intent_parameters.UPDATING,
        not_emulated=intent_parameters.NOT_EMULATED_WHEN_UPDATING,
    )
    intent = store.payment_intents.get(intent_id, param="intent")
    _check_update(intent, read)
    pairs = metadata.merged(intent["metadata"], read.pop("metadata", {}))
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
    return public_form(intent) if call.is_public else intent


def cancel(call, intent_id):
    reasons = ("duplicate", "fraudulent", "requested_by_customer", "abandoned")
    read = parameters.read(call.params, {"cancellation_reason": parameters.choice(*reasons)})
    intent = store.payment_intents.get(intent_id, param="intent")
    if intent["status"] not in CANCELABLE:
        raise UnexpectedState(
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}. "
            "Only a PaymentIntent with one of the following statuses may be canceled: "
            f"{', '.join(CANCELABLE)}.",
            intent,
        )
    confirmation.forget_challenge(intent)
    intent.update(
        status="canceled",
        canceled_at=timestamp(),
        cancellation_reason=read.get("cancellation_reason"),
    )
    events.record("payment_intent.canceled", intent, call.cause)
    return intent


def public_form(intent):
    """The part of an intent that its own customer may see."""
    return {name: intent[name] for name in PUBLIC_FIELDS}


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
    if _changes_money(intent, read):
        currencies.check_charge(
            read.get("amount", intent["amount"]), read.get("currency", intent["currency"])
        )


def _choose(intent, method):
    confirmation.forget_challenge(intent)
    intent["payment_method"] = method["id"] if method else None
    intent["status"] = "requires_confirmation" if method else "requires_payment_method"


def _new(read, method, pairs):
    intent_id = random_id("pi_3")
    automatic = {"allow_redirects": "always", "enabled": True}
    automatic |= read.get("automatic_payment_methods", {})
    return {
        "id": intent_id,
        "object": "payment_intent",
        "amount": read["amount"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": automatic,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": read.get("capture_method", "automatic_async"),
        "client_secret": random_id(f"{intent_id}_secret_", 25),
        "confirmation_method": "automatic",
        "created": timestamp(),
        "currency": read["currency"],
        "customer": read.get("customer"),
        "customer_account": None,
        "description": read.get("description"),
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": pairs,
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": method["id"] if method else None,
        "payment_method_configuration_details": None,
        "payment_method_options": {
            "card": {
                "installments": None,
                "mandate_options": None,
                "network": None,
                "request_three_d_secure": "automatic",
            }
        },
        "payment_method_types": ["card"],
        "processing": None,
        "receipt_email": read.get("receipt_email"),
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": read.get("statement_descriptor"),
        "statement_descriptor_suffix": read.get("statement_descriptor_suffix"),
        "status": "requires_confirmation" if method else "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }
