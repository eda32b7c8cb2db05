"""What staff changed, in words: which field, what it was, what it is."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone

from history.models import Entry
from theaters.models import Theater

from .columns import local

NOTHING_THERE = "–"
NOT_SHOWN = "not shown"
MOST_IN_A_LINE = 60


class Change(NamedTuple):
    field: str
    before: str
    after: str


def changes_of(entry: Entry) -> list[Change]:
    """The changes of `entry` for people; moments by the clocks of the current time zone."""
    model = _model_of(entry)
    return [_change(model, name, told) for name, told in entry.changes.items()]


def in_short(entry: Entry) -> str:
    """The same in a line, as in "name: Screen 1 → Hall 1"."""
    if entry.verb != Entry.Verb.CHANGED:
        return ""
    return "; ".join(
        f"{one.field}: {_cut(one.before)} → {_cut(one.after)}" for one in changes_of(entry)
    )


def kind_of(entry: Entry) -> str:
    """What sort of thing it is about."""
    model = _model_of(entry)
    return str(model._meta.verbose_name) if model else entry.kind


def zone_of(entry: Entry) -> ZoneInfo | None:
    """The time zone of the theater that it is about, if that is still there."""
    theater = Theater.objects.filter(pk=entry.theater).only("timezone").first()
    return theater and theater.zone


def _model_of(entry):
    try:
        return apps.get_model(entry.kind)
    except LookupError:
        return None


def _change(model, name, told) -> Change:
    try:
        field = model and model._meta.get_field(name)
    except FieldDoesNotExist:
        field = None
    label = str(getattr(field, "verbose_name", name))
    if told is None:
        return Change(label, NOT_SHOWN, NOT_SHOWN)
    return Change(label, *(_in_words(field, value) for value in told))


def _in_words(field, value) -> str:
    if value is None:
        return NOTHING_THERE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or NOTHING_THERE
    if isinstance(field, models.DateTimeField):
        return local(datetime.fromisoformat(value), timezone.get_current_timezone())
    if isinstance(field, models.DecimalField):
        return _without_zeros(value)
    return str(value)


def _without_zeros(amount: str) -> str:
    whole, _, rest = amount.partition(".")
    rest = rest.rstrip("0")
    return f"{whole}.{rest.ljust(2, '0')}" if rest else whole


def _cut(text: str) -> str:
    return text if len(text) <= MOST_IN_A_LINE else f"{text[:MOST_IN_A_LINE]}…"
