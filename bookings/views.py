"""From a choice of seats to tickets, and back."""

import django_filters
from django.conf import settings
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response

from accounts.throttles import Throttle
from pictures.fields import PictureLinks
from retries.once import PARAMETER as IDEMPOTENCY_KEY
from retries.once import once
from showtimes.choice.rules import CompanionSeat, LeavesALonelySeat
from showtimes.contention import Busy
from showtimes.models import SalesClosed, SeatsRemoved, SeatsTaken, Showtime
from theaters.online_amounts import AmountNotPayable

from .access import PARAMETERS, visible_bookings
from .alternatives import Again, held_again, instead_of, others_offered
from .answers import held
from .cancelling import (
    WHICH,
    CancellationSerializer,
    CancelledBookingSerializer,
    CancelSerializer,
)
from .choices import check_what_is_kept
from .holds import hold
from .listing import NEWEST_FIRST, BookingList, MyBookings
from .models import (
    Booking,
    BookingClosed,
    HoldExpired,
    Ticket,
    TicketsNotValid,
    TooLateToCancel,
    TooManyHolds,
)
from .papers import PDF, PNG, pdf_response, png_response
from .pdf import NoValidTickets, tickets_pdf
from .qr import qr_png
from .serializers import (
    BookingRequestSerializer,
    BookingSerializer,
    ByLabelSerializer,
    ChoiceSerializer,
    HeldBookingSerializer,
    QuoteSerializer,
    TicketSerializer,
)

# Parameters that say which part of the list is wanted, and not which bookings.
PAGING = {"page", "page_size"}


class BookingFilter(django_filters.FilterSet):
    """How my bookings are narrowed."""

    status = django_filters.ChoiceFilter(
        choices=Booking.Status.choices, method="in_status", label="As the answer says it."
    )
    upcoming = django_filters.BooleanFilter(
        method="to_come", label="true: what is to come. false: what has started."
    )

    class Meta:
        model = Booking
        fields = []

    def in_status(self, bookings, name, status):
        return bookings.in_status(status)

    def to_come(self, bookings, name, wanted):
        return bookings.upcoming() if wanted else bookings.started()


class ByReference:
    """Finds a booking by its reference, however it was typed."""

    def get_object(self):
        self.kwargs["reference"] = self.kwargs["reference"].upper()
        return super().get_object()


LETTING_GO = """
The seats are free at once. While a bank works on the payment (it is `processing`), nobody can stop
it: money that arrives afterwards buys nothing, and goes back by itself.
"""


@extend_schema_view(
    list=extend_schema(summary="List my bookings"),
    create=extend_schema(
        summary="Hold seats",
        request=BookingRequestSerializer,
        responses={201: HeldBookingSerializer},
    ),
    retrieve=extend_schema(summary="Show a booking", parameters=PARAMETERS),
    destroy=extend_schema(
        summary="Let held seats go", description=LETTING_GO, parameters=PARAMETERS
    ),
)
class BookingViewSet(
    ByReference,
    mixins.CreateModelMixin,
    mixins.RetrieveModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet,
):
    """
    Bookings of whoever is signed in, or the one that a guest's access key opens.

    Somebody else's booking is a 404. Managers see those of their theaters by reference.
    """

    queryset = Booking.objects.all()
    serializer_class = BookingSerializer
    request_serializer_class = BookingRequestSerializer
    lookup_field = "reference"
    lookup_value_regex = "[A-Za-z0-9]{8}"
    throttle_scope = "booking"
    counted_to = settings.MOST_COUNTED
    raises = {
        "quote": [SalesClosed, AmountNotPayable],
        "create": [
            SeatsTaken,
            SeatsRemoved,
            SalesClosed,
            CompanionSeat,
            LeavesALonelySeat,
            TooManyHolds,
            AmountNotPayable,
            BookingClosed,
            Busy,
        ],
        "destroy": [HoldExpired, BookingClosed, Busy],
        "cancel": [
            TooLateToCancel,
            HoldExpired,
            BookingClosed,
            TicketsNotValid,
            CompanionSeat,
            Busy,
        ],
        "cancellation": [
            TooLateToCancel,
            HoldExpired,
            BookingClosed,
            TicketsNotValid,
            CompanionSeat,
        ],
    }

    def get_permissions(self):
        return [IsAuthenticated()] if self.action == "list" else [AllowAny()]

    def get_throttles(self):
        return [Throttle()] if self.action == "create" else []

    @property
    def filterset_class(self):
        return BookingFilter if self.action == "list" else None

    def get_queryset(self):
        if self.action == "list":
            return Booking.objects.owned_by(self.request.user)
        return visible_bookings(self.request).with_details()

    def list(self, request):
        """
        Bookings of whoever is signed in, the newest first.
        """
        bookings = self._asked_for(request)
        return self.get_paginated_response(bookings.entries(self.paginate_queryset(bookings)))

    def _asked_for(self, request) -> BookingList:
        link = request.build_absolute_uri
        if request.query_params.keys() <= PAGING:
            return MyBookings(request.user, link)
        bookings = self.filter_queryset(self.get_queryset()).order_by(*NEWEST_FIRST)
        return BookingList(bookings, link)

    @extend_schema(
        summary="What would it cost?", request=ChoiceSerializer, responses=QuoteSerializer
    )
    @action(detail=False, methods=["post"])
    def quote(self, request):
        """Every line with its reason. Holds nothing, and promises nothing: a hold does."""
        choice = ChoiceSerializer(data=request.data, context=self.get_serializer_context())
        choice.is_valid(raise_exception=True)
        return Response(QuoteSerializer(choice.quote()).data)

    @once
    def create(self, request, *args, **kwargs):
        """
        Hold seats for some minutes (`held_until`) at today's prices: all of them or none.

        A seat beside a wheelchair space is sold with it (`companion_seat`) until the rest is sold
        out, and some theaters refuse to leave one seat alone (`leaves_a_lonely_seat`). That answer
        and `seats_taken` have an `alternative`: the nearest free seats at the same price, in a body
        for the next request.

        Pay within that time with `POST /api/payments/`, which extends it once. A booking that costs
        nothing is confirmed at once; what is less, or more, than can be paid online is refused
        (`amount_not_payable`). Guests keep the `access_key`. One person (for guests: one
        e-mail address) holds at most three unpaid bookings, and ten seats of a showtime; `replaces`
        exchanges one hold for another without losing the seats in between.
        """
        context = self.get_serializer_context()
        asked = self.request_serializer_class(data=request.data, context=context)
        asked.is_valid(raise_exception=True)
        choice = asked.validated_data
        with others_offered(choice["showtime"], choice["seats"], self.again(request.data)):
            booking = hold(user=request.user if request.user.is_authenticated else None, **choice)
        links = PictureLinks(request.build_absolute_uri)
        return Response(held(booking, links), status=status.HTTP_201_CREATED)

    def again(self, body) -> Again:
        """What makes a body for the next request of the body of one that is refused."""
        return held_again(body)

    def retrieve(self, request, *args, **kwargs):
        booking = self.get_object()
        shown = self.get_serializer(booking).data | {"alternative": instead_of(booking)}
        return Response(shown)

    def perform_destroy(self, booking):
        booking.let_go()

    @extend_schema(
        operation_id="bookings_cancel",
        summary="Give tickets back",
        request=CancelSerializer,
        responses=CancelledBookingSerializer,
        parameters=[*PARAMETERS, IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["post"])
    @once
    def cancel(self, request, reference):
        """
        Cancel a booking, or some of its tickets. Their seats are free at once; the money that the
        theater's rule gives back (`given_back`, and `amount_due_back` in all) follows.
        """
        booking = self.get_object()
        given_back = booking.cancel(self._chosen_of(booking, request.data))
        context = self.get_serializer_context() | {"given_back": given_back}
        return Response(CancelledBookingSerializer(self.get_object(), context=context).data)

    @extend_schema(
        operation_id="bookings_cancel_offer",
        summary="What would come back?",
        parameters=[*PARAMETERS, WHICH],
        responses=CancellationSerializer,
    )
    @cancel.mapping.get
    def cancellation(self, request, reference):
        """
        What the customer gets back for which ticket, what is kept and why, and until when: as
        `POST` to the same address would answer now, or refuse. Changes nothing.
        """
        booking = self.get_object()
        asked = request.query_params.get("tickets")
        chosen = {} if asked is None else {"tickets": asked.split(",")}
        offered = booking.cancellation(self._chosen_of(booking, chosen))
        return Response(CancellationSerializer(offered).data)

    def _chosen_of(self, booking, data):
        asked = CancelSerializer(data=data, context={"booking": booking})
        asked.is_valid(raise_exception=True)
        chosen = asked.validated_data.get("tickets")
        if chosen:
            check_what_is_kept(booking, chosen)
        return chosen


@extend_schema(exclude=True)
class BookByLabelViewSet(BookingViewSet):
    """Holds seats by their labels, for the apps of a system that Marquee replaces."""

    request_serializer_class = ByLabelSerializer

    def get_serializer_context(self):
        showtimes = Showtime.objects.announced().select_related("movie", "screen__theater")
        showtime = get_object_or_404(showtimes, pk=self.kwargs["pk"])
        return super().get_serializer_context() | {"showtime": showtime}

    def again(self, body):
        """Seats by their ids: a request for the route that took the place of this one."""
        showtime = self.kwargs["pk"]
        return lambda instead: {"showtime": int(showtime), "seats": list(instead.values())}


class TicketsPDFView(ByReference, generics.GenericAPIView):
    """The tickets of a booking, to print: a page for each that is valid."""

    permission_classes = [AllowAny]
    content_negotiation_class = PDF
    queryset = Booking.objects.all()
    lookup_field = "reference"
    raises = {"get": [NoValidTickets]}

    def get_queryset(self):
        return visible_bookings(self.request)

    @extend_schema(
        operation_id="bookings_tickets_pdf",
        summary="The tickets, to print",
        parameters=PARAMETERS,
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request, reference):
        booking = self.get_object()
        return pdf_response(tickets_pdf(booking), f"tickets-{booking.reference}.pdf")


class TicketView(generics.RetrieveAPIView):
    """One ticket, for its owner."""

    permission_classes = [AllowAny]
    serializer_class = TicketSerializer
    lookup_field = "code"
    queryset = Ticket.objects.all()

    def get_queryset(self):
        tickets = Ticket.objects.filter(booking__in=visible_bookings(self.request))
        return tickets.select_related("booking__showtime__screen__theater", "seat__category")

    @extend_schema(summary="Show a ticket", parameters=PARAMETERS)
    def get(self, request, *args, **kwargs):
        return super().get(request, *args, **kwargs)


class TicketQRView(TicketView):
    """The ticket's QR code as a picture. It holds the ticket's code, and nothing else."""

    content_negotiation_class = PNG

    @extend_schema(
        operation_id="tickets_qr",
        summary="The QR code of a ticket",
        parameters=PARAMETERS,
        responses={(200, "image/png"): OpenApiTypes.BINARY},
    )
    def get(self, request, *args, **kwargs):
        ticket = self.get_object()
        return png_response(qr_png(ticket.code))
