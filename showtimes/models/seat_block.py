"""Seats that managers keep back from sale: broken ones, and those of the house."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from history.remembering import Remembered, RememberedQuerySet, Remembers
from theaters.models import Seat, Theater
from theaters.seat_labels import short_labels

from ..contention import tried_twice
from .sale import SalesClosed
from .showtime import Showtime
from .taken_seat import TakenSeat

MOST_MINUTES = 366 * 24 * 60


class SeatBlockQuerySet(RememberedQuerySet):
    def managed_by(self, user):
        """Those in the theaters that `user` manages."""
        return self.filter(showtime__in=Showtime.objects.managed_by(user))

    def free(self, seats: Iterable[Seat]):
        """
        Put `seats` on sale again, whichever of these blocks keep them; a block without seats is
        forgotten. Block by block: raises Http404 and Busy, when those before are done.
        """
        wanted = set(seats)
        for block in self.filter(seats__in=wanted).distinct():
            left = [seat for seat in block.places if seat not in wanted]
            if left:
                block.change(seats=left)
            else:
                block.lift()

    def follow(self):
        """
        Free the seats as long before the start as was said, when the one showtime of these blocks
        has another start; must run in the transaction that moves it, after it was locked. Freed
        seats are blocked again unless somebody took them over.
        """
        blocks = list(self.select_related("showtime"))
        if not blocks:
            return
        rows = TakenSeat.objects.filter(holder__in=[block.pk for block in blocks])
        # In the order of `take`: the seats, then their rows.
        seats = Seat.objects.filter(pk__in=rows.values("seat"))
        _, kept = Showtime.objects.in_place_with(blocks[0].showtime_id, seats)
        list(rows.order_by("seat_id").select_for_update().values_list("pk"))
        for block in blocks:
            rows.filter(holder=block.pk, seat__in=kept).update(held_until=block.freed_at)


class SeatBlock(Remembered):
    """
    Seats of one showtime that are not for sale, and why. Its id is the `holder` of their taken
    seats, which say whether a seat is blocked now: at `freed_at` all are free again, by themselves.
    """

    remembers = Remembers(
        theater="showtime.screen.theater_id",
        related=["showtime__movie", "showtime__screen__theater"],
        but_not=["created_by", "created_at"],
        lists=["seats"],
    )

    class Kind(models.TextChoices):
        BROKEN = "broken"
        HOUSE = "house", "House seats"
        OTHER = "other"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    showtime = models.ForeignKey(Showtime, on_delete=models.CASCADE, related_name="blocks")
    seats = models.ManyToManyField(Seat, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    note = models.CharField(max_length=200, blank=True, help_text="For those who work here.")
    freed_minutes_before = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_MINUTES)],
        help_text="So many minutes before the start the seats are free again. Empty: never.",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SeatBlockQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.showtime}"

    @property
    def theater(self) -> Theater:
        return self.showtime.theater

    @property
    def freed_at(self) -> datetime | None:
        """When its seats are free again, in UTC; None: never."""
        if self.freed_minutes_before is None:
            return None
        return self.showtime.starts_at - timedelta(minutes=self.freed_minutes_before)

    @property
    def places(self) -> list[Seat]:
        """Its seats, in order, but for those that were taken out of the hall; asks `seats`."""
        return sorted((seat for seat in self.seats.all() if seat.active), key=lambda seat: seat.pk)

    def in_short(self) -> str:
        """What is blocked and why, as in "A1 A2: house seats"; asks `seats`."""
        return f"{short_labels(self.places)}: {self.get_kind_display().lower()}"

    @tried_twice
    @transaction.atomic
    def put_on(self, seats: Iterable[Seat]):
        """
        Save this new block and take `seats` of its showtime's screen for it: all of them or none.

        Raises SeatsTaken for those that are sold, held or blocked already, and what else
        `Showtime.take` raises; Django's ValidationError if they would be free already; Busy.
        """
        seats = list(seats)
        self.save(force_insert=True)
        self._take(seats)
        self.seats.set(seats)

    @tried_twice
    @transaction.atomic
    def change(self, *, seats: Iterable[Seat] | None = None, **changes):
        """
        Change the fields in `changes`, and with `seats` which seats are blocked: those left out are
        free in the same transaction, others are taken. Another time blocks all of them anew, also
        what was freed. All or nothing; raises what `put_on` raises, and Http404 if it is gone.
        """
        block = self._locked()
        known, before = set(block.seats.all()), block.freed_at
        wanted = set(block.places if seats is None else seats)
        for name, value in changes.items():
            setattr(block, name, value)
        if changes:
            block.save(update_fields=list(changes))
        block._lock_seats(known | wanted)
        TakenSeat.objects.held_by(block.pk).filter(seat__in=known - wanted).let_go()
        if wanted - known or block.freed_at != before:
            block._take(wanted)
        block.seats.set(wanted)

    @tried_twice
    @transaction.atomic
    def lift(self):
        """Free all its seats, and forget it. Raises Http404 if it is gone, and Busy."""
        block = self._locked()
        TakenSeat.objects.held_by(block.pk).let_go()
        block.delete()

    def _take(self, seats):
        if self.showtime.ends_at <= timezone.now():
            raise SalesClosed("This showtime is over.")
        if self.freed_at and self.freed_at <= timezone.now():
            raise ValidationError(
                {
                    "freed_minutes_before": ValidationError(
                        "They would be free already: that time is past.", code="in_the_past"
                    )
                }
            )
        self.showtime.take(seats, self.pk, self.freed_at, reason=TakenSeat.Reason.BLOCKED)

    def _locked(self) -> "SeatBlock":
        # The showtime first, as whoever takes its seats does; it stays where and when it is.
        try:
            Showtime.objects.in_place(self.showtime_id)
        except Showtime.DoesNotExist:
            raise Http404 from None
        blocks = SeatBlock.objects.select_for_update(of=["self"])
        return get_object_or_404(blocks.select_related("showtime__screen__theater"), pk=self.pk)

    def _lock_seats(self, seats):
        # In the order of `take`: the seats, then all rows at once.
        Showtime.objects.in_place_with(self.showtime_id, seats)
        self.showtime.lock(seats, holder=self.pk)


def with_seats_now(blocks: Iterable[SeatBlock]) -> list[SeatBlock]:
    """
    The same blocks, each with `seats_now`: its seats in order, each with `blocked`, whether it is
    blocked now. Two queries, however many they are.
    """
    blocks = list(blocks)
    models.prefetch_related_objects(blocks, "seats")
    rows = TakenSeat.objects.live().filter(holder__in=[block.pk for block in blocks])
    live = set(rows.values_list("holder", "seat"))
    for block in blocks:
        block.seats_now = block.places
        for seat in block.seats_now:
            seat.blocked = (block.pk, seat.pk) in live
    return blocks
