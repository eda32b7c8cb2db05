"""Balance transactions: what a charge, a refund or a dispute does to the account's balance.

https://docs.stripe.com/api/balance_transactions/object
"""

from stripe_emulator import lists, parameters
from stripe_emulator.clock import now, timestamp
from stripe_emulator.currencies import decimals
from stripe_emulator.store import random_id, store

DAYS_UNTIL_AVAILABLE = 2
# Whole units of the currency that Stripe keeps for every dispute.
DISPUTE_FEE = 15


def retrieve(call, transaction_id):
    parameters.read(call.params, {})
    return as_of_now(store.balance_transactions.get(transaction_id, param="id"))


def listing(call):
    filters = ("currency", "source", "type")
    page = lists.page(call, store.balance_transactions, equal=filters, not_emulated=("payout",))
    return {**page, "data": [as_of_now(transaction) for transaction in page["data"]]}


def as_of_now(transaction):
    """The money becomes available when its time has come."""
    available = transaction["available_on"] <= now()
    return {**transaction, "status": "available" if available else "pending"}


def book_charge(charge):
    """Stripe's standard fee for cards: 2.9 % and 30 of the smallest unit."""
    amount = charge["amount_captured"]
    fee = min(amount, round(amount * 29 / 1000) + 30)
    kind = "charge" if charge["id"].startswith("ch_") else "payment"
    return book(charge, amount, kind, "charge", fee=fee)


def book_refund(refund):
    """The fee of the charge stays with Stripe: a refund costs its whole amount."""
    return book(refund, -refund["amount"], "refund", "refund")


def book_refund_failure(refund):
    """The money of a refund that never arrived is ours again."""
    return book(refund, refund["amount"], "refund_failure", "refund_failure")


def book_dispute(dispute):
    fee = DISPUTE_FEE * 10 ** decimals(dispute["currency"])
    return book(dispute, -dispute["amount"], "adjustment", "dispute", fee=fee)


def book_dispute_won(dispute):
    return book(dispute, dispute["amount"], "adjustment", "dispute_reversal")


def book(source, amount, kind, category, *, fee=0):
    """`amount` more on the balance, less a `fee`, both in the currency of `source`."""
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
            "fee_details": [_fee_detail(fee, source["currency"], kind)] if fee else [],
            "net": amount - fee,
            "reporting_category": category,
            "source": source["id"],
            "status": "pending",
            "type": kind,
        }
    )


def _fee_detail(fee, currency, kind):
    words = "Dispute fee" if kind == "adjustment" else "Stripe processing fees"
    return {
        "amount": fee,
        "application": None,
        "currency": currency,
        "description": words,
        "type": "stripe_fee",
    }
