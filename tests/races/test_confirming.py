"""Webhooks come twice and at once, devices pay side by side: each booking is bought once."""

from collections import Counter
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from bookings.models import Ticket
from payments.models import (
    Dispute,
    Invoice,
    InvoiceSeries,
    Payment,
    Refund,
    RefusedWebhook,
    WebhookEvent,
)

from .conftest import pay


def test_sixteen_copies_of_one_event_confirm_once(at_once, stripe, guest, showtime, seats):
    client, booking = guest(showtime, seats[:3])
    payment = pay(client, booking).json()
    stripe.confirm(payment)
    [event] = stripe.events("payment_intent.succeeded", payment["client_secret"].split("_s")[0])
    copies = [event | {"id": event["id"] + str(number % 2)} for number in range(16)]
    answers = at_once([lambda copy=copy: stripe.deliver(copy) for copy in copies])
    assert {answer.status_code for answer in answers} == {200}
    assert Ticket.objects.count() == 3
    assert Invoice.objects.count() == 1


def test_a_hundred_copies_of_one_event_confirm_once(at_once, stripe, guest, showtime, seats):
    client, booking = guest(showtime, seats[:3])
    payment = pay(client, booking).json()
    stripe.confirm(payment)
    [event] = stripe.events("payment_intent.succeeded", payment["client_secret"].split("_s")[0])
    answers = at_once([lambda: stripe.deliver(event)] * 100)
    assert {answer.status_code for answer in answers} == {200}
    assert Ticket.objects.count() == 3
    assert Invoice.objects.count() == 1
    assert WebhookEvent.objects.get().processed_at


def test_a_refund_of_the_dashboard_told_twice_at_once_counts_once(
    at_once, stripe, guest, showtime, seats
):
    client, booking = guest(showtime, seats[:3])
    payment = pay(client, booking).json()
    stripe.pay(payment)
    refund = stripe.refund_in_dashboard(payment, 500)
    [event] = stripe.events("refund.created", refund["id"])
    copies = [event | {"id": f"evt_{number}"} for number in range(8)]
    answers = at_once([lambda copy=copy: stripe.deliver(copy) for copy in copies])
    assert {answer.status_code for answer in answers} == {200}
    assert Refund.objects.get().amount == 5
    assert Invoice.objects.filter(kind="credit_note").count() == 1


def test_a_dispute_told_twice_at_once_is_one(at_once, stripe, guest, showtime, seats):
    client, booking = guest(showtime, seats[:3])
    payment = pay(client, booking).json()
    stripe.pay(payment)
    dispute = stripe.dispute(payment)
    [event] = stripe.events("charge.dispute.created", dispute["id"])
    copies = [event | {"id": f"evt_{number}"} for number in range(8)]
    answers = at_once([lambda copy=copy: stripe.deliver(copy) for copy in copies])
    assert {answer.status_code for answer in answers} == {200}
    assert Dispute.objects.count() == 1


def test_refused_webhooks_are_all_counted(at_once, stripe):
    at_once([lambda: stripe.deliver_raw("[]")] * 16)
    assert RefusedWebhook.objects.get().count == 16


def test_eight_devices_get_one_intent(at_once, stripe, guest, showtime, seats):
    client, booking = guest(showtime, seats[:1])
    answers = at_once([lambda: pay(client, booking)] * 8)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["client_secret"] for answer in answers}) == 1
    assert Payment.objects.count() == 1


def test_invoice_numbers_have_no_gap_and_no_repeat(at_once, stripe, guest, showtime, seats):
    held = [guest(showtime, [seat]) for seat in seats]
    events = []
    for client, booking in held:
        payment = pay(client, booking).json()
        stripe.confirm(payment)
        intent = payment["client_secret"].split("_s")[0]
        events += stripe.events("payment_intent.succeeded", intent)
    answers = at_once([lambda event=event: stripe.deliver(event) for event in events])
    assert {answer.status_code for answer in answers} == {200}
    numbers = sorted(
        int(number[-6:]) for number in Invoice.objects.values_list("number", flat=True)
    )
    assert numbers == list(range(1, len(seats) + 1))
    assert InvoiceSeries.objects.get().last_number == len(seats)


def test_paying_and_letting_go_at_once_never_leaves_both(at_once, stripe, guest, showtime, seats):
    for seat in seats[:6]:
        client, booking = guest(showtime, [seat])
        payment = pay(client, booking).json()
        stripe.confirm(payment)
        [event] = stripe.events("payment_intent.succeeded", payment["client_secret"].split("_s")[0])
        address = f"/api/bookings/{booking['reference']}/"
        at_once([lambda e=event: stripe.deliver(e), lambda c=client, a=address: c.delete(a)])
        status = client.get(address).json()["status"]
        owed = Payment.objects.owed_back().filter(booking__reference=booking["reference"])
        assert Counter([status, owed.exists()]) in (
            Counter(["confirmed", False]),
            Counter(["cancelled", True]),
        )


@pytest.mark.without_money
def test_thirty_two_writers_number_without_a_gap_or_a_repeat(at_once, theater):
    """Half of them credit notes, and one in four fails after it has taken its number."""

    class Crash(Exception):
        pass

    def take(kind, fails):
        try:
            with transaction.atomic():
                number = InvoiceSeries.next_number(theater, kind, timezone.now())
                if fails:
                    raise Crash
                return number
        except Crash:
            return None

    kinds = [Invoice.Kind.INVOICE, Invoice.Kind.CREDIT_NOTE]
    jobs = [lambda n=n: [take(kinds[n % 2], (n + i) % 4 == 3) for i in range(8)] for n in range(32)]
    taken = [number for numbers in at_once(jobs) for number in numbers if number]
    for kind, letter in zip(kinds, ("", "C"), strict=True):
        own = sorted(number for number in taken if ("-C" in number) == bool(letter))
        year = timezone.now().astimezone(theater.zone).year
        assert own == [f"LUX-{year}-{letter}{n:06d}" for n in range(1, len(own) + 1)]
        assert InvoiceSeries.objects.get(kind=kind).last_number == len(own)
    assert len(taken) == 32 * 8 * 3 // 4


@pytest.mark.without_money
def test_credit_notes_at_once_give_back_the_tax_to_the_cent(
    at_once, stripe, guest, showtime, seats
):
    """Each by itself would round the tax in its 0.03 to nothing."""
    client, booking = guest(showtime, seats[:3])
    stripe.pay(pay(client, booking).json())
    payment = Payment.objects.get()
    small = [Decimal("0.03")] * 15
    refunds = [
        Refund.objects.create(payment=payment, amount=amount, reason="cancelled")
        for amount in [*small, payment.amount - sum(small)]
    ]
    at_once([Refund.objects.get(pk=refund.pk).succeed for refund in refunds])
    invoice = Invoice.objects.get(kind="invoice")
    notes = Invoice.objects.filter(kind="credit_note")
    assert sum(note.total for note in notes) == -invoice.total
    assert sum(note.taxes[0].tax for note in notes) == -invoice.taxes[0].tax
