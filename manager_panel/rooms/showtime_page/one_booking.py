"""All that there is to know of one booking, as the page of its showtime says it."""

from django.urls import reverse
from post_office.models import STATUS

from bookings.models import Booking, BookingLine, Letter, Ticket
from payments.models import Payment, Refund
from payments.timeline import timeline
from showtimes.models import Showtime

from ...admin.columns import local, money

PAYMENTS = {
    "open": "not paid yet",
    "processing": "the bank works on it",
    "succeeded": "paid",
    "cancelled": "not paid",
}
REFUNDS = {
    "pending": "about to be sent",
    "sent": "on its way",
    "succeeded": "given back",
    "failed": "failed: see to it",
}
AT_THE_BOX_OFFICE = REFUNDS | {"pending": "to be paid out at the box office"}


def when_and_where(showtime: Showtime) -> str:
    starts = local(showtime.starts_at, showtime.theater.zone)
    return f"{showtime.movie}, {starts}, {showtime.screen}"


def booking_in_full(booking: Booking) -> dict:
    """In a constant number of queries."""
    zone, currency = booking.theater.zone, booking.currency
    is_cancelled = booking.showtime.status == Showtime.Status.CANCELLED
    tickets = list(booking.tickets.select_related("seat").order_by("-status", "seat__row", "pk"))
    valid = [one for one in tickets if one.status == Ticket.Status.VALID]
    return {
        "reference": booking.reference,
        "status": booking.status_now,
        "name": booking.contact_name,
        "email": booking.contact_email,
        "phone": booking.contact_phone,
        "account": booking.user.get_username() if booking.user else "",
        "disputed": booking.is_disputed,
        "booked": local(booking.created_at, zone),
        "until": booking.held_until.isoformat() if booking.status_now == "pending" else None,
        "total": money(booking.total + booking.amount_added, currency),
        "due_back": money(booking.amount_due_back, currency) if booking.amount_due_back else "",
        "seats": _held(booking) + [one.seat_id for one in valid],
        "tickets": [_ticket(one, zone, currency) for one in tickets],
        "payments": [_payment(one, zone) for one in booking.payments.order_by("created_at")],
        "refunds": [_refund(one, zone) for one in _refunds(booking)],
        "story": [_entry(one, zone, currency) for one in timeline(booking)],
        "letters": [_letter(one, zone) for one in booking.letters.select_related("mail")],
        "page": reverse("admin:bookings_booking_change", args=[booking.pk]),
        "may_send": bool(valid and booking.contact_email) and not is_cancelled,
    }


def _held(booking: Booking) -> list[int]:
    if booking.status_now != Booking.Status.PENDING:
        return []
    lines = booking.lines.filter(kind=BookingLine.Kind.SEAT)
    return list(lines.values_list("seat_id", flat=True))


def _ticket(ticket: Ticket, zone, currency) -> dict:
    return {
        "code": ticket.code,
        "seat": ticket.seat.label,
        "id": ticket.seat_id,
        "type": ticket.get_type_display(),
        "paid": money(ticket.paid, currency),
        "good": ticket.status == Ticket.Status.VALID,
        "admitted": local(ticket.admitted_at, zone),
    }


def _payment(payment: Payment, zone) -> dict:
    return {
        "kind": payment.get_kind_display(),
        "status": PAYMENTS[payment.status_now],
        "amount": money(payment.amount, payment.currency),
        "at": local(payment.succeeded_at or payment.created_at, zone),
        "flag": payment.flag or payment.failure,
        "page": reverse("admin:payments_payment_change", args=[payment.pk]),
    }


def _refunds(booking: Booking):
    refunds = Refund.objects.in_force().filter(payment__booking=booking)
    return refunds.select_related("payment").order_by("created_at")


def _refund(refund: Refund, zone) -> dict:
    words = REFUNDS if refund.is_through_stripe else AT_THE_BOX_OFFICE
    return {
        "status": words[refund.status],
        "amount": money(refund.amount, refund.currency),
        "why": refund.get_reason_display(),
        "at": local(refund.finished_at or refund.created_at, zone),
        "flag": refund.failure,
        "page": reverse("admin:payments_refund_change", args=[refund.pk]),
    }


def _entry(entry, zone, currency) -> dict:
    return {
        "at": local(entry.at, zone),
        "what": entry.detail,
        "amount": money(entry.amount, currency) if entry.amount else "",
    }


def _letter(letter: Letter, zone) -> dict:
    if letter.mail and letter.mail.status == STATUS.sent:
        state = "sent"
    else:
        state = letter.error or ("left out" if letter.dropped_at else "waits to be sent")
    return {
        "what": letter.get_kind_display(),
        "state": state,
        "at": local(letter.written_at or letter.created_at, zone),
    }
