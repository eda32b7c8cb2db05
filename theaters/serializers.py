"""What the API says and hears about places."""

from django.core.exceptions import ValidationError as DjangoValidationError
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from accounts.models import Role, User
from pictures.serializers import PictureField, picture_example

from .admission import check_there_is_time
from .currencies import check_is_money
from .fields import IdField, PriceField, RowsField
from .models import Amenity, Screen, Seat, SeatCategory, Theater
from .saving import SavesWhatWasSent

PLACE = {
    "id": 1,
    "name": "Lux",
    "slug": "lux",
    "address": "Kantstr. 12",
    "city": "Berlin",
    "postal_code": "10623",
    "country": "DE",
    "latitude": "52.505600",
    "longitude": "13.323100",
    "timezone": "Europe/Berlin",
    "currency": "EUR",
    "image": picture_example("theaters"),
    "amenities": ["Bar", "Step-free access"],
}
SUMMARY = PLACE | {"distance_km": 1.4}
RULES = {
    "phone": "+49 30 5550101",
    "email": "hello@lux.example",
    "legal_name": "Lux Kino GmbH",
    "tax_id": "DE123456789",
    "invoice_prefix": "LUX",
    "booking_fee": "1.00",
    "tax_rate": "19.000",
    "prices_include_tax": True,
    "cancellation_cutoff_minutes": 60,
    "cancellation_refund_percent": "100.00",
    "cancellation_returns_fee": True,
    "refuses_lonely_seats": False,
    "admission_opens_minutes": 30,
    "admission_closes_minutes": None,
}
DETAIL = PLACE | RULES | {"managers": [7], "screens": [{"id": 1, "name": "One", "kind": "imax"}]}
NEW = {name: value for name, value in DETAIL.items() if name not in ("id", "image", "screens")}
SCREEN = {
    "id": 1,
    "theater": 1,
    "name": "Screen 1",
    "kind": "imax",
    "layout_version": 3,
    "seats": {"total": 212, "standard": 200, "wheelchair": 4, "companion": 4, "couple": 4},
}
CATEGORY = {
    "id": 2,
    "theater": 1,
    "name": "Gold",
    "colour": "#d4af37",
    "default_price": "14.50",
    "currency": "EUR",
    "rank": 1,
}


def examples(title: str, answer: dict, *sent: str) -> list[OpenApiExample]:
    """The example of an answer, and that of a body with the fields `sent` of it."""
    body = {name: answer[name] for name in sent}
    return [
        OpenApiExample(title, body, request_only=True),
        OpenApiExample(title, answer, response_only=True),
    ]


@extend_schema_serializer(examples=examples("An amenity", {"id": 1, "name": "Bar"}, "name"))
class AmenitySerializer(SavesWhatWasSent):
    class Meta:
        model = Amenity
        fields = ["id", "name"]


class ScreenSerializer(serializers.ModelSerializer):
    """A screen where something else is the subject."""

    class Meta:
        model = Screen
        fields = ["id", "name", "kind"]


class AmenitiesField(RowsField):
    """The names of what a theater offers."""

    def __init__(self, **kwargs):
        child = serializers.CharField(max_length=60)
        super().__init__(queryset=Amenity.objects.all(), by="name", child=child, **kwargs)


@extend_schema_serializer(examples=[OpenApiExample("A theater in a list", SUMMARY)])
class TheaterSummarySerializer(serializers.ModelSerializer):
    """`distance_km` as the crow flies from `near`; null without it, or without coordinates."""

    image = PictureField(allow_null=True, required=False)
    amenities = AmenitiesField()
    distance_km = serializers.SerializerMethodField()

    class Meta:
        model = Theater
        fields = list(SUMMARY)

    def get_distance_km(self, theater) -> float | None:
        distance = getattr(theater, "distance", None)
        return None if distance is None else round(distance, 1)


@extend_schema_serializer(
    examples=[
        OpenApiExample("A new theater", NEW, request_only=True),
        OpenApiExample("A theater, as an admin sees it", DETAIL, response_only=True),
    ]
)
class TheaterSerializer(SavesWhatWasSent):
    """
    A theater with its screens, its fee for each ticket, and its rules for cancelling and for the
    door. Amounts are in its `currency`. `managers` is for admins only.
    """

    image = PictureField(allow_null=True, required=False)
    amenities = AmenitiesField(required=False)
    booking_fee = PriceField(required=False, help_text="Per ticket.")
    managers = RowsField(
        queryset=User.objects.filter(role=Role.MANAGER),
        by="pk",
        child=IdField(),
        required=False,
        help_text="Ids of users whose role is manager. Only admins see and change this.",
    )
    screens = ScreenSerializer(many=True, read_only=True)

    class Meta:
        model = Theater
        fields = list(DETAIL)

    def to_representation(self, theater):
        shown = super().to_representation(theater)
        if not self._for_admin():
            del shown["managers"]
        return shown

    def validate(self, attrs):
        self._check_is_theirs_to_change(attrs)
        self._check_is_not_fixed(attrs)
        self._check_money(attrs)
        self._check_doors(attrs)
        return attrs

    def _for_admin(self) -> bool:
        return getattr(self.context["request"].user, "role", None) == Role.ADMIN

    def _check_is_theirs_to_change(self, attrs):
        if not self._for_admin():
            sentence = "Only an admin changes this."
            self._refuse(attrs, Theater.OF_THE_CHAIN, sentence, code="not_yours_to_change")

    def _check_is_not_fixed(self, attrs):
        if self.instance:
            sentence = "Bookings or invoices were made with this: it stays."
            self._refuse(attrs, self.instance.fixed_fields(), sentence, code="fixed")

    def _refuse(self, attrs, fields, sentence, *, code):
        errors = {name: sentence for name in fields if self._is_changed(attrs, name)}
        if errors:
            raise serializers.ValidationError(errors, code=code)

    def _is_changed(self, attrs, name) -> bool:
        if name not in attrs:
            return False
        if name == "managers":
            return set(attrs[name]) != set(self.instance.managers.all())
        return attrs[name] != getattr(self.instance, name)

    def _check_money(self, attrs):
        currency = attrs.get("currency") or self.instance.currency
        if self.instance and currency != self.instance.currency:
            attributed_to("currency", self.instance.check_prices_are_payable_in, currency)
        fee = attrs.get("booking_fee", getattr(self.instance, "booking_fee", None))
        attributed_to("booking_fee", check_is_money, fee, currency)

    def _check_doors(self, attrs):
        names = "admission_opens_minutes", "admission_closes_minutes"
        minutes = (attrs.get(name, getattr(self.instance, name, None)) for name in names)
        attributed_to(names[1], check_there_is_time, *minutes)


def attributed_to(field: str, check, *values):
    """Run `check`; what it raises is said of `field`."""
    try:
        check(*values)
    except DjangoValidationError as error:
        raise serializers.ValidationError({field: error.messages}, code=error.code) from error


class TheaterNameSerializer(serializers.ModelSerializer):
    """A theater where something else is the subject."""

    class Meta:
        model = Theater
        fields = ["id", "name", "city", "timezone", "currency"]


class OfATheaterSerializer(SavesWhatWasSent):
    """Something that a theater has several of, each with a name of its own."""

    @property
    def theater(self) -> Theater:
        return self.instance.theater if self.instance else self.context["view"].theater

    def validate_name(self, name):
        others = self.Meta.model.objects.filter(theater=self.theater, name=name)
        if self.instance:
            others = others.exclude(pk=self.instance.pk)
        if others.exists():
            raise serializers.ValidationError("This theater has one of that name.", code="unique")
        return name


class SeatCountsSerializer(serializers.Serializer):
    """How many seats there are to sell, in all and of each kind."""

    total = serializers.IntegerField()
    vars().update({kind: serializers.IntegerField() for kind in Seat.Kind.values})


@extend_schema_serializer(examples=examples("A screen", SCREEN, "name", "kind"))
class ScreenWithSeatsSerializer(OfATheaterSerializer):
    """A screen with the number of its seats; its layout has an address of its own."""

    seats = serializers.SerializerMethodField()

    class Meta:
        model = Screen
        fields = list(SCREEN)
        read_only_fields = ["theater", "layout_version"]
        validators = []

    def get_seats(self, screen) -> SeatCountsSerializer:
        return {name: getattr(screen, f"seats_{name}", 0) for name in ("total", *Seat.Kind.values)}


@extend_schema_serializer(
    examples=examples("A category", CATEGORY, "name", "colour", "default_price", "rank")
)
class SeatCategorySerializer(OfATheaterSerializer):
    """
    What its seats cost where a showtime has no price of its own, in the theater's currency. What
    was booked keeps its price.
    """

    default_price = PriceField()
    currency = serializers.CharField(read_only=True)

    class Meta:
        model = SeatCategory
        fields = list(CATEGORY)
        read_only_fields = ["theater"]
        validators = []

    def validate_default_price(self, amount):
        check_is_money(amount, self.theater.currency)
        return amount
