"""A slow, plain recount of everything that was sold, in Python, to compare figures with."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone

from bookings.models import Booking, Ticket
from manager_panel.figures import Reading, Sums
from payments.models import LedgerEntry
from showtimes.models import Showtime
from theaters.models import Theater, cinema_date

NOTHING = Decimal(0)


def recounted() -> dict[tuple, Sums]:
    """By showtime, currency and way to pay: one row after the other, in Python."""
    found = defaultdict(Sums)
    for showtime in Showtime.objects.select_related("screen__theater"):
        house = found[showtime.pk, showtime.screen.theater.currency, ""]
        sold = Ticket.objects.filter(booking__showtime=showtime, status="valid").exists()
        if showtime.status == "on_sale" or showtime.status == "planned" and sold:
            house.shows = 1
            house.capacity = showtime.screen.seats.filter(active=True).count()
    for booking in Booking.objects.filter(confirmed_at__isnull=False):
        bought = [one for one in booking.payments.all() if one.honoured_at and not one.exchange]
        kind = bought[0].kind if bought else ""
        recount_booking(found[booking.showtime_id, booking.currency, kind], booking)
    for entry in LedgerEntry.objects.select_related("booking", "payment"):
        of = found[entry.booking.showtime_id, entry.currency, entry.payment.kind]
        recount_entry(of, entry)
    return found


def recount_booking(of: Sums, booking: Booking):
    of.bookings += 1
    of.face_value += booking.subtotal
    of.discount += booking.discount
    of.fees += booking.fees
    of.added_tax += booking.total - (booking.subtotal - booking.discount + booking.fees)
    of.exchanged += booking.amount_added
    of.due_back += booking.amount_due_back
    others = Ticket.objects.filter(booking__showtime=booking.showtime_id, status="valid")
    kept_a_door = others.filter(admitted_at__isnull=False).exists()
    is_over = booking.showtime.ends_at <= timezone.now()
    for ticket in booking.tickets.all():
        if ticket.status == "valid":
            of.tickets += 1
            of.admitted += bool(ticket.admitted_at)
            of.no_shows += kept_a_door and is_over and not ticket.admitted_at
        elif not any(swap.exchange.status == "done" for swap in ticket.swaps.all()):
            of.given_back += 1


def recount_entry(of: Sums, entry: LedgerEntry):
    if entry.kind in ("dispute", "dispute_won"):
        of.disputed -= entry.amount
        return
    if entry.kind == "charge":
        of.paid += entry.amount
        of.bought_nothing += NOTHING if entry.payment.honoured_at else entry.amount
    else:
        of.refunded -= entry.amount
    of.kept_fees += entry.fee
    of.kept_tax += entry.tax


def recounted_hours(first, last) -> dict[tuple, list]:
    found = defaultdict(lambda: [0, 0, NOTHING])
    sold = Booking.objects.filter(confirmed_at__isnull=False)
    for booking in sold.select_related("showtime__screen__theater"):
        at = booking.confirmed_at.astimezone(ZoneInfo(booking.theater.timezone))
        if first <= cinema_date(at, booking.theater.timezone) <= last:
            hour = found[at.hour, booking.currency]
            hour[0] += 1
            hour[1] += booking.lines.filter(kind="seat").count()
            hour[2] += booking.total
    return found


def reading() -> Reading:
    today = timezone.now().date()
    return Reading(Theater.objects.all(), today - timedelta(days=400), today + timedelta(days=100))


def assert_all_is_counted():
    """Each showtime by itself, and the hours of the last days."""
    shown = reading()
    found = shown.by("showtime_id", "currency", "kind")
    expected = recounted()
    assert {key: found.get(key, Sums()) for key in expected} == expected
    assert found.keys() <= expected.keys()
    first, last = shown.last - timedelta(days=104), shown.last - timedelta(days=99)
    hours = {key: list(hour.values()) for key, hour in shown.hours(first, last).items()}
    assert hours == recounted_hours(first, last)
