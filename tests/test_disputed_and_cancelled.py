"""
Given money that a bank has, or that went back without us, when tickets are cancelled, then what is
left goes back, nobody is promised it twice, and what waits is said to somebody.
"""

from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.core import mail
from django.core.management import call_command

from bookings.models import Booking
from payments.books import for_a_human
from payments.models import Dispute, Payment, Refund

told = import_module("payments.migrations.0013_bookings_are_told_what_has_gone_back")
pytestmark = pytest.mark.django_db


@pytest.fixture
def bought(payment, stripe):
    """A1 and A2: 22.00 EUR."""
    assert stripe.pay(payment).status_code == 200
    return payment


@pytest.fixture
def disputed(bought, stripe):
    """5.00 of it, or `amount` in cents, and `outcome`, if the bank has decided."""

    def go(amount=500, outcome=""):
        dispute = stripe.dispute(bought, amount=amount)
        tell(stripe, "charge.dispute.created", dispute["id"])
        if outcome:
            stripe.decide_dispute(dispute, outcome)
            tell(stripe, "charge.dispute.closed", dispute["id"])
        return dispute

    return go


@pytest.fixture
def cancelling(me, booking):
    """What was quoted, which is what came of it."""

    def go(*tickets):
        address = f"/api/bookings/{booking['reference']}/cancel/"
        quoted = me.get(address, {"tickets": ",".join(tickets)} if tickets else {}).json()
        answer = me.post(address, {"tickets": tickets} if tickets else {}).json()
        assert answer["given_back"] == quoted
        return quoted["back"], quoted["back_already"], quoted["kept"]

    return go


def tell(stripe, kind, about):
    for event in stripe.events(kind, about):
        assert stripe.deliver(event).status_code == 200


def run_jobs():
    call_command("run_jobs", once=True)


def refunds():
    return list(Refund.objects.order_by("created_at").values_list("amount", "status"))


def humans():
    return [one.promise for one in for_a_human()]


def test_what_the_bank_took_is_gone_and_the_rest_is_tried(disputed, cancelling):
    """Stripe refuses to give back the rest of a charge that was charged back."""
    disputed(outcome="lost")
    assert cancelling() == ("17.00", "5.00", "0.00")
    run_jobs()
    assert refunds() == [(17, "failed")]
    assert humans() == ["A refund failed, and is owed."]
    assert Refund.objects.needing_attention().count() == 1


def test_it_is_given_back_by_hand_then(disputed, cancelling, manager):
    disputed(outcome="lost")
    cancelling()
    run_jobs()
    Refund.objects.get().settle(by=manager, note="By transfer.")
    assert humans() == []
    assert not Payment.objects.owed_back().exists()


def test_of_what_the_bank_took_whole_nothing_comes_again(disputed, cancelling):
    disputed(amount=None, outcome="lost")
    assert cancelling() == ("0.00", "22.00", "0.00")
    run_jobs()
    assert (refunds(), humans()) == ([], [])
    assert "does not come again" in mail.outbox[-1].body
    assert "comes back to you" not in mail.outbox[-1].body


def test_while_the_bank_decides_only_the_rest_goes(disputed, cancelling, stripe):
    dispute = disputed()
    assert cancelling() == ("17.00", "5.00", "0.00")
    assert Payment.objects.owed_back().get().owed == 17
    waits = "It is disputed, and goes back if the bank decides for us."
    assert humans() == [waits]
    stripe.decide_dispute(dispute, "won")
    tell(stripe, "charge.dispute.closed", dispute["id"])
    run_jobs()
    assert refunds() == [(22, "succeeded")]
    assert humans() == []


def test_a_refund_that_was_refused_meanwhile_is_tried_with_what_is_left(
    disputed, cancelling, stripe
):
    assert cancelling() == ("22.00", "0.00", "0.00")
    Payment.objects.get().refund_what_is_owed()
    disputed(outcome="lost")
    run_jobs()
    [failed] = Refund.objects.needing_attention()
    assert (failed.amount, failed.try_again().amount) == (22, 17)


def test_what_went_back_in_the_dashboard_is_not_promised_again(bought, cancelling, stripe):
    refund = stripe.refund_in_dashboard(bought, 500)
    tell(stripe, "refund.created", refund["id"])
    one, other = Booking.objects.get().tickets.values_list("code", flat=True)
    assert cancelling(one) == ("6.00", "5.00", "0.00")
    run_jobs()
    assert cancelling(other) == ("11.00", "0.00", "0.00")
    run_jobs()
    assert sum(amount for amount, _ in refunds()) == 22
    assert any("6.00" in one.body and "5.00" in one.body for one in mail.outbox)


def test_nor_is_all_of_it(bought, cancelling, stripe):
    refund = stripe.refund_in_dashboard(bought)
    tell(stripe, "refund.created", refund["id"])
    assert cancelling() == ("0.00", "22.00", "0.00")
    run_jobs()
    assert refunds() == [(22, "succeeded")]


def test_what_was_given_after_a_ticket_counts_for_the_next(bought, cancelling, stripe):
    one, other = Booking.objects.get().tickets.values_list("code", flat=True)
    cancelling(one)
    run_jobs()
    refund = stripe.refund_in_dashboard(bought, 500)
    tell(stripe, "refund.created", refund["id"])
    assert cancelling(other) == ("6.00", "5.00", "0.00")
    assert Payment.objects.owed_back().get().owed == Decimal(6)


def test_a_dispute_that_is_won_takes_nothing(disputed, cancelling):
    disputed(outcome="won")
    assert Dispute.objects.get().status == "won"
    assert cancelling() == ("22.00", "0.00", "0.00")


def test_bookings_of_before_are_told(disputed, cancelling, stripe):
    disputed(outcome="lost")
    cancelling(Booking.objects.get().tickets.first().code)
    run_jobs()
    assert Booking.objects.get().amount_gone_back == 11
    Booking.objects.update(amount_gone_back=0)
    told.tell_bookings(apps, None)
    assert Booking.objects.get().amount_gone_back == 11


def test_the_fee_of_a_refund_that_ends_while_a_dispute_stands(bought, cancelling, stripe):
    """The rule keeps no fee: with the first of two tickets none of it goes back, as always."""
    cancelling(Booking.objects.get().tickets.first().code)
    refund = Payment.objects.get().refund_what_is_owed()
    dispute = stripe.dispute(bought)
    tell(stripe, "charge.dispute.created", dispute["id"])
    refund.succeed()
    assert [str(one.fee) for one in refund.ledger.all()] == ["0.000"]
    stripe.decide_dispute(dispute, "won")
