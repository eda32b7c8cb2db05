"""Which choices of seats are refused, and what is offered to those who were too late."""

from collections.abc import Collection
from contextlib import contextmanager

from showtimes.choice.nearest import nearest
from showtimes.choice.plan import plan_of
from showtimes.choice.rules import check_companions, check_nobody_is_left_alone
from showtimes.models import SeatsTaken, Showtime, TakenSeat
from theaters.models import Seat

from .models import Booking


def check_choice(showtime: Showtime, seats: Collection[Seat], *, user):
    """
    Raises CompanionSeat or LeavesALonelySeat if `seats` are not to be sold like that to `user`
    (None for guests). No query unless the theater or the seats ask for one.
    """
    companions = any(seat.kind == Seat.Kind.COMPANION for seat in seats)
    check_companions(showtime, seats, own=_seats_of(user, showtime) if companions else [])
    check_nobody_is_left_alone(showtime, seats)


def _seats_of(user, showtime: Showtime) -> Collection[int]:
    if user is None:
        return []
    bookings = Booking.objects.owned_by(user).filter(showtime=showtime).values("pk")
    theirs = TakenSeat.objects.live().filter(showtime=showtime, holder__in=bookings)
    return theirs.values_list("seat", flat=True)


@contextmanager
def others_offered(showtime: Showtime, seats: Collection[Seat]):
    """
    A SeatsTaken that is raised within also says what else there is: `alternative`, the nearest free
    seats together at the same price as `seats`, as the body of another request; None without any.
    """
    try:
        yield
    except SeatsTaken as lost:
        others = nearest(plan_of(showtime), [seat.pk for seat in seats])
        lost.answer["alternative"] = {"showtime": showtime.pk, "seats": others} if others else None
        raise
