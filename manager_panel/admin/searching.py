"""
Searches of the lists: each table is looked through by itself, and the rows that lead to what was
found are put together. One condition across joined tables has to look at all that they join,
however few of them are meant.
"""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db.models import CharField, Q, QuerySet, TextField
from django.utils.text import smart_split, unescape_string_literal

from bookings.models import Booking


def found(rows: QuerySet, fields: list[str], text: str) -> QuerySet:
    """
    Those of `rows` of which each word of `text` is a part of one of `fields`, or is the whole of it
    if that is written as `=code`. Bookings are found as by `BookingQuerySet.called`.
    """
    for word in _words_of(text):
        rows = rows.filter(pk__in=_having(rows.model, fields, word))
    return rows


def _words_of(text: str) -> list[str]:
    """Several are one between quotation marks."""
    return [
        unescape_string_literal(word) if word[0] in "\"'" and word[0] == word[-1] else word
        for word in smart_split(text)
    ]


def _having(model, fields: list[str], word: str) -> QuerySet:
    """The keys of the rows of `model` that have `word` in one of `fields`."""
    columns = defaultdict(list)
    for field in fields:
        relation, _, column = field.removeprefix("=").rpartition("__")
        columns[relation].append((column, field.startswith("=")))
    keys = [_leading_to(model, relation, names, word) for relation, names in columns.items()]
    return keys[0].union(*keys[1:]) if keys[1:] else keys[0]


def _leading_to(model, relation: str, columns: list[tuple], word: str) -> QuerySet:
    there = model
    for name in filter(None, relation.split("__")):
        there = there._meta.get_field(name).related_model
    rows = _in(there, columns, word)
    if relation:
        rows = model._base_manager.filter(**{f"{relation}__in": rows})
    return rows.order_by().values("pk")


def _in(model, columns: list[tuple], word: str) -> QuerySet:
    """The rows of `model` that have `word` in one of `columns`."""
    rows = model._base_manager.all()
    if model is Booking:
        rows = Booking.objects.called(word).order_by()
        if ("contact_name", False) in columns:
            return rows
    conditions = [
        _is(model, name, word) if is_whole else Q((f"{name}__icontains", word))
        for name, is_whole in columns
    ]
    return rows.filter(Q(*conditions, _connector=Q.OR))


def _is(model, column: str, word: str) -> Q:
    """Asked so that an index may answer."""
    field = model._meta.get_field(column)
    if isinstance(field, CharField | TextField):
        return Q((f"{column}__in", {word, word.upper(), word.lower()}))
    try:
        return Q((column, field.to_python(word)))
    except ValidationError:
        return Q(pk=None)
