"""What a charge looks like when it is made: https://docs.stripe.com/api/charges/object"""

from stripe_emulator.clock import timestamp
from stripe_emulator.payment_methods import instrument_of
from stripe_emulator.store import random_id


def new(intent, method, base_url):
    """A charge of the whole intent, of which the bank has not said anything yet."""
    kind = method["type"]
    charge_id = random_id("ch_3" if kind == "card" else "py_3")
    details = DETAILS[kind](intent, method)
    transfer_data = intent["transfer_data"]
    return {
        "id": charge_id,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": intent["application_fee_amount"],
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": _descriptor(intent),
        "captured": False,
        "created": timestamp(),
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "on_behalf_of": intent["on_behalf_of"],
        "outcome": None,
        "paid": False,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {kind: details, "type": kind},
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": f"{base_url}/receipts/{charge_id}",
        "refunded": False,
        "review": None,
        "shipping": intent["shipping"],
        "source": None,
        "source_transfer": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": "pending",
        "transfer_data": transfer_data and {"amount": None, **transfer_data},
        "transfer_group": intent["transfer_group"],
    }


def _descriptor(intent):
    """What a bank statement shows: our name, and the suffix after an asterisk.

    https://docs.stripe.com/get-started/account/statement-descriptors
    """
    suffix = intent["statement_descriptor_suffix"]
    return f"MARQUEE* {suffix}"[:22] if suffix else "MARQUEE"


def outcome(decline):
    """What the bank said of an attempt: yes, or no for a reason."""
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


def _sepa_details(intent, method):
    account = method["sepa_debit"]
    names = ("bank_code", "branch_code", "country", "fingerprint", "last4")
    return {**{name: account[name] for name in names}, "mandate": None}


def _us_bank_details(intent, method):
    account = method["us_bank_account"]
    names = (
        "account_holder_type",
        "account_type",
        "bank_name",
        "fingerprint",
        "last4",
        "routing_number",
    )
    details = {name: account[name] for name in names}
    return {**details, "mandate": None, "payment_reference": None}


DETAILS = {
    "card": _card_details,
    "sepa_debit": _sepa_details,
    "us_bank_account": _us_bank_details,
}
