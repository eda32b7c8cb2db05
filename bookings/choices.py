"""Which choices of seats are refused."""

from collections.abc import Collection

from showtimes.choice.rules import check_companions, check_nobody_is_left_alone
from showtimes.models import Showtime, TakenSeat
from theaters.models import Seat

from .models import Booking, Ticket


def check_choice(
    showtime: Showtime, seats: Collection[Seat], *, user, replaces: Booking | None = None
):
    """
    Raises CompanionSeat or LeavesALonelySeat if `seats` are not to be sold like that to `user`
    (None for guests), who lets the seats of `replaces` go. No query unless that, the theater or the
    seats ask for one.
    """
    let_go = _held_by(replaces) if replaces else set()
    companions = any(seat.kind == Seat.Kind.COMPANION for seat in seats)
    own = set(_seats_of(user, showtime)) - let_go if companions else set()
    check_companions(showtime, seats, own, let_go=let_go)
    check_nobody_is_left_alone(showtime, seats, let_go=let_go)


def check_choice_in_exchange(
    booking: Booking,
    seats: Collection[Seat],
    *,
    kept: Collection[Seat],
    left: Collection[Seat],
    let_go: Collection[int],
):
    """
    The same for an exchange within `booking`: it keeps the seats `kept` and leaves those of `left`;
    `let_go` are the ids of all that become free. Who leaves a wheelchair space must not keep the
    companion's seat beside it either.
    """
    judged = [*seats]
    if any(seat.kind == Seat.Kind.WHEELCHAIR for seat in left):
        judged += kept
    own = {seat.pk for seat in kept}
    if any(seat.kind == Seat.Kind.COMPANION for seat in judged):
        own |= set(_seats_of(booking.user, booking.showtime)) - set(let_go)
    check_companions(booking.showtime, judged, own, let_go=let_go)
    check_nobody_is_left_alone(booking.showtime, seats, let_go=let_go)


def check_what_is_kept(booking: Booking, given_back: Collection[Ticket]):
    """
    Raises CompanionSeat if `booking` would give a wheelchair space back and keep the seat beside it
    that was sold with it. No query unless there is such a space among the tickets `given_back`.
    """
    if not any(ticket.seat.kind == Seat.Kind.WHEELCHAIR for ticket in given_back):
        return
    left = {ticket.seat_id for ticket in given_back}
    kept = booking.tickets.valid().exclude(seat__in=left).select_related("seat")
    kept = [ticket.seat for ticket in kept]
    own = {seat.pk for seat in kept} | set(_seats_of(booking.user, booking.showtime)) - left
    check_companions(booking.showtime, kept, own, let_go=left)


def _held_by(booking: Booking) -> set[int]:
    return set(TakenSeat.objects.held_by(booking.pk).values_list("seat", flat=True))


def _seats_of(user, showtime: Showtime) -> Collection[int]:
    if user is None:
        return []
    bookings = Booking.objects.owned_by(user).filter(showtime=showtime).values("pk")
    theirs = TakenSeat.objects.live().filter(showtime=showtime, holder__in=bookings)
    return theirs.values_list("seat", flat=True)
