"""Tickets on paper and on a phone's screen: a page for each, set by Typst."""

import json
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import typst
from django.utils.translation import get_language_info

from showtimes.price_rules import TicketType
from theaters.currencies import decimals
from theaters.models import DAY_STARTS_AT, Theater

from .doors import doors
from .models import Booking, BookingClosed, Ticket
from .qr import qr_svg
from .scripts import fonts, printable

TEMPLATE = Path(__file__).parent / "typst" / "ticket.typ"

# A Typst compiler serves one thread at a time ("Already borrowed"), so each thread has its own.
_of_this_thread = threading.local()


class NoValidTickets(BookingClosed):
    """The booking has no ticket that opens a door: it is not paid, or all of them are void."""

    default_code = "no_valid_tickets"
    default_detail = "This booking has no valid tickets."


def tickets_pdf(booking: Booking) -> bytes:
    """
    An A6 page for each valid ticket of `booking`, times by the theater's own clock. Costs one
    query, and some milliseconds a page: not for inside a transaction. Raises NoValidTickets.
    """
    tickets = list(
        booking.tickets.valid().select_related(
            "seat__category", "booking__showtime__movie", "booking__showtime__screen__theater"
        )
    )
    if not tickets:
        raise NoValidTickets
    booking = tickets[0].booking
    movie, theater = booking.showtime.movie, booking.theater
    data = {
        "title": f"{movie.title}: tickets {booking.reference}",
        "author": theater.name,
        "tickets": [_page(ticket) for ticket in tickets],
    }
    return rendered(
        TEMPLATE, printable(data, country=theater.country, languages={movie.title: movie.language})
    )


def rendered(template: Path, data: Mapping) -> bytes:
    """
    The PDF that the Typst file `template` makes of `data`, which must be fit for JSON, its texts
    `printable`.

    Data stays data: the template gets it as strings, never as markup, and no template can read
    files outside its own folder.
    """
    return _compiler(template).compile(format="pdf", sys_inputs={"data": json.dumps(data)})


def _compiler(template: Path) -> typst.Compiler:
    compilers = _of_this_thread.__dict__.setdefault("compilers", {})
    if template not in compilers:
        compilers[template] = typst.Compiler(
            template, root=template.parent, font_paths=fonts(), ignore_system_fonts=True
        )
    return compilers[template]


def money(amount: Decimal, currency: str) -> str:
    """As it is printed, with the decimals of the currency: 12.50 EUR, 1800 JPY."""
    return f"{amount:.{decimals(currency)}f} {currency}"


def _page(ticket: Ticket) -> dict:
    booking, seat = ticket.booking, ticket.seat
    showtime = booking.showtime
    theater = showtime.theater
    return {
        "theater": theater.name,
        "address": _address(theater),
        "film": showtime.movie.title,
        "facts": [_languages(showtime), showtime.get_format_display(), _length(showtime.movie)],
        "certificate": showtime.movie.certificate,
        "minimum_age": showtime.movie.minimum_age,
        **_when(showtime.starts_at.astimezone(theater.zone), theater.timezone),
        "doors": f"Doors open {doors(showtime)}",
        "screen": showtime.screen.name,
        "row": seat.row,
        "seat": str(seat.number),
        "category": seat.category.name,
        "colour": seat.category.colour,
        "kind": "" if seat.kind == seat.Kind.STANDARD else seat.get_kind_display(),
        "type": "" if ticket.type == TicketType.ADULT else ticket.get_type_display(),
        "price": money(ticket.price, booking.currency),
        "holder": booking.contact_name,
        "reference": booking.reference,
        "code": ticket.code,
        "qr": qr_svg(ticket.code),
    }


def _address(theater: Theater) -> str:
    city = f"{theater.postal_code} {theater.city}".strip()
    return f"{theater.address}, {city}"


def _when(starts: datetime, zone: str) -> dict:
    """Day, time and zone as printed. The hours after midnight say which night they belong to."""
    offset = starts.tzname()
    named = offset if offset.isalpha() else f"UTC{offset}"
    evening = starts - timedelta(days=1)
    late = starts.time() < DAY_STARTS_AT
    return {
        "day": f"{starts:%A}, {starts.day} {starts:%B %Y}",
        "time": f"{starts:%H:%M}",
        "zone": f"{named}, {zone.replace('_', ' ')}",
        "night": f"the night from {evening:%A} to {starts:%A}" if late else "",
    }


def _languages(showtime) -> str:
    heard = _language(showtime.language)
    return f"{heard}, {_language(showtime.subtitles)} subtitles" if showtime.subtitles else heard


def _language(tag: str) -> str:
    """The English name of a BCP 47 tag; the tag itself where Django knows no name for it."""
    try:
        return get_language_info(tag.lower())["name"]
    except KeyError:
        return tag


def _length(movie) -> str:
    hours, minutes = divmod(movie.duration_minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"
