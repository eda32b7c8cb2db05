"""Cancelling a showtime: what it would take, and doing it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import generics, serializers
from rest_framework.response import Response

from retries.once import PARAMETER as IDEMPOTENCY_KEY
from retries.once import once
from showtimes.contention import Busy
from showtimes.models import Showtime
from showtimes.permissions import ManagesTheTheater
from showtimes.planning import ShowtimeCancelled, cancel
from theaters.fields import AmountField, TheaterTimeField
from theaters.models import Theater


@dataclass(frozen=True)
class AtStake:
    """What it takes to cancel `showtime`: see `Booking.objects.at_stake`."""

    showtime: Showtime
    bookings: int
    tickets: int
    unpaid: int
    amount: Decimal

    @classmethod
    def of(cls, showtime: Showtime) -> "AtStake":
        return cls(showtime, **showtime.bookings.at_stake())

    @property
    def theater(self) -> Theater:
        return self.showtime.theater

    @property
    def currency(self) -> str:
        return self.theater.currency

    @property
    def cancelled_at(self) -> datetime | None:
        return self.showtime.cancelled_at


REASON = "The projector is broken."
AT_STAKE = {
    "showtime": 42,
    "status": "on_sale",
    "bookings": 87,
    "tickets": 203,
    "unpaid": 4,
    "amount": "2436.00",
    "currency": "EUR",
    "cancelled_at": None,
    "reason": "",
}
DONE = AT_STAKE | {
    "status": "cancelled",
    "cancelled_at": "2026-11-21T17:02:11+01:00",
    "reason": REASON,
}


@extend_schema_serializer(examples=[OpenApiExample("Why", {"reason": REASON})])
class CancelShowtimeSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300, help_text="As customers read it.")


@extend_schema_serializer(
    examples=[OpenApiExample("Before", AT_STAKE), OpenApiExample("After", DONE)]
)
class AtStakeSerializer(serializers.Serializer):
    """
    How many people have a place, and what they paid for it, fee included: this goes back when the
    showtime is cancelled. `unpaid` bookings are let go. Once it is cancelled, these are the figures
    of what is still to be done.
    """

    showtime = serializers.IntegerField(source="showtime.pk", help_text="Its id.")
    status = serializers.ChoiceField(choices=Showtime.Status.choices, source="showtime.status")
    bookings = serializers.IntegerField()
    tickets = serializers.IntegerField()
    unpaid = serializers.IntegerField()
    amount = AmountField()
    currency = serializers.CharField()
    cancelled_at = TheaterTimeField(allow_null=True)
    reason = serializers.CharField(source="showtime.cancellation_reason", allow_blank=True)


class CancelShowtimeView(generics.GenericAPIView):
    """Cancelling a showtime, for those who manage its theater."""

    permission_classes = [ManagesTheTheater]
    serializer_class = AtStakeSerializer
    pagination_class = None
    filter_backends = []
    queryset = Showtime.objects.all()
    raises = {"post": [ShowtimeCancelled, Busy]}

    def get_queryset(self):
        return Showtime.objects.visible_to(self.request.user).select_related("screen__theater")

    @extend_schema(
        operation_id="showtimes_cancel_offer", summary="What would cancelling a showtime take?"
    )
    def get(self, request, pk):
        """How many people, and how much money. Changes nothing."""
        return self._shown(self.get_object())

    @extend_schema(
        operation_id="showtimes_cancel",
        summary="Cancel a showtime",
        parameters=[IDEMPOTENCY_KEY],
        request=CancelShowtimeSerializer,
    )
    @once
    def post(self, request, pk):
        """
        Cancel a showtime for good: from now on nobody can book it, and jobs give everybody all of
        their money back, fee included, one after the other. The answer says what that will take.
        """
        showtime = self.get_object()
        asked = CancelShowtimeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return self._shown(cancel(showtime, asked.validated_data["reason"]))

    def _shown(self, showtime):
        return Response(self.get_serializer(AtStake.of(showtime)).data)
