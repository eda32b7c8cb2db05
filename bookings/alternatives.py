"""What is offered to those who cannot have the seats they chose: the same request, for others."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import contextmanager

from showtimes.choice.nearest import nearest
from showtimes.choice.plan import PlanSeat, plan_of
from showtimes.choice.rules import LeavesALonelySeat
from showtimes.models import SeatsTaken, Showtime

# Makes the body of the next request, when it knows which seat is offered instead of which.
Again = Callable[[Mapping[int, int]], dict]


@contextmanager
def others_offered(showtime: Showtime, wanted: Collection[int], again: Again):
    """
    A refusal that is raised within also says what else there is: `alternative`, the nearest free
    seats together at the same price as those with the ids `wanted`, in the body for the next
    request; None without any.
    """
    try:
        yield
    except SeatsTaken as lost:
        plan = plan_of(showtime)
        others = nearest(plan, wanted)
        lost.answer["alternative"] = again(_instead(plan, wanted, others)) if others else None
        raise
    except LeavesALonelySeat as refused:
        refused.answer["alternative"] = again(_instead(plan_of(showtime), wanted, refused.better))
        raise


def _instead(
    plan: Iterable[PlanSeat], wanted: Collection[int], others: Collection[int]
) -> dict[int, int]:
    """Each of `wanted` with one of `others` of its category: there are as many."""
    category = {seat.id: seat.category for seat in plan}
    left = defaultdict(list)
    for other in others:
        left[category[other]].append(other)
    return {seat: left[category[seat]].pop(0) for seat in wanted}


def held_again(body: Mapping) -> Again:
    """The request for a hold that `body` was, with ticket types, contact and all."""

    def again(instead: Mapping[int, int]) -> dict:
        seats = [
            seat | {"seat": instead[int(seat["seat"])]}
            if isinstance(seat, Mapping)
            else instead[int(seat)]
            for seat in body["seats"]
        ]
        return {**body, "seats": seats}

    return again


def exchanged_again(body: Mapping) -> Again:
    """The request for an exchange that `body` was."""

    def again(instead: Mapping[int, int]) -> dict:
        swaps = [swap | {"seat": instead[int(swap["seat"])]} for swap in body["swaps"]]
        return {**body, "swaps": swaps}

    return again
