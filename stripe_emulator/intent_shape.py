"""What a PaymentIntent looks like when it is made, and what of it its own customer may see.

https://docs.stripe.com/api/payment_intents/object
"""

from stripe_emulator import debits
from stripe_emulator.clock import timestamp
from stripe_emulator.store import random_id

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
CARD_OPTIONS = {
    "installments": None,
    "mandate_options": None,
    "network": None,
    "request_three_d_secure": "automatic",
}
DEBIT_OPTIONS = {
    "sepa_debit": {},
    "us_bank_account": {"verification_method": "automatic"},
}


def public_form(intent):
    """The part of an intent that its own customer may see."""
    return {name: intent[name] for name in PUBLIC_FIELDS}


def payable_with(currency):
    """The fields of an intent that say with what an amount in `currency` may be paid."""
    kinds = debits.kinds_for(currency)
    options = {"card": dict(CARD_OPTIONS), **{kind: dict(DEBIT_OPTIONS[kind]) for kind in kinds}}
    return {"payment_method_options": options, "payment_method_types": ["card", *kinds]}


def new(read, method, pairs):
    """An intent as its parameters `read`, with `pairs` as metadata."""
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
        "application_fee_amount": read.get("application_fee_amount"),
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
        "on_behalf_of": read.get("on_behalf_of"),
        "payment_method": method["id"] if method else None,
        "payment_method_configuration_details": None,
        **payable_with(read["currency"]),
        "processing": None,
        "receipt_email": read.get("receipt_email"),
        "review": None,
        "setup_future_usage": None,
        "shipping": read.get("shipping"),
        "source": None,
        "statement_descriptor": read.get("statement_descriptor"),
        "statement_descriptor_suffix": read.get("statement_descriptor_suffix"),
        "status": "requires_confirmation" if method else "requires_payment_method",
        "transfer_data": read.get("transfer_data"),
        "transfer_group": read.get("transfer_group"),
    }
