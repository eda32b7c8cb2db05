"""Balance transactions: what a charge or a refund does to the account's balance.

https://docs.stripe.com/api/balance_transactions/object
"""

from stripe_emulator import parameters
from stripe_emulator.clock import timestamp
from stripe_emulator.store import random_id, store

DAYS_UNTIL_AVAILABLE = 2


def retrieve(call, transaction_id):
    parameters.read(call.params, {})
    return store.balance_transactions.get(transaction_id, param="id")


def book_charge(charge):
    """Stripe's standard fee for cards: 2.9 % and 30 of the smallest unit."""
    fee = min(charge["amount"], round(charge["amount"] * 29 / 1000) + 30)
    details = [
        {
            "amount": fee,
            "application": None,
            "currency": charge["currency"],
            "description": "Stripe processing fees",
            "type": "stripe_fee",
        }
    ]
    return _book(charge, charge["amount"], details, kind="charge", category="charge")


def book_refund(refund):
    """The fee of the charge stays with Stripe: a refund costs its whole amount."""
    return _book(refund, -refund["amount"], [], kind="refund", category="refund")


def _book(source, amount, fee_details, *, kind, category):
    fee = sum(detail["amount"] for detail in fee_details)
    return store.balance_transactions.put(
        {
            "id": random_id("txn_3"),
            "object": "balance_transaction",
            "amount": amount,
            "available_on": timestamp() + DAYS_UNTIL_AVAILABLE * 86400,
            "balance_type": "payments",
            "created": timestamp(),
            "currency": source["currency"],
            "description": source.get("description"),
            "exchange_rate": None,
            "fee": fee,
            "fee_details": fee_details,
            "net": amount - fee,
            "reporting_category": category,
            "source": source["id"],
            "status": "pending",
            "type": kind,
        }
    )
