"""Exchanging the seats of a booking."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from accounts.throttles import Throttle
from bookings.access import PARAMETERS, visible_bookings
from bookings.alternatives import exchanged_again, others_offered
from bookings.models import Booking, BookingClosed, Exchange, HoldExpired, TicketsNotValid
from retries.once import PARAMETER as IDEMPOTENCY_KEY
from retries.once import once
from showtimes.choice.rules import CompanionSeat, LeavesALonelySeat
from showtimes.contention import Busy
from showtimes.models import SalesClosed, SeatsRemoved, SeatsTaken
from theaters.online_amounts import AmountNotPayable

from .exchanging import DETAILS, exchange, offer
from .serializers import (
    ExchangeQuoteSerializer,
    ExchangeRequestSerializer,
    ExchangeSerializer,
)

REFUSALS = [
    BookingClosed,
    SalesClosed,
    TicketsNotValid,
    SeatsTaken,
    CompanionSeat,
    LeavesALonelySeat,
    AmountNotPayable,
]


@extend_schema_view(
    list=extend_schema(
        operation_id="bookings_exchange_list",
        summary="List the exchanges of a booking",
        parameters=PARAMETERS,
    ),
    destroy=extend_schema(
        operation_id="bookings_exchange_destroy",
        summary="Let the seats of an unpaid exchange go",
        parameters=PARAMETERS,
        responses={204: None},
    ),
)
class ExchangeViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """The exchanges of a booking, the newest first: its owner's, and its theater's managers'."""

    permission_classes = [AllowAny]
    queryset = Exchange.objects.all()
    serializer_class = ExchangeSerializer
    throttle_scope = "booking"
    raises = {
        "quote": REFUSALS,
        "create": [*REFUSALS, SeatsRemoved, Busy],
        "destroy": [BookingClosed, HoldExpired, Busy],
    }

    def get_throttles(self):
        return [Throttle()] if self.action == "create" else []

    def get_queryset(self):
        return Exchange.objects.filter(booking=self.booking()).with_details()

    def booking(self) -> Booking:
        bookings = visible_bookings(self.request).select_related(*DETAILS)
        return get_object_or_404(bookings, reference=self.kwargs["reference"].upper())

    @extend_schema(
        operation_id="bookings_exchange",
        summary="Exchange seats",
        parameters=[*PARAMETERS, IDEMPOTENCY_KEY],
        request=ExchangeRequestSerializer,
        responses={201: ExchangeSerializer},
    )
    @once
    def create(self, request, reference):
        """
        Exchange tickets of a paid booking for other seats of its showtime, at today's prices: all
        of them or none, while sales are open.

        What is not dearer is `done` at once: the old tickets are void, the new ones have codes of
        their own, and the difference goes back by itself. What is dearer is `pending`: the new
        seats are held until `held_until`, and the old tickets stay good. Pay the difference with
        `POST /api/payments/`, as for a booking; then it is done. A new exchange takes the place of
        one that is not paid. An unpaid booking is not exchanged: hold other seats, and send
        `replaces`.
        """
        booking = self.booking()
        wishes = self.wishes(booking)
        with self.others_offered(booking, wishes):
            made = exchange(booking, wishes)
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="bookings_exchange_quote",
        summary="What would an exchange cost?",
        parameters=PARAMETERS,
        request=ExchangeRequestSerializer,
        responses=ExchangeQuoteSerializer,
    )
    def quote(self, request, reference):
        """What changes, line by line. Holds nothing, and promises nothing."""
        booking = self.booking()
        wishes = self.wishes(booking)
        with self.others_offered(booking, wishes):
            found = offer(booking, wishes)
        return Response(ExchangeQuoteSerializer(found).data)

    def destroy(self, request, reference):
        """The new seats are free at once; the old tickets stay good."""
        waiting = self.booking().exchanges.pending().first()
        if waiting is None:
            raise BookingClosed("No exchange of this booking waits to be paid.")
        waiting.let_go()
        return Response(status=status.HTTP_204_NO_CONTENT)

    def others_offered(self, booking: Booking, wishes: dict):
        wanted = [seat.pk for seat in wishes.values()]
        return others_offered(booking.showtime, wanted, exchanged_again(self.request.data))

    def wishes(self, booking: Booking) -> dict:
        asked = ExchangeRequestSerializer(data=self.request.data, context={"booking": booking})
        asked.is_valid(raise_exception=True)
        return asked.validated_data["swaps"]
