"""What becomes of refunds: some arrive later, some fail, some are made at the dashboard."""

import pytest
import stripe

from tests.test_stripe_emulator_process import eventually, shared_emulator


@pytest.fixture
def emulator():
    emulator = shared_emulator()
    yield emulator
    emulator.control("reset")


@pytest.fixture
def refunds(emulator):
    return emulator.stripe.v1.refunds


def told(emulator, refund_id):
    found = emulator.stripe.v1.events.list({"type": "*refund*", "limit": 100}).data[::-1]
    return [event.type for event in found if event.data.object.id == refund_id]


def charge_of(emulator, intent):
    return emulator.stripe.v1.charges.retrieve(intent.latest_charge)


def test_a_refund_may_fail_after_it_had_succeeded(emulator, refunds):
    intent = emulator.paid(payment_method="pm_card_refundFail")
    refund = refunds.create({"payment_intent": intent.id, "amount": 1000})
    assert refund.status == "succeeded"
    assert charge_of(emulator, intent).amount_refunded == 1000
    emulator.control("clock", advance=5)
    failed = refunds.retrieve(refund.id, {"expand": ["failure_balance_transaction"]})
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    assert failed.failure_balance_transaction.amount == 1000
    assert told(emulator, refund.id)[-3:] == [
        "refund.updated",
        "charge.refund.updated",
        "refund.failed",
    ]
    charge = charge_of(emulator, intent)
    assert (charge.amount_refunded, charge.refunded) == (0, False)
    assert refunds.create({"payment_intent": intent.id}).amount == 1250


def test_a_refund_may_be_pending_and_arrive_later(emulator, refunds):
    intent = emulator.paid(payment_method="pm_card_pendingRefund")
    refund = refunds.create({"payment_intent": intent.id})
    assert (refund.status, refund.pending_reason) == ("pending", "processing")
    assert charge_of(emulator, intent).refunded
    emulator.control("clock", advance=4)
    arrived = refunds.retrieve(refund.id)
    assert arrived.status == "succeeded"
    assert "pending_reason" not in arrived
    assert told(emulator, refund.id)[:3] == [
        "refund.created",
        "refund.updated",
        "charge.refund.updated",
    ]


@pytest.mark.parametrize(
    "reason", ["lost_or_stolen_card", "insufficient_funds", "declined", "unknown"]
)
def test_a_control_lets_any_refund_fail(emulator, refunds, reason):
    refund = refunds.create({"payment_intent": emulator.paid().id, "amount": 300})
    emulator.control(f"refunds/{refund.id}/settle", outcome="failed", failure_reason=reason)
    failed = refunds.retrieve(refund.id)
    assert (failed.status, failed.failure_reason) == ("failed", reason)
    event = emulator.stripe.v1.events.list({"type": "refund.failed", "limit": 1}).data[0]
    assert (event.data.object.id, event.data.object.status) == (refund.id, "failed")


def test_a_refund_that_wants_something_done_can_be_cancelled(emulator, refunds):
    intent = emulator.paid()
    refund = refunds.create({"payment_intent": intent.id, "amount": 300})
    with pytest.raises(stripe.InvalidRequestError, match="status of succeeded"):
        refunds.cancel(refund.id)
    emulator.control(f"refunds/{refund.id}/settle", outcome="requires_action")
    assert refunds.cancel(refund.id).status == "canceled"
    assert charge_of(emulator, intent).amount_refunded == 0
    for outcome in ("succeeded", "failed"):
        answer = emulator.http(
            "POST", f"/_emulator/refunds/{refund.id}/settle", {"outcome": outcome}
        )
        assert (answer.status_code, "does not go from canceled" in answer.text) == (400, True)


def test_a_refund_made_at_the_dashboard_has_nothing_of_ours(emulator, refunds):
    intent = emulator.paid(metadata={"booking": "B7"})
    emulator.control("refunds", payment_intent=intent.id, amount=400, reason="duplicate")
    [refund] = refunds.list({"payment_intent": intent.id}).data
    assert (refund.amount, refund.reason, refund.metadata.to_dict()) == (400, "duplicate", {})
    event = emulator.stripe.v1.events.list({"type": "charge.refunded", "limit": 1}).data[0]
    assert event.data.object.payment_intent == intent.id
    assert event.data.object.amount_refunded == 400
    assert event.data.previous_attributes.to_dict() == {"amount_refunded": 0}
    assert (event.request.id[:4], event.request.idempotency_key) == ("req_", None)
    emulator.control("refunds", charge=intent.latest_charge)
    answer = emulator.http("POST", "/_emulator/refunds", {"payment_intent": intent.id})
    assert answer.json()["error"]["code"] == "charge_already_refunded"


def test_the_reference_of_the_bank_arrives_a_little_later(emulator, refunds):
    refund = refunds.create({"payment_intent": emulator.paid().id})
    card = eventually(
        lambda: (
            (found := refunds.retrieve(refund.id).destination_details.card).reference_status
            == "available"
            and found
        )
    )
    assert card.reference.startswith("7")


def test_refunds_are_listed_by_charge_by_intent_by_time_and_in_pages(emulator, refunds):
    intent = emulator.paid()
    made = [
        refunds.create({"payment_intent": intent.id, "amount": 100, "metadata": {"n": str(n)}}).id
        for n in range(4)
    ][::-1]
    by_charge = refunds.list({"charge": intent.latest_charge, "limit": 3})
    assert ([refund.id for refund in by_charge.data], by_charge.has_more) == (made[:3], True)
    walked = refunds.list({"payment_intent": intent.id, "limit": 1}).auto_paging_iter()
    assert [refund.id for refund in walked] == made
    at = refunds.retrieve(made[0]).created
    found = refunds.list({"payment_intent": intent.id, "created": {"gt": at + 1}})
    assert found.data == []


def test_the_balance_tells_of_every_movement(emulator, refunds):
    balance = emulator.stripe.v1.balance_transactions
    intent = emulator.paid(capture_method="automatic")
    refund = refunds.create({"payment_intent": intent.id, "amount": 250})
    emulator.control(f"refunds/{refund.id}/settle", outcome="failed")
    booked = balance.list({"limit": 3}).data[::-1]
    assert [(entry.type, entry.amount, entry.net) for entry in booked] == [
        ("charge", 1250, 1184),
        ("refund", -250, -250),
        ("refund_failure", 250, 250),
    ]
    found = balance.list({"source": intent.latest_charge, "type": "charge"}).data
    assert [(entry.fee, entry.status) for entry in found] == [(66, "pending")]
    emulator.control("clock", advance=2 * 24 * 3600 + 1)
    assert balance.retrieve(found[0].id).status == "available"
    expanded = balance.list({"source": refund.id, "expand": ["data.source"]}).data
    assert [entry.source.payment_intent for entry in expanded] == [intent.id] * 2
