"""
Statements for what is asked all the time: the ORM writes the SQL once for each process, and only
the moment and the rows that are meant differ from request to request.
"""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from functools import cache, cached_property

from django.db import connection
from django.db.models import BigIntegerField, Field, IntegerField, QuerySet, Subquery, TextField
from django.utils import timezone

# Stand, in a queryset whose SQL is kept, for the moment of the request and for the id it names.
MOMENT = datetime(1, 1, 1, tzinfo=UTC)
ONE = -1


class Statement:
    """The SQL of the queryset that `of` makes with MOMENT and ONE."""

    def __init__(self, of: Callable[[], QuerySet]):
        self.of = of
        self._sql = cache(self._written)

    def rows(self, one: int) -> list[tuple]:
        """What it finds now, as the driver reads it, for the id `one`; one query."""
        return self._read(one) if 0 <= one <= BigIntegerField.MAX_BIGINT else []

    def window(self, one: int, start: int, stop: int) -> list[tuple]:
        """The same, from place `start` to before `stop`."""
        return self._read(one, "LIMIT %s OFFSET %s", [stop - start, start])

    def rows_of(self, keys: Collection) -> list[tuple]:
        """What it finds now, in no order, for these primary keys. It has no WHERE of its own."""
        prepare = self._key.get_db_prep_value
        where = f'WHERE "{self._key.model._meta.db_table}"."{self._key.column}" IN'
        marks = ", ".join(["%s"] * len(keys))
        keys = [prepare(key, connection) for key in keys]
        return self._read(ONE, f"{where} ({marks})", keys) if keys else []

    @cached_property
    def _key(self) -> Field:
        return self.of().model._meta.pk

    def _read(self, one: int, rest: str = "", more: Collection = ()) -> list[tuple]:
        sql, params = self._sql(connection.vendor)
        adapt = connection.ops.adapt_datetimefield_value
        given = {adapt(MOMENT): adapt(timezone.now()), ONE: one}
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} {rest}", [*(given.get(one, one) for one in params), *more])
            return cursor.fetchall()

    def _written(self, vendor: str) -> tuple[str, tuple]:
        return self.of().query.sql_with_params()


class CountUpTo(Subquery):
    """How many rows a queryset that is cut off has."""

    output_field = IntegerField()
    template = "(SELECT COUNT(*) FROM (%(subquery)s) one)"


class IdList(Subquery):
    """The column `ids` of a queryset as text with commas; None without rows."""

    output_field = TextField()
    template = "(SELECT STRING_AGG(CAST(one.ids AS TEXT), ',') FROM (%(subquery)s) one)"

    def as_sqlite(self, compiler, connection):
        template = "(SELECT GROUP_CONCAT(one.ids) FROM (%(subquery)s) one)"
        return self.as_sql(compiler, connection, template=template)


def moment_of(value: datetime) -> datetime:
    """A column of a row as the driver reads it, which knows on PostgreSQL only that it is UTC."""
    return value if value.tzinfo else value.replace(tzinfo=UTC)
