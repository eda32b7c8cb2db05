"""Seat layouts as rows of text: one line a row, one character a place, a blank is an aisle."""

from typing import NamedTuple

from .models import Screen, Seat, SeatCategory

# Row letters that nobody mistakes for a figure.
ROW_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


class Place(NamedTuple):
    """What a character of a layout stands for."""

    category: SeatCategory
    kind: str = Seat.Kind.STANDARD


def row_label(index: int) -> str:
    """A, B … Z, AA, AB … for rows counted from the canvas, without I and O."""
    before, letter = divmod(index, len(ROW_LETTERS))
    return (row_label(before - 1) if before else "") + ROW_LETTERS[letter]


def seats_of(screen: Screen, rows: list[str], legend: dict[str, Place]) -> list[Seat]:
    """
    The unsaved seats that `rows` draw, the row at the canvas first, numbered from the left.

    A blank row is an aisle across. Raises KeyError for a character that the legend lacks.
    """
    seats = []
    label = (row_label(index) for index in range(len(rows)))
    for y, row in enumerate(rows):
        if not row.strip():
            continue
        row_name = next(label)
        places = [(x, legend[character]) for x, character in enumerate(row) if character != " "]
        seats += [
            Seat(screen=screen, row=row_name, number=number, x=x, y=y, **place._asdict())
            for number, (x, place) in enumerate(places, start=1)
        ]
    return seats
