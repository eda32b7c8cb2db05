"""Controls for what banks, Stripe and whoever sits at its dashboard do with money."""

from stripe_emulator import (
    accounts,
    cards,
    debits,
    disputes,
    parameters,
    refund_outcomes,
    refunds,
    settling,
)
from stripe_emulator.errors import InvalidParameter
from stripe_emulator.store import store

DECLINES = {
    "payment_method_provider_decline": debits.FAILED,
    "insufficient_funds": debits.NO_FUNDS,
    "account_closed": debits.CLOSED,
    "no_account": debits.NO_ACCOUNT,
}


def settle_intent(call, intent_id):
    """The bank's answer to an intent that is processing: `succeeded` or `failed`."""
    readers = {
        "outcome": parameters.choice("succeeded", "failed"),
        "failure_code": parameters.choice(*DECLINES),
    }
    read = parameters.read(call.params, readers, required=("outcome",))
    code = read.get("failure_code", "payment_method_provider_decline")
    decline = DECLINES[code] if read["outcome"] == "failed" else None
    with store.acting_for(intent_id):
        intent = store.payment_intents.get(intent_id, param="intent")
        settling.settle(intent, decline, call.cause)
        return dict(intent)


def refund(call):
    """A refund made by hand in the dashboard: it has no metadata of the shop's."""
    read = parameters.read(call.params, {**refunds.WHAT, "reverse_transfer": parameters.boolean})
    with store.acting_for(read.get("payment_intent") or read.get("charge")):
        return dict(refunds.make(read, {}, call.cause))


def settle_refund(call, refund_id):
    """What the bank says of a refund: it arrived, failed, waits, or wants something done."""
    readers = {
        "outcome": parameters.choice("succeeded", "failed", "pending", "requires_action"),
        "failure_reason": parameters.choice(*refund_outcomes.FAILURES),
    }
    read = parameters.read(call.params, readers, required=("outcome",))
    with store.acting_for(refund_id):
        obj = store.refunds.get(refund_id, param="refund")
        reason = read.get("failure_reason")
        refund_outcomes.finish(obj, read["outcome"], call.cause, failure_reason=reason)
        return dict(obj)


def dispute(call):
    """The customer asks the bank for the money back, all or an `amount` of it."""
    readers = {
        "amount": parameters.integer(at_least=1),
        "charge": parameters.text(5000),
        "payment_intent": parameters.text(5000),
        "reason": parameters.choice(*disputes.REASONS, cards.INQUIRY),
    }
    read = parameters.read(call.params, readers)
    with store.acting_for(read.get("payment_intent") or read.get("charge")):
        charge = refunds.charge_named(read)
        amount = read.get("amount", charge["amount_captured"])
        if amount > charge["amount_captured"]:
            raise InvalidParameter("More than was charged.", param="amount")
        reason = read.get("reason", "fraudulent")
        return dict(disputes.open_dispute(charge, reason, amount, call.cause))


def decide_dispute(call, dispute_id):
    """The bank's last word: `won` or `lost` for the shop."""
    readers = {"outcome": parameters.choice("won", "lost")}
    read = parameters.read(call.params, readers, required=("outcome",))
    with store.acting_for(dispute_id):
        obj = store.disputes.get(dispute_id, param="dispute")
        disputes.decide(obj, read["outcome"], call.cause)
        return dict(obj)


def add_account(call):
    """A connected account that exists from now on, and whether it may receive money."""
    text = parameters.text(60)
    readers = {
        "id": text,
        "name": text,
        "country": text,
        "currency": text,
        "transfers": parameters.choice("active", "inactive", "pending"),
    }
    read = parameters.read(call.params, readers, required=("id",))
    account_id = read.pop("id")
    with store.lock:
        return accounts.add(account_id, **read)
