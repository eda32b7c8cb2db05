"""What the API says about showtimes."""

from django.db.models import BigIntegerField
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from movies.serializers import MovieTitleSerializer
from pictures.serializers import picture_example
from theaters.currencies import decimals
from theaters.fields import TheaterTimeField
from theaters.models import Screen, Seat
from theaters.serializers import ScreenSerializer, TheaterNameSerializer

from .models import CLOSED_SENTENCES, Showtime

SLOT = {
    "id": 42,
    "starts_at": "2026-11-21T20:15:00+01:00",
    "ends_at": "2026-11-21T22:35:00+01:00",
    "screen": {"id": 1, "name": "Screen 1", "kind": "imax"},
    "language": "de",
    "subtitles": "",
    "format": "2d",
    "status": "on_sale",
    "currency": "EUR",
    "price_from": "11.00",
    "price_to": "16.50",
    "seats_total": 300,
    "seats_left": 212,
    "almost_sold_out": False,
    "sold_out": False,
    "sales": {"open": True, "reason": ""},
}
MOVIE = {
    "id": 3,
    "title": "The Lighthouse Keeper's Radio",
    "duration_minutes": 118,
    "certificate": "FSK 12",
    "poster": picture_example("posters"),
}
THEATER = {
    "id": 1,
    "name": "Lux",
    "city": "Berlin",
    "timezone": "Europe/Berlin",
    "currency": "EUR",
}
SHOWTIME = {"id": 42, "movie": MOVIE, "theater": THEATER} | SLOT
SEAT_STATUSES = ["free", "taken"]
ON_DAY = {"date": "2026-11-21", "dates": ["2026-11-21", "2026-11-22"]}


class SalesSerializer(serializers.Serializer):
    open = serializers.BooleanField()
    reason = serializers.ChoiceField(
        choices=["", *CLOSED_SENTENCES], help_text="Why nothing is sold now; empty while open."
    )


class SlotSerializer(serializers.ModelSerializer):
    """A showtime below its film or its theater. Needs `figures` (showtimes.sales)."""

    starts_at = TheaterTimeField()
    ends_at = TheaterTimeField()
    screen = ScreenSerializer()
    currency = serializers.CharField(source="theater.currency")
    price_from = serializers.SerializerMethodField()
    price_to = serializers.SerializerMethodField()
    seats_total = serializers.IntegerField(source="figures.seats_total")
    seats_left = serializers.IntegerField(source="figures.seats_left")
    almost_sold_out = serializers.BooleanField(source="figures.almost_sold_out")
    sold_out = serializers.BooleanField(source="figures.sold_out")
    sales = serializers.SerializerMethodField()

    class Meta:
        model = Showtime
        fields = list(SLOT)

    @extend_schema_field({"type": "string", "format": "decimal", "nullable": True})
    def get_price_from(self, showtime):
        return self._price(showtime, showtime.figures.price_from)

    @extend_schema_field({"type": "string", "format": "decimal", "nullable": True})
    def get_price_to(self, showtime):
        return self._price(showtime, showtime.figures.price_to)

    @extend_schema_field(SalesSerializer)
    def get_sales(self, showtime):
        reason = showtime.closed_because()
        return {"open": not reason, "reason": reason}

    def _price(self, showtime, amount):
        return None if amount is None else f"{amount:.{decimals(showtime.theater.currency)}f}"


@extend_schema_serializer(examples=[OpenApiExample("A showtime", SHOWTIME)])
class ShowtimeSerializer(SlotSerializer):
    """A showtime with its film and its theater. Times carry the theater's own UTC offset."""

    movie = MovieTitleSerializer()
    theater = TheaterNameSerializer()

    class Meta:
        model = Showtime
        fields = list(SHOWTIME)


class OnDaySerializer(serializers.Serializer):
    """The answer for one cinema day, and the days from today on that have showtimes."""

    date = serializers.DateField(
        allow_null=True, help_text="The day that was asked for; null: each theater's own today."
    )
    dates = serializers.ListField(child=serializers.DateField())


class TheaterWithShowtimesSerializer(TheaterNameSerializer):
    showtimes = SlotSerializer(many=True, source="showtimes_of_day")

    class Meta(TheaterNameSerializer.Meta):
        fields = [*TheaterNameSerializer.Meta.fields, "showtimes"]


class MovieWithShowtimesSerializer(MovieTitleSerializer):
    showtimes = SlotSerializer(many=True, source="showtimes_of_day")

    class Meta(MovieTitleSerializer.Meta):
        fields = [*MovieTitleSerializer.Meta.fields, "showtimes"]


@extend_schema_serializer(
    examples=[
        OpenApiExample("A day of a film", ON_DAY | {"theaters": [THEATER | {"showtimes": [SLOT]}]})
    ]
)
class MovieDaySerializer(OnDaySerializer):
    theaters = TheaterWithShowtimesSerializer(many=True)


@extend_schema_serializer(
    examples=[
        OpenApiExample("A day of a theater", ON_DAY | {"movies": [MOVIE | {"showtimes": [SLOT]}]})
    ]
)
class TheaterDaySerializer(OnDaySerializer):
    movies = MovieWithShowtimesSerializer(many=True)


class SeatsQuerySerializer(serializers.Serializer):
    showtime = serializers.IntegerField(
        min_value=1, max_value=BigIntegerField.MAX_BIGINT, help_text="Its id."
    )


class MappedCategorySerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    colour = serializers.CharField(help_text="As in #c0ffee.")
    rank = serializers.IntegerField(help_text="The best has the highest.")
    price = serializers.DecimalField(max_digits=12, decimal_places=3)


class MappedSeatSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    row = serializers.CharField()
    number = serializers.IntegerField()
    x = serializers.FloatField(help_text="To the right, in seat widths.")
    y = serializers.FloatField(help_text="Away from the canvas, in seat widths.")
    kind = serializers.ChoiceField(choices=Seat.Kind.choices)
    category = serializers.IntegerField()
    price = serializers.DecimalField(max_digits=12, decimal_places=3)
    status = serializers.ChoiceField(choices=SEAT_STATUSES)


class MappedScreenSerializer(serializers.ModelSerializer):
    class Meta:
        model = Screen
        fields = ["id", "name", "kind"]


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Two seats",
            {
                "showtime": 42,
                "screen": {"id": 1, "name": "Screen 1", "kind": "imax"},
                "currency": "EUR",
                "categories": [
                    {"id": 1, "name": "Silver", "colour": "#8fa3bf", "rank": 0, "price": "11.00"}
                ],
                "seats": [
                    {
                        "id": 501,
                        "row": "A",
                        "number": 1,
                        "x": 0.0,
                        "y": 0.0,
                        "kind": "standard",
                        "category": 1,
                        "price": "11.00",
                        "status": "free",
                    },
                    {
                        "id": 502,
                        "row": "A",
                        "number": 2,
                        "x": 1.0,
                        "y": 0.0,
                        "kind": "standard",
                        "category": 1,
                        "price": "11.00",
                        "status": "taken",
                    },
                ],
            },
        )
    ]
)
class SeatMapSerializer(serializers.Serializer):
    """For the schema only: `showtimes.seat_map` builds the answer."""

    showtime = serializers.IntegerField()
    screen = MappedScreenSerializer()
    currency = serializers.CharField()
    categories = MappedCategorySerializer(many=True)
    seats = MappedSeatSerializer(many=True)


@extend_schema_serializer(examples=[OpenApiExample("Two are gone", {"taken": [502, 503]})])
class AvailabilitySerializer(serializers.Serializer):
    taken = serializers.ListField(child=serializers.IntegerField())
