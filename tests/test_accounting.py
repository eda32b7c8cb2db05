"""The accountant's file: a theater's invoices and credit notes of a month, as CSV."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count

import pytest
from django.core.management import call_command

from movies.models import Movie
from payments.models import Invoice
from theaters.models import Theater

_numbers = count(1)
pytestmark = pytest.mark.usefixtures("in_autumn")


@pytest.fixture
def at(client_of, manager, theater):
    """What the manager gets for a month."""
    client = client_of(manager)

    def ask(month, place=theater):
        return client.get(f"/api/theaters/{place.pk}/invoices.csv?month={month}")

    return ask


@pytest.fixture
def invoice(paid, me, showtime, seats):
    paid(me, showtime, seats[:2])
    return Invoice.objects.get()


@pytest.fixture
def issued_at(invoice):
    """Copy the invoice to other moments; answers the number of the copy."""

    def copy(moment, **changes):
        number = f"LUX-{next(_numbers)}"
        kept = Invoice.objects.get(pk=invoice.pk)
        kept.pk, kept.number, kept.issued_at = None, number, moment
        for name, value in changes.items():
            setattr(kept, name, value)
        kept.save(force_insert=True)
        return number

    return copy


def text(answer) -> str:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def rows(answer) -> list[dict]:
    return list(csv.DictReader(io.StringIO(text(answer))))


def month_of(invoice, theater) -> str:
    return f"{invoice.issued_at.astimezone(theater.zone):%Y-%m}"


def test_a_line_says_what_the_books_need(at, invoice, theater, showtime):
    month = month_of(invoice, theater)
    answer = at(month)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="LUX-{month}.csv"'
    assert answer["Cache-Control"] == "private, no-cache"
    [row] = rows(answer)
    assert row == {
        "number": invoice.number,
        "kind": "invoice",
        "issued_at": f"{invoice.issued_at.astimezone(theater.zone):%Y-%m-%d %H:%M:%S}",
        "corrects": "",
        "booking": invoice.booking.reference,
        "buyer": "Alice Weiss",
        "film": "The Long Way Down",
        "showtime": f"{showtime.starts_at.astimezone(theater.zone):%Y-%m-%d %H:%M:%S}",
        "tax_rate": "19",
        "net": "18.48",
        "tax": "3.52",
        "gross": "22.00",
        "currency": "EUR",
        "paid_by": "Stripe",
        "stripe_intent": invoice.payment.stripe_intent,
    }


def test_spreadsheets_know_its_letters_by_the_mark_at_its_beginning(at, invoice, theater):
    body = b"".join(at(month_of(invoice, theater)).streaming_content)
    assert body.startswith(b"\xef\xbb\xbfnumber,kind,")
    assert body.endswith(b"\r\n")


def test_the_columns_sum_up_to_the_month(at, me, paid, showtime, seats, theater, invoice):
    Theater.objects.update(tax_rate=7)
    booking = paid(me, showtime, seats[2:5])
    tickets = [ticket["code"] for ticket in booking["tickets"][:2]]
    me.post(f"/api/bookings/{booking['reference']}/cancel/", {"tickets": tickets})
    call_command("run_jobs", once=True)
    lines = rows(at(month_of(invoice, theater)))
    assert [line["kind"] for line in lines] == ["invoice", "invoice", "credit_note"]
    assert lines[2]["corrects"] == lines[1]["number"]
    total = sum(invoice.total for invoice in Invoice.objects.all())
    assert sum(Decimal(line["gross"]) for line in lines) == total == Decimal("33.00")
    for rate in ("19", "7"):
        taxes = [
            one for note in Invoice.objects.all() for one in note.taxes if one.rate == Decimal(rate)
        ]
        for name in ("net", "tax", "gross"):
            of_rate = sum(Decimal(line[name]) for line in lines if line["tax_rate"] == rate)
            assert of_rate == sum(getattr(one, name) for one in taxes) > 0


@pytest.mark.broken_by_hand
def test_each_tax_rate_has_its_line(at, issued_at, invoice):
    taxes = [
        {"rate": "19", "net": "8.40", "tax": "1.60", "gross": "10.00"},
        {"rate": "7", "net": "0.93", "tax": "0.07", "gross": "1.00"},
    ]
    number = issued_at(
        datetime(2027, 5, 5, tzinfo=UTC), snapshot=invoice.snapshot | {"taxes": taxes}
    )
    lines = rows(at("2027-05"))
    assert [(line["number"], line["tax_rate"], line["gross"]) for line in lines] == [
        (number, "19", "10.00"),
        (number, "7", "1.00"),
    ]


@pytest.mark.broken_by_hand
def test_an_invoice_of_the_first_kind_has_its_one_rate(at, issued_at, invoice):
    old = {name: value for name, value in invoice.snapshot.items() if name != "taxes"}
    issued_at(datetime(2027, 5, 5, tzinfo=UTC), snapshot=old | {"tax_rate": "19"})
    [line] = rows(at("2027-05"))
    assert [line[name] for name in ("tax_rate", "net", "tax", "gross")] == [
        *("19", "18.48", "3.52", "22.00")
    ]


@pytest.mark.broken_by_hand
def test_the_month_is_that_of_the_theater(at, issued_at):
    """Berlin's November begins at 23:00 UTC, its December as well; it has no summer time then."""
    for moment in (
        datetime(2027, 10, 31, 22, 59, 59, tzinfo=UTC),
        datetime(2027, 10, 31, 23, 0, tzinfo=UTC),
        datetime(2027, 11, 30, 22, 59, 59, tzinfo=UTC),
        datetime(2027, 11, 30, 23, 0, tzinfo=UTC),
        datetime(2027, 12, 31, 22, 59, 59, tzinfo=UTC),
        datetime(2027, 12, 31, 23, 0, tzinfo=UTC),
    ):
        issued_at(moment)
    times = {month: [row["issued_at"] for row in rows(at(month))] for month in MONTHS}
    assert times == {
        "2027-10": ["2027-10-31 23:59:59"],
        "2027-11": ["2027-11-01 00:00:00", "2027-11-30 23:59:59"],
        "2027-12": ["2027-12-01 00:00:00", "2027-12-31 23:59:59"],
        "2028-01": ["2028-01-01 00:00:00"],
        "2028-02": [],
    }


MONTHS = ["2027-10", "2027-11", "2027-12", "2028-01", "2028-02"]


def test_another_theater_s_invoices_are_not_in_it(at, invoice, theater, manager):
    theater.pk, theater.slug, theater.invoice_prefix = None, "other", "OTHER"
    theater.save(force_insert=True)
    theater.managers.add(manager)
    assert rows(at(month_of(invoice, theater), theater)) == []


@pytest.mark.parametrize(
    "month", ["", "2026", "2026-13", "2026-00", "0000-01", "2026-1", "٢٠٢٦-١١"]
)
def test_a_month_is_a_year_and_a_month(at, month):
    answer = at(month)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == "month"


def test_without_a_month_it_is_a_400(client_of, manager, theater):
    answer = client_of(manager).get(f"/api/theaters/{theater.pk}/invoices.csv")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "required")


@pytest.mark.parametrize(
    "text", ["=1+1", "+49 30", "-2+3", "@SUM(A1)", "\t=1", "＝1", '=H("x","y")']
)
def test_no_name_becomes_a_formula(at, me, paid, showtime, seats, theater, text):
    Movie.objects.update(title=text)
    contact = {"name": f"{text}x", "email": "a@example.com"}
    paid(me, showtime, seats[:1], contact=contact)
    [row] = rows(at(month_of(Invoice.objects.get(), theater)))
    assert row["film"] == f"'{text}"
    assert row["buyer"] in (f"'{text}x", f"'{text}x".replace("\t", ""), f"{text}x".strip())
    assert not row["buyer"].startswith(("=", "+", "-", "@", "＝"))


def test_names_in_every_script_with_commas_and_quotes(at, me, paid, showtime, seats, theater):
    title = 'وهلأ "لوين", 千と千尋'
    Movie.objects.update(title=title)
    paid(me, showtime, seats[:1])
    [row] = rows(at(month_of(Invoice.objects.get(), theater)))
    assert row["film"] == title


@pytest.mark.broken_by_hand
def test_it_costs_the_same_for_one_invoice_as_for_many(at, issued_at, django_assert_num_queries):
    for number in range(1, 30):
        issued_at(datetime(2027, 5, number, tzinfo=UTC))
    issued_at(datetime(2027, 6, 1, 12, tzinfo=UTC))
    for month, invoices in (("2027-06", 1), ("2027-05", 29)):
        with django_assert_num_queries(3):
            assert len(rows(at(month))) == invoices
