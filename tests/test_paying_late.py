"""Whoever pays after the time has run out gets what is still there, or the money back."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from bookings.models import Booking, PromoCode
from bookings.promises import broken_promises
from payments.models import Payment


@pytest.fixture
def last_use(db):
    return PromoCode.objects.create(code="LAST", percent=10, max_uses=1)


@pytest.fixture
def pay_late(book, me, stripe, showtime, seats, last_use):
    """Hold A1 with the last use of the code, pay when that is over, and `meanwhile` happens."""

    def go(meanwhile):
        booking = book(me, showtime, seats[:1], promo_code="LAST").json()
        payment = me.post("/api/payments/", {"booking": booking["reference"]}).json()
        with time_machine.travel(timezone.now() + timedelta(minutes=11)):
            meanwhile()
            assert stripe.pay(payment).status_code == 200
            assert broken_promises() == []
            call_command("run_jobs", once=True)
        assert broken_promises() == []
        return Booking.objects.get(reference=booking["reference"]).status

    return go


def test_a_code_that_nobody_used_meanwhile_is_used(pay_late):
    assert pay_late(lambda: None) == "confirmed"
    assert not Payment.objects.owed_back().exists()


def test_a_code_that_was_used_up_meanwhile_means_the_money_back(
    pay_late, book, client_of, bob, showtime, seats
):
    def bob_uses_it():
        assert book(client_of(bob), showtime, seats[1:2], promo_code="LAST").status_code == 201

    assert pay_late(bob_uses_it) in ("pending", "expired")
    [refund] = Payment.objects.exclude(refunds=None).get().refunds.all()
    assert (refund.amount, refund.reason, refund.status) == (10, "not_honoured", "succeeded")


def test_a_code_whose_uses_are_not_counted_does_not_matter(pay_late, last_use):
    assert pay_late(lambda: PromoCode.objects.update(max_uses=None)) == "confirmed"
