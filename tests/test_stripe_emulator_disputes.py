"""Disputes: the customer's bank takes the money back, and what follows."""

import pytest
import stripe

from tests.test_stripe_emulator_process import eventually, shared_emulator


@pytest.fixture
def emulator():
    emulator = shared_emulator()
    yield emulator
    emulator.control("reset")


@pytest.fixture
def disputes(emulator):
    return emulator.stripe.v1.disputes


def told(emulator, dispute_id):
    found = emulator.stripe.v1.events.list({"type": "charge.dispute.*", "limit": 100}).data[::-1]
    return [event.type for event in found if event.data.object.id == dispute_id]


OPENED = ["charge.dispute.created", "charge.dispute.funds_withdrawn"]


@pytest.mark.parametrize(
    ("card", "reason"),
    [
        ("pm_card_createDispute", "fraudulent"),
        ("pm_card_createDisputeProductNotReceived", "product_not_received"),
    ],
)
def test_some_cards_dispute_every_charge_a_little_later(emulator, disputes, card, reason):
    intent = emulator.paid(payment_method=card)
    assert intent.status == "succeeded"
    [dispute] = eventually(lambda: disputes.list({"payment_intent": intent.id}).data)
    assert (dispute.status, dispute.reason, dispute.amount) == ("needs_response", reason, 1250)
    assert dispute.charge == intent.latest_charge
    [withdrawn] = dispute.balance_transactions
    assert (withdrawn.amount, withdrawn.fee, withdrawn.net) == (-1250, 1500, -2750)
    assert emulator.stripe.v1.charges.retrieve(intent.latest_charge).disputed
    assert told(emulator, dispute.id) == OPENED
    with pytest.raises(stripe.InvalidRequestError) as caught:
        emulator.stripe.v1.refunds.create({"payment_intent": intent.id})
    assert caught.value.code == "charge_disputed"


def test_a_control_disputes_any_payment_and_decides_for_the_shop(emulator, disputes):
    intent = emulator.paid(metadata={"booking": "B7"})
    made = emulator.control("disputes", payment_intent=intent.id, reason="duplicate")
    assert made["reason"] == "duplicate"
    emulator.control(f"disputes/{made['id']}/decide", outcome="won")
    dispute = disputes.retrieve(made["id"])
    assert dispute.status == "won"
    assert [booked.amount for booked in dispute.balance_transactions] == [-1250, 1250]
    assert told(emulator, dispute.id) == [
        *OPENED,
        "charge.dispute.funds_reinstated",
        "charge.dispute.closed",
    ]
    assert emulator.stripe.v1.refunds.create({"payment_intent": intent.id}).amount == 1250


def test_a_lost_dispute_keeps_the_money_away(emulator, disputes):
    intent = emulator.paid()
    made = emulator.control("disputes", charge=intent.latest_charge, amount=500)
    emulator.control(f"disputes/{made['id']}/decide", outcome="lost")
    assert disputes.retrieve(made["id"]).status == "lost"
    assert told(emulator, made["id"]) == [*OPENED, "charge.dispute.closed"]
    answer = emulator.http("POST", f"/v1/disputes/{made['id']}/close")
    assert (answer.status_code, "already closed" in answer.text) == (400, True)


def test_the_shop_may_accept_a_dispute(emulator, disputes):
    made = emulator.control("disputes", payment_intent=emulator.paid().id)
    assert disputes.close(made["id"]).status == "lost"


@pytest.mark.parametrize(
    ("evidence", "verdict"), [("winning_evidence", "won"), ("losing_evidence", "lost")]
)
def test_evidence_decides_as_stripes_test_values_do(emulator, disputes, evidence, verdict):
    made = emulator.control("disputes", payment_intent=emulator.paid().id)
    staged = disputes.update(
        made["id"], {"evidence": {"product_description": "2 seats"}, "submit": False}
    )
    assert (staged.status, staged.evidence_details.submission_count) == ("needs_response", 0)
    sent = disputes.update(
        made["id"], {"evidence": {"uncategorized_text": evidence}, "metadata": {"case": "7"}}
    )
    assert (sent.status, sent.metadata["case"]) == ("under_review", "7")
    assert sent.evidence.product_description == "2 seats"
    emulator.control("clock", advance=3)
    assert disputes.retrieve(made["id"]).status == verdict


def test_an_inquiry_takes_no_money_and_leaves_the_refund_open(emulator, disputes):
    intent = emulator.paid(payment_method="pm_card_createDisputeInquiry")
    [inquiry] = eventually(lambda: disputes.list({"payment_intent": intent.id}).data)
    assert (inquiry.status, inquiry.is_charge_refundable) == ("warning_needs_response", True)
    assert inquiry.balance_transactions == []
    assert emulator.stripe.v1.refunds.create({"payment_intent": intent.id}).amount == 1250
    emulator.control(f"disputes/{inquiry.id}/decide", outcome="won")
    assert disputes.retrieve(inquiry.id).status == "warning_closed"


def test_a_charge_is_disputed_once_and_for_no_more_than_it_was(emulator):
    intent = emulator.paid()
    more = emulator.http(
        "POST", "/_emulator/disputes", {"charge": intent.latest_charge} | {"amount": "9999"}
    )
    assert more.json()["error"]["param"] == "amount"
    emulator.control("disputes", payment_intent=intent.id)
    again = emulator.http("POST", "/_emulator/disputes", {"payment_intent": intent.id})
    assert "disputed already" in again.text
