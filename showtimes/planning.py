"""
Planning: how a showtime gets its place on a screen, is moved, and is taken out of the timetable.

Whoever changes the timetable, by the API or in the admin, comes through `settle`. It locks the
showtime against holds (`Showtime.take` keeps it in place), then its screen against other plans.
"""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework import status
from rest_framework.exceptions import APIException

from history.doers import told_in_one
from history.remembering import tell
from theaters.models import Screen

from .contention import tried_twice
from .models import Price, SeatBlock, Showtime

WITH_TITLES = ("movie", "screen__theater")


class ScreenNotFree(APIException):
    """The screen is busy with other showtimes at that time: `showtimes` says which."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "screen_not_free"
    default_detail = "Screen 2 is taken by Halflight until 22:30 with cleaning."

    def __init__(self, others: Iterable[Showtime]):
        others = list(others)
        self.answer = {"showtimes": [_named(other) for other in others]}
        super().__init__(taken_by(others[0]))


class HasBookings(APIException):
    """Somebody has seats of it, or had: `seats_taken` says how many are taken now."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "has_bookings"
    default_detail = (
        "3 seats are taken. Let it run where and when it was sold, or cancel it and plan another."
    )

    def __init__(self, detail: str, *, seats_taken: int = 0):
        self.answer = {"seats_taken": seats_taken}
        super().__init__(detail)


class HasBlocks(APIException):
    """Some of its seats are blocked, and a block stays on its screen: `blocks` are their ids."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "has_blocks"
    default_detail = "Seats of its screen are blocked. Lift the blocks before it moves to another."

    def __init__(self, blocks: Iterable[SeatBlock]):
        self.answer = {"blocks": [str(block.pk) for block in blocks]}
        super().__init__()


class ShowtimeCancelled(APIException):
    """A showtime that was cancelled stays as it is. Plan another one."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "showtime_cancelled"
    default_detail = "This showtime is cancelled. Plan another one."


class ChangedMeanwhile(APIException):
    """Somebody else moved it since it was looked at: `showtimes` says where it is now."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "changed_meanwhile"
    default_detail = "Somebody else has just moved Halflight: it is at 20:30 in Screen 2 now."

    def __init__(self, showtime: Showtime):
        self.answer = {"showtimes": [_named(showtime)]}
        start = showtime.starts_at.astimezone(showtime.theater.zone)
        super().__init__(
            f"Somebody else has just moved {showtime.movie}: it is at {start:%H:%M} "
            f"in {showtime.screen.name} now."
        )


def taken_by(showtime: Showtime) -> str:
    """Why nothing else can be on its screen, and until when."""
    ends = showtime.ends_at.astimezone(showtime.theater.zone)
    cleaning = " with cleaning" if showtime.cleaning_minutes else ""
    return f"{showtime.screen.name} is taken by {showtime.movie} until {ends:%H:%M}{cleaning}."


def _named(showtime: Showtime) -> dict:
    zone = showtime.theater.zone
    return {
        "id": showtime.pk,
        "starts_at": showtime.starts_at.astimezone(zone).isoformat(),
        "ends_at": showtime.ends_at.astimezone(zone).isoformat(),
        "movie": {"id": showtime.movie_id, "title": showtime.movie.title},
    }


@tried_twice
@transaction.atomic
def plan(showtime: Showtime, prices: Iterable[dict] = ()) -> Showtime:
    """
    Put a new showtime on its screen, with `prices` (category and amount) that are its own. Raises
    Django's ValidationError (see `Showtime.clean`), ScreenNotFree, Busy.
    """
    showtime.clean()
    settle(showtime)
    _save(showtime, force_insert=True)
    _set_prices(showtime, prices)
    return showtime


@tried_twice
@transaction.atomic
def replan(
    showtime: Showtime,
    *,
    prices: Iterable[dict] | None = None,
    seen: tuple | None = None,
    **changes,
) -> Showtime:
    """
    Change the fields in `changes`, and its own prices as a whole unless `prices` is None. Raises
    what `plan` raises, HasBookings for a new place while customers have seats, HasBlocks for
    another screen while seats are blocked, ShowtimeCancelled, and ChangedMeanwhile if it is not any
    more in the place `seen`. With the start moves the time at which blocked seats are freed.
    """
    showtime = _locked(showtime.pk)
    if seen is not None and seen != showtime.place:
        raise ChangedMeanwhile(showtime)
    if showtime.status == Showtime.Status.CANCELLED:
        raise ShowtimeCancelled
    new_status = changes.pop("status", None)
    for name, value in changes.items():
        setattr(showtime, name, value)
    showtime.clean()
    settle(showtime)
    _save(showtime, update_fields=[*changes, *FOLLOWING])
    showtime.blocks.follow()
    if prices is not None:
        _set_prices(showtime, prices)
    _set_status(showtime, new_status)
    return showtime


# What `clean` and `settle` work out.
FOLLOWING = ("language", "ends_at", "moved_at")


@tried_twice
@transaction.atomic
def remove(showtime: Showtime):
    """
    Delete a showtime that nobody ever booked, with its blocks. Raises HasBookings for others, and
    Busy.
    """
    showtime = _locked(showtime.pk)
    _check_nobody_has_a_seat(showtime)
    showtime.taken_seats.all().delete()
    try:
        showtime.delete()
    except ProtectedError as error:
        raise HasBookings("It was booked and stays in the books. Take it off sale.") from error


@tried_twice
@transaction.atomic
def cancel(showtime: Showtime, reason: str) -> Showtime:
    """
    Cancel a showtime, for a `reason` that customers read: from this moment on nobody can book it,
    and jobs give everybody their money back. Raises ShowtimeCancelled if it is, and Busy.
    """
    showtime = _locked(showtime.pk)
    this = Showtime.objects.filter(pk=showtime.pk).exclude(status=Showtime.Status.CANCELLED)
    if not this.update(
        status=Showtime.Status.CANCELLED,
        cancelled_at=timezone.now(),
        cancellation_reason=reason,
    ):
        raise ShowtimeCancelled
    showtime.refresh_from_db()
    return showtime


def settle(showtime: Showtime):
    """
    Make sure that `showtime`, as it is now but is not saved yet, may have its place, and that this
    stays so until the transaction ends. Raises ScreenNotFree, HasBookings and HasBlocks. Whoever
    saves a new start then lets the blocks follow.
    """
    if showtime.status == Showtime.Status.CANCELLED:
        return
    before = Showtime.objects.select_for_update().filter(pk=showtime.pk).first()
    if before and before.place != showtime.place:
        _check_nobody_has_a_seat(before)
        if before.screen_id != showtime.screen_id and (blocks := before.blocks.all()):
            raise HasBlocks(blocks)
        showtime.moved_at = timezone.now()
    # Not against those who only refer to the screen.
    Screen.objects.select_for_update(no_key=True).get(pk=showtime.screen_id)
    if others := _others(showtime):
        raise ScreenNotFree(others)


def _locked(pk: int) -> Showtime:
    showtimes = Showtime.objects.select_for_update(of=["self"]).select_related(*WITH_TITLES)
    return get_object_or_404(showtimes, pk=pk)


def _check_nobody_has_a_seat(showtime):
    if taken := showtime.taken_seats.live().booked().count():
        seats = "1 seat is taken" if taken == 1 else f"{taken} seats are taken"
        way_out = "Let it run where and when it was sold, or cancel it and plan another."
        raise HasBookings(f"{seats}. {way_out}", seats_taken=taken)


def _others(showtime) -> list[Showtime]:
    there = Showtime.objects.overlapping(showtime.screen, showtime.starts_at, showtime.ends_at)
    return list(there.exclude(pk=showtime.pk).select_related(*WITH_TITLES))


def _save(showtime, **how):
    try:
        with transaction.atomic():
            showtime.save(**how)
    except IntegrityError as error:
        # no_two_showtimes_overlap_on_one_screen: somebody planned without `settle`.
        if others := _others(showtime):
            raise ScreenNotFree(others) from error
        raise


def _set_prices(showtime, prices):
    before = _prices_in_words(showtime)
    with told_in_one():
        showtime.own_prices.all().delete()
        Price.objects.bulk_create(Price(showtime=showtime, **price) for price in prices)
    if before != (after := _prices_in_words(showtime)):
        tell(showtime, prices=[before, after])


def _prices_in_words(showtime) -> str | None:
    own = showtime.own_prices.select_related("category").order_by("category__rank", "category")
    return ", ".join(map(str, own)) or None


def _set_status(showtime, wanted):
    this = Showtime.objects.filter(pk=showtime.pk)
    if wanted == Showtime.Status.ON_SALE:
        this.put_on_sale()
    elif wanted == Showtime.Status.PLANNED:
        this.take_off_sale()
