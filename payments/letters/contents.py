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

from accounts.outbox import one_line
from bookings.alternatives import instead_of
from bookings.models import Booking, Letter, Ticket
from bookings.pdf import NoValidTickets, tickets_pdf
from payments.models import Invoice, Payment, Refund
from payments.pdf import invoice_pdf
from theaters.models import Seat

from .in_vain import Reason, why_in_vain
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
    if any(one.details.get("note") for one in went):
        # It did not go the way that this letter would say.
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
            "paid": _paid(booking),
            "was_late": letter.kind == Letter.Kind.FOUND_AGAIN,
        },
        _tickets_paper(booking) | _invoice_papers(bought),
    )


def _paid(booking: Booking) -> str:
    """What it cost, with what seats that were exchanged or given back meanwhile changed of it."""
    parts = {"{}": booking.total, "{} for other seats in exchange": booking.amount_added}
    paid = [words.format(money(amount, booking)) for words, amount in parts.items() if amount]
    if booking.amount_due_back:
        paid.append(f"of which {money(booking.amount_due_back, booking)} comes back")
    return ", ".join(paid)


def _too_late(letter: Letter) -> Contents:
    booking = letter.booking
    payment = Payment.objects.select_related("exchange").get(pk=letter.details["payment"])
    payment.booking = booking
    amount = money(payment.amount, booking)
    tickets, reason = _valid(booking), why_in_vain(payment)
    is_off = reason == Reason.SHOWTIME_CANCELLED
    subject = f"Your {amount} for {film(booking)} comes back to you"
    says_more = reason in (Reason.RAN_OUT, Reason.OTHER) and not tickets
    return Contents(
        "too_late",
        _cancelled_showing(booking) if is_off else subject,
        {
            "amount": amount,
            "reason": reason,
            "why": letter.details.get("why", "") if says_more else "",
            "exchange": payment.exchange,
            "tickets": [] if is_off else tickets,
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
    details = letter.details
    by_hand = details.get("note", "")
    if not details.get("credit_note") and not by_hand and _was_just_promised(booking):
        raise Outdated
    amount = money(letter.details["amount"], booking)
    notes = booking.invoices.filter(number=letter.details.get("credit_note"))
    return Contents(
        "refunded",
        f"Refunded: {amount} for {film(booking)}",
        {"amount": amount, "by_hand": one_line(by_hand)},
        _invoice_papers(notes),
    )


def _refund_failed(letter: Letter) -> Contents:
    booking = letter.booking
    looked_at = Refund.objects.needing_attention()
    if not looked_at.filter(payment__refunds=letter.details["refund"]).exists():
        raise Outdated
    amount = money(letter.details["amount"], booking)
    return Contents(
        "refund_failed", f"Your {amount} for {film(booking)} did not arrive", {"amount": amount}
    )


def _showtime_cancelled(letter: Letter) -> Contents:
    booking = letter.booking
    return Contents(
        "showtime_cancelled",
        _cancelled_showing(booking),
        {"due": _due_in_words(letter), "already": _already_in_words(letter)},
        coming_back=_due(letter),
    )


def _cancelled_showing(booking: Booking) -> str:
    return f"Cancelled: {film(booking)}, {when(booking.showtime)}"


CONTENTS = {
    Letter.Kind.CONFIRMED: _confirmed,
    Letter.Kind.FOUND_AGAIN: _confirmed,
    Letter.Kind.TOO_LATE: _too_late,
    Letter.Kind.CANCELLED: _cancelled,
    Letter.Kind.EXCHANGED: _exchanged,
    Letter.Kind.REFUNDED: _refunded,
    Letter.Kind.REFUND_FAILED: _refund_failed,
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
