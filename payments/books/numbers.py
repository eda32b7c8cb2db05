"""The numbers of papers: from one on in each series, none left out."""

from django.db.models import (
    BigIntegerField,
    Count,
    F,
    Func,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Length, NullIf, Right, Substr

from bookings.promises import words

from ..models import Invoice, InvoiceSeries

SERIES = words(F("theater__name"), ", ", F("year"), ", ", F("kind"))
COUNTER = SERIES


class _Without(Func):
    """Text without any of some characters at its end."""

    function = "RTRIM"
    output_field = TextField()


def series_with_a_gap() -> QuerySet:
    return _series().annotate(many=Count("place", distinct=True)).filter(~Q(many=F("last")))


def counters_that_are_off() -> QuerySet:
    """Of numbers that were given out and are on no paper, or the other way round."""
    year = Cast(OuterRef("year"), TextField())
    mine = _series().filter(theater=OuterRef("theater"), kind=OuterRef("kind"), year=year)
    last = Coalesce(Subquery(mine.values("last"), BigIntegerField()), 0)
    return InvoiceSeries.objects.alias(last=last).exclude(last_number=F("last"))


def _series() -> QuerySet:
    """The `last` number of each series. LUX-2026-C000017 is number 17 of the year 2026."""
    head = _Without(F("number"), Value("0123456789"))
    digits = NullIf(Substr("number", Length("head") + 1), Value(""))
    return (
        Invoice.objects.order_by()
        .alias(head=head, place=Cast(digits, BigIntegerField()))
        .annotate(year=Right(_Without(F("head"), Value("C-")), 4))
        .values("theater", "theater__name", "kind", "year")
        .annotate(last=Max("place"))
    )
