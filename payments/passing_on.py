"""
Theaters that are paid out separately: what a payment for one is asked with, and what we remember of
Stripe refusing the theater's account. Why it is as it is: docs/decisions/0033.
"""

import logging

from rest_framework import status
from rest_framework.exceptions import APIException

from bookings.models import Booking, BookingLine, Exchange
from theaters.models import Theater

log = logging.getLogger(__name__)


class TheaterTakesNoPayments(APIException):
    """Nobody can pay online at this theater just now; whoever runs it has to see to that."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "theater_takes_no_payments"
    default_detail = (
        "This theater can take no payments online just now. Nothing was charged, and your seats "
        "stay yours as long as they are held."
    )
    wait = 60  # seconds, said as Retry-After


def terms_of_booking(booking: Booking) -> dict:
    """To whom the money of `booking` is to go, as a Payment keeps it; nothing if to the chain."""
    theater = booking.theater
    if not theater.stripe_account:
        return {}
    seats = booking.lines.filter(kind=BookingLine.Kind.SEAT)
    tickets = seats.count() if theater.application_fee_per_ticket else 0
    return _terms(theater, booking.total, tickets=tickets)


def terms_of_exchange(exchange: Exchange) -> dict:
    """The same for the difference of `exchange`, which sells no more tickets than there were."""
    theater = exchange.theater
    return _terms(theater, exchange.difference, tickets=0) if theater.stripe_account else {}


def _terms(theater: Theater, amount, *, tickets: int) -> dict:
    fee = theater.application_fee(amount, tickets=tickets)
    return {"stripe_account": theater.stripe_account, "application_fee": fee}


def note_refusal(payment, why: str):
    """Stripe refuses the account of `payment`: the admin sees that until it is taken."""
    theater = payment.booking.theater
    log.error("Nobody can pay online at %s: Stripe refuses its account: %s", theater, why)
    same = Theater.objects.filter(pk=theater.pk, stripe_account=payment.stripe_account)
    same.update(stripe_refusal=why[:500])


def note_acceptance(payment):
    """Stripe takes the account of `payment`, perhaps again."""
    if payment.stripe_account and payment.booking.theater.stripe_refusal:
        same = Theater.objects.filter(stripe_account=payment.stripe_account)
        same.update(stripe_refusal="")
