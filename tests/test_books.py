"""`check_books` finds whatever is wrong with the books, and nothing else."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils import timezone

from bookings.models import Booking
from payments.books import PROMISES, WAITING, Scope, for_a_human, problems
from payments.models import Invoice, InvoiceSeries, LedgerEntry, Payment, Refund
from theaters.models import Theater

AN_HOUR = timedelta(hours=1)
pytestmark = pytest.mark.broken_by_hand


@pytest.fixture
def sold(paid, me, showtime, seats):
    """A1 and A2, paid: 22.00 EUR."""
    shown = paid(me, showtime, seats[:2])
    return Booking.objects.get(reference=shown["reference"])


@pytest.fixture
def given_back(paid, me, showtime, seats):
    """A3 and A4: one of the two was cancelled, and its 11.00 EUR went back."""
    shown = paid(me, showtime, seats[2:4])
    address = f"/api/bookings/{shown['reference']}/cancel/"
    assert me.post(address, {"tickets": [shown["tickets"][0]["code"]]}).status_code == 200
    call_command("run_jobs", once=True)
    return Booking.objects.get(reference=shown["reference"])


def payment_of(booking):
    return Payment.objects.filter(booking=booking)


def another_entry(of, **of_it):
    entry = LedgerEntry.objects.filter(booking=of).latest("pk")
    entry.pk = None
    for name, value in of_it.items():
        setattr(entry, name, value)
    entry.save(force_insert=True)


def another_paper(booking, number):
    paper = Invoice.objects.filter(booking=booking).latest("pk")
    paper.pk, paper.number = None, number
    paper.save(force_insert=True)


def money_that_the_ledger_never_saw(sold, given_back):
    payment_of(sold).create(booking=sold, amount=5, currency="EUR", status="succeeded")


def an_amount_that_was_changed(sold, given_back):
    payment_of(sold).update(amount=Decimal("21.99"))


def a_currency_that_was_changed(sold, given_back):
    payment_of(sold).update(currency="USD")


def a_payment_that_was_taken_back(sold, given_back):
    payment_of(sold).update(status="cancelled", honoured_at=None)


def a_refund_that_was_taken_back(sold, given_back):
    Refund.objects.update(status="sent")


def a_refund_that_nobody_wrote_down(sold, given_back):
    payment = payment_of(sold).get()
    payment.refunds.create(amount=1, reason="cancelled", status="succeeded")


def an_entry_under_another_booking(sold, given_back):
    another_entry(sold, kind="dispute", amount=-1, stripe_dispute="dp_1", booking=given_back)


def more_refunds_than_money(sold, given_back):
    payment = payment_of(sold).get()
    payment.refunds.create(amount=12, reason="cancelled")
    payment.refunds.create(amount=12, reason="cancelled")


def an_invoice_too_many(sold, given_back):
    another_paper(sold, "LUX-2026-000003")


def an_entry_that_changes_the_tax(sold, given_back):
    another_entry(given_back, kind="refund_came_back", amount=0, fee=0, tax=Decimal("0.01"))


def an_entry_that_changes_the_fees(sold, given_back):
    another_entry(given_back, kind="refund_came_back", amount=0, fee=3, tax=0)


def a_dearer_booking(sold, given_back):
    Booking.objects.filter(pk=sold.pk).update(amount_added=1)


def tickets_for_nothing(sold, given_back):
    Booking.objects.filter(pk=sold.pk).update(confirmed_at=None)


def a_dearer_ticket(sold, given_back):
    sold.tickets.filter(pk=sold.tickets.first().pk).update(paid=F("paid") + 1)


def what_a_ticket_gives_back_is_forgotten(sold, given_back):
    given_back.tickets.update(due_back=None)


def money_for_nothing(sold, given_back):
    payment_of(sold).update(honoured_at=None, succeeded_at=timezone.now() - AN_HOUR)


def something_due_that_nobody_sends(sold, given_back):
    long_ago = timezone.now() - AN_HOUR
    Booking.objects.filter(pk=given_back.pk).update(amount_due_back=12)
    given_back.tickets.update(voided_at=long_ago)
    payment_of(given_back).update(succeeded_at=long_ago)


def a_refund_that_nobody_is_owed(sold, given_back):
    payment_of(sold).get().refunds.create(amount=1, reason="cancelled")


def a_number_that_was_left_out(sold, given_back):
    another_paper(sold, "LUX-2026-000004")


def a_series_that_forgot_a_number(sold, given_back):
    InvoiceSeries.objects.filter(kind="credit_note").update(last_number=0)


def a_number_that_is_on_no_paper(sold, given_back):
    InvoiceSeries.objects.filter(kind="invoice").update(last_number=3)


IN_THE_LEDGER = "What was paid is in the ledger."
REFUNDS = "What went back, and nothing else, is in the ledger."
SOLD = "What was sold was paid, and what bought nothing sold nothing."
TICKETS = "Tickets count for what was paid and is not due back."
BROKEN_BY = [
    (money_that_the_ledger_never_saw, IN_THE_LEDGER),
    (an_amount_that_was_changed, IN_THE_LEDGER),
    (a_currency_that_was_changed, IN_THE_LEDGER),
    (a_payment_that_was_taken_back, "What the ledger has was paid."),
    (a_refund_that_was_taken_back, REFUNDS),
    (a_refund_that_nobody_wrote_down, REFUNDS),
    (an_entry_under_another_booking, "An entry is of its payment's booking and theater."),
    (more_refunds_than_money, "No more goes back than came."),
    (an_invoice_too_many, "Invoices less credit notes are what was kept."),
    (an_entry_that_changes_the_tax, "Their tax is what was kept of it."),
    (an_entry_that_changes_the_fees, "No more fees are kept than were asked."),
    (a_dearer_booking, SOLD),
    (tickets_for_nothing, SOLD),
    (money_for_nothing, SOLD),
    (a_dearer_ticket, TICKETS),
    (what_a_ticket_gives_back_is_forgotten, TICKETS),
    (money_for_nothing, "What bought nothing is on its way back."),
    (something_due_that_nobody_sends, "What is due back is on its way."),
    (a_refund_that_nobody_is_owed, "No more is on its way than is due."),
    (an_amount_that_was_changed, "A theater's ledger is its payments less its refunds."),
    (an_invoice_too_many, "A theater's papers are what it kept."),
    (a_number_that_was_left_out, "Numbers of papers have no gap."),
    (a_series_that_forgot_a_number, "A series ends with its last paper."),
    (a_number_that_is_on_no_paper, "A series ends with its last paper."),
]


def names(found):
    return {name for name, _ in found}


@pytest.fixture
def now():
    """The year of which the numbers are."""
    with time_machine.travel("2026-11-21T12:00:00Z", tick=True):
        yield


def test_what_was_sold_and_given_back_balances(sold, given_back, django_assert_num_queries, capsys):
    with django_assert_num_queries(1):
        assert list(problems()) == []
    with django_assert_num_queries(1):
        assert list(for_a_human()) == []
    call_command("check_books")
    assert capsys.readouterr().out.splitlines() == [
        "Lux, EUR",
        "  paid 44.00 - refunded 11.00 = kept 33.00",
        "  invoices 44.00 - credit notes 11.00 = 33.00",
        "  bought nothing 0.00; fees 4.00; tax 5.28",
        "  on its way back 0.00; disputed 0.00",
        f"The books balance: {len(PROMISES)} promises are kept.",
    ]


@pytest.mark.parametrize(("breaking", "promise"), BROKEN_BY)
def test_it_is_found(breaking, promise, now, sold, given_back, capsys):
    breaking(sold, given_back)
    assert promise in names(problems())
    with pytest.raises(SystemExit, match="1"):
        call_command("check_books")
    assert f"{promise} Not so: " in capsys.readouterr().out


def test_nothing_is_promised_that_nobody_tries_to_break():
    assert {promise for _, promise in BROKEN_BY} == set(PROMISES)


def test_it_says_where(sold, given_back):
    a_refund_that_nobody_is_owed(sold, given_back)
    assert list(problems()) == [("No more is on its way than is due.", sold.reference)]


def test_one_theater_or_some_days_only(sold, given_back, capsys):
    Booking.objects.filter(pk=sold.pk).update(created_at="2026-01-01T00:00Z")
    a_refund_that_nobody_is_owed(sold, given_back)
    place = {"address": "Am Rhein 1", "city": "Bonn", "country": "DE", "timezone": "Europe/Berlin"}
    far = Theater.objects.create(name="Far", slug="far", currency="EUR", **place)
    assert list(problems(Scope(theater=far))) == []
    assert len(list(problems(Scope(theater=sold.theater)))) == 1
    call_command("check_books", theater="far", since="2025-01-01")
    call_command("check_books", theater="lux", since="2026-01-02")
    capsys.readouterr()
    with pytest.raises(SystemExit):
        call_command("check_books", theater="lux", since="2025-12-31")
    with pytest.raises(CommandError, match="There is no theater near"):
        call_command("check_books", theater="near")
    for nonsense in ("yesterday", "2026-02-30"):
        with pytest.raises(CommandError, match="--since takes a day"):
            call_command("check_books", since=nonsense)


# What waits for a human is not broken.


def another_amount(sold, given_back):
    payment = sold.payments.create(booking=sold, amount=5, currency="EUR", flag="4 EUR came")
    payment.succeed(amount=Decimal(4), currency="EUR")


def a_refund_that_failed(sold, given_back):
    something_due_that_nobody_sends(sold, given_back)
    LedgerEntry.objects.refund_came_back(Refund.objects.get())
    refund = given_back.payments.get().refunds.create(amount=1, reason="cancelled")
    refund.fail("The card was closed.")


def a_refund_that_is_never_sent(sold, given_back):
    something_due_that_nobody_sends(sold, given_back)
    given_back.payments.get().refunds.create(amount=1, reason="cancelled")
    long_ago = timezone.now() - timedelta(hours=25)
    Refund.objects.filter(status="pending").update(created_at=long_ago)


def disputed_and_due(sold, given_back):
    something_due_that_nobody_sends(sold, given_back)
    payment = payment_of(given_back).get()
    payment.disputes.create(
        stripe_dispute="du_1", status="needs_response", amount=22, opened_at=timezone.now()
    )


def cash(sold, given_back):
    something_due_that_nobody_sends(sold, given_back)
    payment_of(given_back).update(kind="cash")


def an_account_that_stripe_refuses(sold, given_back):
    Theater.objects.update(stripe_account="acct_1Lux", stripe_refusal="No such destination.")


WAITS = [
    (
        an_account_that_stripe_refuses,
        "Stripe refuses the account of a theater: nobody can pay there online.",
    ),
    (another_amount, "Money came that was not asked for."),
    (a_refund_that_failed, "A refund failed, and is owed."),
    (disputed_and_due, "It is disputed, and goes back if the bank decides for us."),
    (a_refund_that_is_never_sent, "A refund has waited for Stripe for a day."),
    (cash, "Money is to be given back at the box office."),
]


@pytest.mark.parametrize(("happens", "reason"), WAITS)
def test_what_waits_for_a_human_is_listed(happens, reason, sold, given_back, capsys):
    happens(sold, given_back)
    assert names(for_a_human()) == {reason}
    # What has nothing to do with it was planted here by hand.
    owed = {"What is due back is on its way.", "What bought nothing is on its way back."}
    assert not names(problems()) & owed


def test_everything_that_waits_is_tried():
    assert {reason for _, reason in WAITS} == set(WAITING)
