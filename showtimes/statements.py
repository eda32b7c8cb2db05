"""
Statements for what is asked all the time: the ORM writes the SQL once for each process, and only
the moment and the rows that are meant differ from request to request.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from functools import cache, cached_property
from uuid import UUID

from django.db import connection
from django.db.models import (
    BigIntegerField,
    Field,
    IntegerField,
    Model,
    QuerySet,
    Subquery,
    TextField,
    UUIDField,
)
from django.db.models.query import get_related_populators
from django.utils import timezone

# Stand, in a queryset whose SQL is kept, for the moment of the request and for the id it names: a
# number, a text or a UUID.
MOMENT = datetime(1, 1, 1, tzinfo=UTC)
ONE = -1
ONE_TEXT = "\N{REPLACEMENT CHARACTER}"
ONE_UUID = UUID(int=0)


class Statement:
    """The SQL of the queryset that `of` makes with MOMENT, and with ONE, ONE_TEXT or ONE_UUID."""

    def __init__(self, of: Callable[[], QuerySet]):
        self.of = of
        self._compiled = cache(self._compile)
        self._maker = cache(self._make_maker)

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

    def models(self, one: int | str | UUID) -> list[Model]:
        """The models that it finds now, with what is selected as related; one query."""
        return list(self._maker(connection.vendor).made(self._read(one)))

    def first(self, one: int | str | UUID) -> Model | None:
        """One of them, or None; one query."""
        rows = self._read(one, "LIMIT 1")
        return next(self._maker(connection.vendor).made(rows), None)

    @cached_property
    def _key(self) -> Field:
        return self.of().model._meta.pk

    def _read(self, one, rest: str = "", more: Collection = ()) -> list[tuple]:
        _, sql, params = self._compiled(connection.vendor)
        adapt = connection.ops.adapt_datetimefield_value
        given = {adapt(MOMENT): adapt(timezone.now())} | _bound(one)
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} {rest}", [*(given.get(one, one) for one in params), *more])
            return cursor.fetchall()

    def _compile(self, vendor: str) -> tuple:
        compiler = self.of().query.get_compiler(connection=connection)
        return compiler, *compiler.as_sql()

    def _make_maker(self, vendor: str) -> "Maker":
        compiler, *_ = self._compiled(vendor)
        return Maker(compiler)


def _bound(one: int | str | UUID) -> dict:
    """What stands for `one`, and `one`, as the driver is given them."""
    if isinstance(one, UUID):
        prepare = UUIDField().get_db_prep_value
        return {prepare(ONE_UUID, connection): prepare(one, connection)}
    return {ONE: one, ONE_TEXT: one}


class Maker:
    """Makes models of rows, as django.db.models.query.ModelIterable does, prepared once."""

    def __init__(self, compiler):
        columns = [column for column, *_ in compiler.select]
        info = compiler.klass_info
        fields = info["select_fields"]
        self.convert = compiler.apply_converters
        self.converters = compiler.get_converters(columns)
        self.model, self.own = info["model"], slice(fields[0], fields[-1] + 1)
        self.names = [columns[place].target.attname for place in fields]
        self.related = get_related_populators(info, compiler.select, connection.alias)

    def made(self, rows: list[tuple]) -> Iterator[Model]:
        """A model of each of `rows`."""
        for row in self.convert(rows, self.converters) if self.converters else rows:
            one = self.model.from_db(connection.alias, self.names, row[self.own])
            for related in self.related:
                related.populate(row, one)
            yield one


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
