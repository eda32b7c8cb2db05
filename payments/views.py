"""Paying, hearing from Stripe, and the papers."""

import logging

import django_filters
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiRequest,
    extend_schema,
    extend_schema_view,
)
from rest_framework import generics, mixins, status, viewsets
from rest_framework.exceptions import APIException, NotFound
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from bookings.access import PARAMETERS, access_key_of, visible_bookings
from bookings.models import (
    Booking,
    BookingClosed,
    HoldExpired,
    TicketsNotValid,
    TooLateToCancel,
)
from bookings.papers import PDF, pdf_response
from bookings.views import ByReference
from retries.once import once_by_itself
from showtimes.contention import Busy
from showtimes.models import SalesClosed
from theaters.online_amounts import AmountNotPayable

from .gateway import StripeUnreachable
from .intents import PaymentRefused, open_payment
from .invoice_serializers import WholeInvoiceSerializer
from .models import Invoice, Payment, RefusedWebhook
from .passing_on import TheaterTakesNoPayments
from .pdf import invoice_pdf
from .serializers import (
    EVENT,
    InvoiceSerializer,
    OpenPaymentSerializer,
    PaymentRequestSerializer,
    PaymentSerializer,
    ReceivedSerializer,
    ShownPaymentSerializer,
    TimelineEntrySerializer,
)
from .signed_events import NotFromStripe, WhyRefused, read_event
from .timeline import timeline
from .webhooks import receive

log = logging.getLogger(__name__)


class BadWebhook(APIException):
    """The signature or the body is not Stripe's."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "bad_webhook"
    default_detail = "No secret of ours has signed this."


class EventFailed(APIException):
    """The event is kept but could not take effect. Send it again."""

    status_code = status.HTTP_500_INTERNAL_SERVER_ERROR
    default_code = "event_failed"
    default_detail = "The event is kept but could not take effect. Send it again."


class OfBookingFilter(django_filters.FilterSet):
    """What belongs to one booking."""

    booking = django_filters.CharFilter(
        field_name="booking__reference", lookup_expr="iexact", label="A booking's reference."
    )


class OfBookingsViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """What belongs to the bookings of whoever is signed in, or to the one of an access key."""

    permission_classes = [AllowAny]
    filterset_class = OfBookingFilter
    counted_to = settings.MOST_COUNTED

    def get_permissions(self):
        guest = self.action != "list" or access_key_of(self.request)
        return [AllowAny()] if guest else [IsAuthenticated()]

    def get_queryset(self):
        if self.action == "list" and self.request.user.is_authenticated:
            bookings = Booking.objects.owned_by(self.request.user)
        else:
            bookings = visible_bookings(self.request)
        return super().get_queryset().filter(booking__in=bookings)


@extend_schema_view(
    list=extend_schema(summary="List my payments", parameters=PARAMETERS),
    retrieve=extend_schema(summary="Show a payment", parameters=PARAMETERS),
    destroy=extend_schema(
        summary="Give what was paid for back", parameters=PARAMETERS, responses={204: None}
    ),
    create=extend_schema(
        summary="Pay a booking",
        parameters=PARAMETERS,
        request=PaymentRequestSerializer,
        responses={201: OpenPaymentSerializer},
    ),
)
class PaymentViewSet(OfBookingsViewSet):
    """Payments of bookings."""

    serializer_class = PaymentSerializer
    queryset = Payment.objects.select_related("booking").prefetch_related("refunds__payment")
    lookup_value_regex = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    raises = {
        "create": [
            NotFound,
            HoldExpired,
            BookingClosed,
            SalesClosed,
            AmountNotPayable,
            PaymentRefused,
            TheaterTakesNoPayments,
            StripeUnreachable,
            Busy,
        ],
        "destroy": [TooLateToCancel, HoldExpired, BookingClosed, TicketsNotValid, Busy],
    }

    def get_serializer_class(self):
        return ShownPaymentSerializer if self.action == "retrieve" else self.serializer_class

    @once_by_itself
    def create(self, request):
        """
        Make the booking's payment, or find it again: one for all devices. Confirm it with Stripe by
        its `client_secret`; the booking is `confirmed` as soon as Stripe has told us. For a booking
        whose `exchange` waits to be paid, it is the payment of the difference.
        """
        asked = PaymentRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        reference = asked.validated_data["booking"].upper()
        bookings = visible_bookings(request).select_related("showtime__screen__theater")
        booking = get_object_or_404(bookings, reference=reference)
        payment, intent = open_payment(booking)
        context = self.get_serializer_context() | {"intent": intent}
        data = OpenPaymentSerializer(payment, context=context).data
        return Response(data, status=status.HTTP_201_CREATED)

    def destroy(self, request, *args, **kwargs):
        """
        Cancel the booking that this payment was for, as `POST /api/bookings/{reference}/cancel/`
        does: what the theater's rule gives back follows. One for other seats that is not paid yet
        lets these go. The payment stays on record.
        """
        self.get_object().take_back()
        return Response(status=status.HTTP_204_NO_CONTENT)


class TimelineView(ByReference, generics.GenericAPIView):
    """What happened to a booking."""

    permission_classes = [AllowAny]
    pagination_class = None
    filter_backends = []
    serializer_class = TimelineEntrySerializer
    queryset = Booking.objects.select_related("showtime__screen__theater")
    lookup_field = "reference"

    def get_queryset(self):
        return visible_bookings(self.request).select_related("showtime__screen__theater")

    @extend_schema(
        operation_id="bookings_timeline",
        summary="What happened to a booking",
        parameters=PARAMETERS,
        responses=TimelineEntrySerializer(many=True),
    )
    def get(self, request, reference):
        """
        From the moment in which the seats were held, the oldest first; not paged. Its owner, and
        those who manage its theater, may read it. `event` says what it was, as compared by
        programs, and `detail` the same for people; times are those of the theater's clock.
        """
        entries = timeline(self.get_object())
        return Response(self.get_serializer(entries, many=True).data)


class WebhookView(APIView):
    """For Stripe only: events, signed with the endpoint's secret."""

    permission_classes = [AllowAny]
    authentication_classes = []
    raises = {"post": [BadWebhook, EventFailed, Busy]}

    @extend_schema(
        summary="Hear from Stripe",
        parameters=[
            OpenApiParameter(
                "Stripe-Signature",
                location=OpenApiParameter.HEADER,
                required=True,
                description="`t=…,v1=…`, made by Stripe.",
            )
        ],
        request=OpenApiRequest(
            OpenApiTypes.OBJECT, encoding=None, examples=[OpenApiExample("An event", EVENT)]
        ),
        responses=ReceivedSerializer,
    )
    def post(self, request):
        """Events that we do not know, or have had, are a 200 and change nothing."""
        try:
            event = read_event(_body(request), request.headers.get("Stripe-Signature", ""))
        except NotFromStripe as error:
            log.warning("A webhook was refused: %s", error)
            RefusedWebhook.objects.count_one(error.why)
            raise BadWebhook(str(error)) from error
        if not receive(event):
            raise EventFailed
        return Response({"received": True})


def _body(request) -> bytes:
    try:
        return request.body
    except RequestDataTooBig as error:
        raise NotFromStripe(WhyRefused.TOO_LARGE) from error


@extend_schema_view(
    list=extend_schema(summary="List my invoices", parameters=PARAMETERS),
    retrieve=extend_schema(summary="Show an invoice", parameters=PARAMETERS),
)
class InvoiceViewSet(OfBookingsViewSet):
    """Invoices and credit notes of bookings."""

    serializer_class = InvoiceSerializer
    queryset = Invoice.objects.select_related("booking", "theater")
    lookup_field = "number"
    lookup_value_regex = "[A-Z0-9-]+"

    def get_serializer_class(self):
        return WholeInvoiceSerializer if self.action == "retrieve" else self.serializer_class


class InvoicePDFView(generics.GenericAPIView):
    """An invoice or a credit note, to print."""

    permission_classes = [AllowAny]
    content_negotiation_class = PDF
    queryset = Invoice.objects.select_related("theater")
    lookup_field = "number"

    def get_queryset(self):
        return super().get_queryset().filter(booking__in=visible_bookings(self.request))

    @extend_schema(
        operation_id="invoices_pdf",
        summary="An invoice, to print",
        parameters=PARAMETERS,
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request, number):
        invoice = self.get_object()
        return pdf_response(invoice_pdf(invoice), f"{invoice.number}.pdf")
