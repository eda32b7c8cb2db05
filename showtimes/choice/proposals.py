"""What is proposed to a party: seats, in groups, and an open word on what could not be had."""

import random
from collections.abc import Collection
from typing import NamedTuple

from .best import Wish, ranked
from .nearest import nearest_that_leaves_nobody_lonely
from .plan import PlanSeat, Unit, lonely_seats, runs

TOGETHER, TWO_GROUPS, APART = ARRANGEMENTS = "together", "two_groups", "apart"
NO_LONELY_SEAT = "no_lonely_seat"


class Proposal(NamedTuple):
    """Seats, in groups that sit side by side, and what could not be kept, in stable words."""

    groups: tuple[Unit, ...]
    gave_up: tuple[str, ...]

    @property
    def seats(self) -> Unit:
        return tuple(seat for group in self.groups for seat in group)

    @property
    def arrangement(self) -> str:
        return ARRANGEMENTS[min(len(self.groups), 3) - 1]


def best(seats: Collection[PlanSeat], wish: Wish) -> Proposal:
    """The best that is left for `wish`; always the same for the same plan. NotEnoughSeats."""
    return _proposal(seats, ranked(seats, wish)[0].seats)


def another(seats: Collection[PlanSeat], wish: Wish, *, among: int) -> Proposal:
    """
    One of the `among` best that differ from the best in their place alone, by chance. Raises
    NotEnoughSeats.
    """
    picks = ranked(seats, wish)
    as_good = [pick for pick in picks if pick.quality == picks[0].quality]
    return _proposal(seats, random.choice(as_good[:among]).seats)


def _proposal(seats: Collection[PlanSeat], chosen: Unit) -> Proposal:
    ids = [seat.id for seat in chosen]
    lonely = lonely_seats(seats, ids)
    if lonely and (better := nearest_that_leaves_nobody_lonely(seats, ids)):
        lonely = []
        chosen = [seat for seat in seats if seat.id in better]
    groups = tuple(tuple(group) for group in runs(chosen))
    lost = {TOGETHER: len(groups) > 1, NO_LONELY_SEAT: bool(lonely)}
    return Proposal(groups, tuple(word for word, is_lost in lost.items() if is_lost))
