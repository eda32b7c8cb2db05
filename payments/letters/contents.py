"""
What each kind of letter says, and which papers come with it.

One mail for one thing: a letter that says that money comes back also says that it went, with the
credit note, if it has gone by then, which is a matter of seconds. Only money that takes longer, or
a second try, has a mail of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from bookings.alternatives import instead_of
from bookings.models import Booking, Letter, Ticket
from bookings.pdf import NoValidTickets, tickets_pdf
from payments.models import Invoice, Payment
from payments.pdf import invoice_pdf
from theaters.models import Seat

from .words import counted_tickets, film, listed, money, when

A_MOMENT = timedelta(hours=1)


class Outdated(Exception):
    """What the letter was to say is not so any more, and another letter says what is."""


@dataclass
class Contents:
    """
    `context` is for the templates of that name; `papers` are PDFs by their names; `coming_back` is
    what the letter says that is on its way. Letters that need
    not be written any more when this one is are `told_with_it`.
    """

    template: str
    subject: str
    context: Mapping = field(default_factory=dict)
    papers: Mapping[str, bytes] = field(default_factory=dict)
    coming_back: Decimal = Decimal(0)
    told_with_it: Sequence[Letter] = ()


def contents_of(letter: Letter) -> Contents:
    """What `letter`, which comes with its details, says today. Raises Outdated."""
    contents = CONTENTS[letter.kind](letter)
    return _with_money_that_went(letter, contents) if contents.coming_back else contents


def _with_money_that_went(letter: Letter, contents: Contents) -> Contents:
    """The same, saying that all that it promises has gone, if it has."""
    went = list(Letter.objects.of_money_that_went(letter.booking))
    if sum(Decimal(one.details["amount"]) for one in went) != contents.coming_back:
        return contents
    numbers = [one.details["credit_note"] for one in went if one.details.get("credit_note")]
    notes = _invoice_papers(letter.booking.invoices.filter(number__in=numbers))
    return replace(
        contents,
        context={**contents.context, "has_gone": True},
        papers={**contents.papers, **notes},
        told_with_it=went,
    )


def _confirmed(letter: Letter) -> Contents:
    booking = letter.booking
    tickets = _valid(booking)
    if not tickets:
        raise Outdated
    bought = booking.invoices.filter(kind=Invoice.Kind.INVOICE, payment__exchange=None)
    return Contents(
        "confirmed",
        f"Your tickets: {film(booking)}, {when(booking.showtime)}",
        {
            "tickets": tickets,
            "paid": money(booking.total, booking) if booking.total else "",
            "was_late": letter.kind == Letter.Kind.FOUND_AGAIN,
        },
        _tickets_paper(booking) | _invoice_papers(bought),
    )


def _too_late(letter: Letter) -> Contents:
    booking = letter.booking
    payment = Payment.objects.get(pk=letter.details["payment"])
    amount = money(payment.amount, booking)
    tickets = _valid(booking)
    return Contents(
        "too_late",
        f"Your {amount} for {film(booking)} comes back to you",
        {
            "amount": amount,
            "why": letter.details.get("why", ""),
            "exchange": payment.exchange,
            "tickets": tickets,
            "others": "" if tickets else _nearest_free(booking),
        },
        coming_back=payment.amount,
    )


def _cancelled(letter: Letter) -> Contents:
    booking, codes = letter.booking, letter.details["tickets"]
    gone = _seats(booking.tickets.filter(code__in=codes))
    left = _valid(booking)
    return Contents(
        "cancelled",
        f"Cancelled: {counted_tickets(len(codes))} for {film(booking)}, {when(booking.showtime)}",
        {
            "count": counted_tickets(len(codes)),
            "gone": gone,
            "tickets": left,
            "due": _due_in_words(letter),
            "already": _already_in_words(letter),
        },
        _tickets_paper(booking) if left else {},
        coming_back=_due(letter),
    )


def _exchanged(letter: Letter) -> Contents:
    booking = letter.booking
    tickets = _valid(booking)
    if not tickets:
        raise Outdated
    exchange = booking.exchanges.with_details().get(pk=letter.details["exchange"])
    bought = booking.invoices.filter(kind=Invoice.Kind.INVOICE, payment__exchange=exchange)
    return Contents(
        "exchanged",
        f"Your new seats: {film(booking)}, {when(booking.showtime)}",
        {
            "tickets": tickets,
            "swaps": [(one.old_ticket.seat.label, one.seat.label) for one in exchange.swaps.all()],
            "added": money(exchange.difference, booking) if exchange.difference > 0 else "",
            "due": money(-exchange.difference, booking) if exchange.difference < 0 else "",
        },
        _tickets_paper(booking) | _invoice_papers(bought),
        coming_back=max(-exchange.difference, Decimal(0)),
    )


def _refunded(letter: Letter) -> Contents:
    booking = letter.booking
    if not letter.details.get("credit_note") and _was_just_promised(booking):
        raise Outdated
    amount = money(letter.details["amount"], booking)
    notes = booking.invoices.filter(number=letter.details.get("credit_note"))
    return Contents(
        "refunded",
        f"Refunded: {amount} for {film(booking)}",
        {"amount": amount},
        _invoice_papers(notes),
    )


def _showtime_cancelled(letter: Letter) -> Contents:
    booking = letter.booking
    return Contents(
        "showtime_cancelled",
        f"Cancelled: {film(booking)}, {when(booking.showtime)}",
        {"due": _due_in_words(letter), "already": _already_in_words(letter)},
        coming_back=_due(letter),
    )


CONTENTS = {
    Letter.Kind.CONFIRMED: _confirmed,
    Letter.Kind.FOUND_AGAIN: _confirmed,
    Letter.Kind.TOO_LATE: _too_late,
    Letter.Kind.CANCELLED: _cancelled,
    Letter.Kind.EXCHANGED: _exchanged,
    Letter.Kind.REFUNDED: _refunded,
    Letter.Kind.SHOWTIME_CANCELLED: _showtime_cancelled,
}


def _was_just_promised(booking: Booking) -> bool:
    """Whether they read a moment ago that what they paid in vain comes back."""
    since = timezone.now() - A_MOMENT
    return booking.letters.filter(kind=Letter.Kind.TOO_LATE, written_at__gte=since).exists()


def _due(letter: Letter) -> Decimal:
    return Decimal(letter.details.get("due") or 0)


def _due_in_words(letter: Letter) -> str:
    return money(_due(letter), letter.booking) if _due(letter) else ""


def _already_in_words(letter: Letter) -> str:
    already = Decimal(letter.details.get("already") or 0)
    return money(already, letter.booking) if already else ""


def _seats(tickets) -> list[Ticket]:
    return list(tickets.select_related("seat__category").order_by("seat__row", "seat__number"))


def _valid(booking: Booking) -> list[Ticket]:
    return _seats(booking.tickets.valid())


def _tickets_paper(booking: Booking) -> dict[str, bytes]:
    try:
        return {f"tickets-{booking.reference}.pdf": tickets_pdf(booking)}
    except NoValidTickets as gone:
        raise Outdated from gone


def _invoice_papers(invoices) -> dict[str, bytes]:
    return {f"{invoice.number}.pdf": invoice_pdf(invoice) for invoice in invoices}


def _nearest_free(booking: Booking) -> str:
    """The nearest free seats at the same price, in words; empty if there are none, or no sales."""
    other = instead_of(booking)
    if other is None:
        return ""
    seats = [one["seat"] if isinstance(one, Mapping) else one for one in other["seats"]]
    found = Seat.objects.filter(pk__in=seats).order_by("row", "number")
    return listed([seat.label for seat in found])
