"""Where a long list goes on: `?after=<mark>`, which names the last row that was seen."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime

from django.core.exceptions import ValidationError as Invalid
from django.db.models import Field, Q, QuerySet
from rest_framework.exceptions import ValidationError

PARAMETER = "after"


def in_order(rows: QuerySet) -> QuerySet:
    """`rows` in their order; what is equal in it, by key, so that each has one place."""
    order = rows.query.order_by or rows.model._meta.ordering
    if order[-1].lstrip("-") == "pk":
        return rows.order_by(*order)
    return rows.order_by(*order, "-pk" if order[-1].startswith("-") else "pk")


def mark_of(rows: QuerySet, place: int) -> str:
    """The mark of the row at `place` of `rows`, which are `in_order`. One query; "" if none is."""
    columns = [name.lstrip("-") for name in rows.query.order_by]
    for values in rows.values_list(*columns)[place : place + 1]:
        return urlsafe_b64encode(json.dumps([str(value) for value in values]).encode()).decode()
    return ""


def rows_after(rows: QuerySet, mark: str) -> QuerySet:
    """Those of `rows`, which are `in_order`, that come after the marked one; else a 400."""
    order = rows.query.order_by
    columns = [name.lstrip("-") for name in order]
    values = _read(mark, [_field(rows.model, column) for column in columns])
    later, same = Q(), {}
    for name, column, value in zip(order, columns, values, strict=True):
        beyond = "lt" if name.startswith("-") else "gt"
        later |= Q(**same, **{f"{column}__{beyond}": value})
        same[column] = value
    # Said again for the first column alone, since an index serves that.
    not_before = "lte" if order[0].startswith("-") else "gte"
    return rows.filter(later, **{f"{columns[0]}__{not_before}": values[0]})


def _field(model, column: str) -> Field:
    return model._meta.pk if column == "pk" else model._meta.get_field(column)


def _read(mark: str, fields: list[Field]) -> list:
    try:
        words = json.loads(urlsafe_b64decode(mark.encode()))
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise ValueError(mark)
        return [_value(field, word) for field, word in zip(fields, words, strict=True)]
    except (ValueError, OverflowError, RecursionError, Invalid) as error:
        raise ValidationError({PARAMETER: ["Only what a `next` of this list says."]}) from error


def _value(field: Field, word: str):
    value = field.to_python(word)
    field.run_validators(value)
    # Some moments are beyond what a clock can count, seen from elsewhere.
    return value.astimezone(UTC) if isinstance(value, datetime) else value
