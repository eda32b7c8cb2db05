"""Disputes: somebody asks their bank for the money back.

https://docs.stripe.com/disputes/how-disputes-work and https://docs.stripe.com/api/disputes/object
"""

from stripe_emulator import balance, cards, events, lists, metadata, parameters
from stripe_emulator.clock import agenda, timestamp
from stripe_emulator.errors import InvalidRequest
from stripe_emulator.store import random_id, store

DAYS_TO_ANSWER = 9
SECONDS_UNTIL_DECIDED = 1
OPEN = ("needs_response", "under_review")
OPEN_INQUIRY = ("warning_needs_response", "warning_under_review")
TEXTS = (
    "access_activity_log",
    "billing_address",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_tracking_number",
    "uncategorized_text",
)
FILES = (
    "cancellation_policy",
    "customer_communication",
    "customer_signature",
    "duplicate_charge_documentation",
    "receipt",
    "refund_policy",
    "service_documentation",
    "shipping_documentation",
    "uncategorized_file",
)
# Evidence that decides a test dispute: https://docs.stripe.com/testing#evidence
VERDICTS = {"winning_evidence": "won", "losing_evidence": "lost"}
REASONS = (
    "bank_cannot_process",
    "credit_not_processed",
    "customer_initiated",
    "debit_not_authorized",
    "duplicate",
    "fraudulent",
    "general",
    "incorrect_account_details",
    "insufficient_funds",
    "product_not_received",
    "product_unacceptable",
    "subscription_canceled",
    "unrecognized",
)


def retrieve(call, dispute_id):
    parameters.read(call.params, {})
    return store.disputes.get(dispute_id, param="dispute")


def listing(call):
    return lists.page(call, store.disputes, equal=("charge", "payment_intent"))


def update(call, dispute_id):
    evidence = {name: parameters.unsettable(parameters.text(20000)) for name in TEXTS}
    readers = {
        "evidence": parameters.nested(evidence, not_emulated=(*FILES, "enhanced_evidence")),
        "metadata": metadata.changes,
        "submit": parameters.boolean,
    }
    others = ("intended_submission_method",)
    read = parameters.read(call.params, readers, not_emulated=others)
    dispute = store.disputes.get(dispute_id, param="dispute")
    if "evidence" in read:
        _check_open(dispute)
        dispute["evidence"].update(read["evidence"])
        dispute["evidence_details"]["has_evidence"] = True
    dispute["metadata"] = metadata.merged(dispute["metadata"], read.get("metadata", {}))
    if "evidence" in read and read.get("submit", True):
        _submit(dispute)
    events.record("charge.dispute.updated", dispute, call.cause)
    return dispute


def close(call, dispute_id):
    """Accept it: the money stays with the customer."""
    parameters.read(call.params, {})
    dispute = store.disputes.get(dispute_id, param="dispute")
    decide(dispute, "lost", call.cause)
    return dispute


def open_dispute(charge, reason, amount, cause):
    """A dispute over `amount` of a charge. Raises InvalidRequest if there is one already."""
    if charge["status"] != "succeeded":
        raise InvalidRequest(f"Charge {charge['id']} has not succeeded.", param="charge")
    if charge["disputed"]:
        raise InvalidRequest(f"Charge {charge['id']} is disputed already.", param="charge")
    dispute = store.disputes.put(_new(charge, reason, amount))
    charge["disputed"] = True
    events.record("charge.dispute.created", dispute, cause)
    if reason != cards.INQUIRY:
        dispute["balance_transactions"].append(balance.book_dispute(dispute))
        events.record("charge.dispute.funds_withdrawn", dispute, cause)
    events.record("charge.updated", charge, cause, previously={"disputed": False})
    return dispute


def decide(dispute, verdict, cause):
    """The bank's last word, "won" or "lost" for us. Raises InvalidRequest if it has spoken."""
    _check_open(dispute)
    before = {"status": dispute["status"]}
    is_inquiry = dispute["status"] in OPEN_INQUIRY
    dispute["status"] = "warning_closed" if is_inquiry else verdict
    if verdict == "won" and not is_inquiry:
        dispute["balance_transactions"].append(balance.book_dispute_won(dispute))
        events.record("charge.dispute.funds_reinstated", dispute, cause)
    events.record("charge.dispute.closed", dispute, cause, previously=before)


def stands_against(charge):
    """Whether the bank has taken the money of this charge back from us."""
    return any(
        dispute["charge"] == charge["id"] and dispute["status"] in (*OPEN, "lost")
        for dispute in store.disputes.newest_first()
    )


def _check_open(dispute):
    if dispute["status"] not in (*OPEN, *OPEN_INQUIRY):
        raise InvalidRequest(f"This dispute is already closed. Its status is {dispute['status']}.")


def _submit(dispute):
    details = dispute["evidence_details"]
    details["submission_count"] += 1
    details["submission_method"] = "manual"
    is_inquiry = dispute["status"] in OPEN_INQUIRY
    dispute["status"] = "warning_under_review" if is_inquiry else "under_review"
    if verdict := VERDICTS.get(dispute["evidence"]["uncategorized_text"]):
        agenda.after(SECONDS_UNTIL_DECIDED, _decide_later, dispute["id"], verdict)


def _decide_later(dispute_id, verdict):
    with store.acting_for(dispute_id):
        dispute = store.disputes.get(dispute_id, param="dispute")
        if dispute["status"] in (*OPEN, *OPEN_INQUIRY):
            decide(dispute, verdict, events.AUTOMATIC)


def _new(charge, reason, amount):
    is_inquiry = reason == cards.INQUIRY
    return {
        "id": random_id("du_1"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": timestamp(),
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys((*TEXTS, *FILES)), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": timestamp() + DAYS_TO_ANSWER * 86400,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": is_inquiry,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "reason": "fraudulent" if is_inquiry else reason,
        "status": "warning_needs_response" if is_inquiry else "needs_response",
        **_of_card(charge, is_inquiry),
    }


def _of_card(charge, is_inquiry):
    card = charge["payment_method_details"].get("card")
    if card is None:
        return {"network_reason_code": None}
    case = {
        "brand": card["brand"],
        "case_type": "inquiry" if is_inquiry else "chargeback",
        "network": card["network"],
        "network_reason_code": "83",
    }
    return {"payment_method_details": {"card": case, "type": "card"}}
