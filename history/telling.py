"""How the value of a field is written down, so that it can be read when all else is gone."""

from datetime import UTC, datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db import models

LONGEST = 1000


def said(field: models.Field, row):
    """
    What `field` of `row` is, as JSON: by name where it leads to another row, by label where there
    are choices, a moment in ISO 8601 and UTC, an amount as text.
    """
    value = field.to_python(getattr(row, field.attname)) if row else None
    if value is None or str(value) == "":
        return None
    if field.is_relation:
        return _named(field, row)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool | int | list):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value)[:LONGEST]


def _named(field, row) -> str:
    try:
        return str(getattr(row, field.name))
    except ObjectDoesNotExist:
        return f"{field.related_model._meta.verbose_name} {getattr(row, field.attname)}"
