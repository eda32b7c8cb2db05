"""Holding seats: the moment in which a customer's choice becomes theirs, for some minutes."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from showtimes.contention import tried_twice
from showtimes.models import Showtime
from theaters.models import Seat

from .models import Booking, BookingLine
from .quotes import ALL_ADULTS, Quote, find_promo_code, quote


class Contact(NamedTuple):
    """Whom to write to about a booking."""

    name: str = ""
    email: str = ""
    phone: str = ""


@tried_twice
def hold(
    showtime: Showtime,
    seats: Sequence[Seat],
    *,
    user,
    contact: Contact,
    promo_code: str = "",
    ticket_types: Mapping[int, str] = ALL_ADULTS,
) -> Booking:
    """
    Hold `seats` of `showtime` for HOLD_MINUTES at today's prices, in one short transaction.

    `user` is None for guests; `ticket_types` says for whom a seat is, by its id. A booking that
    costs nothing is confirmed at once. Raises SalesClosed, SeatsTaken, PromoCodeRefused, TooYoung,
    or Busy when the crowd is too thick.
    """
    showtime.check_sales_are_open()
    showtime.check_free(seats)
    cost = quote(showtime, seats, find_promo_code(promo_code), ticket_types)
    try:
        return _hold(cost, seats, user=user, contact=contact)
    except IntegrityError:
        # Two bookings drew the same reference: once in many millions. Another draw.
        return _hold(cost, seats, user=user, contact=contact)


@transaction.atomic
def _hold(cost: Quote, seats, *, user, contact) -> Booking:
    if cost.promo_code:
        cost.promo_code.use(user=user, email=contact.email)
    until = timezone.now() + timedelta(minutes=settings.HOLD_MINUTES)
    booking = _write(cost, user=user, contact=contact, until=until)
    cost.showtime.take(seats, booking.pk, until=until)
    if not booking.total:
        booking.confirm()
    return booking


def _write(cost: Quote, *, user, contact, until) -> Booking:
    booking = Booking.objects.create(
        user=user,
        contact_name=contact.name,
        contact_email=contact.email,
        contact_phone=contact.phone,
        showtime=cost.showtime,
        promo_code=cost.promo_code,
        held_until=until,
        currency=cost.currency,
        subtotal=cost.subtotal,
        discount=cost.discount,
        fees=cost.fees,
        tax=cost.tax,
        total=cost.total,
    )
    BookingLine.objects.bulk_create(
        BookingLine(
            booking=booking,
            position=position,
            kind=line.kind,
            seat=line.seat,
            type=line.type,
            reasons=line.reasons,
            description=line.description,
            amount=line.amount,
            tax=line.tax,
        )
        for position, line in enumerate(cost.lines, start=1)
    )
    return booking
