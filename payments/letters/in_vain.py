"""Why money bought nothing, told by how things were when it came and by how they are now."""

from enum import StrEnum

from bookings.models import Booking, Exchange
from payments.models import Payment
from showtimes.models import Showtime


class Reason(StrEnum):
    """What the template says of each is all that a customer reads of it."""

    SHOWTIME_CANCELLED = "showtime_cancelled"
    PAID_TWICE = "paid_twice"
    LET_GO = "let_go"
    RAN_OUT = "ran_out"
    GIVEN_BACK = "given_back"
    CALLED_OFF = "called_off"
    OTHER = "other"


def why_in_vain(payment: Payment) -> Reason:
    """Of a payment that came, and comes back."""
    booking = payment.booking
    if booking.showtime.status == Showtime.Status.CANCELLED and not _was_let_go_before(booking):
        return Reason.SHOWTIME_CANCELLED
    return _of_an_exchange(payment) if payment.exchange else _of_a_booking(payment)


def _of_a_booking(payment: Payment) -> Reason:
    booking = payment.booking
    if booking.confirmed_at:
        return Reason.PAID_TWICE
    if booking.status == Booking.Status.CANCELLED:
        return Reason.LET_GO
    return Reason.RAN_OUT if _ran_out(booking, payment) else Reason.OTHER


def _of_an_exchange(payment: Payment) -> Reason:
    exchange = payment.exchange
    if exchange.status == Exchange.Status.DONE:
        return Reason.PAID_TWICE
    if payment.booking.status == Booking.Status.CANCELLED:
        return Reason.GIVEN_BACK
    if exchange.status == Exchange.Status.CANCELLED:
        return Reason.CALLED_OFF
    return Reason.RAN_OUT if _ran_out(exchange, payment) else Reason.OTHER


def _ran_out(held: Booking | Exchange, payment: Payment) -> bool:
    return held.held_until is not None and held.held_until <= payment.succeeded_at


def _was_let_go_before(booking: Booking) -> bool:
    """Whether its customer gave it up before the house called the showtime off."""
    called_off_at = booking.showtime.cancelled_at
    return bool(booking.cancelled_at and called_off_at and booking.cancelled_at < called_off_at)
