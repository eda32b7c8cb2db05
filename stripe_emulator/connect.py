"""Connect: what of a charge goes on to a connected account, and what of it comes back.

https://docs.stripe.com/connect/destination-charges and https://docs.stripe.com/connect/direct-charges
"""

from stripe_emulator import accounts, balance, events, lists, parameters
from stripe_emulator.clock import timestamp
from stripe_emulator.errors import InvalidParameter, InvalidRequest
from stripe_emulator.store import random_id, store

APPLICATION = "ca_MarqueeEmulator"


def check(read, amount):
    """Raises InvalidParameter or NoSuchObject for Connect parameters that do not go together."""
    transfer_data = read.get("transfer_data") or {}
    if destination := transfer_data.get("destination"):
        accounts.check_known(destination, "destination", "transfer_data[destination]")
        accounts.check_receives(destination)
    if read.get("on_behalf_of"):
        accounts.check_known(read["on_behalf_of"], "on_behalf_of", "on_behalf_of")
    fee = read.get("application_fee_amount")
    if fee is not None and not destination and not _is_direct():
        raise InvalidParameter(
            "Can only apply an application_fee_amount when the PaymentIntent is attempting a "
            "direct payment (using an OAuth key or Stripe-Account header) or destination payment "
            "(using `transfer_data[destination]`).",
            param="application_fee_amount",
        )
    if fee is not None and "amount" in transfer_data:
        raise InvalidParameter(
            "You may only specify one of these parameters: application_fee_amount, "
            "transfer_data[amount].",
            param="transfer_data[amount]",
        )
    for name, part in (
        ("application_fee_amount", fee),
        ("transfer_data[amount]", transfer_data.get("amount")),
    ):
        if part is not None and part > amount:
            raise InvalidParameter(
                f"The {name} must be less than or equal to the amount of the payment.", param=name
            )


def pass_on(charge, intent, cause):
    """Send on what the intent wants sent on of a charge that has just been captured."""
    if charge["transfer_data"]:
        _transfer(charge, cause)
    if fee := intent["application_fee_amount"]:
        _take_fee(charge, min(fee, charge["amount_captured"]), cause)


def check_return(charge, read):
    """Raises InvalidRequest if a refund wants back what never went out."""
    if read.get("reverse_transfer") and "transfer" not in charge:
        raise InvalidRequest(
            f"Cannot reverse the transfer of charge {charge['id']} because it does not have an "
            "associated transfer.",
            param="reverse_transfer",
        )
    if read.get("refund_application_fee") and charge["application_fee"] is None:
        raise InvalidRequest(
            f"Cannot refund the application fee of charge {charge['id']} because it does not have "
            "one.",
            param="refund_application_fee",
        )


def reverse_transfer(refund, charge, cause):
    """Take back from the connected account its part of a refund."""
    transfer = store.transfers.find(charge["transfer"])
    left = transfer["amount"] - transfer["amount_reversed"]
    amount = _back(left, transfer["amount"], refund, charge)
    reversal = store.reversals.put(_new_reversal(transfer, amount, refund))
    reversal["balance_transaction"] = _book(
        reversal, amount, "transfer_refund", "transfer_reversal"
    )
    refund["transfer_reversal"] = reversal["id"]
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    _add(transfer["reversals"], reversal)
    events.record("transfer.reversed", transfer, cause)


def refund_fee(refund, charge, cause):
    """Give the application fee's part of a refund back to the connected account."""
    with _platform():
        fee = store.application_fees.find(charge["application_fee"])
        left = fee["amount"] - fee["amount_refunded"]
        amount = _back(left, fee["amount"], refund, charge)
        fee_refund = store.fee_refunds.put(_new_fee_refund(fee, amount))
        fee_refund["balance_transaction"] = _book(
            fee_refund, -amount, "application_fee_refund", "platform_earning_refund"
        )
        fee["amount_refunded"] += amount
        fee["refunded"] = fee["amount_refunded"] == fee["amount"]
        _add(fee["refunds"], fee_refund)
        events.record("application_fee.refunded", fee, cause)


def retrieve_transfer(call, transfer_id):
    parameters.read(call.params, {})
    return store.transfers.get(transfer_id, param="id")


def list_transfers(call):
    return lists.page(call, store.transfers, equal=("destination", "transfer_group"))


def retrieve_fee(call, fee_id):
    parameters.read(call.params, {})
    return store.application_fees.get(fee_id, param="id")


def list_fees(call):
    return lists.page(call, store.application_fees, equal=("charge",))


def _is_direct():
    return store.account in store.accounts


def _platform():
    """Application fees are the platform's, also those of an account's own charges."""
    return store.acting_as(None)


def _back(left, whole, refund, charge):
    """
    The share of `whole` that the refund is of its charge, as far as it is `left`; all that is left
    once the whole charge is refunded.
    """
    if charge["amount_refunded"] + refund["amount"] == charge["amount"]:
        return left
    return min(left, round(whole * refund["amount"] / charge["amount"]))


def _book(obj, amount, kind, category):
    return balance.book(obj, amount, kind, category)["id"]


def _add(listed, obj):
    listed["data"].insert(0, obj)


def _transfer(charge, cause):
    amount = charge["transfer_data"]["amount"]
    captured = charge["amount_captured"]
    transfer = store.transfers.put(
        _new_transfer(charge, captured if amount is None else min(amount, captured))
    )
    transfer["balance_transaction"] = _book(transfer, -transfer["amount"], "transfer", "transfer")
    charge.update(transfer=transfer["id"], transfer_group=transfer["transfer_group"])
    events.record("transfer.created", transfer, cause)


def _take_fee(charge, amount, cause):
    account = (charge["transfer_data"] or {}).get("destination") or store.account
    payer = store.transfers.find(charge.get("transfer"))
    with _platform():
        fee = store.application_fees.put(_new_fee(charge, payer, amount, account))
        fee["balance_transaction"] = _book(fee, amount, "application_fee", "platform_earning")
        charge["application_fee"] = fee["id"]
        events.record("application_fee.created", fee, cause)


def _new_transfer(charge, amount):
    transfer_id = random_id("tr_3")
    return {
        "id": transfer_id,
        "object": "transfer",
        "amount": amount,
        "amount_reversed": 0,
        "balance_transaction": None,
        "created": timestamp(),
        "currency": charge["currency"],
        "description": None,
        "destination": charge["transfer_data"]["destination"],
        "destination_payment": random_id("py_1"),
        "livemode": False,
        "metadata": {},
        "reversals": _empty_list(f"/v1/transfers/{transfer_id}/reversals"),
        "reversed": False,
        "source_transaction": charge["id"],
        "source_type": "card",
        "transfer_group": charge["transfer_group"] or f"group_{charge['payment_intent']}",
    }


def _new_reversal(transfer, amount, refund):
    return {
        "id": random_id("trr_1"),
        "object": "transfer_reversal",
        "amount": amount,
        "balance_transaction": None,
        "created": timestamp(),
        "currency": transfer["currency"],
        "destination_payment_refund": random_id("pyr_1"),
        "metadata": {},
        "source_refund": refund["id"],
        "transfer": transfer["id"],
    }


def _new_fee(charge, payer, amount, account):
    fee_id = random_id("fee_1")
    paid_by = payer["destination_payment"] if payer else charge["id"]
    return {
        "id": fee_id,
        "object": "application_fee",
        "account": account,
        "amount": amount,
        "amount_refunded": 0,
        "application": APPLICATION,
        "balance_transaction": None,
        "charge": paid_by,
        "created": timestamp(),
        "currency": charge["currency"],
        "fee_source": {"charge": paid_by, "type": "charge"},
        "livemode": False,
        "originating_transaction": charge["id"] if payer else None,
        "refunded": False,
        "refunds": _empty_list(f"/v1/application_fees/{fee_id}/refunds"),
    }


def _new_fee_refund(fee, amount):
    return {
        "id": random_id("fr_1"),
        "object": "fee_refund",
        "amount": amount,
        "balance_transaction": None,
        "created": timestamp(),
        "currency": fee["currency"],
        "fee": fee["id"],
        "metadata": {},
    }


def _empty_list(url):
    return {"object": "list", "data": [], "has_more": False, "url": url}
