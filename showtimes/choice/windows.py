"""Seats side by side that a party of a certain size can have."""

from collections.abc import Callable, Iterable, Iterator
from math import hypot
from typing import NamedTuple

from .plan import ROW, PlanSeat, Point, Unit, mean_distance


class Window(NamedTuple):
    """
    Free seats side by side. `lonely` counts the seats that they would leave alone, `far` is their
    mean distance from where the party wants to be.
    """

    lonely: int
    far: float
    seats: Unit

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(seat.id for seat in self.seats)

    def gap(self, other: "Window") -> float:
        """How far two windows are from each other, in seat widths to the side."""
        ours, theirs = self.seats, other.seats
        aside = max(ours[0].x - theirs[-1].x, theirs[0].x - ours[-1].x, 0)
        return hypot(aside, ROW * (ours[0].y - theirs[0].y))


def windows(
    stretches: Iterable[list[Unit]], size: int, near: Point, fits: Callable[[Unit], bool]
) -> list[Window]:
    """All windows of `size` seats that `fits` accepts; the best, seen from `near`, first."""
    found = [
        Window(lonely, mean_distance(seats, near), seats)
        for stretch in stretches
        for seats, lonely in _of(stretch, size)
        if fits(seats)
    ]
    return sorted(found)


def _of(stretch: list[Unit], size: int) -> Iterator[tuple[Unit, int]]:
    # All units of a stretch are of one kind, so of one width.
    width = len(stretch[0])
    if size % width:
        return
    seats = tuple(seat for unit in stretch for seat in unit)
    for first in range(0, len(seats) - size + 1, width):
        rest = (first, len(seats) - first - size)
        yield seats[first : first + size], rest.count(1)


def of_category(category: int | None) -> Callable[[Iterable[PlanSeat]], bool]:
    """Whether all seats are of `category`; None: of any."""
    if category is None:
        return lambda seats: True
    return lambda seats: all(seat.category == category for seat in seats)
