"""The ledger has every movement of money once, and the database refuses to change it."""

from datetime import timedelta
from decimal import Decimal
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from bookings.models import Booking
from payments.models import LedgerEntry, Payment, Refund
from showtimes.models import TakenSeat

backfill = import_module("payments.migrations.0005_the_ledger_of_what_was_paid")
EMPTY = {
    "postgresql": "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE payments_ledgerentry",
    "sqlite": "DELETE FROM payments_ledgerentry",
}


@pytest.fixture
def sold(paid, me, showtime, seats):
    """A1 and A2: 22.00 EUR, of it a fee of 2.00."""
    shown = paid(me, showtime, seats[:2])
    return Booking.objects.get(reference=shown["reference"])


@pytest.fixture
def cancel(me, sold):
    def post(**body):
        answer = me.post(f"/api/bookings/{sold.reference}/cancel/", body)
        assert answer.status_code == 200
        call_command("run_jobs", once=True)

    return post


def rows(**those):
    """Kind, amount, fee and tax, in their order."""
    entries = LedgerEntry.objects.filter(**those).order_by("pk")
    return [(one.kind, str(one.amount), str(one.fee), str(one.tax)) for one in entries]


CHARGE = ("charge", "22.000", "2.000", "3.520")


def refused():
    return pytest.raises(IntegrityError, match="The ledger never changes")


def test_a_charge_says_what_of_it_is_fees_and_tax(sold, theater):
    assert rows() == [CHARGE]
    entry = LedgerEntry.objects.get()
    assert (entry.booking, entry.theater, entry.currency) == (sold, theater, "EUR")
    assert entry.at == Payment.objects.get().succeeded_at


def test_it_never_changes(sold):
    entry = LedgerEntry.objects.get()
    entry.amount = 1
    with refused(), transaction.atomic():
        entry.save()
    with refused(), transaction.atomic():
        LedgerEntry.objects.update(tax=0)
    with refused(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE payments_ledgerentry SET currency = 'USD'")
    assert rows() == [CHARGE]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite empties tables by DELETE")
def test_it_never_goes(sold):
    with refused(), transaction.atomic():
        LedgerEntry.objects.all().delete()
    with refused(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL marquee.tables_may_be_emptied = off"
        )
        cursor.execute("TRUNCATE payments_ledgerentry CASCADE")
    assert rows() == [CHARGE]


def test_the_same_event_twice_is_one_entry(payment, stripe):
    stripe.pay(payment)
    [event] = stripe.events("payment_intent.succeeded", payment["client_secret"].split("_s")[0])
    assert stripe.deliver(event | {"id": "evt_again"}).status_code == 200
    call_command("run_jobs", once=True)
    assert rows() == [CHARGE]


def test_nothing_is_booked_twice(sold):
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.charge(Payment.objects.get(), amount=Decimal(22), currency="EUR")


def test_all_of_it_goes_back_with_its_fee_and_tax(cancel):
    cancel()
    assert rows() == [CHARGE, ("refund", "-22.000", "-2.000", "-3.520")]


def test_the_seats_go_back_before_the_fee(sold, cancel):
    cancel(tickets=[sold.tickets.first().code])
    cancel()
    assert rows() == [
        CHARGE,
        ("refund", "-11.000", "0.000", "-1.760"),
        ("refund", "-11.000", "-2.000", "-1.760"),
    ]


@pytest.mark.broken_by_hand
def test_a_refund_that_comes_back(cancel):
    cancel()
    LedgerEntry.objects.refund_came_back(Refund.objects.get())
    assert rows()[2:] == [("refund_came_back", "22.000", "2.000", "3.520")]


def test_a_dispute_is_booked_once_and_comes_back_when_it_is_won(sold):
    payment = Payment.objects.get()
    of_it = {"stripe_dispute": "dp_1", "amount": Decimal(22), "currency": "EUR"}
    for _ in range(2):
        LedgerEntry.objects.dispute(payment, **of_it)
    for _ in range(2):
        LedgerEntry.objects.dispute_won(payment, **of_it)
    assert rows()[1:] == [
        ("dispute", "-22.000", "0.000", "0.000"),
        ("dispute_won", "22.000", "0.000", "0.000"),
    ]


def test_money_that_came_too_late_is_no_fee_and_no_tax(payment, stripe, book, client_of, showtime):
    stripe.confirm(payment)
    with time_machine.travel(timezone.now() + timedelta(minutes=21)):
        seats = list(TakenSeat.objects.values_list("seat", flat=True))
        contact = {"name": "Guest", "email": "guest@example.com"}
        body = {"showtime": showtime.pk, "seats": seats, "contact": contact}
        assert client_of().post("/api/bookings/", body).status_code == 201
        call_command("run_jobs", once=True)
    assert rows() == [
        ("charge", "22.000", "0.000", "0.000"),
        ("refund", "-22.000", "0.000", "0.000"),
    ]


def test_of_another_amount_what_came_is_booked(payment):
    Payment.objects.get().succeed(amount=Decimal("21.99"), currency="USD")
    entry = LedgerEntry.objects.get()
    assert (entry.amount, entry.currency, entry.tax) == (Decimal("21.99"), "USD", 0)


def test_an_entry_costs_the_confirmation_one_statement(payment, django_assert_max_num_queries):
    with django_assert_max_num_queries(60) as asked:
        ours = Payment.objects.get()
        ours.succeed(amount=ours.amount, currency=ours.currency)
    told = [one["sql"] for one in asked.captured_queries if "payments_ledgerentry" in one["sql"]]
    assert len(told) == 1


def test_what_was_paid_before_there_was_a_ledger_is_put_in(sold, cancel, me, book, showtime, seats):
    cancel(tickets=[sold.tickets.first().code])
    cancel()
    other = book(me, showtime, seats[2:4]).json()
    me.post("/api/payments/", {"booking": other["reference"]})
    Payment.objects.get(status="open").succeed(amount=Decimal("21.99"), currency="USD")
    before = rows()
    with connection.cursor() as cursor:
        cursor.execute(EMPTY[connection.vendor])
    backfill.write_ledger(apps, None)
    assert sorted(rows()) == sorted(before)
    backfill.write_ledger(apps, None)
    assert sorted(rows()) == sorted(before)


def test_the_fee_goes_back_with_the_last_of_it_though_a_dispute_stands(sold, cancel):
    payment = sold.payments.get()
    LedgerEntry.objects.dispute(payment, stripe_dispute="du_1", amount=Decimal(22), currency="EUR")
    [one, other] = sold.tickets.all()
    cancel(tickets=[one.code])
    assert rows(kind="refund") == [("refund", "-11.000", "0.000", "-1.760")]
    cancel(tickets=[other.code])
    assert rows(kind="refund")[1] == ("refund", "-11.000", "-2.000", "-1.760")
