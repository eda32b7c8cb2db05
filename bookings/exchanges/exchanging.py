"""Asking for other seats, and getting them: at once, or held until they are paid."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from bookings.choices import check_choice_in_exchange
from bookings.models import Booking, BookingClosed, Exchange, Swap, Ticket, TicketsNotValid
from bookings.quotes import TooYoung
from history.remembering import tell
from showtimes.contention import tried_twice
from showtimes.models import SeatsTaken, TakenSeat
from showtimes.offer import OfferedSeat, offered
from showtimes.price_list import is_too_young
from theaters.models import Seat
from theaters.online_amounts import check_can_be_paid_online

from .prices import priced

# A ticket of the booking, by its id, and the seat that is wanted instead.
Wishes = Mapping[int, Seat]
# What a booking comes with when its seats are exchanged.
DETAILS = ["showtime__movie", "showtime__screen__theater", "promo_code", "user"]


class OwnSeat(ValidationError):
    """A seat that is asked for is one of those that the booking has, and keeps."""

    default_code = "own_seat"

    def __init__(self, seats: Iterable[Seat]):
        labels = ", ".join(seat.label for seat in seats)
        super().__init__({"swaps": [f"You have these seats: {labels}."]}, code=self.default_code)


@tried_twice
def exchange(booking: Booking, wishes: Wishes) -> Exchange:
    """
    Exchange tickets of `booking` for other seats of its showtime, at today's prices: all of them or
    none. What is not dearer is done at once: the new seats are taken before the old ones are let
    go. Else the new seats are held for HOLD_MINUTES, until the difference is paid. Takes the place
    of an exchange of the same booking that is not paid yet.

    Raises what `offer` does, and Busy.
    """
    return _exchange(booking, wishes)


@transaction.atomic
def _exchange(booking: Booking, wishes: Wishes) -> Exchange:
    whole = Booking.objects.select_related(*DETAILS).select_for_update(of=("self",))
    booking = whole.get(pk=booking.pk)
    found = offer(booking, wishes)
    called_off = booking.exchanges.call_off()
    _write(found)
    found.lock(booking.showtime, others=called_off)
    TakenSeat.objects.filter(holder__in=called_off).let_go()
    if found.status == Exchange.Status.DONE:
        found.carry_out(booking.showtime, booking)
    else:
        found.hold(booking.showtime)
    tell(booking, exchange=[None, f"{found.words} ({found.get_status_display()})"])
    return found


def _write(exchange: Exchange):
    now = timezone.now()
    if exchange.difference > 0:
        exchange.held_until = now + timedelta(minutes=settings.HOLD_MINUTES)
    else:
        exchange.status, exchange.done_at = Exchange.Status.DONE, now
    swaps = exchange.swaps.all()
    exchange.save(force_insert=True)
    Swap.objects.bulk_create(swaps)


def offer(booking: Booking, wishes: Wishes) -> Exchange:
    """
    What the exchange would cost: not saved, with its swaps. `booking` comes with its DETAILS.

    Raises BookingClosed unless it is confirmed, SalesClosed, TicketsNotValid for tickets that are
    void or were used, OwnSeat, SeatsTaken, CompanionSeat, LeavesALonelySeat, TooYoung, and
    AmountNotPayable for a difference that cannot be paid online.
    """
    _check_is_confirmed(booking)
    booking.showtime.check_sales_are_open()
    tickets = booking.tickets.valid().order_by("pk").select_related("seat__category")
    tickets = {ticket.pk: ticket for ticket in tickets}
    kept = [ticket for pk, ticket in tickets.items() if pk not in wishes]
    chosen = {_usable(tickets, pk): seat for pk, seat in wishes.items()}
    if any(is_too_young(booking.showtime.movie, ticket.type) for ticket in chosen):
        raise TooYoung(booking.showtime.movie, field="swaps")
    seats = offered(booking.showtime, [seat.pk for seat in chosen.values()])
    _check_seats(booking, chosen, seats, kept)
    found = priced(booking, chosen, offered=seats, kept=kept)
    check_can_be_paid_online(max(found.difference, Decimal(0)), found.currency)
    return found


def _check_is_confirmed(booking: Booking):
    now = booking.status_now
    if now == Booking.Status.PENDING:
        raise BookingClosed("This booking is not paid yet. Hold other seats that it `replaces`.")
    if now != Booking.Status.CONFIRMED:
        raise BookingClosed(f"This booking is {now}.")


def _usable(tickets: Mapping[int, Ticket], pk: int) -> Ticket:
    ticket = tickets.get(pk)
    if ticket is None or ticket.admitted_at:
        raise TicketsNotValid
    return ticket


def _check_seats(booking, chosen: Mapping[Ticket, Seat], seats: Sequence[OfferedSeat], kept):
    staying = {ticket.seat_id for ticket in kept}
    if own := [
        seat for ticket, seat in chosen.items() if seat.pk in staying or seat.pk == ticket.seat_id
    ]:
        raise OwnSeat(own)
    waiting = list(booking.exchanges.pending().values_list("pk", flat=True))
    _check_free(seats, own=[booking.pk, *waiting])
    let_go = {ticket.seat_id for ticket in chosen}
    if waiting:
        held = TakenSeat.objects.filter(holder__in=waiting)
        let_go |= set(held.values_list("seat_id", flat=True))
    check_choice_in_exchange(
        booking,
        seats,
        kept=[ticket.seat for ticket in kept],
        left=[ticket.seat for ticket in chosen],
        let_go=let_go,
    )


def _check_free(seats: Sequence[OfferedSeat], *, own: Sequence[UUID]):
    """A look without a lock. Raises SeatsTaken if another holder has one of `seats`."""
    if lost := [seat for seat in seats if seat.holder not in (None, *own)]:
        raise SeatsTaken(lost)
