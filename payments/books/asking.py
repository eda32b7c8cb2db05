"""How the books are asked: of which bookings, at which moment, and with which sums."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from bookings.promises import NEARLY_NOTHING, Broken
from theaters.models import Theater

MONEY = DecimalField(max_digits=24, decimal_places=3)
NOTHING = Value(Decimal(0), MONEY)
# So long the jobs may need to see what is owed.
A_WHILE = timedelta(minutes=10)


@dataclass(frozen=True)
class Scope:
    """Which books: those of one `theater`, or of bookings made `since` then, or all."""

    theater: Theater | None = None
    since: datetime | None = None


EVERYTHING = Scope()


class Case(NamedTuple):
    """
    `rows` gives those that are not as they should be, and `where` says which they are. `booking` is
    the way from a row to its booking, or `theater` that to its theater.
    """

    where: Combinable
    rows: Callable[[], QuerySet]
    booking: str | None = None
    theater: str = ""

    def within(self, scope: Scope) -> QuerySet:
        rows, theater = self.rows(), self.theater
        if self.booking is not None:
            theater = f"{self.booking}showtime__screen__theater"
            if scope.since:
                rows = rows.filter(**{f"{self.booking}created_at__gte": scope.since})
        return rows.filter(**{theater: scope.theater.pk}) if scope.theater else rows


def ask(cases: Mapping[str, Case], scope: Scope) -> Iterator[Broken]:
    """All of `cases` within `scope`, in one statement, which sees one instant; streamed."""
    first, *others = [
        case.within(scope).order_by().values_list(Value(name, TextField()), case.where)
        for name, case in cases.items()
    ]
    return (Broken(*row) for row in first.union(*others, all=True).iterator())


@contextmanager
def at_one_moment():
    """All that is asked within sees the tables as they were at its beginning."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                # Compiling so long a statement takes longer than it saves.
                cursor.execute("SET LOCAL jit = off")
        yield


def sum_of(rows: QuerySet, field="amount", *, by: str, of="pk") -> Coalesce:
    """The sum of `field` over `rows` whose `by` is the outer row's `of`."""
    mine = rows.filter(**{by: OuterRef(of)}).order_by().values(by)
    return Coalesce(Subquery(mine.annotate(sum=Sum(field)).values("sum"), MONEY), NOTHING)


def differ(one: str, other: str) -> Q:
    """Whether two sums differ; SQLite keeps decimals as floats, whose sums are not exact."""
    least, most = F(other) - NEARLY_NOTHING, F(other) + NEARLY_NOTHING
    return Q(**{f"{one}__gt": most}) | Q(**{f"{one}__lt": least})


def is_more(one: str, other: str) -> Q:
    """Whether a sum is more than another."""
    return Q(**{f"{one}__gt": F(other) + NEARLY_NOTHING})
