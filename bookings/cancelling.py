"""What the API says and hears about tickets that are given back."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema_serializer
from rest_framework import serializers

from theaters.fields import AmountField, TheaterTimeField

from .serializers import BOOKING, TICKET, BookingSerializer, TicketSeatSerializer

KEPT = {
    "reason": "booking_fee",
    "detail": "The booking fee is not returned.",
    "amount": "1.00",
}
CANCELLATION = {
    "reference": "H7KQ3XMW",
    "currency": "EUR",
    "until": "2026-11-21T19:15:00+01:00",
    "paid": "12.00",
    "back": "11.00",
    "back_already": "0.00",
    "kept": "1.00",
    "tickets": [
        {
            "code": TICKET["code"],
            "seat": TICKET["seat"],
            "paid": "12.00",
            "back": "11.00",
            "kept": "1.00",
            "kept_for": [KEPT],
        }
    ],
}
WHICH = OpenApiParameter(
    "tickets",
    OpenApiTypes.STR,
    description="Codes of the tickets to give back, with commas; all that are valid when left out.",
)


@extend_schema_serializer(
    examples=[
        OpenApiExample("All of it", {}),
        OpenApiExample("One ticket", {"tickets": ["K5QWY3DPEBLW64TMMQQHO33SNQ"]}),
    ]
)
class CancelSerializer(serializers.Serializer):
    tickets = serializers.ListField(
        child=serializers.CharField(max_length=26),
        required=False,
        allow_empty=False,
        max_length=100,
        help_text="Codes of the tickets to give back; all that are valid when left out.",
    )

    def validate(self, attrs):
        # Left out, `tickets` means all of them: misspelt, it must not.
        if unknown := sorted(set(self.initial_data) - set(self.fields)):
            raise serializers.ValidationError(
                {name: ["There is no such field."] for name in unknown}, code="unknown_field"
            )
        return attrs

    def validate_tickets(self, codes):
        tickets = self.context["booking"].tickets.filter(code__in=codes)
        tickets = list(tickets.select_related("seat__category"))
        if len(tickets) != len(set(codes)):
            raise serializers.ValidationError(
                "Not a ticket of this booking.", code="does_not_exist"
            )
        return tickets


class KeptSerializer(serializers.Serializer):
    """A part of what was paid that does not come back: `booking_fee` or `theater_rule`."""

    reason = serializers.CharField(help_text="A stable word.")
    detail = serializers.CharField(help_text="A sentence for people.")
    amount = AmountField()


class TicketBackSerializer(serializers.Serializer):
    """One ticket: what was `paid` for it is what comes `back` and what is `kept`."""

    code = serializers.CharField()
    seat = TicketSeatSerializer()
    paid = AmountField()
    back = AmountField()
    kept = AmountField()
    kept_for = KeptSerializer(many=True)


@extend_schema_serializer(examples=[OpenApiExample("One ticket", CANCELLATION)])
class CancellationSerializer(serializers.Serializer):
    """
    What comes `back` for tickets that are given back, and what is `kept` of what was `paid`. For a
    booking that is not paid yet there are no tickets, and nothing comes back.

    `back_already` is what is due for them, too, and does not come again: the theater gave it back
    before, or the customer has disputed it at the bank.
    """

    reference = serializers.CharField()
    currency = serializers.CharField()
    until = TheaterTimeField(help_text="Until when the theater takes tickets back.")
    paid = AmountField()
    back = AmountField()
    back_already = AmountField(help_text="What went back before, or is the bank's to decide.")
    kept = AmountField()
    tickets = TicketBackSerializer(many=True)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "One of its tickets",
            BOOKING | {"status": "confirmed", "given_back": CANCELLATION},
        )
    ]
)
class CancelledBookingSerializer(BookingSerializer):
    """The booking as it is now, and in `given_back` what comes back for its tickets."""

    given_back = serializers.SerializerMethodField()

    class Meta(BookingSerializer.Meta):
        fields = [*BookingSerializer.Meta.fields, "given_back"]

    def get_given_back(self, booking) -> CancellationSerializer:
        return CancellationSerializer(self.context["given_back"]).data
