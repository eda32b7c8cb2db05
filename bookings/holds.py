"""Holding seats: the moment in which a customer's choice becomes theirs, for some minutes."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from showtimes.contention import tried_twice
from showtimes.models import Showtime
from showtimes.offer import check_free, offered

from .choices import check_choice
from .customer import Contact, Customer
from .models import Booking, BookingLine
from .models.booking import hold_ends_at
from .quotes import ALL_ADULTS, Quote, find_promo_code, quote


@tried_twice
def hold(
    showtime: Showtime,
    seats: Sequence[int],
    *,
    user,
    contact: Contact,
    promo_code: str = "",
    ticket_types: Mapping[int, str] = ALL_ADULTS,
    replaces: Booking | None = None,
) -> Booking:
    """
    Hold the seats with these ids for HOLD_MINUTES at today's prices, in one short transaction.

    `user` is None for guests; `ticket_types` says for whom a seat is, by its id. `replaces` is a
    hold of the same customer for the same showtime, which is let go when, and only when, this one
    succeeds; both together last LONGEST_HOLD_MINUTES at most. A booking that costs nothing is
    confirmed at once. The booking comes with all its details.

    Raises SalesClosed, NotOfThisScreen, SeatsTaken, CompanionSeat, LeavesALonelySeat, TooManyHolds,
    PromoCodeRefused, TooYoung, AmountNotPayable, BookingClosed if `replaces` was paid or let go
    meanwhile, or Busy when the crowd is too thick.
    """
    showtime.check_sales_are_open()
    chosen = offered(showtime, seats)
    check_free(chosen, holder=replaces and replaces.pk)
    check_choice(showtime, chosen, user=user, replaces=replaces)
    cost = quote(showtime, chosen, find_promo_code(promo_code), ticket_types)
    cost.check_can_be_paid_online()
    customer = Customer(user, contact)
    try:
        return _hold(cost, chosen, customer, replaces)
    except IntegrityError:
        # Two bookings drew the same reference: once in many millions. Another draw.
        return _hold(cost, chosen, customer, replaces)


@transaction.atomic
def _hold(cost: Quote, seats, customer: Customer, replaces: Booking | None) -> Booking:
    customer.wait_for_turn()
    goes_on = replaces and replaces.status_now == Booking.Status.PENDING
    since = replaces.held_since if goes_on else timezone.now()
    if replaces:
        replaces.make_room(seats)
    customer.check_may_hold(cost.showtime, len(seats))
    if cost.promo_code:
        cost.promo_code.use(user=customer.user, email=customer.contact.email)
    booking = _write(cost, customer, since)
    cost.showtime.take(seats, booking.pk, until=booking.held_until)
    if not booking.total:
        booking.confirm()
        return Booking.objects.with_details().get(pk=booking.pk)
    return booking


def _write(cost: Quote, customer: Customer, since: datetime) -> Booking:
    booking = Booking.objects.create(
        user=customer.user,
        contact_name=customer.contact.name,
        contact_email=customer.contact.email,
        contact_phone=customer.contact.phone,
        showtime=cost.showtime,
        promo_code=cost.promo_code,
        held_since=since,
        held_until=hold_ends_at(since),
        currency=cost.currency,
        subtotal=cost.subtotal,
        discount=cost.discount,
        fees=cost.fees,
        tax=cost.tax,
        total=cost.total,
    )
    lines = BookingLine.objects.bulk_create(
        BookingLine(
            booking=booking,
            position=position,
            kind=line.kind,
            seat_id=line.seat and line.seat.pk,
            type=line.type,
            reasons=line.reasons,
            description=line.description,
            amount=line.amount,
            tax=line.tax,
            tax_rate=line.tax_rate,
        )
        for position, line in enumerate(cost.lines, start=1)
    )
    # Lines never change: what was just written need not be read again for the answer.
    read = booking.lines.all()
    read._result_cache = lines
    booking._prefetched_objects_cache = {"lines": read}
    return booking
