"""Invoices: what they sum up, what credit notes give back of it, and that none ever changes."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from bookings.models import BookingLine
from payments.models import Invoice, InvoiceSeries, Refund
from payments.taxes import Taxed, part_of
from theaters.models import Theater


@pytest.fixture
def invoice(paid, me, showtime, seats):
    paid(me, showtime, seats[:1])
    return Invoice.objects.get()


def refused():
    """A transaction that the database breaks off."""
    return pytest.raises(IntegrityError, match="a credit note corrects it")


def test_an_invoice_never_changes(invoice):
    invoice.total = 0
    with refused(), transaction.atomic():
        invoice.save()
    with refused(), transaction.atomic():
        Invoice.objects.update(snapshot={})
    with refused(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE payments_invoice SET number = 'LUX-2026-000002'")
    assert Invoice.objects.get().total == Decimal("11.00")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite empties tables by DELETE")
def test_an_invoice_never_goes(invoice):
    with refused(), transaction.atomic():
        invoice.delete()
    with refused(), transaction.atomic():
        Invoice.objects.all().delete()
    with refused(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL marquee.tables_may_be_emptied = off"
        )
        cursor.execute("TRUNCATE payments_invoice CASCADE")
    assert Invoice.objects.exists()


def test_numbers_begin_anew_with_the_year_of_the_theater(theater):
    def number(moment, kind="invoice"):
        return InvoiceSeries.next_number(theater, kind, moment)

    # In Berlin the new year is one hour old.
    silvester = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    before = datetime(2026, 12, 31, 22, 59, tzinfo=UTC)
    assert [number(before), number(before)] == ["LUX-2026-000001", "LUX-2026-000002"]
    assert number(silvester) == "LUX-2027-000001"
    assert number(silvester, "credit_note") == "LUX-2027-C000001"
    assert number(before) == "LUX-2026-000003"


@pytest.mark.broken_by_hand
def test_what_is_not_issued_takes_no_number(invoice, theater):
    class Crash(Exception):
        pass

    with pytest.raises(Crash), transaction.atomic():
        InvoiceSeries.next_number(theater, "invoice", invoice.issued_at)
        raise Crash
    year = invoice.issued_at.astimezone(theater.zone).year
    following = InvoiceSeries.next_number(theater, "invoice", invoice.issued_at)
    assert (invoice.number, following) == (f"LUX-{year}-000001", f"LUX-{year}-000002")


def test_a_new_tax_rate_holds_for_what_is_booked_from_then_on(
    me, book, stripe, showtime, seats, theater
):
    booking = book(me, showtime, seats[:1]).json()
    payment = me.post("/api/payments/", {"booking": booking["reference"]}).json()
    Theater.objects.update(tax_rate=7, prices_include_tax=False)
    assert stripe.pay(payment).status_code == 200
    snapshot = Invoice.objects.get().snapshot
    assert snapshot["taxes"] == [{"rate": "19", "net": "9.24", "tax": "1.76", "gross": "11.00"}]
    assert snapshot["tax_included"] is True
    assert {line["tax_rate"] for line in snapshot["lines"]} == {"19"}


@pytest.mark.broken_by_hand
def test_lines_are_summed_up_by_their_rates(me, book, stripe, showtime, seats):
    """Popcorn at 7 % on the same invoice as a seat at 19 %: 10.00 and the fee of 1.00."""
    booking = book(me, showtime, seats[:1]).json()
    payment = me.post("/api/payments/", {"booking": booking["reference"]}).json()
    fee = BookingLine.objects.filter(kind="fee")
    fee.update(tax=Decimal("0.07"), tax_rate=7)
    assert stripe.pay(payment).status_code == 200
    assert Invoice.objects.get().snapshot["taxes"] == [
        {"rate": "19", "net": "8.40", "tax": "1.60", "gross": "10.00"},
        {"rate": "7", "net": "0.93", "tax": "0.07", "gross": "1.00"},
    ]


@pytest.mark.broken_by_hand
@pytest.mark.parametrize("included", [True, False])
def test_credit_notes_give_back_the_tax_of_the_invoice_to_the_cent(
    me, paid, showtime, seats, theater, included
):
    """Each by itself would round the tax in its 0.03 to nothing."""
    Theater.objects.update(prices_include_tax=included, tax_rate=Decimal("8.875"))
    paid(me, showtime, seats[:3])
    invoice, small = Invoice.objects.get(), [Decimal("0.03")] * 15
    for amount in [*small, invoice.total - sum(small)]:
        refund = Refund.objects.create(
            payment=invoice.payment, amount=amount, reason=Refund.Reason.CANCELLED
        )
        refund.succeed()
    notes = Invoice.objects.filter(kind="credit_note")
    assert len(notes) == 16
    assert sum(note.total for note in notes) == -invoice.total
    taxes = [note.taxes[0].tax for note in notes]
    assert sum(taxes) == -invoice.taxes[0].tax
    assert {note.snapshot["corrects"] for note in notes} == {invoice.number}
    for note in notes:
        assert Decimal(note.snapshot["lines"][0]["amount"]) == note.total


def test_what_nobody_honoured_has_no_papers(me, book, stripe, showtime, seats):
    booking = book(me, showtime, seats[:1]).json()
    payment = me.post("/api/payments/", {"booking": booking["reference"]}).json()
    me.delete(f"/api/bookings/{booking['reference']}/")
    stripe.pay(payment)
    call_command("run_jobs", once=True)
    assert not Invoice.objects.exists()


MONEY = st.decimals(min_value="0.01", max_value=500, places=2)


@given(
    grosses=st.lists(MONEY, min_size=1, max_size=3),
    shares=st.lists(st.integers(1, 100), min_size=1, max_size=5),
)
def test_the_parts_of_several_rates_add_up(grosses, shares):
    sums = [
        Taxed(Decimal(rate), gross, (gross / 5).quantize(Decimal("0.01")))
        for rate, gross in zip((19, 7, 0), grosses, strict=False)
    ]
    total, so_far = sum(grosses), Decimal(0)
    for share in shares:
        so_far += (total * share / sum(shares)).quantize(Decimal("0.01"))
        part = part_of(sums, min(so_far, total), "EUR")
        assert sum(one.gross for one in part) == min(so_far, total)
    assert part_of(sums, total, "EUR") == sums


def test_an_invoice_shows_the_whole_document(
    me, paid, showtime, seats, theater, letters, django_assert_num_queries
):
    booking = paid(me, showtime, seats[:2])
    Theater.objects.update(legal_name="Another GmbH", address="Elsewhere 1")
    code = booking["tickets"][0]["code"]
    me.post(f"/api/bookings/{booking['reference']}/cancel/", {"tickets": [code]})
    call_command("run_jobs", once=True)
    note, bought = me.get("/api/invoices/").json()["results"]
    with django_assert_num_queries(3):
        whole = me.get(f"/api/invoices/{bought['number']}/").json()
    assert bought.items() <= whole.items()
    assert (whole["corrects"], whole["credit_notes"]) == (None, [note["number"]])
    assert whole["seller"] == {
        "name": "Lux Kino GmbH",
        "theater": "Lux",
        "address": "Kantstr. 1",
        "postal_code": "10623",
        "city": "Berlin",
        "country": "DE",
        "tax_id": "DE123456789",
    }
    assert whole["buyer"] == {"name": "Alice Weiss", "email": "alice@example.com"}
    assert whole["showtime"]["movie"] == "The Long Way Down"
    assert [line["amount"] for line in whole["lines"]] == ["10.00", "10.00", "2.00"]
    assert whole["taxes"] == [{"rate": "19", "net": "18.48", "tax": "3.52", "gross": "22.00"}]
    assert whole["tax_included"] is True
    assert whole["payment"]["by"] == "Stripe"
    assert whole["payment"]["stripe_intent"].startswith("pi_")
    back = me.get(f"/api/invoices/{note['number']}/").json()
    assert (back["corrects"], back["credit_notes"]) == (bought["number"], [])
    assert [line["amount"] for line in back["lines"]] == [back["total"]] == ["-11.00"]
    assert back["payment"] == whole["payment"]
