"""Whoever paid too late, whose seats were gone, and who is told what else there is."""

from bookings.alternatives import instead_of

from .models import Payment


def alternative(payment: Payment) -> dict | None:
    """
    For a payment that came too late for its booking: the nearest free seats together at the same
    price, as the body of a request for another. None if there are none, or no sales any more.
    """
    in_vain = payment.status == Payment.Status.SUCCEEDED and not payment.honoured_at
    if not in_vain or payment.flag or payment.exchange_id:
        return None
    return instead_of(payment.booking)
