"""
A query that is asked all the time: the ORM writes its SQL once for each process, and makes the same
objects of the rows. With many columns, writing takes longer than all the rest.
"""

from collections.abc import Callable
from functools import cache

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

# Stands, in a queryset whose SQL is kept, for what it is asked about.
ASKED = "\N{REPLACEMENT CHARACTER}"


class KeptQuery:
    """The queryset of models that `of` makes with ASKED, with what is selected as related."""

    def __init__(self, of: Callable[[], QuerySet]):
        self.of = of
        self._compiler = cache(self._compiled)

    def first(self, asked) -> Model | None:
        """One of those that it finds now, or None; one query."""
        compiler, sql, params = self._compiler(connection.vendor)
        with connection.cursor() as cursor:
            cursor.execute(sql, [asked if param == ASKED else param for param in params])
            rows = cursor.fetchmany(1)
        return self._made(compiler, rows[0]) if rows else None

    def _compiled(self, vendor: str):
        compiler = self.of().order_by()[:1].query.get_compiler(connection=connection)
        return compiler, *compiler.as_sql()

    def _made(self, compiler, row) -> Model:
        # As django.db.models.query.ModelIterable does.
        columns = [column for column, *_ in compiler.select]
        converters = compiler.get_converters(columns)
        [row] = compiler.apply_converters([row], converters) if converters else [row]
        info, using = compiler.klass_info, connection.alias
        fields = info["select_fields"]
        names = [columns[place].target.attname for place in fields]
        made = info["model"].from_db(using, names, row[fields[0] : fields[-1] + 1])
        for populator in get_related_populators(info, compiler.select, using):
            populator.populate(row, made)
        return made
