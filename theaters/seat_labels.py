"""Seats as people call them: A1 A2 B4-B8."""

import re
from collections.abc import Iterable
from itertools import groupby

from django.core.exceptions import ValidationError

from .models import Seat

BETWEEN = re.compile(r"[\s,;]+")
# From one to the other, as typed on any keyboard: B4-B8, B4–B8, also B4-8.
RANGE = re.compile(r"(.+)[-–](.+)")


def seats_called(text: str, seats: Iterable[Seat]) -> list[Seat]:
    """
    Those of `seats`, all of one screen, that `text` names: A1 or a1, and B4-B8 for all in row B
    from 4 to 8. Each once, in the order in which they are named. Raises Django's ValidationError,
    which names what there is not, and if none is named.
    """
    known = _by_label(seats)
    words = list(filter(None, BETWEEN.split(text.upper())))
    if not words:
        raise ValidationError("Name at least one seat.", code="empty")
    found, unknown = [], []
    for word in words:
        named = known.get(word) or _range(word, known)
        found += named
        unknown += [] if named else [word]
    if unknown:
        raise ValidationError(
            "Not seats of this screen: %(labels)s.",
            code="not_of_this_screen",
            params={"labels": ", ".join(dict.fromkeys(unknown))},
        )
    if doubtful := [seat.label for seat in found if len(known[seat.label.upper()]) > 1]:
        raise ValidationError(f"More than one seat is called {doubtful[0]}.", code="ambiguous")
    return list(dict.fromkeys(found))


def short_labels(seats: Iterable[Seat]) -> str:
    """What `seats_called` understands, as short as can be: A1 A2 B4-B8."""
    in_order = sorted(seats, key=lambda seat: (seat.row, seat.number))
    # Side by side, the number and the place in the list grow together.
    numbered = enumerate(in_order)
    runs = groupby(numbered, key=lambda one: (one[1].row, one[1].number - one[0]))
    return " ".join(word for _, run in runs for word in _words([seat for _, seat in run]))


def _by_label(seats: Iterable[Seat]) -> dict[str, list[Seat]]:
    known = {}
    for seat in seats:
        known.setdefault(seat.label.upper(), []).append(seat)
    return known


def _range(word: str, known: dict[str, list[Seat]]) -> list[Seat]:
    ends = RANGE.fullmatch(word)
    first = known.get(ends[1]) if ends else None
    if not first:
        return []
    row = first[0].row
    last = known.get(ends[2]) or known.get(f"{row.upper()}{ends[2]}")
    if not last or last[0].row != row:
        return []
    low, high = sorted((first[0].number, last[0].number))
    there = [seat for seats in known.values() for seat in seats if seat.row == row]
    between = [seat for seat in there if low <= seat.number <= high]
    return sorted(between, key=lambda seat: seat.number)


def _words(run: list[Seat]) -> list[str]:
    if len(run) < 3:
        return [seat.label for seat in run]
    return [f"{run[0].label}-{run[-1].label}"]
