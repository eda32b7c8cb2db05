"""Figures are what a slow, plain recount of everything says, rolled up or not."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from bookings.models import Booking
from manager_panel.figures.rolling import roll_up
from manager_panel.models import Figures, HourFigures, RolledUp
from payments.books import sums
from showtimes.models import Showtime
from theaters.models import Theater

from .random_sales import Seller, open_chain
from .recount import assert_all_is_counted, reading


@pytest.fixture
def chain(db):
    return open_chain()


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


def test_what_was_taken_off_sale_takes_place_for_those_who_have_tickets(chain):
    seller = Seller(4)
    shows = seller.sell_some_days(chain, shows=4, ends=timedelta(hours=12))
    sold = Showtime.objects.filter(bookings__tickets__status="valid").distinct()
    empty = Showtime.objects.filter(pk__in=[one.pk for one in shows]).exclude(pk__in=sold)
    assert sold and empty
    Showtime.objects.update(status="planned")
    assert_all_is_counted()
    found = {key[0]: sums for key, sums in reading().by("showtime_id", "currency", "kind").items()
             if sums.shows}  # fmt: skip
    assert found.keys() == {showtime.pk for showtime in sold}
    assert {sums.capacity for sums in found.values()} == {8}
