"""Changing the layout of a screen without taking a seat away from anybody."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from django.db import IntegrityError, transaction
from django.db.models import Count, F, QuerySet
from django.utils import timezone
from rest_framework import status
from rest_framework.exceptions import APIException

from history.doers import told_in_one
from history.remembering import tell
from theaters.layouts import LayoutChange, compare
from theaters.models import Screen, Seat
from theaters.seat_labels import short_labels

from ..contention import tried_twice
from ..models import Showtime, TakenSeat


class LayoutChanged(APIException):
    """Somebody else changed the layout, or its categories, meanwhile. Read it again."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "layout_changed"
    default_detail = "Somebody else changed this layout meanwhile. Read it again."


class SeatsSold(APIException):
    """
    Seats that the change would drop, or make something else, are taken for showtimes that are not
    over. `showtimes` has each of these with its `id`, `starts_at`, `movie` and `seats`.
    """

    status_code = status.HTTP_409_CONFLICT
    default_code = "seats_sold"
    default_detail = "Taken for showtimes that are not over: A1, A2."

    def __init__(self, taken: Iterable[TakenSeat]):
        """`taken` in the order of their showtimes."""
        taken = list(taken)
        self.answer = {"showtimes": by_showtime(taken)}
        labels = ", ".join(dict.fromkeys(one.seat.label for one in taken))
        super().__init__(f"Taken for showtimes that are not over: {labels}.")


def by_showtime(taken: Iterable[TakenSeat]) -> list[dict]:
    """What is said of `taken`, which are in the order of their showtimes: one dict for each."""
    groups = groupby(taken, key=lambda one: one.showtime)
    return [_taken_at(showtime, rows) for showtime, rows in groups]


def _taken_at(showtime: Showtime, taken: Iterable[TakenSeat]) -> dict:
    return {
        "id": showtime.pk,
        "starts_at": showtime.starts_at.astimezone(showtime.theater.zone).isoformat(),
        "movie": {"id": showtime.movie_id, "title": showtime.movie.title},
        "seats": [one.seat.label for one in taken],
    }


@tried_twice
def change_layout(screen: Screen, seats: Sequence[Seat], *, version: int | None = None):
    """
    Make `seats` (unsaved, checked by `check_layout`) the layout of `screen`: all of it or nothing.

    A seat is its row and number: those that stay keep their ids. Those that were ever sold are
    never deleted but made inactive; those that are blocked leave their blocks when they are
    dropped. The layout version counts up if anything changed. Raises
    LayoutChanged unless it is still `version` (None: whatever it is), SeatsSold if somebody could
    not sit where they booked, and Busy.
    """
    try:
        with transaction.atomic():
            _change(screen, seats, version)
    except IntegrityError as error:
        # A category, or the screen itself, was deleted meanwhile.
        raise LayoutChanged from error


def _change(screen, seats, version):
    # One change at a time. Not plain FOR UPDATE: showtimes may be planned on the screen meanwhile.
    locked = Screen.objects.select_for_update(no_key=True).filter(pk=screen.pk).first()
    if locked is None or version not in (None, locked.layout_version):
        raise LayoutChanged
    present = list(screen.seats.select_related("category"))
    change = compare(present, seats)
    if change:
        check_nobody_has(change.lost)
        with told_in_one():
            _write(change)
        Screen.objects.filter(pk=screen.pk).count_a_layout_change()
        tell(screen, **_in_words(present, seats, change))


def _write(change: LayoutChange):
    Seat.objects.bulk_create(
        change.written,
        update_conflicts=True,
        unique_fields=["screen", "row", "number"],
        update_fields=["category", "x", "y", "kind", "active"],
    )
    dropped = Seat.objects.filter(pk__in=[seat.pk for seat in change.dropped])
    if change.dropped:
        TakenSeat.objects.blocked().filter(seat__in=change.dropped).let_go()
        dropped.used().update(active=False)
        dropped.filter(active=True).delete()


def _in_words(present, wanted, change) -> dict[str, list]:
    """What an entry of the history says: which seats there were and are, and which moved."""
    before, after = _plan([seat for seat in present if seat.active]), _plan(wanted)
    if before != after:
        return {"seats": [before, after]}
    return {"places on the plan": [None, f"{short_labels(change.written)} moved"[:1000]]}


def _plan(seats) -> str | None:
    """Seats by what they are, as in "Gold: B1-B6; Silver, wheelchair: A1"."""
    groups = {}
    for seat in seats:
        kind = "" if seat.kind == Seat.Kind.STANDARD else f", {seat.get_kind_display().lower()}"
        groups.setdefault(f"{seat.category.name}{kind}", []).append(seat)
    return "; ".join(f"{what}: {short_labels(groups[what])}" for what in sorted(groups)) or None


def check_nobody_has(seats: Sequence[Seat]):
    """
    Raises SeatsSold if a customer has one of `seats` for a showtime that is not over; what is only
    blocked is nobody's. Must run in a transaction. Until that ends, nobody can take one of them:
    `Showtime.take` waits for the lock.
    """
    if not seats:
        return
    ids = [seat.pk for seat in seats]
    list(Seat.objects.filter(pk__in=ids).order_by("pk").select_for_update().values_list("pk"))
    if taken := list(in_order(needed().filter(seat__in=ids))):
        raise SeatsSold(taken)


def needed() -> QuerySet[TakenSeat]:
    """The seats that customers have for showtimes that are not over."""
    return not_over(TakenSeat.objects.live().booked())


def not_over(taken: QuerySet[TakenSeat]) -> QuerySet[TakenSeat]:
    """Those of `taken` that are of showtimes which are neither over nor cancelled."""
    coming = taken.filter(showtime__ends_at__gt=timezone.now())
    return coming.exclude(showtime__status=Showtime.Status.CANCELLED)


def in_order(taken: QuerySet[TakenSeat]) -> QuerySet[TakenSeat]:
    """`taken` as `by_showtime` needs them."""
    return taken.select_related("seat", "showtime__movie", "showtime__screen__theater").order_by(
        "showtime__starts_at", "showtime", "seat__row", "seat__number"
    )


def sold_places(screen: Screen) -> list[dict]:
    """
    The seats of `screen` that customers have, as they are, with the number of showtimes for which:
    `row`, `number`, `category`, `kind`, `showtimes`. A layout that lacks one is refused.
    """
    names = {name: F(f"seat__{name}") for name in ("row", "number", "category", "kind")}
    sold = needed().filter(seat__screen=screen).order_by().values(**names)
    return list(sold.annotate(showtimes=Count("pk")))
