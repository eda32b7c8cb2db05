"""Whoever paid too late, whose seats were gone, and who is told what else there is."""

from bookings.models import Booking, BookingLine
from showtimes.choice.nearest import nearest
from showtimes.choice.plan import plan_of

from .models import Payment


def came_too_late(payment: Payment) -> bool:
    """Whether `payment` came for a booking that neither it nor another could buy any more."""
    in_vain = payment.status == Payment.Status.SUCCEEDED and not payment.honoured_at
    return (
        in_vain
        and not payment.flag
        and not payment.exchange_id
        and payment.booking.status in (Booking.Status.PENDING, Booking.Status.EXPIRED)
    )


def alternative(payment: Payment) -> dict | None:
    """
    For a payment that came too late: the nearest free seats together at the same price, as the body
    of a request for another booking. None if there are none, or nothing is sold any more.
    """
    if not came_too_late(payment):
        return None
    showtime = payment.booking.showtime
    if showtime.closed_because():
        return None
    lines = payment.booking.lines.filter(kind=BookingLine.Kind.SEAT)
    seats = nearest(plan_of(showtime), list(lines.values_list("seat", flat=True)))
    return {"showtime": showtime.pk, "seats": seats} if seats else None
