"""What is offered to those who cannot have the seats they chose: the same request, for others."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import contextmanager

from showtimes.choice.nearest import nearest
from showtimes.choice.plan import PlanSeat, plan_of
from showtimes.choice.rules import LeavesALonelySeat
from showtimes.models import SeatsTaken, Showtime
from showtimes.price_rules import TicketType

from .models import Booking, BookingLine

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


def instead_of(booking: Booking) -> dict | None:
    """
    For a booking that was paid when its seats were gone: the body of a request for the nearest free
    ones, for the same people. None for others, where there are none, and after sales have ended.
    """
    may_be_had = booking.status in (Booking.Status.PENDING, Booking.Status.EXPIRED)
    if not (booking.paid_too_late_at and may_be_had) or booking.showtime.closed_because():
        return None
    seats = [line for line in booking.lines.all() if line.kind == BookingLine.Kind.SEAT]
    wanted, plan = [line.seat_id for line in seats], plan_of(booking.showtime)
    others = nearest(plan, wanted)
    if not others:
        return None
    instead = _instead(plan, wanted, others)
    chosen = [_chosen(instead[line.seat_id], line.type) for line in seats]
    return {"showtime": booking.showtime_id, "seats": chosen} | _more_of(booking)


def _chosen(seat: int, whom: str) -> int | dict:
    return seat if whom in ("", TicketType.ADULT) else {"seat": seat, "type": whom}


def _more_of(booking: Booking) -> dict:
    """The promo code, if it has a use left for them, and for guests whom to write to."""
    more = {}
    user, email = booking.user, booking.contact_email
    if booking.promo_code and booking.promo_code.has_a_use_for(user=user, email=email):
        more["promo_code"] = booking.promo_code.code
    if user is None and email:
        names = ("name", "email", "phone")
        more["contact"] = {name: getattr(booking, f"contact_{name}") for name in names}
    return more


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
