"""What was paid and refunded before there was a ledger, with its fees and its tax."""

import re
from decimal import Decimal
from itertools import chain

from django.db import migrations

NOTHING = Decimal(0)
AT_A_TIME = 1000
CAME = re.compile(r"([0-9.]+) ([A-Z]{3}) came, ")


def write_ledger(apps, schema_editor):
    LedgerEntry = apps.get_model("payments", "LedgerEntry")
    entries = []
    for entry in chain(charges(apps), refunds(apps)):
        entries.append(LedgerEntry(**entry))
        if len(entries) == AT_A_TIME:
            LedgerEntry.objects.bulk_create(entries)
            entries = []
    LedgerEntry.objects.bulk_create(entries)


def charges(apps):
    Payment = apps.get_model("payments", "Payment")
    LedgerEntry = apps.get_model("payments", "LedgerEntry")
    known = LedgerEntry.objects.filter(kind="charge").values("payment")
    paid = Payment.objects.filter(status="succeeded").exclude(pk__in=known)
    paid = paid.select_related("booking__showtime__screen", "exchange")
    for payment in paid.order_by("succeeded_at", "pk").iterator(chunk_size=AT_A_TIME):
        amount, currency = payment.amount, payment.currency
        # Of a flagged payment only the flag says what came.
        if came := CAME.match(payment.flag):
            amount, currency = Decimal(came[1]), came[2]
        fee, tax = bought(payment)
        yield of(payment) | {
            "kind": "charge",
            "amount": amount,
            "currency": currency,
            "fee": fee,
            "tax": tax,
            "at": payment.succeeded_at or payment.created_at,
        }


def bought(payment):
    if not payment.honoured_at:
        return NOTHING, NOTHING
    if payment.exchange:
        return NOTHING, payment.exchange.tax
    return payment.booking.fees, payment.booking.tax


def refunds(apps):
    Refund = apps.get_model("payments", "Refund")
    done = Refund.objects.filter(status="succeeded", ledger=None)
    done = done.select_related("payment__booking__showtime__screen")
    notes, left = {}, {}
    for refund in done.order_by("finished_at", "pk").iterator(chunk_size=AT_A_TIME):
        payment = refund.payment
        # Each refund of what had bought something has its credit note, in the same order.
        if payment.pk not in notes:
            credit = payment.invoices.filter(kind="credit_note").order_by("pk")
            notes[payment.pk] = [Decimal(note.snapshot["tax"]) for note in credit]
            left[payment.pk] = [payment.amount, bought(payment)[0]]
        tax = notes[payment.pk].pop(0) if notes[payment.pk] else NOTHING
        left[payment.pk][0] -= refund.amount
        amount, fees = left[payment.pk]
        fee = max(NOTHING, fees - amount)
        left[payment.pk][1] -= fee
        yield of(payment) | {
            "kind": "refund",
            "refund": refund,
            "amount": -refund.amount,
            "currency": payment.currency,
            "fee": -fee,
            "tax": tax,
            "at": refund.finished_at or refund.created_at,
        }


def of(payment):
    return {
        "payment": payment,
        "booking": payment.booking,
        "theater_id": payment.booking.showtime.screen.theater_id,
    }


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0004_the_ledger"),
    ]

    operations = [
        migrations.RunPython(write_ledger, migrations.RunPython.noop),
    ]
