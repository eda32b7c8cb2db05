"""The one open PaymentIntent of a booking: made once, found again, given up in time."""

from rest_framework import status
from rest_framework.exceptions import APIException

from bookings.models import Booking, BookingClosed
from showtimes.contention import tried_twice

from . import gateway
from .models import Payment


class PaymentRefused(APIException):
    """The payment provider does not accept this payment; the detail says why."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "payment_refused"
    default_detail = "The payment provider does not accept this payment."


@tried_twice
def open_payment(booking: Booking) -> tuple[Payment, gateway.Intent]:
    """
    The open payment of `booking` and Stripe's intent for it; twice the same for two who ask.
    Whoever starts to pay gets more time, once.

    Raises HoldExpired or BookingClosed if it can no longer be paid, PaymentRefused, Busy, or
    StripeUnreachable.
    """
    booking.check_can_be_paid()
    if booking.payments.filter(status=Payment.Status.SUCCEEDED).exists():
        # Flagged: another amount came than we asked for. Nobody is asked to pay twice.
        raise BookingClosed("Money has come for this booking; we are looking into it.")
    booking.extend()
    payment, _ = Payment.objects.get_or_create(
        booking=booking,
        status=Payment.Status.OPEN,
        defaults={"amount": booking.total, "currency": booking.currency},
    )
    intent = _intent_of(payment)
    payment.follow(intent)
    if intent.status == "canceled":
        return open_payment(booking)
    if intent.status == "succeeded":
        raise BookingClosed("This booking is paid.")
    return payment, intent


def _intent_of(payment: Payment) -> gateway.Intent:
    """Stripe's intent for `payment`; a payment of which Stripe knows nothing is given up."""
    try:
        if payment.stripe_intent:
            return gateway.find_intent(payment.stripe_intent)
        intent = gateway.create_intent(payment)
    except gateway.Refused as refusal:
        payment.cancel()
        raise PaymentRefused(str(refusal)) from refusal
    Payment.objects.filter(pk=payment.pk).update(stripe_intent=intent.id)
    payment.stripe_intent = intent.id
    return intent


def settle(payment: Payment):
    """
    Bring an open `payment` to the state that Stripe knows, and take it back if its booking is over
    or was not paid in time. That booking can expire after that. Raises StripeUnreachable.
    """
    abandoned = Payment.objects.abandoned().filter(pk=payment.pk).exists()
    try:
        intent = _intent_of(payment)
        if abandoned and intent.status != "succeeded":
            intent = gateway.cancel_intent(payment)
        payment.follow(intent)
    except (PaymentRefused, gateway.Refused):
        payment.cancel()
