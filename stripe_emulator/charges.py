"""Charges: each attempt to take a PaymentIntent's money from a card.

https://docs.stripe.com/api/charges/object
"""

from stripe_emulator import balance, events, lists, parameters
from stripe_emulator.clock import agenda, timestamp
from stripe_emulator.payment_methods import instrument_of
from stripe_emulator.store import random_id, store

# With `automatic_async` capture a charge gets its balance transaction a little later, and
# `charge.updated` says so: https://docs.stripe.com/payments/payment-intents/asynchronous-capture
SECONDS_UNTIL_BOOKED = 0.5


def retrieve(call, charge_id):
    parameters.read(call.params, {})
    return store.charges.get(charge_id, param="charge")


def listing(call):
    filters = ("payment_intent", "customer")
    return lists.page(call, store.charges, equal=filters, not_emulated=("transfer_group",))


def take(intent, method, decline, call):
    """A charge of the whole intent, succeeded or, if the bank gave a `decline`, failed."""
    charge = store.charges.put(_new(intent, method, decline))
    if decline:
        events.record("charge.failed", charge, call)
        return charge
    if intent["capture_method"] == "automatic_async":
        agenda.after(SECONDS_UNTIL_BOOKED, _book_later, charge["id"])
    else:
        charge["balance_transaction"] = balance.book_charge(charge)["id"]
    events.record("charge.succeeded", charge, call)
    return charge


def note_refund(charge, amount, call):
    """`amount` more of this charge has been given back."""
    before = {"amount_refunded": charge["amount_refunded"], "refunded": charge["refunded"]}
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    changed = {key: value for key, value in before.items() if charge[key] != value}
    events.record("charge.refunded", charge, call, previously=changed)


def _book_later(charge_id):
    with store.lock:
        charge = store.charges.get(charge_id, param="charge")
        charge["balance_transaction"] = balance.book_charge(charge)["id"]
        events.record(
            "charge.updated", charge, events.AUTOMATIC, previously={"balance_transaction": None}
        )


def _new(intent, method, decline):
    amount = intent["amount"]
    return {
        "id": random_id("ch_3"),
        "object": "charge",
        "amount": amount,
        "amount_captured": 0 if decline else amount,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": _descriptor(intent),
        "captured": not decline,
        "created": timestamp(),
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": decline.code if decline else None,
        "failure_message": decline.message if decline else None,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "on_behalf_of": None,
        "outcome": _outcome(decline),
        "paid": not decline,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {"card": _card_details(intent, method), "type": "card"},
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source": None,
        "source_transfer": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": "failed" if decline else "succeeded",
        "transfer_data": None,
        "transfer_group": None,
    }


def _descriptor(intent):
    """What a bank statement shows: our name, and the suffix after an asterisk.

    https://docs.stripe.com/get-started/account/statement-descriptors
    """
    suffix = intent["statement_descriptor_suffix"]
    return f"MARQUEE* {suffix}"[:22] if suffix else "MARQUEE"


def _outcome(decline):
    if decline is None:
        return {
            "advice_code": None,
            "network_advice_code": None,
            "network_decline_code": None,
            "network_status": "approved_by_network",
            "reason": None,
            "risk_level": "normal",
            "risk_score": 12,
            "seller_message": "Payment complete.",
            "type": "authorized",
        }
    return {
        "advice_code": "try_again_later",
        "network_advice_code": None,
        "network_decline_code": "05",
        "network_status": "declined_by_network",
        "reason": decline.decline_code,
        "risk_level": "normal",
        "risk_score": 12,
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "issuer_declined",
    }


def _card_details(intent, method):
    card = method["card"]
    return {
        "amount_authorized": intent["amount"],
        "authorization_code": None,
        "brand": card["brand"],
        "checks": dict(card["checks"]),
        "country": card["country"],
        "exp_month": card["exp_month"],
        "exp_year": card["exp_year"],
        "extended_authorization": {"status": "disabled"},
        "fingerprint": card["fingerprint"],
        "funding": card["funding"],
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "last4": card["last4"],
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": card["brand"],
        "network_token": {"used": False},
        "network_transaction_id": None,
        "overcapture": {"maximum_amount_capturable": intent["amount"], "status": "unavailable"},
        "regulated_status": card["regulated_status"],
        "three_d_secure": _three_d_secure() if instrument_of(method).challenged else None,
        "wallet": None,
    }


def _three_d_secure():
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": None,
        "version": "2.2.0",
    }
