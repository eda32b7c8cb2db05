"""
Seat layouts: as text (one line a row, one character a place, a blank is an aisle), as seats, and
what lies between two of them.
"""

import string
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import models

from .models import Screen, Seat, SeatCategory

# Row letters that nobody mistakes for a figure.
ROW_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
MOST_ROWS, MOST_PLACES, MOST_SEATS = 100, 100, 3000


class Numbering(models.TextChoices):
    """From which side the seats of a row are counted, seen from the canvas."""

    LEFT_TO_RIGHT = "left_to_right"
    RIGHT_TO_LEFT = "right_to_left"


class Place(NamedTuple):
    """What a character of a layout stands for."""

    category: SeatCategory
    kind: str = Seat.Kind.STANDARD


class Drawing(NamedTuple):
    """A layout as text. `row_labels` has one for each of `rows`, empty where nobody sits."""

    rows: list[str]
    legend: dict[str, Place]
    row_labels: list[str]
    numbering: Numbering = Numbering.LEFT_TO_RIGHT


def row_label(index: int) -> str:
    """A, B … Z, AA, AB … for rows counted from the canvas, without I and O."""
    before, letter = divmod(index, len(ROW_LETTERS))
    return (row_label(before - 1) if before else "") + ROW_LETTERS[letter]


def row_labels_of(rows: Sequence[str]) -> list[str]:
    """A, B … for those of `rows` in which somebody sits; empty for the aisles across."""
    labels = (row_label(index) for index in range(len(rows)))
    return [next(labels) if row.strip(" ") else "" for row in rows]


def seats_of(screen: Screen, rows: list[str], legend: dict[str, Place]) -> list[Seat]:
    """
    The unsaved seats that `rows` draw, the row at the canvas first, numbered from the left.

    A blank row is an aisle across. Raises KeyError for a character that the legend lacks.
    """
    return drawn_seats(screen, Drawing(rows, legend, row_labels_of(rows)))


def drawn_seats(screen: Screen, drawing: Drawing) -> list[Seat]:
    """The unsaved seats of `drawing`. Raises KeyError for a character that the legend lacks."""
    seats = []
    for y, (row, label) in enumerate(zip(drawing.rows, drawing.row_labels, strict=True)):
        places = [
            (x, drawing.legend[character]) for x, character in enumerate(row) if character != " "
        ]
        numbers = range(1, len(places) + 1)
        if drawing.numbering == Numbering.RIGHT_TO_LEFT:
            numbers = reversed(numbers)
        seats += [
            Seat(screen=screen, row=label, number=number, x=x, y=y, **place._asdict())
            for number, (x, place) in zip(numbers, places, strict=True)
        ]
    return seats


def drawing_of(screen: Screen, seats: Sequence[Seat]) -> Drawing | None:
    """
    How text draws `seats` (with their categories), or None where it cannot: curved rows, seats
    that are numbered in another order, more kinds of places than there are characters.
    """
    legend = _legend_of(seats)
    if legend is None or not all(_is_on_the_grid(seat) for seat in seats):
        return None
    rows, labels = _lines_of(seats, {place: character for character, place in legend.items()})
    for numbering in Numbering:
        drawing = Drawing(rows, legend, labels, numbering)
        if _marks(drawn_seats(screen, drawing)) == _marks(seats):
            return drawing
    return None


def _is_on_the_grid(seat) -> bool:
    whole = float(seat.x).is_integer() and float(seat.y).is_integer()
    return whole and 0 <= seat.x < MOST_PLACES and 0 <= seat.y < MOST_ROWS


def _lines_of(seats, characters) -> tuple[list[str], list[str]]:
    lines = defaultdict(dict)
    labels = {}
    for seat in seats:
        lines[int(seat.y)][int(seat.x)] = characters[Place(seat.category, seat.kind)]
        labels[int(seat.y)] = seat.row
    count = max(lines, default=-1) + 1
    rows = [
        "".join(lines[y].get(x, " ") for x in range(max(lines[y], default=-1) + 1))
        for y in range(count)
    ]
    return rows, [labels.get(y, "") for y in range(count)]


def _legend_of(seats) -> dict[str, Place] | None:
    kinds = Seat.Kind.values
    places = sorted(
        {Place(seat.category, seat.kind) for seat in seats},
        key=lambda place: (kinds.index(place.kind), place.category.rank, place.category.pk),
    )
    legend = {}
    for place in places:
        character = next((one for one in _characters(place) if one not in legend), None)
        if character is None:
            return None
        legend[character] = place
    return legend


def _characters(place: Place) -> str:
    """What may stand for `place`: the letters of its category's or its kind's name come first."""
    word = place.category.name if place.kind == Seat.Kind.STANDARD else place.kind
    known = string.ascii_letters + string.digits
    fitting = "".join(one for one in word.lower() + word.upper() if one in known)
    return fitting + known


def _marks(seats) -> dict[tuple[str, int], tuple]:
    return {_label(seat): _mark(seat) for seat in seats}


def _mark(seat) -> tuple:
    return seat.x, seat.y, seat.category_id, seat.kind


def _label(seat) -> tuple[str, int]:
    return seat.row, seat.number


def check_layout(seats: Sequence[Seat]):
    """Raises ValidationError for too many seats, two with one label, or two on one place."""
    if len(seats) > MOST_SEATS:
        raise ValidationError(f"A screen has {MOST_SEATS} seats at most.", code="too_many_seats")
    labels, places = set(), {}
    for seat in seats:
        if _label(seat) in labels:
            raise ValidationError(
                f"Row {seat.row}, number {seat.number} is there twice.", code="seat_twice"
            )
        labels.add(_label(seat))
        other = places.setdefault((seat.x, seat.y), seat)
        if other is not seat:
            raise ValidationError(
                f"Row {seat.row}, number {seat.number} is on the place of row {other.row}, "
                f"number {other.number}.",
                code="place_taken",
            )


@dataclass(frozen=True)
class LayoutChange:
    """
    What turns the seats of a screen into those of a new layout. `written` are new or differ,
    `dropped` have no place any more; `lost` are the seats as they were that nobody could sit on as
    they were sold: those that are dropped, and those of another category or kind.
    """

    written: list[Seat]
    dropped: list[Seat]
    lost: list[Seat]

    def __bool__(self):
        return bool(self.written or self.dropped)


def compare(present: Iterable[Seat], wanted: Sequence[Seat]) -> LayoutChange:
    """
    What makes `wanted` of `present`, all seats of a screen, inactive ones as well. A seat is its
    row and number: one that only moves on the plan stays itself.
    """
    known = {_label(seat): seat for seat in present}
    labels = {_label(seat) for seat in wanted}
    dropped = [seat for seat in known.values() if seat.active and _label(seat) not in labels]
    written, altered = [], []
    for seat in wanted:
        old = known.get(_label(seat))
        if old and (old.category_id, old.kind) != (seat.category_id, seat.kind):
            altered.append(old)
        if not old or not old.active or _mark(old) != _mark(seat):
            written.append(seat)
    return LayoutChange(written, dropped, lost=dropped + altered)
