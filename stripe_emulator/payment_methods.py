"""PaymentMethods: cards that somebody pays with.

https://docs.stripe.com/api/payment_methods/object
"""

import hashlib
import time

from stripe_emulator import cards, parameters
from stripe_emulator.clock import now, timestamp
from stripe_emulator.errors import CardError, InvalidParameter, NoSuchObject
from stripe_emulator.store import random_id, store

BILLING_DETAILS = {
    "name": parameters.unsettable(parameters.text(5000)),
    "email": parameters.unsettable(parameters.email),
    "phone": parameters.unsettable(parameters.text(5000)),
    "address": parameters.nested(
        {
            part: parameters.unsettable(parameters.text(5000))
            for part in ("city", "country", "line1", "line2", "postal_code", "state")
        }
    ),
}
CARD = {
    "number": parameters.text(5000),
    "exp_month": parameters.integer(),
    "exp_year": parameters.integer(),
    "cvc": parameters.text(5000),
}
# Reader for `payment_method_data`, which only knows cards here.
payment_method_data = parameters.nested(
    {
        "type": parameters.choice("card"),
        "card": parameters.nested(CARD, required=("number", "exp_month", "exp_year")),
        "billing_details": parameters.nested(BILLING_DETAILS),
        "allow_redisplay": parameters.choice("always", "limited", "unspecified"),
        **dict.fromkeys(sorted(parameters.SENT_BY_STRIPE_JS), parameters.text(5000)),
    },
    required=("type", "card"),
)


def retrieve(call, method_id):
    parameters.read(call.params, {})
    return store.payment_methods.get(method_id, param="payment_method")


def chosen(params):
    """The PaymentMethod that a call names or describes, new or known; None if it does neither."""
    if "payment_method_data" in params:
        return _described(params["payment_method_data"])
    if params.get("payment_method"):
        return _named(params["payment_method"])
    return None


def instrument_of(method):
    return store.instruments[method["id"]]


def _named(name):
    if name in cards.BY_PAYMENT_METHOD:
        # As at Stripe, each use of a test PaymentMethod makes a new one with an id of its own.
        return _add(cards.BY_PAYMENT_METHOD[name], 12, time.gmtime(now()).tm_year + 1)
    method = store.payment_methods.find(name)
    if method is None:
        raise NoSuchObject("PaymentMethod", name, param="payment_method", status=400)
    return method


def _described(data):
    if "card" not in data:
        raise InvalidParameter("Invalid card", param="payment_method_data[card]")
    card = data["card"]
    number = card["number"].replace(" ", "").replace("-", "")
    year = card["exp_year"] + 2000 if 0 <= card["exp_year"] < 100 else card["exp_year"]
    _check_printed(number, card["exp_month"], year, card.get("cvc"))
    if number not in cards.BY_NUMBER:
        raise _refusal(cards.NOT_A_TEST_CARD, "number")
    return _add(cards.BY_NUMBER[number], card["exp_month"], year, data.get("billing_details"))


def _check_printed(number, month, year, cvc):
    """Raises CardError for what cannot be printed on a card that is good today."""
    today = time.gmtime(now())
    if not (number.isascii() and number.isdecimal() and 12 <= len(number) <= 19):
        raise _invalid("invalid_number", "Your card number is invalid.", "number")
    if not cards.passes_luhn(number):
        raise _invalid("incorrect_number", "Your card number is incorrect.", "number")
    if not 1 <= month <= 12:
        raise _invalid(
            "invalid_expiry_month", "Your card's expiration month is invalid.", "exp_month"
        )
    if not (today.tm_year, today.tm_mon) <= (year, month) < (today.tm_year + 50, 1):
        raise _invalid("invalid_expiry_year", "Your card's expiration year is invalid.", "exp_year")
    if cvc is not None and not (cvc.isascii() and cvc.isdecimal() and len(cvc) in (3, 4)):
        raise _invalid("invalid_cvc", "Your card's security code is invalid.", "cvc")


def _invalid(code, message, param):
    return CardError(message, code=code, param=param)


def _refusal(decline, param):
    return CardError(
        decline.message, code=decline.code, decline_code=decline.decline_code, param=param
    )


def _add(card, exp_month, exp_year, billing_details=None):
    method = {
        "id": random_id("pm_1"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": _billing(billing_details or {}),
        "card": _card(card, exp_month, exp_year),
        "created": timestamp(),
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": "card",
    }
    store.instruments[method["id"]] = card
    return store.payment_methods.put(method)


def _billing(details):
    parts = ("city", "country", "line1", "line2", "postal_code", "state")
    address = details.get("address", {})
    return {
        "address": {part: address.get(part) for part in parts},
        "email": details.get("email"),
        "name": details.get("name"),
        "phone": details.get("phone"),
        "tax_id": None,
    }


def _card(card, exp_month, exp_year):
    return {
        "brand": card.brand,
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": None,
            "cvc_check": "unchecked",
        },
        "country": "US",
        "display_brand": card.brand,
        "exp_month": exp_month,
        "exp_year": exp_year,
        "fingerprint": hashlib.sha256(card.number.encode()).hexdigest()[:16],
        "funding": "credit",
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }
