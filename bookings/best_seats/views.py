"""Finding the best seats, and holding them."""

from collections.abc import Iterator

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.throttles import Throttle
from bookings.answers import held
from bookings.holds import hold
from bookings.models import Booking, TooManyHolds
from bookings.serializers import BookingRequestSerializer
from pictures.fields import PictureLinks
from retries.once import once
from showtimes.choice.best import NotEnoughSeats, Wish
from showtimes.choice.plan import plan_of
from showtimes.choice.proposals import Proposal, another, best
from showtimes.choice.rules import LeavesALonelySeat
from showtimes.contention import Busy
from showtimes.models import SalesClosed, SeatsRemoved, SeatsTaken, Showtime
from theaters.online_amounts import AmountNotPayable

from .answers import arrangement, proposed
from .serializers import (
    BestSeatsRequestSerializer,
    HeldBestSeatsSerializer,
    ProposalSerializer,
    WishSerializer,
)

# So often a hold looks again after somebody else was faster, each time among twice as many places.
TRIES = 30
# What goes into the booking as it was sent.
KEPT = ("contact", "promo_code")


class BestSeatsView(APIView):
    """The best seats that are left for a party."""

    permission_classes = [AllowAny]
    throttle_scope = "booking"
    raises = {
        "get": [ValidationError, NotFound, SalesClosed, NotEnoughSeats],
        "post": [
            NotFound,
            SalesClosed,
            NotEnoughSeats,
            SeatsTaken,
            SeatsRemoved,
            LeavesALonelySeat,
            TooManyHolds,
            AmountNotPayable,
            Busy,
        ],
    }

    def get_throttles(self):
        return [Throttle()] if self.request.method == "POST" else []

    @extend_schema(
        summary="Find the best seats",
        operation_id="showtimes_best_seats",
        parameters=[WishSerializer],
        responses=ProposalSerializer,
    )
    def get(self, request, pk):
        """
        `count` seats side by side, as near as possible to the best place of the hall (on the middle
        axis, two thirds back), leaving no single seat. When that cannot be had: in two groups near
        each other, then anywhere; `gave_up` says so. Wheelchair and companion places are proposed
        only when asked for, couple seats only in pairs. Holds nothing.
        """
        showtime = self.showtime()
        wish = WishSerializer(data=request.query_params, context={"showtime": showtime})
        wish.is_valid(raise_exception=True)
        return self.look(showtime, wish.wish())

    @extend_schema(
        summary="Find the best seats and hold them",
        operation_id="showtimes_best_seats_hold",
        request=BestSeatsRequestSerializer,
        responses={200: ProposalSerializer, 201: HeldBestSeatsSerializer},
    )
    @once
    def post(self, request, pk):
        """
        With `hold` the seats are held in the same call, and the answer is the booking as
        `POST /api/bookings/` gives it, with its `arrangement`. When somebody else is faster we look
        again, so that in a crowd everybody gets seats while there are some. Without `hold` it is
        the answer of GET.
        """
        showtime = self.showtime()
        asked = BestSeatsRequestSerializer(data=request.data, context={"showtime": showtime})
        asked.is_valid(raise_exception=True)
        if not asked.validated_data["hold"]:
            return self.look(showtime, asked.wish())
        booking, found = self.hold(showtime, asked)
        answer = held(booking, PictureLinks(request.build_absolute_uri)) | arrangement(found)
        return Response(answer, status=status.HTTP_201_CREATED)

    def showtime(self) -> Showtime:
        showtimes = Showtime.objects.announced().select_related("movie", "screen__theater")
        return get_object_or_404(showtimes, pk=self.kwargs["pk"])

    def look(self, showtime: Showtime, wish: Wish) -> Response:
        showtime.check_sales_are_open()
        return Response(proposed(showtime, best(plan_of(showtime), wish)))

    def hold(self, showtime: Showtime, asked) -> tuple[Booking, Proposal]:
        """Hold the best seats that nobody takes before us. Raises SeatsTaken after many tries."""
        showtime.check_sales_are_open()
        kept = {name: said for name, said in asked.validated_data.items() if name in KEPT}
        for found in attempts(showtime, asked.wish()):
            seats = [seat.id for seat in found.seats]
            body = kept | {"showtime": showtime.pk, "seats": seats}
            choice = BookingRequestSerializer(data=body, context={"request": self.request})
            choice.is_valid(raise_exception=True)
            try:
                return hold(user=self.customer(), **choice.validated_data), found
            except (SeatsTaken, LeavesALonelySeat) as error:
                # Somebody was faster, or has just sat down beside.
                refusal = error
        raise refusal

    def customer(self):
        """Who is signed in; None for guests."""
        return self.request.user if self.request.user.is_authenticated else None


def attempts(showtime: Showtime, wish: Wish) -> Iterator[Proposal]:
    """
    What to try to hold: the best, and as long as that is lost another, by chance, so that those who
    lost together do not meet again. Each is looked up when it is asked for. Raises NotEnoughSeats.
    """
    yield best(plan_of(showtime), wish)
    for attempt in range(1, TRIES):
        yield another(plan_of(showtime), wish, among=2 ** (attempt + 2))
