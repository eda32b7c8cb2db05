"""
The return that a distributor gets of a film: by theater, screen and day, how many came in on what
kind of ticket at what price, and what was taken.

Gross box office is what was paid for admission: with the tax in it, after discounts, without
booking fees, which are no part of the price of a film. Tickets that were given back, or exchanged
for others, are not in it; those that the house gave away are, for nothing, and so are showings to
which nobody came. Net is without the tax, at the rate of the day on which the ticket was sold.

A film's week is Thursday to Wednesday where nothing else is agreed; whoever orders a return says
which days it is of. Its first week at a theater is the one of its first showing there.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from django.db.models import Count, Exists, F, FilteredRelation, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from bookings.models import Ticket
from movies.models import Movie
from payments.models import Payment
from showtimes.models import Showtime
from showtimes.price_rules import TicketType
from theaters.currencies import rounded
from theaters.models import Theater, cinema_date, cinema_day

from .sales import Progress, months
from .table import CURRENCY, Cell, Column, Table, count, money, text

GIVEN_AWAY, NOBODY = "complimentary", "No tickets"
THURSDAY = 3
KEY = ["booking__showtime", "type", "price", "booking__currency", "rate", "bought__kind"]
COLUMNS = [
    text("Theater"),
    text("Screen"),
    text("Film"),
    Column("Week", "count"),
    Column("Day", "day"),
    Column("Showings", "count"),
    text("Ticket"),
    Column("Price", "money"),
    Column(CURRENCY),
    count("Admissions"),
    money("Gross box office"),
    Column("Tax rate", "rate"),
    money("Tax"),
    money("Net box office"),
]


class Place(NamedTuple):
    """Where and when a film was shown, in the order of the return."""

    screen: str
    film: str
    day: date
    # Two films may have the same title.
    movie: int


def distributors_return(
    theaters: list[Theater], first: date, last: date, say: Progress, *, movie: Movie | None = None
) -> Table:
    """Of one film, or of all: three statements for each theater and month."""
    rows, days = [], (last - first).days + 1
    for begin, end in months(first, last):
        for theater in theaters:
            rows += _rows(theater, _showings(theater, begin, end, movie))
        say((end - first).days + 1, days)
    return Table("", COLUMNS, sorted(rows, key=_in_order))


def _in_order(row: list[Cell]) -> tuple:
    theater, screen, film, _, day, _, ticket, price, *_ = row
    return theater, screen, film, day, ticket, price or 0


def _showings(theater: Theater, first: date, last: date, movie: Movie | None) -> dict[int, Place]:
    """The showtimes that took place, or will, on these days."""
    begins, ends = cinema_day(first, theater.timezone)[0], cinema_day(last, theater.timezone)[1]
    showtimes = _taking_place(theater).filter(starts_at__gte=begins, starts_at__lt=ends)
    showtimes = showtimes.filter(movie=movie) if movie else showtimes
    columns = ["pk", "screen__name", "movie__title", "starts_at", "movie"]
    return {
        pk: Place(screen, film, cinema_date(starts_at, theater.timezone), movie)
        for pk, screen, film, starts_at, movie in showtimes.order_by().values_list(*columns)
    }


def _taking_place(theater: Theater) -> QuerySet:
    """Those on sale, and what was taken off sale when somebody had a ticket."""
    sold = Ticket.objects.valid().filter(booking__showtime=OuterRef("pk"))
    off_sale = Q(status=Showtime.Status.PLANNED) & Q(Exists(sold))
    on_sale = Q(status=Showtime.Status.ON_SALE)
    return Showtime.objects.filter(on_sale | off_sale, screen__theater=theater)


def _rows(theater: Theater, showings: dict[int, Place]) -> Iterator[list]:
    """Each kind of ticket of each film, day and screen of `theater`."""
    shown, admissions, gross = defaultdict(int), defaultdict(int), defaultdict(Decimal)
    for place in showings.values():
        shown[place] += 1
    for showtime, kind, price, currency, rate, way, many, taken in _sold(showings):
        free = way == Payment.Kind.COMPLIMENTARY
        what = showings[showtime], (_called(kind, free), price, currency, rate)
        admissions[what] += many
        gross[what] += Decimal(0) if free else taken
    for place in shown.keys() - {place for place, _ in admissions}:
        admissions[place, (NOBODY, None, theater.currency, None)] = 0
    first = _first_weeks(theater, {place.movie for place in shown})
    for (place, what), many in admissions.items():
        week = (_thursday(place.day) - first[place.movie]).days // 7 + 1
        where = [theater.name, place.screen, place.film, week, place.day, shown[place]]
        yield [*where, *_money(what, many, gross[place, what])]


def _money(what: tuple, many: int, taken: Decimal) -> list[Cell]:
    called, price, currency, rate = what
    taken = rounded(taken, currency)
    if rate is None:
        return [called, price, currency, many, taken, None, taken, taken]
    tax = rounded(taken * rate / (100 + rate), currency)
    return [called, price, currency, many, taken, Fraction(rate) / 100, tax, taken - tax]


def _first_weeks(theater: Theater, movies: set[int]) -> dict[int, date]:
    """The Thursday with which the first week of each of `movies` at `theater` began."""
    starts = _taking_place(theater).filter(movie__in=movies).order_by().values_list("movie")
    return {
        movie: _thursday(cinema_date(first, theater.timezone))
        for movie, first in starts.annotate(first=Min("starts_at"))
    }


def _thursday(day: date) -> date:
    return day - timedelta(days=(day.weekday() - THURSDAY) % 7)


def _sold(showtimes):
    """Good tickets by KEY: how many, and what was paid for them beside the fee."""
    # The lines of a booking begin with those of its seats, which are all taxed alike.
    line = Q(booking__lines__position=1)
    bought = Q(booking__payments__honoured_at__isnull=False, booking__payments__exchange=None)
    return (
        Ticket.objects.valid()
        .filter(booking__showtime__in=list(showtimes))
        .annotate(
            line=FilteredRelation("booking__lines", condition=line),
            rate=Coalesce("line__tax_rate", Decimal(0)),
            bought=FilteredRelation("booking__payments", condition=bought),
        )
        .order_by()
        .values_list(*KEY)
        .annotate(many=Count("pk"), taken=Sum(F("paid") - F("fee")))
    )


def _called(kind: str, free: bool) -> str:
    return f"{TicketType(kind).label}, {GIVEN_AWAY}" if free else TicketType(kind).label
