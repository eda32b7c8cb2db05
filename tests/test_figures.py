"""Figures are what a slow, plain recount of everything says, rolled up or not."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import timezone

from bookings.models import Booking, Ticket
from manager_panel.figures import Reading, Sums
from manager_panel.figures.rolling import roll_up
from manager_panel.models import Figures, HourFigures, RolledUp
from payments.books import sums
from payments.models import LedgerEntry
from showtimes.models import Showtime
from theaters.models import Theater, cinema_date

from .random_sales import Seller, open_chain

NOTHING = Decimal(0)


@pytest.fixture
def chain(db):
    return open_chain()


def recounted() -> dict[tuple, Sums]:
    """By showtime, currency and way to pay: one row after the other, in Python."""
    found = defaultdict(Sums)
    for showtime in Showtime.objects.select_related("screen__theater"):
        house = found[showtime.pk, showtime.screen.theater.currency, ""]
        if showtime.status == "on_sale":
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


@pytest.mark.parametrize("seed", range(2))
def test_whatever_was_sold_the_figures_are_a_plain_recount(chain, seed):
    seller = Seller(seed)
    past = seller.sell_some_days(chain, shows=3, ends=timedelta(days=-3))
    present = seller.sell_some_days(chain, shows=2, ends=timedelta(hours=6))
    assert_all_is_counted()
    roll_up()
    assert Figures.objects.filter(showtime__in=past).exists()
    assert not Figures.objects.filter(showtime=present[-1]).exists()
    assert_all_is_counted()
    for booking in Booking.objects.filter(showtime__in=past, status="confirmed")[:3]:
        booking.call_off()
    seller.call_off(past[0])
    seller.call_off(present[-1])
    seller.work()
    roll_up()
    assert_all_is_counted()
    before = list(Figures.objects.values())
    call_command("roll_up", since="2000-01-01", stdout=StringIO())
    assert [row | {"id": 0} for row in Figures.objects.values()] == [
        row | {"id": 0} for row in before
    ]


def test_what_is_kept_is_what_the_books_say_and_statements_close(chain):
    Seller(7).sell_some_days(chain, shows=4, ends=timedelta(days=-3))
    roll_up()
    books = sums()
    for (theater, currency), kept in reading().by("theater_id", "currency").items():
        of = books[Theater.objects.get(pk=theater).name, currency]
        assert kept.kept == of.kept.quantize(Decimal("0.01"))
    for (_, currency), found in reading().by("showtime_id", "currency").items():
        assert found.not_in_the_books == 0, currency
        parts = found.face_value - found.discount + found.fees + found.added_tax
        parts += found.exchanged + found.bought_nothing
        assert parts - found.refunded == found.kept == found.net + found.kept_tax


def test_a_theater_that_opened_today_has_figures_at_once(chain):
    Seller(1).sell_some_days(chain, shows=2, ends=timedelta(hours=-1))
    assert not RolledUp.objects.exists()
    assert_all_is_counted()


def test_a_hall_that_was_rebuilt_keeps_the_seats_of_its_days(chain):
    seller = Seller(3)
    past = seller.sell_some_days(chain[:1], shows=2, ends=timedelta(days=-3))
    roll_up()
    seats = {row.pk: row.capacity for row in Figures.objects.filter(shows=1)}
    assert set(seats.values()) == {8}
    for theater in chain[:1]:
        theater.screens.get().seats.filter(row="A").update(active=False)
    call_command("roll_up", since="2000-01-01", stdout=StringIO())
    kept = Figures.objects.filter(shows=1, showtime__in=past)
    assert set(kept.values_list("capacity", flat=True)) == {8}


def test_another_worker_rolls_up_nothing_twice(chain):
    Seller(2).sell_some_days(chain[:2], shows=2, ends=timedelta(days=-3))
    assert roll_up() > 0
    rows, hours = Figures.objects.count(), HourFigures.objects.count()
    roll_up()
    assert (Figures.objects.count(), HourFigures.objects.count()) == (rows, hours)


def test_reading_costs_the_same_for_many_showtimes(chain, django_assert_num_queries):
    def look():
        shown = reading()
        shown.by("day", "currency")
        shown.hours(shown.first, shown.last)

    seller = Seller(5)
    seller.sell_some_days(chain[:1], shows=1, ends=timedelta(days=-3))
    seller.sell_some_days(chain[:1], shows=1, ends=timedelta(hours=3))
    roll_up()
    with django_assert_num_queries(11):
        look()
    seller.sell_some_days(chain, shows=2, ends=timedelta(days=-6))
    seller.sell_some_days(chain[1:], shows=2, ends=timedelta(hours=3))
    roll_up()
    with django_assert_num_queries(11):
        look()
