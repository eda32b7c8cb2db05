"""PaymentMethods: cards and bank accounts that somebody pays with.

https://docs.stripe.com/api/payment_methods/object
"""

import hashlib
import time

from stripe_emulator import cards, debits, parameters
from stripe_emulator.clock import now, timestamp
from stripe_emulator.errors import CardError, InvalidRequest, MissingParameter, NoSuchObject
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
INVALID_NUMBER = {
    "sepa_debit": ("invalid_bank_account_iban", "iban"),
    "us_bank_account": ("account_number_invalid", "account_number"),
}
CARD = {
    "number": parameters.text(5000),
    "exp_month": parameters.integer(),
    "exp_year": parameters.integer(),
    "cvc": parameters.text(5000),
}
BANK_ACCOUNT = {
    "account_holder_type": parameters.choice("company", "individual"),
    "account_number": parameters.text(5000),
    "account_type": parameters.choice("checking", "savings"),
    "routing_number": parameters.text(5000),
}
payment_method_data = parameters.nested(
    {
        "type": parameters.choice("card", *debits.CURRENCIES),
        "card": parameters.nested(CARD, required=("number", "exp_month", "exp_year")),
        "sepa_debit": parameters.nested({"iban": parameters.text(5000)}, required=("iban",)),
        "us_bank_account": parameters.nested(
            BANK_ACCOUNT, required=("account_number", "routing_number")
        ),
        "billing_details": parameters.nested(BILLING_DETAILS),
        "allow_redisplay": parameters.choice("always", "limited", "unspecified"),
        **dict.fromkeys(sorted(parameters.SENT_BY_STRIPE_JS), parameters.text(5000)),
    },
    required=("type",),
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
    """The test Card or Debit behind a PaymentMethod."""
    return store.instruments[method["id"]]


def check_suits(method, currency):
    """Raises InvalidRequest if an amount in `currency` cannot be paid with this."""
    kind = method["type"]
    if debits.CURRENCIES.get(kind, currency) != currency:
        raise InvalidRequest(
            f"The PaymentMethod provided ({kind}) is not allowed for this PaymentIntent. Please "
            "attach a PaymentMethod of one of the following types: "
            f"{', '.join(['card', *debits.kinds_for(currency)])}.",
            code="payment_intent_incompatible_payment_method",
            param="payment_method",
        )


def _named(name):
    # As at Stripe, each use of a test PaymentMethod makes a new one with an id of its own.
    if name in debits.BY_PAYMENT_METHOD:
        return _add_debit(debits.BY_PAYMENT_METHOD[name], {})
    if name in cards.BY_PAYMENT_METHOD:
        return _add(cards.BY_PAYMENT_METHOD[name], 12, time.gmtime(now()).tm_year + 1)
    method = store.payment_methods.find(name)
    if method is None:
        raise NoSuchObject("PaymentMethod", name, param="payment_method", status=400)
    return method


def _described(data):
    kind = data["type"]
    if kind not in data:
        raise MissingParameter(f"payment_method_data[{kind}]")
    if kind != "card":
        return _described_debit(kind, data)
    card = data["card"]
    number = card["number"].replace(" ", "").replace("-", "")
    year = card["exp_year"] + 2000 if 0 <= card["exp_year"] < 100 else card["exp_year"]
    _check_printed(number, card["exp_month"], year, card.get("cvc"))
    if number not in cards.BY_NUMBER:
        raise _refusal(cards.NOT_A_TEST_CARD, "number")
    return _add(cards.BY_NUMBER[number], card["exp_month"], year, data.get("billing_details"))


def _described_debit(kind, data):
    account = data[kind]
    number = account.get("iban") or account.get("account_number", "")
    number = number.replace(" ", "").upper()
    debit = debits.BY_NUMBER.get(number)
    if debit is None or debit.kind != kind:
        code, name = INVALID_NUMBER[kind]
        raise InvalidRequest(
            "The account number you provided is invalid, or not one for tests.",
            code=code,
            param=f"{kind}[{name}]",
        )
    return _add_debit(debit, data.get("billing_details"))


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
    return _put(card, _card(card, exp_month, exp_year), billing_details)


def _add_debit(debit, billing_details):
    return _put(debit, DEBIT_SHAPES[debit.kind](debit), billing_details)


def _put(instrument, details, billing_details):
    method = {
        "id": random_id("pm_1"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": _billing(billing_details or {}),
        instrument.kind: details,
        "created": timestamp(),
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": instrument.kind,
    }
    store.instruments[method["id"]] = instrument
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
        "fingerprint": _fingerprint(card),
        "funding": "credit",
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def _sepa(debit):
    return {
        "bank_code": debit.number[4:9],
        "branch_code": "",
        "country": debit.number[:2],
        "fingerprint": _fingerprint(debit),
        "generated_from": {"charge": None, "setup_attempt": None},
        "last4": debit.last4,
    }


def _us_bank(debit):
    return {
        "account_holder_type": "individual",
        "account_type": "checking",
        "bank_name": "STRIPE TEST BANK",
        "financial_connections_account": None,
        "fingerprint": _fingerprint(debit),
        "last4": debit.last4,
        "networks": {"preferred": "ach", "supported": ["ach"]},
        "routing_number": debits.ROUTING_NUMBER,
        "status_details": {},
    }


def _fingerprint(instrument):
    return hashlib.sha256(instrument.number.encode()).hexdigest()[:16]


DEBIT_SHAPES = {"sepa_debit": _sepa, "us_bank_account": _us_bank}
