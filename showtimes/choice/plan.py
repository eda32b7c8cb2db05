"""The seats of a showtime as one chooses among them: plain rows, without the database."""

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from math import hypot
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from showtimes.models import Showtime
from theaters.models import Seat

# From one row to the next it is about two seat widths: 1.1 m, where a seat takes 0.55 m. A seat
# behind is therefore as far as two seats to the side.
ROW = 2
# Neighbours are a seat width apart; a little more where a row is drawn on a curve.
REACH, BEND = 1.2, 0.6


class PlanSeat(NamedTuple):
    """
    A seat, and whether it is free. `x` grows to the right and `y` away from the canvas, in seat
    widths; `category` is an id.
    """

    id: int
    row: str
    number: int
    x: float
    y: float
    kind: str
    category: int
    free: bool

    @property
    def label(self) -> str:
        """What is written on the seat: A1."""
        return f"{self.row}{self.number}"


class Point(NamedTuple):
    """A place in the hall, in the measure of the seats."""

    x: float
    y: float


# Seats that are sold together: one, or the two of a couple.
Unit = tuple[PlanSeat, ...]


# In SQL, which takes a quarter of what the ORM does: a crowd of losers asks for this.
SEATS = """
    SELECT seat.id, seat."row", seat.number, seat.x, seat.y, seat.kind, seat.category_id,
           taken.id IS NULL
    FROM theaters_seat seat
    LEFT JOIN showtimes_takenseat taken ON taken.seat_id = seat.id AND taken.showtime_id = %s
         AND (taken.held_until IS NULL OR taken.held_until > %s)
    WHERE seat.screen_id = %s AND seat.active
"""


def plan_of(showtime: Showtime, *, let_go: Collection[int] = ()) -> list[PlanSeat]:
    """The seats of `showtime` as they are now, and those of the ids `let_go` free. One query."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(SEATS, [showtime.pk, now, showtime.screen_id])
        seats = map(PlanSeat._make, cursor.fetchall())
        return [seat._replace(free=True) if seat.id in let_go else seat for seat in seats]


def runs(seats: Iterable[PlanSeat]) -> Iterator[list[PlanSeat]]:
    """The seats side by side, from left to right: an aisle ends a run."""
    run = []
    for seat in sorted(seats, key=lambda seat: (seat.row, seat.x, seat.id)):
        if run and not _touch(run[-1], seat):
            yield run
            run = []
        run.append(seat)
    if run:
        yield run


def _touch(one: PlanSeat, other: PlanSeat) -> bool:
    """Whether `other`, of which `one` comes first, is the next seat of the same row."""
    near = other.x - one.x <= REACH and abs(other.y - one.y) <= BEND
    return near and one.row == other.row


def stretches(seats: Iterable[PlanSeat]) -> list[list[Unit]]:
    """
    What is free side by side: standard seats one by one, couple seats as pairs. Wheelchair spaces
    and companion seats are in none: they end a stretch as a taken seat does.
    """
    found = []
    for run in runs(seats):
        for kind, same in groupby(run, key=lambda seat: seat.kind):
            units = _units(kind, list(same))
            for free, group in groupby(units, key=lambda unit: all(seat.free for seat in unit)):
                if free:
                    found.append(list(group))
    return found


def _units(kind: str, seats: list[PlanSeat]) -> list[Unit]:
    if kind == Seat.Kind.STANDARD:
        return [(seat,) for seat in seats]
    if kind == Seat.Kind.COUPLE:
        return list(zip(seats[::2], seats[1::2], strict=False))
    return []


def lonely_seats(seats: Collection[PlanSeat], chosen: Collection[int]) -> list[PlanSeat]:
    """
    The seats that would be left alone if the ids `chosen` were taken: free, with a taken seat, an
    aisle or a wall on either side, and not alone before.
    """
    chosen = set(chosen)
    before = _alone(seats)
    after = _alone([seat._replace(free=False) if seat.id in chosen else seat for seat in seats])
    return sorted((after - before) - {seat for seat in after if seat.id in chosen})


def _alone(seats: Iterable[PlanSeat]) -> set[PlanSeat]:
    kinds = (Seat.Kind.STANDARD, Seat.Kind.COUPLE)
    found = set()
    for run in runs(seats):
        sold = groupby(run, key=lambda seat: (seat.kind in kinds and seat.kind, seat.free))
        for (kind, free), group in sold:
            group = list(group)
            if kind and free and len(group) == 1:
                found.add(group[0])
    return found


def distance(seat: PlanSeat | Point, other: PlanSeat | Point) -> float:
    """How far it is, in seat widths to the side."""
    return hypot(seat.x - other.x, ROW * (seat.y - other.y))


def mean_distance(seats: Collection[PlanSeat], point: Point) -> float:
    """How far the seats are from `point` on average."""
    x, y = point
    far = 0.0
    for seat in seats:
        far += hypot(seat.x - x, ROW * (seat.y - y))
    return far / len(seats)


def middle(seats: Collection[PlanSeat]) -> Point:
    """The point between the seats."""
    count = len(seats)
    return Point(sum(seat.x for seat in seats) / count, sum(seat.y for seat in seats) / count)


def sweet_spot(seats: Collection[PlanSeat]) -> Point:
    """
    Where a hall is best: on the middle axis of the screen, two thirds of the way back.

    That is where THX measures a hall ("about two-thirds of the way back, in the center of the row",
    Steve Martz of THX, https://www.lifehacker.com.au/2016/10/
    the-best-seat-in-the-movie-theatre-according-to-a-thx-engineer/). SMPTE's rules say the same
    from the other side: the top of the picture at most 35 degrees above the eye rules out the front
    rows, a picture at least 30 degrees wide the last ones of a long hall.
    """
    across = [seat.x for seat in seats]
    back = [seat.y for seat in seats]
    front, last = min(back), max(back)
    return Point((min(across) + max(across)) / 2, front + (last - front) * 2 / 3)
