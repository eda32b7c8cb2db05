"""
The return that a distributor gets of a film: by theater, screen and day, how many came in on what
kind of ticket at what price, and what was taken.

Gross box office is what was paid for admission: with the tax in it, after discounts, without
booking fees, which are no part of the price of a film. Tickets that were given back, or exchanged
for others, are not in it; those that the house gave away are, for nothing. Net is without the tax,
at the rate of the day on which the ticket was sold. A film's week is Thursday to Wednesday where
nothing else is agreed; whoever orders a return says which days it is of.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import Count, F, FilteredRelation, Q, Sum
from django.db.models.functions import Coalesce

from bookings.models import Ticket
from movies.models import Movie
from payments.models import Payment
from showtimes.models import Showtime
from showtimes.price_rules import TicketType
from theaters.currencies import rounded
from theaters.models import Theater, cinema_date, cinema_day

from .sales import Progress, months
from .table import CURRENCY, Column, Table, count, money, text

GIVEN_AWAY = "complimentary"
AT = "booking__showtime"
KEY = [
    f"{AT}__screen__theater",
    f"{AT}__screen__name",
    f"{AT}__movie__title",
    AT,
    f"{AT}__starts_at",
    "type",
    "price",
    "booking__currency",
    "rate",
    "bought__kind",
]
COLUMNS = [
    text("Theater"),
    text("Screen"),
    text("Film"),
    Column("Day", "day"),
    Column("Showings", "count"),
    text("Ticket"),
    Column("Price", "money"),
    Column(CURRENCY),
    count("Admissions"),
    money("Gross box office"),
    Column("Tax rate", "part"),
    money("Tax"),
    money("Net box office"),
]


def distributors_return(
    theaters: list[Theater], first: date, last: date, say: Progress, *, movie: Movie | None = None
) -> Table:
    """Of one film, or of all: two statements for each theater and month."""
    rows, days = [], (last - first).days + 1
    for begin, end in months(first, last):
        for theater in theaters:
            rows += _rows(theater, _showings(theater, begin, end, movie))
        say((end - first).days + 1, days)
    return Table("", COLUMNS, sorted(rows, key=lambda row: [str(cell) for cell in row[:7]]))


def _showings(theater: Theater, first: date, last: date, movie: Movie | None) -> list[int]:
    begins, ends = cinema_day(first, theater.timezone)[0], cinema_day(last, theater.timezone)[1]
    showtimes = Showtime.objects.filter(
        screen__theater=theater, starts_at__gte=begins, starts_at__lt=ends
    )
    showtimes = showtimes.filter(movie=movie) if movie else showtimes
    return list(showtimes.order_by().values_list("pk", flat=True))


def _rows(theater: Theater, showtimes) -> Iterator[list]:
    """Each kind of ticket of each film, day and screen of `theater`."""
    showings, admissions = defaultdict(set), defaultdict(int)
    gross = defaultdict(Decimal)
    for *place, showtime, starts, kind, price, currency, rate, way, many, taken in _sold(showtimes):
        where = (*place[1:], cinema_date(starts, theater.timezone))
        showings[where].add(showtime)
        free = way == Payment.Kind.COMPLIMENTARY
        what = (_called(kind, free), price, currency, rate)
        admissions[where, what] += many
        gross[where, what] += Decimal(0) if free else taken
    for (where, what), many in admissions.items():
        called, price, currency, rate = what
        taken = rounded(gross[where, what], currency)
        tax = rounded(taken * rate / (100 + rate), currency)
        screen, film, day = where
        yield [
            *(theater.name, screen, film, day, len(showings[where]), called, price, currency),
            *(many, taken, Fraction(rate) / 100, tax, taken - tax),
        ]


def _sold(showtimes):
    """Good tickets by KEY: how many, and what was paid for them beside the fee."""
    # The lines of a booking begin with those of its seats, which are all taxed alike.
    line = Q(booking__lines__position=1)
    bought = Q(booking__payments__honoured_at__isnull=False, booking__payments__exchange=None)
    return (
        Ticket.objects.valid()
        .filter(booking__showtime__in=showtimes)
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
