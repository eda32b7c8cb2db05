"""What an exchange of seats costs: the booking worked out before and after."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from bookings.models import Booking, BookingLine, Exchange, Swap, Ticket
from bookings.models.ticket import divided
from bookings.quotes import Line, Quote, seat_lines, sold_line, whole
from showtimes.offer import OfferedSeat
from theaters.currencies import decimals
from theaters.models import Seat

Kind = BookingLine.Kind


def priced(
    booking: Booking,
    wishes: Mapping[Ticket, Seat],
    *,
    offered: Sequence[OfferedSeat],
    kept: Sequence[Ticket],
) -> Exchange:
    """
    The exchange, not saved, of the keys of `wishes` for their values, with its `swaps`; `offered`
    are the latter as they stand now, `kept` the other tickets of `booking`.

    What is kept costs what it did, what is new costs what it does today, for whom the ticket is;
    discount and tax follow, the fee stays. Never more is given back than was paid. Raises TooYoung.
    """
    showtime, theater = booking.showtime, booking.theater
    types = {seat.pk: ticket.type for ticket, seat in wishes.items()}
    new = seat_lines(showtime, offered, types)
    old = [sold_line(ticket, theater) for ticket in wishes]
    others = [sold_line(ticket, theater) for ticket in kept]
    before = whole(showtime, old + others, booking.promo_code)
    after = whole(showtime, new + others, booking.promo_code)
    paid = sum(ticket.paid for ticket in wishes)
    lines = _lines(old, new, before, after, most=paid)
    exchange = Exchange(
        booking=booking,
        difference=sum(line.amount for line in lines),
        tax=after.tax - before.tax,
        lines=[_as_json(line) for line in lines],
    )
    shares = _shares(paid + exchange.difference, after, new, booking)
    swaps = [
        Swap(exchange=exchange, old_ticket=ticket, seat=seat, price=line.amount, paid=share)
        for (ticket, seat), line, share in zip(wishes.items(), new, shares, strict=True)
    ]
    return _with(exchange, swaps)


def _lines(old, new, before: Quote, after: Quote, *, most: Decimal) -> list[Line]:
    """What changes, line by line; `most` is what was paid for the old seats."""
    lines = [
        Line(
            Kind.SEAT,
            f"{come.description}, instead of {gone.description.removeprefix('Seat ')}",
            come.amount - gone.amount,
            come.currency,
            tax=come.tax - gone.tax,
            tax_rate=come.tax_rate,
        )
        for gone, come in zip(old, new, strict=True)
    ]
    for kind in (Kind.DISCOUNT, Kind.TAX):
        lines += _change_of(kind, before, after)
    if (change := sum(line.amount for line in lines)) < -most:
        words = "No more is given back than was paid"
        lines.append(Line(Kind.DISCOUNT, words, -most - change, after.currency))
    return lines


def _change_of(kind, before: Quote, after: Quote) -> list[Line]:
    one, other = _only(kind, before), _only(kind, after)
    known = other or one
    amount = (other.amount if other else 0) - (one.amount if one else 0)
    if not amount:
        return []
    tax = (other.tax if other else 0) - (one.tax if one else 0)
    taxed = {"tax": tax, "tax_rate": known.tax_rate}
    return [Line(kind, known.description, amount, known.currency, **taxed)]


def _only(kind, quote: Quote) -> Line | None:
    return next((line for line in quote.lines if line.kind == kind), None)


def _shares(total: Decimal, after: Quote, new: list[Line], booking: Booking) -> list[Decimal]:
    """`total` divided among the new tickets as `Ticket.objects.issue` does it."""
    seats = [line.amount for line in after.lines if line.kind == Kind.SEAT]
    nets = divided(after.subtotal - after.discount, seats, after.currency)
    fee = booking.fees / sum(line.kind == Kind.SEAT for line in booking.lines.all())
    return divided(total, [net + fee for net in nets[: len(new)]], after.currency)


def _as_json(line: Line) -> dict:
    places = decimals(line.currency)
    return {
        "kind": line.kind,
        "description": line.description,
        "amount": f"{line.amount:.{places}f}",
        "tax": f"{line.tax:.{places}f}",
        "tax_rate": f"{line.tax_rate.normalize():f}",
    }


def _with(exchange: Exchange, swaps: list[Swap]) -> Exchange:
    # What was just worked out need not be read again for the answer.
    known = exchange.swaps.all()
    known._result_cache = swaps
    exchange._prefetched_objects_cache = {"swaps": known}
    return exchange
