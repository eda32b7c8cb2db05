"""How moments, places and amounts are said in a letter, and the letter as a whole."""

from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.template.loader import render_to_string

from accounts.outbox import one_line
from bookings.doors import doors
from bookings.models import Booking
from showtimes.models import Showtime
from theaters.currencies import written
from theaters.models import DAY_STARTS_AT


def render(contents, booking: Booking) -> tuple[str, str]:
    """`contents` as plain text and as HTML."""
    context = {"subject": contents.subject, **facts(booking), **contents.context}
    name = f"payments/letters/{contents.template}"
    return tuple(render_to_string(f"{name}.{kind}", context) for kind in ("txt", "html"))


def facts(booking: Booking) -> dict:
    """What every letter about `booking` may speak of."""
    showtime, theater = booking.showtime, booking.theater
    city = f"{theater.postal_code} {theater.city}".strip()
    return {
        "film": film(booking),
        "when": when(showtime),
        "night": night(showtime),
        "doors": doors(showtime),
        "screen": one_line(showtime.screen.name),
        "theater": one_line(theater.name),
        "address": one_line(f"{theater.address}, {city}"),
        "phone": one_line(theater.phone),
        "reference": booking.reference,
        "link": link(booking),
        "site": settings.SITE_URL,
    }


def link(booking: Booking) -> str:
    """The page of `booking`; for those without an account, with the key that opens it."""
    page = f"{settings.SITE_URL}/booking/{booking.reference}/"
    has_account = booking.user and not booking.user.left_at
    return page if has_account else f"{page}?access_key={booking.access_key}"


def film(booking: Booking) -> str:
    return one_line(booking.showtime.movie.title)


def when(showtime: Showtime) -> str:
    """Sat 21 November 2026, 20:15: by the theater's clock."""
    starts = showtime.starts_at.astimezone(showtime.theater.zone)
    return f"{starts:%a} {starts.day} {starts:%B %Y}, {starts:%H:%M}"


def night(showtime: Showtime) -> str:
    """Which night the hours after midnight belong to; empty for all others."""
    starts = showtime.starts_at.astimezone(showtime.theater.zone)
    evening = starts - timedelta(days=1)
    is_late = starts.time() < DAY_STARTS_AT
    return f"the night from {evening:%A} to {starts:%A}" if is_late else ""


def money(amount: Decimal | str, booking: Booking) -> str:
    return written(Decimal(amount), booking.currency)


def listed(words) -> str:
    """A1, A2 and A3."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def counted_tickets(number: int) -> str:
    return "1 ticket" if number == 1 else f"{number} tickets"
