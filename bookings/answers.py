"""
A booking as the API says it: plain dictionaries, because a crowd asks for it. BookingSerializer and
the serializers in it describe the same in the schema, and a test compares the two.
"""

from pictures.fields import PictureLinks
from showtimes.timetable import amount, doors, local
from theaters.currencies import decimals

from .models import Booking, BookingLine, Ticket


def held(booking: Booking, links: PictureLinks) -> dict:
    """A booking as its maker gets it, with its `access_key`."""
    return said(booking, links) | {"access_key": booking.access_key}


def said(booking: Booking, links: PictureLinks) -> dict:
    """A booking that comes with its details. No query."""
    zone, places = booking.theater.timezone, decimals(booking.currency)
    return {
        "reference": booking.reference,
        "status": booking.status_now,
        "held_until": local(booking.held_until, zone),
        "showtime": _showtime(booking.showtime, links),
        "contact": {
            "name": booking.contact_name,
            "email": booking.contact_email,
            "phone": booking.contact_phone,
        },
        "promo_code": booking.promo_code and booking.promo_code.code,
        "currency": booking.currency,
        "lines": [_line(line, places) for line in booking.lines.all()],
        "subtotal": amount(booking.subtotal, places),
        "discount": amount(booking.discount, places),
        "fees": amount(booking.fees, places),
        "tax": amount(booking.tax, places),
        "total": amount(booking.total, places),
        "amount_due_back": amount(booking.amount_due_back, places),
        "amount_added": amount(booking.amount_added, places),
        "tickets": [_ticket(one, zone, places, links) for one in booking.issued_tickets],
        "created_at": local(booking.created_at, zone),
        "confirmed_at": local(booking.confirmed_at, zone),
        "cancelled_at": local(booking.cancelled_at, zone),
        "paid_too_late_at": local(booking.paid_too_late_at, zone),
        "alternative": None,
    }


def _showtime(showtime, links: PictureLinks) -> dict:
    movie, theater, screen = showtime.movie, showtime.theater, showtime.screen
    return {
        "id": showtime.pk,
        "starts_at": local(showtime.starts_at, theater.timezone),
        "ends_at": local(showtime.ends_at, theater.timezone),
        **doors(showtime.admission, theater.timezone),
        "movie": {
            "id": movie.pk,
            "title": movie.title,
            "duration_minutes": movie.duration_minutes,
            "certificate": movie.certificate,
            "poster": links(movie.poster.name),
        },
        "theater": {
            "id": theater.pk,
            "name": theater.name,
            "city": theater.city,
            "timezone": theater.timezone,
            "currency": theater.currency,
        },
        "screen": {"id": screen.pk, "name": screen.name, "kind": screen.kind},
        "language": showtime.language,
        "subtitles": showtime.subtitles,
        "format": showtime.format,
        "status": showtime.status,
    }


def _line(line: BookingLine, places: int) -> dict:
    return {
        "kind": line.kind,
        "seat": line.seat_id,
        "type": line.type,
        "description": line.description,
        "reasons": line.reasons,
        "amount": amount(line.amount, places),
    }


def _ticket(ticket: Ticket, zone: str, places: int, links: PictureLinks) -> dict:
    seat = ticket.seat
    return {
        "code": ticket.code,
        "seat": {
            "id": seat.pk,
            "row": seat.row,
            "number": seat.number,
            "category": seat.category.name,
            "kind": seat.kind,
        },
        "type": ticket.type,
        "price": amount(ticket.price, places),
        "currency": ticket.currency,
        "status": ticket.status,
        "admitted_at": local(ticket.admitted_at, zone),
        "qr": links.link(f"/api/tickets/{ticket.code}/qr.png"),
    }
