"""What a new layout would do, asked before it is saved."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from theaters.layouts import compare
from theaters.models import Screen, Seat

from ..models import Showtime, TakenSeat
from .changes import in_order, needed, not_over


@dataclass(frozen=True)
class Foresight:
    """
    What saving a layout would do now. `changed` are seats that become another category or kind,
    `moved` those that only stand elsewhere, `moved_sold` those of them that customers chose where
    they stand now. It is refused if there are any `lost`: customers have these for showtimes that
    are not over. `unblocked` leave their blocks.

    `coming` counts the showtimes of the screen that are not over, `on_sale` those of them where new
    seats can be booked at once, `tickets` the seats that customers have there.
    """

    added: list[Seat]
    dropped: list[Seat]
    changed: list[Seat]
    moved: list[Seat]
    moved_sold: list[Seat]
    lost: list[TakenSeat]
    unblocked: list[TakenSeat]
    coming: int
    on_sale: int
    tickets: int


def foresee(screen: Screen, seats: Sequence[Seat]) -> Foresight:
    """What `change_layout` would do with `seats`; changes nothing and keeps nobody from booking."""
    present = list(screen.seats.all())
    change = compare(present, seats)
    known = {(seat.row, seat.number): seat for seat in present if seat.active}
    old = [known.get((seat.row, seat.number)) for seat in change.written]
    altered = {seat.pk for seat in change.lost} - {seat.pk for seat in change.dropped}
    changed = [seat for seat in present if seat.active and seat.pk in altered]
    moved = [was for was in old if was is not None and was.pk not in altered]
    sold = set(needed().filter(seat__screen=screen).values_list("seat", flat=True))
    coming = _coming(screen)
    blocked = not_over(TakenSeat.objects.live().blocked()).filter(seat__in=change.dropped)
    return Foresight(
        added=[seat for seat, was in zip(change.written, old, strict=True) if was is None],
        dropped=change.dropped,
        changed=changed,
        moved=moved,
        moved_sold=[seat for seat in moved if seat.pk in sold],
        lost=list(in_order(needed().filter(seat__in=change.lost))),
        unblocked=list(in_order(blocked)),
        coming=coming.count(),
        on_sale=coming.filter(status=Showtime.Status.ON_SALE).count(),
        tickets=needed().filter(seat__screen=screen).count(),
    )


def _coming(screen: Screen):
    showtimes = Showtime.objects.filter(screen=screen, ends_at__gt=timezone.now())
    return showtimes.exclude(status=Showtime.Status.CANCELLED)
