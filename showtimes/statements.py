"""
Statements for what is asked all the time: the ORM writes the SQL once for each process, and only the
moment and the row that is meant differ from request to request.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

from django.db import connection
from django.db.models import BigIntegerField, QuerySet, Subquery, TextField
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
        if not 0 <= one <= BigIntegerField.MAX_BIGINT:
            return []
        sql, params = self._sql(connection.vendor)
        adapt = connection.ops.adapt_datetimefield_value
        given = {adapt(MOMENT): adapt(timezone.now()), ONE: one}
        with connection.cursor() as cursor:
            cursor.execute(sql, [given.get(value, value) for value in params])
            return cursor.fetchall()

    def _written(self, vendor: str) -> tuple[str, tuple]:
        return self.of().query.sql_with_params()


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
