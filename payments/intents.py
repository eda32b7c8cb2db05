"""The one open PaymentIntent of what is bought: made once, found again, given up in time."""

from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.utils import timezone
from rest_framework import status
from rest_framework.exceptions import APIException

from bookings.models import Booking, BookingClosed, Exchange
from showtimes.contention import tried_twice
from theaters.online_amounts import check_can_be_paid_online

from . import gateway
from .adopting import adopt_dispute, adopt_refund
from .models import Payment
from .passing_on import (
    TheaterTakesNoPayments,
    note_acceptance,
    note_refusal,
    terms_of_booking,
    terms_of_exchange,
)

WHILE_PROCESSING = timedelta(minutes=30)
WHILE_DISPUTED = timedelta(hours=1)


class PaymentRefused(APIException):
    """The payment provider does not accept this payment; the detail says why."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "payment_refused"
    default_detail = "The payment provider does not accept this payment."


@tried_twice
def open_payment(booking: Booking) -> tuple[Payment, gateway.Intent]:
    """
    The open payment of `booking` and Stripe's intent for it; twice the same for two who ask.
    Whoever starts to pay gets more time, once. For a booking that is paid, it is that of the
    exchange which waits to be paid.

    Raises HoldExpired, BookingClosed or SalesClosed (the showtime is cancelled) if it can no longer
    be paid, AmountNotPayable, PaymentRefused, TheaterTakesNoPayments, Busy, or StripeUnreachable.
    """
    booking.showtime.check_is_not_cancelled()
    paid = booking.status == Booking.Status.CONFIRMED
    exchange = booking.exchanges.pending().first() if paid else None
    (exchange or booking).check_can_be_paid()
    payment = _of_exchange(exchange) if exchange else _of_booking(booking)
    intent = _intent_of(payment)
    payment.follow(intent)
    if intent.status == "canceled":
        return open_payment(booking)
    if intent.status == "succeeded":
        raise BookingClosed("This booking is paid.")
    return payment, intent


def _of_booking(booking: Booking) -> Payment:
    _check_no_money_has_come(booking.payments)
    check_can_be_paid_online(booking.total, booking.currency)
    booking.extend()
    payment, _ = Payment.objects.get_or_create(
        booking=booking,
        exchange=None,
        status=Payment.Status.OPEN,
        defaults=_asked(booking.total, booking.currency) | terms_of_booking(booking),
    )
    return payment


def _of_exchange(exchange: Exchange) -> Payment:
    _check_no_money_has_come(exchange.payments)
    check_can_be_paid_online(exchange.difference, exchange.currency)
    payment, _ = Payment.objects.get_or_create(
        booking=exchange.booking,
        exchange=exchange,
        status=Payment.Status.OPEN,
        defaults=_asked(exchange.difference, exchange.currency) | terms_of_exchange(exchange),
    )
    return payment


def _asked(amount: Decimal, currency: str) -> dict:
    # The webhook tells us, as a rule; the jobs ask only after that has had its time.
    later = timezone.now() + timedelta(seconds=settings.ASK_STRIPE_AFTER)
    return {"amount": amount, "currency": currency, "next_try_at": later}


def _check_no_money_has_come(payments):
    # Flagged: another amount came than we asked for. Nobody is asked to pay twice.
    if payments.filter(status=Payment.Status.SUCCEEDED).exists():
        raise BookingClosed("Money has come for this booking; we are looking into it.")


def _intent_of(payment: Payment) -> gateway.Intent:
    """Stripe's intent for `payment`; a payment of which Stripe knows nothing is given up."""
    try:
        if payment.stripe_intent:
            return gateway.find_intent(payment.stripe_intent)
        intent = gateway.create_intent(payment)
    except gateway.AccountRefused as refusal:
        payment.cancel()
        note_refusal(payment, str(refusal))
        raise TheaterTakesNoPayments from refusal
    except gateway.Refused as refusal:
        payment.cancel()
        raise PaymentRefused(str(refusal)) from refusal
    Payment.objects.filter(pk=payment.pk).update(stripe_intent=intent.id)
    payment.stripe_intent = intent.id
    note_acceptance(payment)
    return intent


def settle(payment: Payment):
    """
    Bring an open `payment` to the state that Stripe knows, and take it back if its booking, or its
    exchange, is over or was not paid in time. That can expire after this; or before, while the bank
    still works on a payment that cannot be taken back. Raises StripeUnreachable.
    """
    abandoned = Payment.objects.abandoned().filter(pk=payment.pk).exists()
    try:
        intent = _intent_of(payment)
        if intent.status == "processing":
            # Nobody can take it back, and the bank takes days: the webhook tells us first.
            Payment.objects.put_off([payment], at_least=WHILE_PROCESSING)
        elif abandoned and intent.status != "succeeded":
            intent = gateway.cancel_intent(payment)
        elif intent.status == "requires_capture":
            intent = gateway.capture_intent(payment)
        payment.follow(intent)
    except (PaymentRefused, TheaterTakesNoPayments, gateway.Refused):
        payment.cancel()
    if payment.status == Payment.Status.SUCCEEDED and payment.charge_changed_at:
        look_at_charge(payment)


def look_at_charge(payment: Payment):
    """
    Bring into our books what was given back, or disputed, of a `payment` that came, whoever did it.
    Raises StripeUnreachable, Refused.
    """
    for refund in gateway.refunds_of(payment):
        adopt_refund(refund)
    for dispute in gateway.disputes_of(payment):
        adopt_dispute(dispute)
    # Unless it has changed again meanwhile.
    looked = Payment.objects.filter(pk=payment.pk, charge_changed_at=payment.charge_changed_at)
    looked.update(charge_changed_at=None)


def look_at_dispute(payment: Payment):
    """
    The same for a `payment` that is disputed, and again in an hour or so: banks take weeks, and the
    webhook tells us first. Raises StripeUnreachable, Refused.
    """
    look_at_charge(payment)
    Payment.objects.put_off([payment], at_least=WHILE_DISPUTED)
