"""The best seats that are left for a party: together, else in two groups, else anywhere."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from rest_framework import status
from rest_framework.exceptions import APIException

from theaters.models import Seat

from .plan import (
    PlanSeat,
    Point,
    Unit,
    distance,
    lonely_seats,
    mean_distance,
    runs,
    stretches,
    sweet_spot,
)
from .windows import Window, of_category, windows

# So many windows of each size are paired, and so many places tried, when a party has to part.
PAIRED, TRIED = 30, 24


class NotEnoughSeats(APIException):
    """Fewer seats are left than were asked for. `seats_left` says how many."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "not_enough_seats"
    default_detail = "4 seats were asked for, 2 are left."

    def __init__(self, asked: int, left: int, *, what: str = "seat"):
        self.answer = {"seats_left": left}
        were = f"{asked} {what}s were" if asked > 1 else f"1 {what} was"
        super().__init__(f"{were} asked for, {left} {'is' if left == 1 else 'are'} left.")


class Wish(NamedTuple):
    """
    `count` seats, of `category` (an id) or of any. `wheelchairs` of them are wheelchair spaces,
    with the companion seats beside them as far as `count` goes.
    """

    count: int
    category: int | None = None
    wheelchairs: int = 0


class Pick(NamedTuple):
    """Seats for a wish. `cost` is what is worse about them: the worst first."""

    cost: tuple[float, ...]
    seats: Unit

    @property
    def quality(self) -> tuple[float, ...]:
        """Picks of one quality differ only in how far they are from the best place."""
        return self.cost[:2]


def ranked(seats: Collection[PlanSeat], wish: Wish) -> list[Pick]:
    """
    Seats for `wish`, the best first: together and nobody left lonely, then together, then in two
    groups near each other, then anywhere. Raises NotEnoughSeats when there are none.
    """
    if not seats:
        raise NotEnoughSeats(wish.count, 0)
    spot = sweet_spot(seats)
    if wish.wheelchairs:
        picks = _with_wheelchairs(seats, wish, spot)
    else:
        free = stretches(seats)
        picks = _together(free, wish, spot) or _in_two(free, wish, spot) or _apart(free, wish, spot)
    if not picks:
        raise _not_enough(seats, wish)
    return sorted(picks)


def _not_enough(seats, wish: Wish) -> NotEnoughSeats:
    fits = of_category(wish.category)
    spaces = [seat for seat in seats if seat.kind == Seat.Kind.WHEELCHAIR and seat.free]
    spaces = [seat for seat in spaces if fits([seat])]
    if len(spaces) < wish.wheelchairs:
        return NotEnoughSeats(wish.wheelchairs, len(spaces), what="wheelchair space")
    units = [unit for stretch in stretches(seats) for unit in stretch if fits(unit)]
    return NotEnoughSeats(wish.count, wish.wheelchairs + sum(map(len, units)))


def _together(free, wish: Wish, spot: Point) -> list[Pick]:
    found = windows(free, wish.count, spot, of_category(wish.category))
    return [Pick((1, window.lonely > 0, window.far), window.seats) for window in found]


def _in_two(free, wish: Wish, spot: Point) -> list[Pick]:
    fits = of_category(wish.category)
    picks = []
    for small in range(wish.count // 2, 0, -1):
        many = windows(free, wish.count - small, spot, fits)[:PAIRED]
        few = windows(free, small, spot, fits)[:PAIRED]
        picks += [_pair(one, other) for one in many for other in few if _differ(one, other)]
    return picks


def _differ(one: Window, other: Window) -> bool:
    return set(one.ids).isdisjoint(other.ids)


def _pair(one: Window, other: Window) -> Pick:
    seats = one.seats + other.seats
    # Somebody alone is worse than a longer way, unless there is no other way to part.
    alone = len(seats) > 3 and min(len(one.seats), len(other.seats)) == 1
    far = (one.far * len(one.seats) + other.far * len(other.seats)) / len(seats)
    lonely = one.lonely + other.lonely > 0
    return Pick((2, lonely, alone, one.gap(other), far), seats)


def _apart(free, wish: Wish, spot: Point) -> list[Pick]:
    fits = of_category(wish.category)
    units = [unit for stretch in free for unit in stretch if fits(unit)]
    units.sort(key=lambda unit: (mean_distance(unit, spot), unit[0].id))
    picks = []
    for unit in units[:TRIED]:
        seats = _around(unit[0], units, wish.count)
        if len(seats) == wish.count:
            spread = sum(distance(unit[0], seat) for seat in seats)
            picks.append(Pick((3, 0, spread, mean_distance(seats, spot)), seats))
    return picks


def _around(anchor: PlanSeat, units: Sequence[Unit], count: int) -> Unit:
    """The nearest `count` seats to `anchor`, or fewer; no couple is parted."""
    chosen = []
    for unit in sorted(units, key=lambda unit: (distance(anchor, unit[0]), unit[0].id)):
        if len(chosen) + len(unit) <= count:
            chosen += unit
    return tuple(chosen)


def _with_wheelchairs(seats, wish: Wish, spot: Point) -> list[Pick]:
    fits = of_category(wish.category)
    free = [seat for seat in seats if seat.free and fits([seat])]
    spaces = [seat for seat in free if seat.kind == Seat.Kind.WHEELCHAIR]
    if len(spaces) < wish.wheelchairs:
        return []
    companions = {seat for seat in free if seat.kind == Seat.Kind.COMPANION}
    beside = companions_of(seats)
    singles = [(seat,) for seat in free if seat.kind == Seat.Kind.STANDARD]
    picks = []
    for anchor in sorted(spaces, key=lambda space: (distance(space, spot), space.id))[:TRIED]:
        nearest = sorted(spaces, key=lambda space: (distance(anchor, space), space.id))
        party = nearest[: wish.wheelchairs]
        mates = [mate for space in party for mate in beside[space.id] if mate in companions]
        party += list(dict.fromkeys(mates))[: wish.count - len(party)]
        party += _around(anchor, singles, wish.count - len(party))
        if len(party) == wish.count:
            groups = len(list(runs(party)))
            lonely = bool(lonely_seats(seats, [seat.id for seat in party]))
            picks.append(Pick((groups, lonely, mean_distance(party, spot)), tuple(party)))
    return picks


def companions_of(seats: Collection[PlanSeat]) -> dict[int, list[PlanSeat]]:
    """
    The companion seats beside each wheelchair space, by the space's id, the nearest first: those
    next to it, and those next to these.
    """
    beside = {}
    for run in runs(seats):
        for place, space in enumerate(run):
            if space.kind == Seat.Kind.WHEELCHAIR:
                chains = _chain(run[:place][::-1]), _chain(run[place + 1 :])
                mates = [mate for chain in chains for mate in chain]
                beside[space.id] = sorted(mates, key=lambda mate: (distance(space, mate), mate.id))
    return beside


def _chain(seats: list[PlanSeat]) -> list[PlanSeat]:
    others = (at for at, seat in enumerate(seats) if seat.kind != Seat.Kind.COMPANION)
    return seats[: next(others, len(seats))]
