"""The nearest free seats to some that cannot be had: as many, together, at the same price."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence

from theaters.models import Seat

from .best import NotEnoughSeats, Wish, ranked
from .plan import PlanSeat, Unit, lonely_seats, mean_distance, middle, runs, stretches
from .windows import Window, of_category, windows

SPECIAL = (Seat.Kind.WHEELCHAIR, Seat.Kind.COMPANION)


def nearest(seats: Collection[PlanSeat], asked: Collection[int]) -> list[int]:
    """
    The ids of other seats than `asked`, as many of each category, so that they cost the same: side
    by side, as near as possible, none left lonely if that can be. Where there is no such place, and
    `asked` sat in groups, each group by itself. Empty when there is nothing, and when some that are
    asked for are in the hall no more.
    """
    wanted = [seat for seat in seats if seat.id in set(asked)]
    if len(wanted) < len(asked):
        return []
    if any(seat.kind in SPECIAL for seat in wanted):
        return _with_wheelchairs(seats, wanted)
    left = Counter(seat.category for seat in seats if seat.free)
    if Counter(seat.category for seat in wanted) - left:
        return []
    free = stretches(seats)
    if together := _best_like(free, wanted):
        return list(together[0].ids)
    return _by_groups(free, wanted)


def nearest_that_leaves_nobody_lonely(
    seats: Collection[PlanSeat], asked: Collection[int]
) -> list[int]:
    """The same, but empty if those too would leave a seat alone."""
    found = nearest(seats, asked)
    return [] if lonely_seats(seats, found) else found


def _best_like(free, wanted: Sequence[PlanSeat]) -> list[Window]:
    kinds = {seat.kind for seat in wanted}
    alike = [stretch for stretch in free if stretch[0][0].kind in kinds]
    return windows(alike, len(wanted), middle(wanted), _costs_like(wanted))


def _costs_like(wanted: Sequence[PlanSeat]) -> Callable[[Unit], bool]:
    categories = sorted(seat.category for seat in wanted)
    if categories[0] == categories[-1]:
        return of_category(categories[0])
    return lambda seats: sorted(seat.category for seat in seats) == categories


def _by_groups(free, wanted) -> list[int]:
    groups = list(runs(wanted))
    chosen = set()
    for group in groups if len(groups) > 1 else []:
        found = (one for one in _best_like(free, group) if chosen.isdisjoint(one.ids))
        window = next(found, None)
        if window is None:
            return []
        chosen.update(window.ids)
    return sorted(chosen)


def _with_wheelchairs(seats, wanted) -> list[int]:
    spaces = sum(seat.kind == Seat.Kind.WHEELCHAIR for seat in wanted)
    if not spaces:
        return []
    try:
        picks = ranked(seats, Wish(len(wanted), wheelchairs=spaces))
    except NotEnoughSeats:
        return []
    alike = [pick.seats for pick in picks if _like(pick.seats) == _like(wanted)]
    here = middle(wanted)
    alike.sort(key=lambda group: (mean_distance(group, here), [seat.id for seat in group]))
    return [seat.id for seat in alike[0]] if alike else []


def _like(seats) -> Counter:
    return Counter((seat.kind, seat.category) for seat in seats)
