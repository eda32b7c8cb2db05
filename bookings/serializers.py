"""What the API says and hears about bookings."""

from collections.abc import Mapping

from django.conf import settings
from django.db.models import BigIntegerField
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from movies.serializers import MovieTitleSerializer
from showtimes.models import Showtime
from showtimes.offer import offered
from showtimes.price_rules import TicketType
from showtimes.serializers import CLOSES, MOVIE, OPENS, THEATER
from theaters.fields import AmountField, TheaterTimeField
from theaters.models import Seat
from theaters.serializers import ScreenSerializer, TheaterNameSerializer

from .access import access_key_of
from .customer import Contact
from .models import Booking, BookingLine, Ticket
from .quotes import Quote, find_promo_code, quote

CHOICE = {"showtime": 42, "seats": [501, 502], "promo_code": ""}
FOR_A_FAMILY = CHOICE | {"seats": [501, {"seat": 502, "type": "child"}]}
CONTACT = {"name": "Ada Byron", "email": "ada@example.com", "phone": ""}
LINES = [
    {
        "kind": "seat",
        "seat": 501,
        "type": "adult",
        "description": "Seat A1, Silver, Matinee −20 %",
        "reasons": [{"name": "Silver", "amount": "13.75"}, {"name": "Matinee", "amount": "-2.75"}],
        "amount": "11.00",
    },
    {
        "kind": "seat",
        "seat": 502,
        "type": "child",
        "description": "Seat A2, Silver, child, Children",
        "reasons": [{"name": "Silver", "amount": "13.75"}, {"name": "Children", "amount": "-2.75"}],
        "amount": "11.00",
    },
    {
        "kind": "fee",
        "seat": None,
        "type": "",
        "description": "Booking fee for 2 tickets",
        "reasons": [],
        "amount": "2.00",
    },
]
COST = {
    "currency": "EUR",
    "lines": LINES,
    "subtotal": "22.00",
    "discount": "0.00",
    "fees": "2.00",
    "tax": "3.83",
    "total": "24.00",
}
TICKET = {
    "code": "K5QWY3DPEBLW64TMMQQHO33SNQ",
    "seat": {"id": 501, "row": "A", "number": 1, "category": "Silver", "kind": "standard"},
    "type": "adult",
    "price": "11.00",
    "currency": "EUR",
    "status": "valid",
    "admitted_at": None,
    "qr": "http://127.0.0.1:8000/api/tickets/K5QWY3DPEBLW64TMMQQHO33SNQ/qr.png",
}
BOOKING = {
    "reference": "H7KQ3XMW",
    "status": "pending",
    "held_until": "2026-11-21T19:42:11+01:00",
    "showtime": {
        "id": 42,
        "starts_at": "2026-11-21T20:15:00+01:00",
        "ends_at": "2026-11-21T22:35:00+01:00",
        "admission_opens_at": "2026-11-21T19:45:00+01:00",
        "admission_closes_at": "2026-11-21T22:35:00+01:00",
        "movie": MOVIE,
        "theater": THEATER,
        "screen": {"id": 1, "name": "Screen 1", "kind": "imax"},
        "language": "de",
        "subtitles": "",
        "format": "2d",
        "status": "on_sale",
    },
    "contact": CONTACT,
    "promo_code": None,
    **COST,
    "amount_due_back": "0.00",
    "amount_added": "0.00",
    "tickets": [],
    "created_at": "2026-11-21T19:32:11+01:00",
    "confirmed_at": None,
    "cancelled_at": None,
    "paid_too_late_at": None,
    "alternative": None,
}
PAID_TOO_LATE = BOOKING | {
    "status": "expired",
    "paid_too_late_at": "2026-11-21T19:52:20+01:00",
    "alternative": {"showtime": 42, "seats": [503, {"seat": 504, "type": "child"}]},
}


class BookedShowtimeSerializer(serializers.ModelSerializer):
    starts_at = TheaterTimeField()
    ends_at = TheaterTimeField()
    admission_opens_at = TheaterTimeField(source="admission.opens_at", help_text=OPENS)
    admission_closes_at = TheaterTimeField(source="admission.closes_at", help_text=CLOSES)
    movie = MovieTitleSerializer()
    theater = TheaterNameSerializer()
    screen = ScreenSerializer()

    class Meta:
        model = Showtime
        fields = list(BOOKING["showtime"])


class ContactSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=200)
    email = serializers.EmailField()
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")


class ChosenSeatSerializer(serializers.Serializer):
    """A seat and for whom it is: `{"seat": 501, "type": "child"}`, or its id alone for an adult."""

    seat = serializers.IntegerField(
        min_value=1, max_value=BigIntegerField.MAX_BIGINT, help_text="Its id."
    )
    type = serializers.ChoiceField(choices=TicketType.choices, default=TicketType.ADULT)


@extend_schema_field(
    {
        "oneOf": [
            {"type": "integer", "minimum": 1, "description": "Its id; for an adult."},
            {
                "type": "object",
                "required": ["seat"],
                "properties": {
                    "seat": {"type": "integer", "minimum": 1, "description": "Its id."},
                    "type": {"enum": TicketType.values, "default": TicketType.ADULT.value},
                },
            },
        ]
    }
)
class ChosenSeatField(serializers.Field):
    """A seat by its id, or the same with a ticket type. Answers the id and the type."""

    serializer_class = ChosenSeatSerializer

    def to_internal_value(self, data):
        chosen = self.serializer_class()
        if isinstance(data, Mapping):
            chosen = chosen.run_validation(data)
            return chosen["seat"], chosen["type"]
        return chosen.fields["seat"].run_validation(data), TicketType.ADULT


@extend_schema_serializer(
    examples=[
        OpenApiExample("Two seats", CHOICE),
        OpenApiExample("One of them for a child", FOR_A_FAMILY),
    ]
)
class ChoiceSerializer(serializers.Serializer):
    """Seats of one showtime. Prices are never sent: they are worked out and frozen by us."""

    showtime = serializers.PrimaryKeyRelatedField(
        queryset=Showtime.objects.announced().select_related("movie", "screen__theater"),
        pk_field=serializers.IntegerField(),
        help_text="Its id.",
    )
    seats = serializers.ListField(
        child=ChosenSeatField(),
        allow_empty=False,
        max_length=settings.MAX_SEATS_PER_BOOKING,
        help_text="Ids from the seat map, each once, or seats with a ticket type.",
    )
    promo_code = serializers.CharField(
        max_length=40, required=False, allow_blank=True, default="", help_text="If there is one."
    )

    def validate_seats(self, chosen):
        if len({seat for seat, _ in chosen}) != len(chosen):
            raise serializers.ValidationError("A seat is named twice.", code="repeated")
        return chosen

    def validate(self, attrs):
        ticket_types = dict(attrs["seats"])
        return attrs | {"seats": list(ticket_types), "ticket_types": ticket_types}

    def quote(self) -> Quote:
        """
        What the choice costs. Raises SalesClosed, NotOfThisScreen, TooYoung, AmountNotPayable, and
        PromoCodeRefused also when the uses of the code are gone as it looks now.
        """
        choice = self.validated_data
        choice["showtime"].check_sales_are_open()
        code = find_promo_code(choice["promo_code"])
        seats = offered(choice["showtime"], choice["seats"])
        cost = quote(choice["showtime"], seats, code, choice["ticket_types"])
        cost.check_can_be_paid_online()
        if code:
            user = self.context["request"].user
            code.check_uses_are_left(user=user if user.is_authenticated else None, email="")
        return cost


@extend_schema_serializer(
    examples=[
        OpenApiExample("Signed in", CHOICE),
        OpenApiExample("With a child", FOR_A_FAMILY),
        OpenApiExample("As a guest", CHOICE | {"contact": CONTACT}),
    ],
    component_name="Booking",
)
class BookingRequestSerializer(ChoiceSerializer):
    """A guest says whom to write to; for people who are signed in the profile says it."""

    contact = ContactSerializer(required=False)
    replaces = serializers.CharField(
        max_length=8,
        required=False,
        help_text=(
            "The reference of your own hold for the same showtime, which is let go when this one "
            "succeeds. Guests show its access key."
        ),
    )

    def validate_replaces(self, reference):
        request = self.context["request"]
        mine = Booking.objects.in_hands_of(request.user, access_key=access_key_of(request))
        booking = mine.filter(reference=reference.upper()).select_related("showtime").first()
        if booking is None:
            raise serializers.ValidationError("You have no such booking.", code="does_not_exist")
        return booking

    def validate(self, attrs):
        attrs = super().validate(attrs)
        replaced = attrs.get("replaces")
        if replaced and replaced.showtime_id != attrs["showtime"].pk:
            raise serializers.ValidationError(
                {"replaces": ["That booking is for another showtime."]}, code="other_showtime"
            )
        if contact := attrs.get("contact"):
            return attrs | {"contact": Contact(**contact)}
        user = self.context["request"].user
        if not user.is_authenticated:
            raise serializers.ValidationError(
                {"contact": ["Guests must say whom to write to."]}, code="required"
            )
        contact = Contact(user.get_full_name(), user.email, user.phone)
        return attrs | {"contact": contact}


class ChosenLabelSerializer(ChosenSeatSerializer):
    seat = serializers.CharField(max_length=10)


class ChosenLabelField(ChosenSeatField):
    """A seat by its label, or the same with a ticket type."""

    serializer_class = ChosenLabelSerializer


class ByLabelSerializer(BookingRequestSerializer):
    """Seats by what is written on them, of the showtime that the address names."""

    showtime = None
    seats = serializers.ListField(
        child=ChosenLabelField(),
        required=False,
        allow_empty=False,
        max_length=settings.MAX_SEATS_PER_BOOKING,
    )
    seat_number = serializers.CharField(max_length=10, required=False)

    def validate_seats(self, chosen):
        return super().validate_seats(self._by_id(chosen))

    def validate_seat_number(self, label):
        return self._by_id([(label, TicketType.ADULT)])

    def validate(self, attrs):
        one = attrs.pop("seat_number", None)
        if bool(one) == ("seats" in attrs):
            raise serializers.ValidationError(
                {"seats": ["Name the seats here, or one as seat_number."]}, code="required"
            )
        showtime = self.context["showtime"]
        return super().validate({"seats": one} | attrs | {"showtime": showtime})

    def _by_id(self, chosen: list[tuple[str, str]]) -> list[tuple[int, str]]:
        seats = self.context["showtime"].screen.seats.filter(active=True)
        known = {seat.label.upper(): seat.pk for seat in seats}
        if strangers := [label for label, _ in chosen if label.upper() not in known]:
            raise serializers.ValidationError(
                f"Not seats of this showtime's screen: {', '.join(strangers)}.",
                code="not_of_this_screen",
            )
        return [(known[label.upper()], kind) for label, kind in chosen]


class ReasonSerializer(serializers.Serializer):
    name = serializers.CharField(help_text="The seat's category, then the name of each price rule.")
    amount = serializers.CharField(help_text="The category's price, then what each rule changed.")


class LineSerializer(serializers.ModelSerializer):
    """A line. The `reasons` of a seat's line add up to its amount; other lines have none."""

    type = serializers.ChoiceField(
        choices=TicketType.choices, allow_blank=True, help_text="Whom the seat is for."
    )
    reasons = ReasonSerializer(many=True)
    amount = AmountField()

    class Meta:
        model = BookingLine
        fields = ["kind", "seat", "type", "description", "reasons", "amount"]


class CostSerializer(serializers.Serializer):
    """
    Every line with its reason; the amounts of the lines add up to `total` exactly. `tax` is the tax
    in the total: of prices that include it, or the line of kind `tax` where they do not.
    """

    currency = serializers.CharField(read_only=True)
    lines = LineSerializer(many=True, read_only=True)
    subtotal = AmountField()
    discount = AmountField()
    fees = AmountField()
    tax = AmountField()
    total = AmountField()


@extend_schema_serializer(examples=[OpenApiExample("Two seats", COST)])
class QuoteSerializer(CostSerializer):
    pass


class TicketSeatSerializer(serializers.ModelSerializer):
    category = serializers.CharField(source="category.name")

    class Meta:
        model = Seat
        fields = ["id", "row", "number", "category", "kind"]


@extend_schema_serializer(examples=[OpenApiExample("A ticket", TICKET)])
class TicketSerializer(serializers.ModelSerializer):
    """An e-ticket. Its QR code holds `code`; `qr` is where its picture is."""

    seat = TicketSeatSerializer()
    price = AmountField()
    currency = serializers.CharField()
    admitted_at = TheaterTimeField(allow_null=True)
    qr = serializers.SerializerMethodField()

    class Meta:
        model = Ticket
        fields = list(TICKET)

    def get_qr(self, ticket) -> str:
        return self.context["request"].build_absolute_uri(f"/api/tickets/{ticket.code}/qr.png")


class AlternativeSerializer(serializers.Serializer):
    """The body of a request for other seats, to be sent to `/api/bookings/` as it is."""

    showtime = serializers.IntegerField()
    seats = serializers.ListField(child=ChosenSeatField())
    promo_code = serializers.CharField(required=False)
    contact = ContactSerializer(required=False)


@extend_schema_serializer(
    examples=[
        OpenApiExample("A booking, seats held", BOOKING),
        OpenApiExample("Paid too late", PAID_TOO_LATE),
    ]
)
class BookingSerializer(CostSerializer, serializers.ModelSerializer):
    """
    A booking. `pending`: the seats are held until `held_until`. `confirmed`: it has tickets.
    `expired`: the time to pay ran out. `cancelled`: the seats were given back.

    Where `paid_too_late_at` is set, money came when it could not buy the seats any more (the time
    had run out, they had been let go, the showtime was cancelled), and goes back by itself.
    `alternative` has then the nearest free seats at the same price, as the body of the next request
    for a hold; null without any, and in lists.
    """

    status = serializers.ChoiceField(choices=Booking.Status.choices, source="status_now")
    held_until = TheaterTimeField(allow_null=True)
    showtime = BookedShowtimeSerializer()
    contact = serializers.SerializerMethodField()
    promo_code = serializers.SlugRelatedField("code", read_only=True, allow_null=True)
    amount_due_back = AmountField(
        help_text="What cancelled and cheaper tickets entitle the customer to."
    )
    amount_added = AmountField(
        help_text="What was paid on top of `total`, for dearer seats in exchange."
    )
    tickets = TicketSerializer(many=True, source="issued_tickets")
    created_at = TheaterTimeField()
    confirmed_at = TheaterTimeField(allow_null=True)
    cancelled_at = TheaterTimeField(allow_null=True)
    paid_too_late_at = TheaterTimeField(allow_null=True)
    alternative = serializers.SerializerMethodField()

    class Meta:
        model = Booking
        fields = list(BOOKING)

    @extend_schema_field(AlternativeSerializer(allow_null=True))
    def get_alternative(self, booking):
        return None

    def get_contact(self, booking) -> ContactSerializer:
        return {
            "name": booking.contact_name,
            "email": booking.contact_email,
            "phone": booking.contact_phone,
        }


@extend_schema_serializer(
    examples=[
        OpenApiExample("Seats held", BOOKING | {"access_key": "wJalrXUtnFEMI7MDENGbPxRfiCYEX"})
    ]
)
class HeldBookingSerializer(BookingSerializer):
    """A booking as its maker gets it: with the key that opens it without signing in."""

    access_key = serializers.CharField(
        help_text="Opens this booking without signing in. Only ever shown here."
    )

    class Meta(BookingSerializer.Meta):
        fields = [*BookingSerializer.Meta.fields, "access_key"]
