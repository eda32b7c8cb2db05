"""Refunds that fail: tried again where that helps, else a human's; never more than was paid."""

from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from types import SimpleNamespace

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from bookings.models import Booking, Letter
from payments.books import problems
from payments.models import Invoice, LedgerEntry, Payment, Refund, RefundDone

from .balance import check_balance

backfill = import_module("payments.migrations.0010_refunds_know_their_credit_note")


@pytest.fixture
def bought(paid, me, showtime, seats):
    """A1 and A2, 11.00 each."""
    yield paid(me, showtime, seats[:2])
    check_balance()


def cancel(client, booking, *codes):
    body = {"tickets": codes} if codes else {}
    assert client.post(f"/api/bookings/{booking['reference']}/cancel/", body).status_code == 200


def run_jobs(**later):
    with time_machine.travel(timezone.now() + timedelta(**later)):
        call_command("run_jobs", once=True)


def says(stripe, outcome, reason=None):
    """The bank decides about the last refund, and Stripe tells us."""
    refund = Refund.objects.in_force().latest("created_at")
    stripe.settle_refund(refund.stripe_refund, outcome, reason)
    for event in stripe.events("refund.failed", refund.stripe_refund):
        assert stripe.deliver(event).status_code == 200


def at_stripe():
    [payment] = Payment.objects.filter(status="succeeded")
    return payment.stripe_intent


def timeline_of(client, booking):
    """What happened, but for the mails about it."""
    told = client.get(f"/api/bookings/{booking['reference']}/timeline/").json()
    return [one for one in told if one["event"] != "mailed"]


def attention():
    return list(Refund.objects.needing_attention())


@pytest.fixture
def given_back(me, bought, stripe):
    """Both tickets were cancelled and the refund went through; answers the refund."""
    cancel(me, bought)
    run_jobs()
    refund = Refund.objects.get()
    assert refund.status == "succeeded"
    return refund


def test_a_refund_that_fails_later_is_for_a_human(given_back, stripe, me, bought):
    says(stripe, "failed", "expired_or_canceled_card")
    [refund] = attention()
    assert (refund.status, refund.failure) == ("failed", "expired_or_canceled_card")
    run_jobs(hours=30)
    assert Refund.objects.count() == 1
    told = [one["event"] for one in timeline_of(me, bought)]
    assert told[-3:] == ["refund_started", "refunded", "refund_failed"]


def mails(booking):
    """The kinds of letters about money that went, or did not, the oldest first."""
    about_money = Letter.objects.filter(kind__startswith="refund", dropped_at=None)
    return list(about_money.order_by("pk").values_list("kind", flat=True))


def test_the_customer_hears_once_that_it_did_not_arrive(given_back, stripe, me, bought, letters):
    letters()
    says(stripe, "failed", "expired_or_canceled_card")
    Refund.objects.get().fail("expired_or_canceled_card")
    [letter] = letters()
    assert letter.subject == "Your €22.00 for The Long Way Down did not arrive"
    for said in (letter.body, letter.alternatives[0].content):
        said = " ".join(said.split())
        assert "we tried to send €22.00 back the way you paid, but it did not arrive" in said
        assert "The cinema has been told. It will try again, or be in touch" in said
    run_jobs(hours=30)
    [payment] = me.get(f"/api/payments/?booking={bought['reference']}").json()["results"]
    assert [one["status"] for one in payment["refunds"]] == ["failed"]
    assert str(Refund.objects.get()) == f"€22.00 back for {bought['reference']}"
    assert mails(bought) == ["refund_failed"]


def test_who_was_told_is_told_again_only_if_it_went_meanwhile(given_back, stripe, bought, letters):
    says(stripe, "failed", "lost_or_stolen_card")
    letters()
    Refund.objects.get().try_again().fail("lost_or_stolen_card")
    assert mails(bought).count("refund_failed") == 1
    Refund.objects.in_force().get().try_again()
    run_jobs()
    says(stripe, "failed", "lost_or_stolen_card")
    assert len(letters()) == 1
    assert mails(bought).count("refund_failed") == 2


def test_while_it_is_tried_again_by_itself_nobody_is_told(given_back, stripe, bought):
    says(stripe, "failed", "insufficient_funds")
    assert "refund_failed" not in mails(bought)


def test_who_was_paid_by_hand_reads_how(given_back, stripe, manager, letters):
    says(stripe, "failed", "expired_or_canceled_card")
    letters()
    Refund.objects.get().settle(by=manager, note="In cash, at the door.")
    [letter] = letters()
    assert "has given €22.00 back to you. It noted how: In cash, at the door." in letter.body
    assert "the way you paid" not in letter.body


def test_too_little_money_at_stripe_is_tried_again_by_itself(given_back, stripe):
    says(stripe, "failed", "insufficient_funds")
    assert attention() == []
    run_jobs(minutes=50)
    assert Refund.objects.in_force().get().status == "pending"
    run_jobs(minutes=70)
    last = Refund.objects.in_force().get()
    assert (last.status, last.attempt, last.instead_of) == ("succeeded", 2, given_back)
    assert len(stripe.api.refunds.list({"payment_intent": at_stripe()}).data) == 2
    assert Invoice.objects.filter(kind="credit_note").count() == 1


def test_what_came_back_is_owed_while_its_paper_stands(given_back, stripe, capsys):
    """The credit note is of the first attempt, and of each that follows."""
    note = given_back.credit_note
    says(stripe, "failed", "insufficient_funds")
    waiting = Refund.objects.in_force().get()
    assert (waiting.status, waiting.credit_note) == ("pending", note)
    call_command("check_books")
    said = capsys.readouterr().out
    assert "refunded 0.00 = kept 22.00\n" in said
    assert "credit notes 22.00 = 0.00\n" in said
    assert "refunds whose money came back 22.00: owed again, while their credit" in said
    assert list(problems()) == []
    run_jobs(minutes=70)
    assert list(problems()) == []
    kinds = ["charge", "refund", "refund_came_back", "refund"]
    taxes = [Decimal("3.52"), Decimal("-3.52")] * 2
    entries = LedgerEntry.objects.order_by("pk")
    assert list(entries.values_list("kind", "tax")) == list(zip(kinds, taxes, strict=True))


def test_the_papers_of_refunds_that_went_before_are_found(given_back, stripe):
    says(stripe, "failed", "insufficient_funds")
    Refund.objects.update(credit_note=None)
    assert "Invoices less credit notes are what was kept." in {one.promise for one in problems()}
    backfill.find_the_papers(apps, SimpleNamespace(connection=connection))
    note = Invoice.objects.get(kind="credit_note")
    assert [one.credit_note for one in Refund.objects.all()] == [note, note]


def test_that_ends_with_a_human_too(given_back, stripe):
    for hours in (2, 3, 5, 9):
        says(stripe, "failed", "insufficient_funds")
        assert attention() == []
        run_jobs(hours=hours)
    says(stripe, "failed", "insufficient_funds")
    assert [one.attempt for one in attention()] == [5]


def test_an_old_word_about_a_failed_attempt_does_not_touch_the_next(given_back, stripe):
    says(stripe, "failed", "lost_or_stolen_card")
    attention()[0].try_again()
    for event in [*stripe.events("refund.failed"), *stripe.events("refund.created")]:
        stripe.deliver(event)
    assert Refund.objects.in_force().get().status == "pending"
    run_jobs()
    assert Refund.objects.in_force().get().status == "succeeded"
    for event in [*stripe.events("refund.failed"), *stripe.events("refund.created")]:
        stripe.deliver(event)
    assert Refund.objects.in_force().get().status == "succeeded"


def test_trying_again_is_done_once(given_back, stripe):
    says(stripe, "failed", "unknown")
    [refund] = attention()
    refund.try_again()
    with pytest.raises(RefundDone):
        refund.try_again()
    run_jobs()
    assert Refund.objects.in_force().get().status == "succeeded"
    assert Invoice.objects.filter(kind="credit_note").count() == 1


def test_settled_otherwise_counts_as_given_back(given_back, stripe, manager, me, bought):
    says(stripe, "failed", "unknown")
    [refund] = attention()
    refund.settle(by=manager, note="Paid in cash, with a receipt.")
    assert attention() == []
    settled = Refund.objects.in_force().get()
    assert (settled.status, settled.settled_by) == ("succeeded", manager)
    assert settled.instead_of == refund
    with pytest.raises(RefundDone):
        refund.settle(by=manager, note="Again.")
    with pytest.raises(RefundDone):
        refund.try_again()
    run_jobs(hours=3)
    assert Refund.objects.in_force().count() == 1
    last = timeline_of(me, bought)[-1]
    assert (last["event"], last["amount"]) == ("refunded", "22.00")
    assert last["detail"] == "Given back by hand: Paid in cash, with a receipt."


def test_one_that_stripe_refused_from_the_start_has_its_credit_note_when_settled(
    me, bought, stripe, manager
):
    cancel(me, bought)
    Payment.objects.update(stripe_intent="pi_of_another_account")
    run_jobs()
    [refund] = attention()
    assert not Invoice.objects.filter(kind="credit_note").exists()
    refund.settle(by=manager, note="Given back in cash.")
    assert Invoice.objects.get(kind="credit_note").total == Decimal("-22")


def test_one_that_somebody_gave_back_in_the_dashboard_before_us_is_settled(
    me, bought, stripe, manager
):
    stripe.api.refunds.create({"payment_intent": at_stripe()})
    cancel(me, bought)
    run_jobs()
    refund = Refund.objects.get()
    assert (refund.status, "refunded" in refund.failure) == ("failed", True)
    run_jobs(seconds=1)
    assert attention() == []
    assert Invoice.objects.get(kind="credit_note").total == Decimal("-22")
    for change in (refund.try_again, lambda: refund.settle(by=manager, note="Cash.")):
        with pytest.raises(RefundDone):
            change()


def test_one_that_failed_and_is_given_back_in_the_dashboard_needs_nobody_any_more(
    me, bought, stripe, manager
):
    """A part of what was paid, so that Stripe itself would let it be given back twice."""
    cancel(me, bought, bought["tickets"][0]["code"])
    run_jobs()
    says(stripe, "failed", "expired_or_canceled_card")
    [refund] = attention()
    theirs = stripe.api.refunds.create({"payment_intent": at_stripe(), "amount": 1100})
    [event] = stripe.events("refund.created", theirs.id)
    assert stripe.deliver(event).status_code == 200
    assert attention() == []
    for change in (refund.try_again, lambda: refund.settle(by=manager, note="Cash.")):
        with pytest.raises(RefundDone):
            change()
    run_jobs(hours=30)
    assert [one.amount for one in Refund.objects.filter(status="succeeded")] == [11]


def test_what_went_back_otherwise_is_not_settled_as_well(
    paid, me, showtime, seats, stripe, manager
):
    cancel(me, paid(me, showtime, seats[:2]))
    run_jobs()
    says(stripe, "failed", "unknown")
    [refund] = attention()
    Refund.objects.create(payment=refund.payment, amount=22, reason="dashboard").succeed()
    with pytest.raises(RefundDone, match="More than was paid"):
        refund.settle(by=manager, note="Cash.")


def test_one_that_works_is_not_settled_nor_tried_again(given_back, manager):
    for change in (given_back.try_again, lambda: given_back.settle(by=manager, note="Cash.")):
        with pytest.raises(RefundDone):
            change()


def test_ticket_by_ticket(me, bought, stripe):
    one, other = [ticket["code"] for ticket in bought["tickets"]]
    cancel(me, bought, one)
    run_jobs()
    says(stripe, "failed", "declined")
    cancel(me, bought, other)
    run_jobs()
    assert [one.amount for one in attention()] == [Decimal("11")]
    assert Refund.objects.filter(status="succeeded").get().amount == 11


@pytest.mark.parametrize("kind", ["cash", "card_terminal"])
def test_what_was_paid_at_the_box_office_is_due_there(
    me, book, showtime, seats, kind, manager, stripe
):
    booking = sold_at_the_box_office(me, book, showtime, seats, kind)
    cancel(me, booking, booking["tickets"][0]["code"])
    run_jobs()
    run_jobs(minutes=5)
    [refund] = attention()
    assert (refund.amount, refund.status, refund.stripe_refund) == (11, "pending", "")
    told = timeline_of(me, booking)
    assert told[-1]["detail"] == "Tickets were cancelled. It waits at the box office."
    check_balance()
    with pytest.raises(RefundDone):
        refund.try_again()
    refund.settle(by=manager, note="From the till.")
    assert attention() == []
    assert Invoice.objects.get(kind="credit_note").total == Decimal("-11")
    check_balance()


def sold_at_the_box_office(me, book, showtime, seats, kind):
    reference = book(me, showtime, seats[:2]).json()["reference"]
    held = Booking.objects.get(reference=reference)
    payment = Payment.objects.create(
        booking=held, kind=kind, amount=held.total, currency=held.currency
    )
    payment.succeed(amount=held.total, currency=held.currency)
    return me.get(f"/api/bookings/{reference}/").json()


def test_of_a_present_no_money_goes_back(me, book, showtime, seats, stripe):
    booking = sold_at_the_box_office(me, book, showtime, seats, "complimentary")
    cancel(me, booking)
    run_jobs()
    assert attention() == []
    assert Refund.objects.get().status == "succeeded"
    told = timeline_of(me, booking)
    assert told[-1]["detail"] == "Nothing was paid, so nothing goes back."
    check_balance()


def test_managers_have_those_of_their_own_theaters(given_back, stripe, users):
    says(stripe, "failed", "unknown")
    found = {
        who: Refund.objects.needing_attention().managed_by(users[who]).count()
        for who in ("owner", "manager", "elsewhere", "admin")
    }
    assert found == {"owner": 0, "manager": 1, "elsewhere": 0, "admin": 1}


def test_one_made_good_in_the_dashboard_does_not_swallow_the_next(me, bought, stripe):
    one, other = [ticket["code"] for ticket in bought["tickets"]]
    cancel(me, bought, one)
    run_jobs()
    says(stripe, "failed", "lost_or_stolen_card")
    theirs = stripe.api.refunds.create({"payment_intent": at_stripe(), "amount": 1100})
    [event] = stripe.events("refund.created", theirs.id)
    assert stripe.deliver(event).status_code == 200
    cancel(me, bought, other)
    run_jobs()
    gone = Refund.objects.filter(status="succeeded").order_by("created_at")
    assert [(one.reason, one.amount) for one in gone] == [("dashboard", 11), ("cancelled", 11)]
    assert attention() == []
    assert Invoice.objects.filter(kind="credit_note").count() == 2
