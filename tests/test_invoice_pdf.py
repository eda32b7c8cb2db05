"""Invoices on paper: what the snapshot kept, and nothing that is so only today."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from pypdf import PdfReader

from bookings.customer import Contact
from bookings.holds import hold
from bookings.models import PromoCode
from movies.models import Movie
from payments.models import Invoice, Payment, Refund
from payments.pdf import invoice_pdf
from theaters.models import Theater

ALICE = Contact("Alice Weiss", "alice@example.com")


@pytest.fixture
def pay(showtime, settings):
    """Buy seats, more than one customer may hold if need be; answers the payment."""
    settings.MAX_HELD_SEATS_PER_SHOWTIME = 100

    def make(seats, contact=ALICE, promo_code=""):
        fresh = type(showtime).objects.get(pk=showtime.pk)
        booking = hold(
            fresh, [seat.pk for seat in seats], user=None, contact=contact, promo_code=promo_code
        )
        money = {"amount": booking.total, "currency": booking.currency}
        payment = Payment.objects.create(booking=booking, stripe_intent="pi_1", **money)
        payment.succeed(**money)
        return payment

    return make


@pytest.fixture
def invoice(pay, seats):
    return pay([seats[0], seats[7]]).invoices.get()


def text(document: bytes) -> str:
    """The text of all pages, whatever its lines are broken like."""
    reader = PdfReader(io.BytesIO(document))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_an_invoice_says_who_sold_what_to_whom(invoice):
    printed = text(invoice_pdf(invoice))
    for words in (
        f"Invoice {invoice.number}",
        "Lux Kino GmbH",
        "Kantstr. 1 10623 Berlin, DE",
        "Tax ID DE123456789",
        "Alice Weiss alice@example.com",
        f"Booking {invoice.booking.reference}",
        "Film The Long Way Down",
        "Screen Screen 1",
        "Seat A1, Silver 1.60 10.00",
        "Seat B2, Gold 2.32 14.50",
        "Booking fee for 2 tickets 0.32 2.00",
        "Net 22.26",
        "Tax 19 %, included 4.24",
        "Total 26.50 EUR",
        "Paid: Stripe, pi_1",
        "Page 1 of 1",
    ):
        assert words in printed


def test_a_discount_is_a_line_of_its_own(pay, seats):
    PromoCode.objects.create(code="SUMMER", amount=5, currency="EUR")
    printed = text(invoice_pdf(pay(seats[:1], promo_code="SUMMER").invoices.get()))
    assert "Promo code SUMMER -0.80 -5.00" in printed
    assert "Total 6.00 EUR" in printed


def test_tax_on_top_is_said_to_be_added(pay, seats, theater):
    Theater.objects.filter(pk=theater.pk).update(
        prices_include_tax=False, tax_rate=Decimal("8.875"), currency="USD"
    )
    printed = text(invoice_pdf(pay(seats[:1]).invoices.get()))
    assert "Net 11.00 Tax 8.875 %, added 0.98 Total 11.98 USD" in printed


def test_a_credit_note_gives_back(pay, seats):
    payment = pay(seats[:1])
    refund = Refund.objects.create(
        payment=payment, amount=payment.amount, reason=Refund.Reason.CANCELLED
    )
    note = Invoice.objects.credit(refund)
    printed = text(invoice_pdf(note))
    assert f"Credit note {note.number}" in printed
    assert "Tickets were cancelled -1.76 -11.00" in printed
    assert "Net -9.24 Tax 19 %, included -1.76 Total -11.00 EUR" in printed
    assert "Returned: Stripe, pi_1" in printed


def test_a_credit_note_names_the_invoice_that_it_corrects(invoice):
    note = Invoice(kind=Invoice.Kind.CREDIT_NOTE, number="LUX-2026-C000001")
    note.issued_at, note.snapshot = invoice.issued_at, invoice.snapshot | {"corrects": "LUX-7"}
    assert "Corrects invoice LUX-7" in text(invoice_pdf(note))


def test_dates_are_the_theaters_own(pay, seats, showtime):
    evening = datetime(2026, 7, 10, 22, 30, tzinfo=UTC)
    type(showtime).objects.filter(pk=showtime.pk).update(
        starts_at=datetime(2026, 7, 17, 18, 30, tzinfo=UTC),
        ends_at=datetime(2026, 7, 17, 20, 30, tzinfo=UTC),
    )
    with time_machine.travel(evening, tick=False):
        invoice = pay(seats[:1]).invoices.get()
    printed = text(invoice_pdf(invoice))
    assert f"{invoice.number} 11 July 2026" in printed
    assert "Showtime Friday, 17 July 2026, 20:30" in printed


def test_what_changes_later_changes_no_paper(invoice, theater, movie, django_assert_num_queries):
    before = invoice_pdf(invoice)
    Theater.objects.update(legal_name="Dux", tax_rate=7, address="Elsewhere", timezone="Asia/Tokyo")
    Movie.objects.update(title="Another Way")
    fresh = Invoice.objects.get(pk=invoice.pk)
    with django_assert_num_queries(0):
        assert invoice_pdf(fresh) == before


def test_every_text_is_printed_as_it_is(pay, seats, theater, movie):
    hostile = "#panic() *x* $ @a <b> -> 2x2 \\ \"q\" // #read('/etc/passwd')"
    Theater.objects.update(legal_name=hostile, name=hostile, address=hostile, tax_id=hostile[:40])
    Movie.objects.update(title=hostile)
    printed = text(invoice_pdf(pay(seats[:1], Contact(hostile, "a@example.com")).invoices.get()))
    assert printed.count(hostile) == 4  # the theater is not said twice: it is called as the seller


def test_long_and_strange_names_are_printed(pay, seats, theater, movie):
    Theater.objects.update(legal_name="Ж" * 200, address="W" * 200, city="千" * 100)
    Movie.objects.update(title="🎬" * 200)
    invoice = pay(seats, Contact("W" * 200, "a@example.com")).invoices.get()
    printed = text(invoice_pdf(invoice))
    assert f"Total {invoice.total:.2f} EUR" in printed


def test_the_document_can_be_read_aloud(invoice):
    document = PdfReader(io.BytesIO(invoice_pdf(invoice)))
    assert document.metadata.title == f"Invoice {invoice.number}"
    assert document.metadata.author == "Lux Kino GmbH"
    assert document.trailer["/Root"]["/Lang"] == "en"
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert round(float(document.pages[0].mediabox.width) / 72 * 25.4) == 210


def test_threads_print_at_the_same_time(invoice):
    def printed(number):
        mine = Invoice(kind=invoice.kind, number=number)
        mine.issued_at, mine.snapshot = invoice.issued_at, invoice.snapshot
        return text(invoice_pdf(mine))

    numbers = [f"LUX-2026-{n:06d}" for n in range(12)]
    with ThreadPoolExecutor(4) as threads:
        for number, page in zip(numbers, threads.map(printed, numbers), strict=True):
            assert f"Invoice {number}" in page
