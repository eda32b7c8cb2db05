"""What a customer who gives tickets back gets for them, what is kept, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from theaters.currencies import rounded
from theaters.models import Seat, Theater

from .ticket import Ticket, divided


@dataclass(frozen=True)
class Kept:
    """A part of what was paid that does not come back. `reason` is a stable word."""

    reason: str
    detail: str
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class TicketBack:
    """One ticket that is given back, and what of what was `paid` for it comes `back`."""

    ticket: Ticket
    back: Decimal
    kept_for: list[Kept]

    @property
    def code(self) -> str:
        return self.ticket.code

    @property
    def seat(self) -> Seat:
        return self.ticket.seat

    @property
    def paid(self) -> Decimal:
        return self.ticket.paid

    @property
    def kept(self) -> Decimal:
        return self.paid - self.back

    @property
    def currency(self) -> str:
        return self.ticket.currency


@dataclass(frozen=True)
class Cancellation:
    """
    Tickets of `booking` that are given back at once; of one that is not paid, none. What is `due`
    for them comes `back`, less what has gone `back_already`: by the theater's hand, or by a bank.
    """

    booking: "Booking"  # noqa: F821 (it imports us)
    tickets: list[TicketBack]
    back_already: Decimal = Decimal(0)

    @property
    def reference(self) -> str:
        return self.booking.reference

    @property
    def currency(self) -> str:
        return self.booking.currency

    @property
    def theater(self) -> Theater:
        return self.booking.theater

    @property
    def called(self) -> str:
        """The seats, as in "A1, A2"."""
        return ", ".join(one.seat.label for one in self.tickets)

    @property
    def until(self) -> datetime:
        """Until when the theater takes tickets back."""
        minutes = self.theater.cancellation_cutoff_minutes
        return self.booking.showtime.starts_at - timedelta(minutes=minutes)

    @property
    def paid(self) -> Decimal:
        return sum((one.paid for one in self.tickets), Decimal(0))

    @property
    def due(self) -> Decimal:
        return sum((one.back for one in self.tickets), Decimal(0))

    @property
    def back(self) -> Decimal:
        return self.due - self.back_already

    @property
    def kept(self) -> Decimal:
        return self.paid - self.due


def by_the_rule(booking, tickets: Iterable[Ticket]) -> Cancellation:
    """
    What the theater's rule gives back: a part of what was paid, with or without the booking fee.
    The sum for all `tickets` is rounded once, so that its parts are never worth more than it is.
    """
    theater, tickets = booking.theater, list(tickets)
    fees = [Decimal(0) if theater.cancellation_returns_fee else one.fee for one in tickets]
    returned = [one.paid - fee for one, fee in zip(tickets, fees, strict=True)]
    percent = theater.cancellation_refund_percent
    due = rounded(sum(returned, Decimal(0)) * percent / 100, booking.currency)
    backs = divided(due, returned, booking.currency)
    return _less_what_went(
        booking,
        [
            TicketBack(ticket, back, _kept_for(theater, fee=fee, part=whole - back))
            for ticket, fee, whole, back in zip(tickets, fees, returned, backs, strict=True)
        ],
    )


def in_full(booking, tickets: Iterable[Ticket]) -> Cancellation:
    """All that was paid: the house has cancelled the showtime."""
    return _less_what_went(booking, [TicketBack(ticket, ticket.paid, []) for ticket in tickets])


def _less_what_went(booking, tickets: list[TicketBack]) -> Cancellation:
    """What has gone back of the booking beyond what was due so far counts for what is due now."""
    due = sum((one.back for one in tickets), Decimal(0))
    beyond = max(booking.amount_gone_back - booking.amount_due_back, Decimal(0))
    return Cancellation(booking, tickets, back_already=min(beyond, due))


def _kept_for(theater: Theater, *, fee: Decimal, part: Decimal) -> list[Kept]:
    kept = []
    if fee:
        words = "The booking fee is not returned."
        kept.append(Kept("booking_fee", words, fee, theater.currency))
    if part:
        percent = f"{theater.cancellation_refund_percent.normalize():f}"
        words = f"{theater.name} returns {percent} % of what was paid."
        if fee:
            words = f"{theater.name} returns {percent} % of the rest."
        kept.append(Kept("theater_rule", words, part, theater.currency))
    return kept
