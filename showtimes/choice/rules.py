"""What a choice of seats must leave to others."""

from collections.abc import Collection

from rest_framework import status
from rest_framework.exceptions import APIException

from showtimes.models import Showtime
from theaters.models import Seat

from .best import companions_of
from .nearest import nearest_that_leaves_nobody_lonely
from .plan import PlanSeat, lonely_seats, plan_of, stretches

# With less than a tenth of its seats left, a showtime is sold as it comes.
NEARLY_FULL = 10


class LeavesALonelySeat(APIException):
    """
    The choice would leave a single seat that nobody wants, and there is a better one nearby. The
    answer has the seats left alone as `lonely`, and the better choice as `alternative`: the seats
    to ask for instead.
    """

    status_code = status.HTTP_409_CONFLICT
    default_code = "leaves_a_lonely_seat"
    default_detail = "This would leave A3 alone. Please move up, or take A4, A5."

    def __init__(self, showtime: Showtime, lonely: list[PlanSeat], better: list[PlanSeat]):
        self.better = [seat.id for seat in better]
        self.answer = {
            "lonely": [seat.id for seat in lonely],
            "alternative": {"showtime": showtime.pk, "seats": self.better},
        }
        super().__init__(
            f"This would leave {labels(lonely)} alone. Please move up, or take {labels(better)}."
        )


class CompanionSeat(APIException):
    """
    The seat beside a wheelchair space is sold with it until the rest is sold out. The answer has
    such seats as `seats` and the spaces as `wheelchair_spaces`.
    """

    status_code = status.HTTP_409_CONFLICT
    default_code = "companion_seat"
    default_detail = "C2 is for the companion of whoever takes the wheelchair space C1."

    def __init__(self, companions: list[PlanSeat], spaces: list[PlanSeat]):
        self.answer = {
            "seats": [seat.id for seat in companions],
            "wheelchair_spaces": [seat.id for seat in spaces],
        }
        places = "the wheelchair space" if len(spaces) == 1 else "one of the wheelchair spaces"
        verb = "is" if len(companions) == 1 else "are"
        super().__init__(
            f"{labels(companions)} {verb} for the companion of whoever takes {places} "
            f"{labels(spaces)}."
        )


def labels(seats: Collection[PlanSeat]) -> str:
    """What is written on the seats: A1, A2."""
    return ", ".join(seat.label for seat in seats)


def check_nobody_is_left_alone(
    showtime: Showtime, seats: Collection[Seat], *, let_go: Collection[int] = ()
):
    """
    Raises LeavesALonelySeat where the theater refuses that, unless there is no better choice at the
    same price, or the showtime is nearly full. The customer gives back `let_go`, by their ids. One
    query.
    """
    if not showtime.theater.refuses_lonely_seats:
        return
    plan = plan_of(showtime, let_go=let_go)
    chosen = [seat.pk for seat in seats]
    lonely = lonely_seats(plan, chosen)
    if not lonely or sum(seat.free for seat in plan) * NEARLY_FULL < len(plan):
        return
    if better := nearest_that_leaves_nobody_lonely(plan, chosen):
        raise LeavesALonelySeat(showtime, lonely, [seat for seat in plan if seat.id in better])


def check_companions(
    showtime: Showtime,
    seats: Collection[Seat],
    own: Collection[int],
    *,
    let_go: Collection[int] = (),
):
    """
    Raises CompanionSeat for a companion seat without a wheelchair space beside it: one of `seats`,
    or one of `own`, the ids of what the customer has already and keeps; they give back `let_go`.
    One query if there is such a seat.
    """
    if not any(seat.kind == Seat.Kind.COMPANION for seat in seats):
        return
    plan = plan_of(showtime, let_go=let_go)
    if stretches(plan):
        _check_each_has_a_space(plan, {seat.pk for seat in seats}, set(own))


def _check_each_has_a_space(plan, chosen: set[int], own: set[int]):
    spaces_of = {}
    for space, mates in companions_of(plan).items():
        for mate in mates:
            spaces_of.setdefault(mate.id, set()).add(space)
    # A companion seat that has no space beside it is a seat as any other.
    without = {pk for pk in chosen & spaces_of.keys() if spaces_of[pk].isdisjoint(chosen | own)}
    if without:
        spaces = set().union(*(spaces_of[pk] for pk in without))
        raise CompanionSeat(
            sorted(seat for seat in plan if seat.id in without),
            sorted(seat for seat in plan if seat.id in spaces),
        )
