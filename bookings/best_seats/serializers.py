"""What the API says and hears about the best seats."""

from django.conf import settings
from django.db.models import BigIntegerField
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from bookings.serializers import BOOKING, CONTACT, ContactSerializer, HeldBookingSerializer
from showtimes.choice.best import Wish
from showtimes.choice.proposals import ARRANGEMENTS, NO_LONELY_SEAT, TOGETHER
from theaters.models import Seat

GAVE_UP = {TOGETHER: "side by side", NO_LONELY_SEAT: "leaving no single seat"}
PLACES = [
    {"id": 501, "row": "F", "number": 8, "category": 1, "kind": "standard", "price": "11.00"},
    {"id": 502, "row": "F", "number": 9, "category": 1, "kind": "standard", "price": "11.00"},
]
ARRANGED = {
    "groups": [[501, 502]],
    "arrangement": "together",
    "gave_up": [],
    "detail": "F8, F9: together.",
}
PROPOSAL = {"showtime": 42, "currency": "EUR", "seats": PLACES, **ARRANGED}
APART = {
    "groups": [[501], [531]],
    "arrangement": "two_groups",
    "gave_up": ["together"],
    "detail": "F8 and G9: in two groups. Not to be had: side by side.",
}


class WishSerializer(serializers.Serializer):
    """How many seats, and which."""

    count = serializers.IntegerField(
        min_value=1, max_value=settings.MAX_SEATS_PER_BOOKING, help_text="How many seats."
    )
    category = serializers.IntegerField(
        min_value=1,
        max_value=BigIntegerField.MAX_BIGINT,
        required=False,
        help_text="A category's id; when left out the best place of any, whatever it costs.",
    )
    wheelchair = serializers.IntegerField(
        min_value=0,
        max_value=settings.MAX_SEATS_PER_BOOKING,
        required=False,
        default=0,
        help_text=(
            "So many of them are wheelchair spaces, with the companion seats beside them as far as "
            "`count` goes."
        ),
    )

    def validate_category(self, category):
        if not self.context["showtime"].theater.seat_categories.filter(pk=category).exists():
            raise serializers.ValidationError(
                "Not a category of this showtime's theater.", code="does_not_exist"
            )
        return category

    def validate(self, attrs):
        if attrs["wheelchair"] > attrs["count"]:
            raise serializers.ValidationError(
                {"wheelchair": ["More wheelchair spaces than seats."]}, code="max_value"
            )
        return attrs

    def wish(self) -> Wish:
        """What is wished for."""
        asked = self.validated_data
        return Wish(asked["count"], asked.get("category"), asked["wheelchair"])


@extend_schema_serializer(
    examples=[
        OpenApiExample("Look", {"count": 2, "category": 1}),
        OpenApiExample("Hold, signed in", {"count": 2, "hold": True}),
        OpenApiExample("Hold, as a guest", {"count": 2, "hold": True, "contact": CONTACT}),
    ]
)
class BestSeatsRequestSerializer(WishSerializer):
    """A wish, and whether to hold what is found; `contact` and `promo_code` as for a booking."""

    hold = serializers.BooleanField(
        required=False, default=False, help_text="Hold them in the same call."
    )
    contact = ContactSerializer(required=False)
    promo_code = serializers.CharField(max_length=40, required=False, allow_blank=True)


class ProposedSeatSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    row = serializers.CharField()
    number = serializers.IntegerField()
    category = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Seat.Kind.choices)
    price = serializers.DecimalField(max_digits=12, decimal_places=3)


class ArrangementSerializer(serializers.Serializer):
    """For the schema only: `arrangement` builds the answer."""

    groups = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()),
        help_text="The seats' ids, in groups that sit side by side.",
    )
    arrangement = serializers.ChoiceField(choices=ARRANGEMENTS)
    gave_up = serializers.ListField(
        child=serializers.ChoiceField(choices=list(GAVE_UP)), help_text="What could not be kept."
    )
    detail = serializers.CharField(help_text="For people.")


@extend_schema_serializer(
    examples=[
        OpenApiExample("Together", PROPOSAL),
        OpenApiExample("In two groups", PROPOSAL | APART),
    ]
)
class ProposalSerializer(ArrangementSerializer):
    """For the schema only: `proposed` builds the answer."""

    showtime = serializers.IntegerField()
    currency = serializers.CharField()
    seats = ProposedSeatSerializer(many=True)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Seats held", BOOKING | {"access_key": "wJalrXUtnFEMI7MDENGbPxRfiCYEX"} | ARRANGED
        )
    ]
)
class HeldBestSeatsSerializer(HeldBookingSerializer, ArrangementSerializer):
    """For the schema only: the booking, and how its seats lie."""

    class Meta(HeldBookingSerializer.Meta):
        fields = [*HeldBookingSerializer.Meta.fields, *ARRANGED]
