"""
What happened to a booking, worked out from what its rows say: nothing is written for it. One
function for each kind of row; each costs one query, however much happened.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from django.db import models

from bookings.models import Booking, BookingLine, Scan
from theaters.models import Theater

from .models import Dispute, Payment, Refund


class Event(models.TextChoices):
    """Stable words: programs may compare them."""

    HELD = "held", "The seats were held; `amount` is what they cost"
    EXTENDED = "extended", "The hold was made longer, once, when paying began"
    EXPIRED = "expired", "The time to pay ran out, and the seats were free for others"
    LET_GO = "let_go", "Held seats were given back before they were paid"
    PAID = "paid", "Money came"
    CONFIRMED = "confirmed", "The seats are sold, and have tickets"
    SWAPPED = "swapped", "Tickets were exchanged for others; `amount` is the difference"
    SCANNED = "scanned", "A ticket was shown at a door, whatever came of it"
    CANCELLED = "cancelled", "Tickets were cancelled; `amount` is what is due for them"
    REFUND_STARTED = "refund_started", "Money is on its way back"
    REFUNDED = "refunded", "Money went back"
    REFUND_FAILED = "refund_failed", "Money could not go back; a person looks into it"
    MAILED = "mailed", "A mail was written to the customer"
    DISPUTED = "disputed", "The customer asked the bank for the money back"
    DISPUTE_CLOSED = "dispute_closed", "The bank has decided"


@dataclass
class Entry:
    """One thing that happened. `amount` is in the booking's currency; `tickets` are codes."""

    booking: Booking
    at: datetime
    event: Event
    detail: str
    amount: Decimal | None = None
    tickets: Iterable[str] = ()

    @property
    def currency(self) -> str:
        return self.booking.currency

    @property
    def theater(self) -> Theater:
        return self.booking.theater


def timeline(booking: Booking) -> list[Entry]:
    """All that happened to `booking`, which comes with its showtime's theater; the oldest first."""
    entries = [Entry(booking, *what) for source in SOURCES for what in source(booking)]
    # What happened in the same moment stays in the order of the sources.
    return sorted(entries, key=attrgetter("at"))


def _holding(booking: Booking):
    lines = booking.lines.filter(kind=BookingLine.Kind.SEAT).select_related("seat")
    seats = _named(line.seat for line in lines)
    yield booking.created_at, Event.HELD, f"Held: {seats}.", booking.total
    if booking.extended_at:
        until = f"{booking.held_until.astimezone(booking.theater.zone):%H:%M}"
        yield booking.extended_at, Event.EXTENDED, f"There is time to pay until {until}."
    if booking.expired_at or booking.hold_has_run_out:
        yield booking.held_until, Event.EXPIRED, f"The time to pay ran out: {seats} were let go."
    if booking.cancelled_at and not booking.confirmed_at:
        yield booking.cancelled_at, Event.LET_GO, f"Let go before it was paid: {seats}."


def _payments(booking: Booking):
    for payment in booking.payments.exclude(succeeded_at=None).order_by("succeeded_at"):
        detail = PAID_BY[payment.kind]
        if payment.flag:
            detail += " It is not what we asked for; a person looks into it."
        elif not payment.honoured_at:
            detail += " It could not buy the seats any more, and goes back."
        yield payment.succeeded_at, Event.PAID, detail, payment.amount


def _confirming(booking: Booking):
    if booking.confirmed_at:
        yield booking.confirmed_at, Event.CONFIRMED, "The seats are sold; here are the tickets."


def _cancellations(booking: Booking):
    given_back = booking.tickets.exclude(due_back=None).exclude(voided_at=None)
    cancelled_at = booking.showtime.cancelled_at
    by_time = given_back.select_related("seat").order_by("voided_at", "pk")
    for at, tickets in groupby(by_time, key=attrgetter("voided_at")):
        tickets = list(tickets)
        seats = _named(ticket.seat for ticket in tickets)
        detail = f"Given back: {seats}."
        if cancelled_at and at >= cancelled_at:
            why = booking.showtime.cancellation_reason
            detail = f"The showtime was cancelled ({why}): {seats}."
        due = sum(ticket.due_back for ticket in tickets)
        yield at, Event.CANCELLED, detail, due, [ticket.code for ticket in tickets]


def _exchanges(booking: Booking):
    done = booking.exchanges.exclude(done_at=None).with_details()
    for exchange in done.order_by("done_at"):
        swaps = exchange.swaps.all()
        old = _named(swap.old_ticket.seat for swap in swaps)
        new = _named(swap.seat for swap in swaps)
        codes = [swap.new_ticket.code for swap in swaps]
        detail = f"Exchanged: {old} for {new}."
        yield exchange.done_at, Event.SWAPPED, detail, exchange.difference, codes


def _scans(booking: Booking):
    scans = Scan.objects.filter(ticket__booking=booking).select_related("ticket__seat")
    for scan in scans.order_by("scanned_at", "pk"):
        gate = f" at {scan.gate}" if scan.gate else ""
        detail = f"{scan.ticket.seat}{gate}: {SAID_AT_THE_DOOR[scan.verdict]}."
        yield scan.scanned_at, Event.SCANNED, detail, None, [scan.ticket.code]


def _refunds(booking: Booking):
    refunds = Refund.objects.filter(payment__booking=booking).select_related("payment")
    for refund in refunds.order_by("created_at", "pk"):
        yield refund.created_at, Event.REFUND_STARTED, _way_back(refund), refund.amount
        if refund.succeeded_at:
            detail = GIVEN_BACK[refund.payment.kind]
            yield refund.succeeded_at, Event.REFUNDED, detail, refund.amount
        if refund.failed_at:
            detail = "It could not go back; a person looks into it."
            yield refund.failed_at, Event.REFUND_FAILED, detail, refund.amount
        if refund.settled_at:
            detail = f"Given back by hand: {refund.note}"
            yield refund.settled_at, Event.REFUNDED, detail, refund.amount


def _way_back(refund: Refund) -> str:
    why = refund.get_reason_display()
    if refund.attempt > 1:
        return f"{why}. Another try."
    return f"{why}." if refund.is_through_stripe else f"{why}. It waits at the box office."


def _letters(booking: Booking):
    for letter in booking.letters.exclude(written_at=None).order_by("written_at", "pk"):
        yield letter.written_at, Event.MAILED, f"Mail: {letter.get_kind_display()}."


def _disputes(booking: Booking):
    for dispute in Dispute.objects.filter(payment__booking=booking).order_by("opened_at", "pk"):
        why = dispute.reason.replace("_", " ")
        yield dispute.opened_at, Event.DISPUTED, f"Disputed at the bank: {why}.", dispute.amount
        if dispute.closed_at:
            detail = f"The bank has decided: {dispute.words}."
            yield dispute.closed_at, Event.DISPUTE_CLOSED, detail, dispute.amount


# In the order in which things happen to a booking. Whatever else tells of one is named here, too.
SOURCES = [
    *(_holding, _payments, _confirming, _exchanges, _scans, _cancellations, _refunds),
    *(_disputes, _letters),
]

PAID_BY = {
    Payment.Kind.STRIPE: "Paid online.",
    Payment.Kind.CASH: "Paid in cash.",
    Payment.Kind.CARD_TERMINAL: "Paid by card at the box office.",
    Payment.Kind.COMPLIMENTARY: "With the compliments of the house.",
}
SAID_AT_THE_DOOR = {
    Scan.Verdict.ADMITTED: "let in",
    Scan.Verdict.ALREADY_ADMITTED: "shown again, after somebody was let in with it",
    Scan.Verdict.VOID: "not good any more",
    Scan.Verdict.WRONG_THEATER: "for another theater",
    Scan.Verdict.WRONG_SHOWTIME: "for another showtime",
    Scan.Verdict.TOO_EARLY: "too early",
    Scan.Verdict.TOO_LATE: "too late",
    Scan.Verdict.UNKNOWN: "not known",
    Scan.Verdict.FORGED: "forged",
}
GIVEN_BACK = {
    Payment.Kind.STRIPE: "The money went back the way it came.",
    Payment.Kind.CASH: "It was paid out at the box office.",
    Payment.Kind.CARD_TERMINAL: "It was given back at the box office.",
    Payment.Kind.COMPLIMENTARY: "Nothing was paid, so nothing goes back.",
}


def _named(seats) -> str:
    """A1, A2 and A3."""
    *first, last = [seat.label for seat in seats] or ["no seats"]
    return f"{', '.join(first)} and {last}" if first else last
