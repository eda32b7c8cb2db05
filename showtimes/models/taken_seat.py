"""Which seats of a showtime are gone. No row means free."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from rest_framework import status
from rest_framework.exceptions import APIException

from theaters.models import Seat


class SeatsTaken(APIException):
    """
    Somebody else has one of the seats. `seats` are those that were lost; where a hold was asked
    for, `alternative` has the nearest free seats at the same price, in a body for the next request.
    """

    status_code = status.HTTP_409_CONFLICT
    default_code = "seats_taken"
    default_detail = "Taken by somebody else: A1, A2."
    sentence = "Taken by somebody else: {labels}."

    def __init__(self, seats: Iterable[Seat]):
        self.seats = sorted(seats, key=lambda seat: seat.pk)
        self.answer = {"seats": [seat.pk for seat in self.seats]}
        labels = ", ".join(seat.label for seat in self.seats)
        super().__init__(self.sentence.format(labels=labels))


class SeatsRemoved(SeatsTaken):
    """The seats were taken out of the hall meanwhile. `seats` are those that are gone."""

    default_code = "seats_removed"
    default_detail = "No longer in the hall: A1, A2."
    sentence = "No longer in the hall: {labels}."


class TakenSeatQuerySet(models.QuerySet):
    def live(self):
        """Those that count: for good, or held until a time that has not come."""
        return self.live_at(timezone.now())

    def live_at(self, moment: datetime):
        """Those that count, or counted, at `moment`."""
        return self.filter(Q(held_until=None) | Q(held_until__gt=moment))

    def booked(self):
        """Those of customers: bought or held."""
        return self.exclude(reason=TakenSeat.Reason.BLOCKED)

    def blocked(self):
        """Those that managers keep back."""
        return self.filter(reason=TakenSeat.Reason.BLOCKED)

    def held_by(self, holder: UUID):
        """Those of one holder, live or lapsed."""
        return self.filter(holder=holder)

    def lock(self) -> list[int]:
        """Lock these rows in the order of `take`, and say which they are; in a transaction."""
        rows = self.order_by("seat_id").select_for_update()
        return list(rows.values_list("pk", flat=True))

    def extend(self, until: datetime) -> int:
        """Hold these seats until `until` instead, and say how many; must run in a transaction."""
        rows = list(self.order_by("seat_id").select_for_update().values_list("pk", flat=True))
        return TakenSeat.objects.filter(pk__in=rows).update(held_until=until)

    def let_go(self):
        """
        Give these seats back; must run in a transaction. They are locked in the order of `take`,
        so that the two never wait for each other in a circle.
        """
        rows = list(self.order_by("seat_id").select_for_update().values_list("pk", flat=True))
        TakenSeat.objects.filter(pk__in=rows).delete()


class TakenSeat(models.Model):
    """
    A seat that is not for sale at a showtime. No row means free, and so does a row whose
    `held_until` has passed. Who sits there is not known here: `holder` is somebody else's id.
    """

    class Reason(models.TextChoices):
        BOOKING = "booking"
        BLOCKED = "blocked"

    showtime = models.ForeignKey("Showtime", on_delete=models.PROTECT, related_name="taken_seats")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    holder = models.UUIDField(db_index=True)
    held_until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=10, choices=Reason, default=Reason.BOOKING)

    objects = TakenSeatQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["showtime", "seat"], name="one_taker_per_seat")
        ]

    def __str__(self):
        return f"{self.seat} at {self.showtime}"

    @property
    def is_live(self) -> bool:
        """Whether the seat is gone now."""
        return self.held_until is None or self.held_until > timezone.now()
