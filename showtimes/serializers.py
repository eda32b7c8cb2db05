"""What the API says about showtimes."""

from django.db.models import BigIntegerField
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from movies.serializers import MovieTitleSerializer
from pictures.serializers import picture_example
from theaters.models import Screen, Seat, SeatCategory
from theaters.serializers import ScreenSerializer, TheaterNameSerializer

from .models import CLOSED_SENTENCES, Showtime

SLOT = {
    "id": 42,
    "starts_at": "2026-11-21T20:15:00+01:00",
    "ends_at": "2026-11-21T22:48:00+01:00",
    "local_date": "2026-11-21",
    "local_time": "20:15",
    "screen": {"id": 1, "name": "Screen 1", "kind": "imax"},
    "language": "de",
    "subtitles": "",
    "format": "2d",
    "preview": False,
    "status": "on_sale",
    "currency": "EUR",
    "price_from": "11.00",
    "price_to": "16.50",
    "seats_total": 300,
    "seats_left": 212,
    "almost_sold_out": False,
    "sold_out": False,
    "sales_from": None,
    "sales_until": None,
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
CATEGORY = {"id": 1, "name": "Silver", "colour": "#8fa3bf", "rank": 0}
DOORS = {
    "admission_opens_at": "2026-11-21T19:45:00+01:00",
    "admission_closes_at": "2026-11-21T22:48:00+01:00",
}
DETAIL = SHOWTIME | {
    **DOORS,
    "advert_minutes": 20,
    "cleaning_minutes": 15,
    "prices": [{"category": CATEGORY, "amount": "11.00", "own": False}],
}
OPENS = "From when tickets are let in, as the theater's rule has it now."
CLOSES = "Until when: `ends_at`, unless the theater closes the doors before."
SEAT_STATUSES = ["free", "taken"]
ON_DAY = {"date": "2026-11-21", "dates": ["2026-11-21", "2026-11-22"]}


class SalesSerializer(serializers.Serializer):
    open = serializers.BooleanField()
    reason = serializers.ChoiceField(
        choices=["", *CLOSED_SENTENCES], help_text="Why nothing is sold now; empty while open."
    )


class SlotSerializer(serializers.ModelSerializer):
    """
    A showtime below its film or its theater. This and what is made of it is for the schema only:
    `showtimes.timetable` builds the answers.
    """

    starts_at = serializers.DateTimeField(help_text="When the adverts begin.")
    ends_at = serializers.DateTimeField(help_text="When the screen is clean again.")
    local_date = serializers.DateField(
        help_text="The cinema day, 03:00 to 02:59: of the 00:30 show it is the evening before."
    )
    local_time = serializers.CharField(help_text="When it starts by the theater's clocks, 20:15.")
    screen = ScreenSerializer()
    currency = serializers.CharField()
    price_from = serializers.DecimalField(12, 3, allow_null=True)
    price_to = serializers.DecimalField(12, 3, allow_null=True)
    seats_total = serializers.IntegerField()
    seats_left = serializers.IntegerField()
    almost_sold_out = serializers.BooleanField(help_text="A tenth of its seats or fewer are left.")
    sold_out = serializers.BooleanField()
    sales_from = serializers.DateTimeField(allow_null=True)
    sales_until = serializers.DateTimeField(
        allow_null=True, help_text="null: until the showtime starts."
    )
    sales = SalesSerializer()

    class Meta:
        model = Showtime
        fields = list(SLOT)


@extend_schema_serializer(examples=[OpenApiExample("A showtime", SHOWTIME)])
class ShowtimeSerializer(SlotSerializer):
    """A showtime with its film and its theater. Times carry the theater's own UTC offset."""

    movie = MovieTitleSerializer()
    theater = TheaterNameSerializer()

    class Meta:
        model = Showtime
        fields = list(SHOWTIME)


class CategorySerializer(serializers.ModelSerializer):
    class Meta:
        model = SeatCategory
        fields = list(CATEGORY)


class CategoryPriceSerializer(serializers.Serializer):
    category = CategorySerializer()
    amount = serializers.DecimalField(12, 3, help_text="Before price rules.")
    own = serializers.BooleanField(help_text="Set for this showtime; else the category's default.")


@extend_schema_serializer(examples=[OpenApiExample("A showtime", DETAIL)])
class ShowtimeDetailSerializer(ShowtimeSerializer):
    """A showtime with the hours of its doors and the price of each category that its screen has."""

    admission_opens_at = serializers.DateTimeField(help_text=OPENS)
    admission_closes_at = serializers.DateTimeField(help_text=CLOSES)
    prices = CategoryPriceSerializer(many=True)

    class Meta:
        model = Showtime
        fields = list(DETAIL)


class TheaterWithShowtimesSerializer(TheaterNameSerializer):
    date = serializers.DateField(help_text="The cinema day, by this theater's clocks.")
    showtimes = SlotSerializer(many=True)

    class Meta(TheaterNameSerializer.Meta):
        fields = [*TheaterNameSerializer.Meta.fields, "date", "showtimes"]


class MovieWithShowtimesSerializer(MovieTitleSerializer):
    showtimes = SlotSerializer(many=True)

    class Meta(MovieTitleSerializer.Meta):
        fields = [*MovieTitleSerializer.Meta.fields, "showtimes"]


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A day of a film",
            ON_DAY | {"theaters": [THEATER | {"date": "2026-11-21", "showtimes": [SLOT]}]},
        )
    ]
)
class MovieDaySerializer(serializers.Serializer):
    """A film on one cinema day, and the days of the next 60 on which it runs."""

    date = serializers.DateField(
        allow_null=True, help_text="The day that was asked for; null: each theater's own today."
    )
    dates = serializers.ListField(child=serializers.DateField())
    theaters = TheaterWithShowtimesSerializer(many=True)


@extend_schema_serializer(
    examples=[
        OpenApiExample("A day of a theater", ON_DAY | {"movies": [MOVIE | {"showtimes": [SLOT]}]})
    ]
)
class TheaterDaySerializer(serializers.Serializer):
    """A theater on one cinema day, and the days of the next 60 on which something runs there."""

    date = serializers.DateField(help_text="The day that was asked for, or the theater's today.")
    dates = serializers.ListField(child=serializers.DateField())
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
    price = serializers.DecimalField(
        max_digits=12, decimal_places=3, help_text="What an adult pays now."
    )
    prices = serializers.DictField(
        child=serializers.DecimalField(max_digits=12, decimal_places=3),
        help_text="By ticket type: adult, and those that a price rule names.",
    )


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
                    {
                        "id": 1,
                        "name": "Silver",
                        "colour": "#8fa3bf",
                        "rank": 0,
                        "price": "11.00",
                        "prices": {"adult": "11.00", "child": "8.00"},
                    }
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
