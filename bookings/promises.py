"""
What is promised of seats and bookings at every moment, asked of the database: the answer is empty.

All of it is one statement, which sees the tables as they were at one instant: it may be asked while
seats are being sold.
"""

from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import (
    Count,
    DecimalField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat, Lower
from django.utils import timezone

from showtimes.models import SeatBlock, TakenSeat

from .models import Booking, BookingLine, Exchange, PromoCode, Swap, Ticket

# A hold that ends while we look may have been taken over rightly.
ABOUT_NOW = timedelta(seconds=5)
# SQLite keeps decimals as floats, whose sums are not exact.
NEARLY_NOTHING = Decimal("0.0005")


class Broken(NamedTuple):
    """A promise that is broken, and where."""

    promise: str
    where: str


def broken_promises() -> list[Broken]:
    """Every case of a broken promise at this moment. One statement."""
    first, *others = [
        cases().order_by().values_list(Value(promise, TextField()), where)
        for promise, (where, cases) in PROMISES.items()
    ]
    return [Broken(*row) for row in first.union(*others, all=True)]


def holders() -> list[QuerySet]:
    """Whatever may hold a seat: its id is the `holder` of the seats that it has."""
    return [Booking.objects.all(), Exchange.objects.pending(), SeatBlock.objects.all()]


def seats_with_two_tickets() -> QuerySet:
    tickets = Ticket.objects.valid().values("booking__showtime", "seat")
    return tickets.annotate(many=Count("pk")).filter(many__gt=1)


def tickets_of_unconfirmed_bookings() -> QuerySet:
    return Ticket.objects.valid().exclude(booking__status=Booking.Status.CONFIRMED)


def confirmed_without_a_ticket() -> QuerySet:
    valid = Ticket.objects.valid().filter(booking=OuterRef("pk"))
    return Booking.objects.filter(~Exists(valid), status=Booking.Status.CONFIRMED)


def tickets_without_their_seat() -> QuerySet:
    kept = TakenSeat.objects.filter(
        holder=OuterRef("booking"),
        showtime=OuterRef("booking__showtime"),
        seat=OuterRef("seat"),
        held_until=None,
    )
    return Ticket.objects.valid().filter(~Exists(kept))


def seats_for_good_without_a_ticket() -> QuerySet:
    valid = Ticket.objects.valid().filter(
        booking=OuterRef("holder"),
        booking__showtime=OuterRef("showtime"),
        seat=OuterRef("seat"),
    )
    return _of_bookings(TakenSeat.objects.filter(~Exists(valid), held_until=None))


def seats_held_for_nobody() -> QuerySet:
    pending = Booking.objects.filter(
        pk=OuterRef("holder"),
        showtime=OuterRef("showtime"),
        status=Booking.Status.PENDING,
        held_until__gte=OuterRef("held_until"),
    )
    return _of_bookings(TakenSeat.objects.live().filter(~Exists(pending), held_until__isnull=False))


def _of_bookings(seats: QuerySet) -> QuerySet:
    return seats.filter(Exists(Booking.objects.filter(pk=OuterRef("holder"))))


def seats_without_a_holder() -> QuerySet:
    known = Q()
    for holder in holders():
        known |= Q(Exists(holder.filter(pk=OuterRef("holder"))))
    return TakenSeat.objects.exclude(known)


def held_bookings_without_their_seats() -> QuerySet:
    asked = BookingLine.objects.filter(booking=OuterRef("pk"), kind=BookingLine.Kind.SEAT)
    kept = TakenSeat.objects.filter(
        holder=OuterRef("pk"),
        showtime=OuterRef("showtime"),
        held_until__gte=OuterRef("held_until"),
    )
    held = Booking.objects.filter(
        status=Booking.Status.PENDING, held_until__gt=timezone.now() + ABOUT_NOW
    )
    return held.alias(
        asked=_number_of(asked, by="booking"), kept=_number_of(kept, by="holder")
    ).exclude(asked=F("kept"))


def exchanges_without_their_seats() -> QuerySet:
    kept = TakenSeat.objects.filter(
        Q(holder=OuterRef("exchange"), held_until__gte=OuterRef("exchange__held_until"))
        | Q(holder=OuterRef("exchange__booking"), held_until=None),
        showtime=OuterRef("exchange__booking__showtime"),
        seat=OuterRef("seat"),
    )
    return _of_pending_exchanges().filter(
        ~Exists(kept), exchange__held_until__gt=timezone.now() + ABOUT_NOW
    )


def exchanges_of_void_tickets() -> QuerySet:
    return _of_pending_exchanges().exclude(old_ticket__status=Ticket.Status.VALID)


def _of_pending_exchanges() -> QuerySet:
    return Swap.objects.filter(exchange__status=Exchange.Status.PENDING)


def seats_held_for_no_exchange() -> QuerySet:
    known = Exchange.objects.filter(pk=OuterRef("holder"))
    pending = known.pending().filter(
        swaps__seat=OuterRef("seat"),
        booking__showtime=OuterRef("showtime"),
        held_until__gte=OuterRef("held_until"),
    )
    return TakenSeat.objects.live().filter(Exists(known), ~Exists(pending))


def _number_of(rows: QuerySet, *, by: str):
    count = rows.order_by().values(by).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(count, output_field=IntegerField()), 0)


def totals_that_do_not_add_up() -> QuerySet:
    lines = BookingLine.objects.filter(booking=OuterRef("pk")).order_by().values("booking")
    money = DecimalField(max_digits=14, decimal_places=3)
    amount = Subquery(lines.annotate(sum=Sum("amount")).values("sum"), output_field=money)
    off = F("total") - Coalesce(amount, Value(Decimal(0)), output_field=money)
    bookings = Booking.objects.alias(off=off)
    return bookings.filter(Q(off__gt=NEARLY_NOTHING) | Q(off__lt=-NEARLY_NOTHING))


def codes_used_too_often() -> QuerySet:
    uses = Booking.objects.using_it_now().filter(promo_code=OuterRef("pk"))
    codes = PromoCode.objects.filter(max_uses__isnull=False)
    return codes.alias(uses=_number_of(uses, by="promo_code")).filter(uses__gt=F("max_uses"))


def codes_used_too_often_by_one_person() -> QuerySet:
    limit = "promo_code__max_uses_per_customer"
    mine = Q(user=OuterRef("user")) | Q(user=None, address=OuterRef("address"))
    uses = Booking.objects.using_it_now().alias(address=Lower("contact_email"))
    uses_of_mine = uses.filter(mine, promo_code=OuterRef("promo_code"))
    limited = uses.filter(**{f"{limit}__isnull": False})
    return limited.alias(uses=_number_of(uses_of_mine, by="promo_code")).filter(uses__gt=F(limit))


def words(*parts) -> Concat:
    """Text of what is written (a str) and of what a row says (an F)."""
    return Concat(
        *[
            Value(word, TextField()) if isinstance(word, str) else Cast(word, TextField())
            for word in (*parts, "")
        ]
    )


BOOKING = words(F("reference"))
TICKET = words(F("booking__reference"), ", seat ", F("seat"))
SEAT = words("showtime ", F("showtime"), ", seat ", F("seat"))
SEAT_OF_AN_EXCHANGE = words(F("exchange__booking__reference"), ", seat ", F("seat"))
SEAT_OF_A_TICKET = words("showtime ", F("booking__showtime"), ", seat ", F("seat"))

# What is promised: where it is broken, and the rows that break it.
PROMISES = {
    "A seat has one ticket.": (SEAT_OF_A_TICKET, seats_with_two_tickets),
    "A valid ticket is of a confirmed booking.": (TICKET, tickets_of_unconfirmed_bookings),
    "A confirmed booking has a valid ticket.": (BOOKING, confirmed_without_a_ticket),
    "A valid ticket has its seat.": (TICKET, tickets_without_their_seat),
    "A seat that a booking has for good has a valid ticket.": (
        SEAT,
        seats_for_good_without_a_ticket,
    ),
    "A held seat is of a pending booking, and no longer than that is held.": (
        SEAT,
        seats_held_for_nobody,
    ),
    "A taken seat has a holder.": (SEAT, seats_without_a_holder),
    "A held booking has its seats.": (BOOKING, held_bookings_without_their_seats),
    "A pending exchange has its seats.": (SEAT_OF_AN_EXCHANGE, exchanges_without_their_seats),
    "A pending exchange is of valid tickets.": (SEAT_OF_AN_EXCHANGE, exchanges_of_void_tickets),
    "A seat held for an exchange is of a pending one, and no longer than that is held.": (
        SEAT,
        seats_held_for_no_exchange,
    ),
    "The lines of a booking add up to its total.": (BOOKING, totals_that_do_not_add_up),
    "A promo code is used no more than it may be.": (words(F("code")), codes_used_too_often),
    "A promo code is used by nobody more than it may be.": (
        words(F("promo_code__code"), " by ", F("contact_email")),
        codes_used_too_often_by_one_person,
    ),
}
