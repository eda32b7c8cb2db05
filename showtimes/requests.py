"""What managers send about showtimes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError as Invalid
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from movies.models import Movie
from theaters.currencies import rounded, what_is_payable
from theaters.models import Screen, SeatCategory, Theater

from . import planning
from .models import Price, Showtime

# How the systems that Marquee replaces call `starts_at`.
OLD_NAMES = ("date_and_time", "date_time")
LOCAL_TIME = "ISO 8601. Without an offset it is the theater's local time."
MOMENTS = ("starts_at", "sales_from", "sales_until")
PLAN = {
    "movie": 3,
    "screen": 1,
    "starts_at": "2026-11-21T20:15",
    "language": "de",
    "format": "imax",
    "status": "on_sale",
    "prices": [{"category": 1, "amount": "12.50"}],
}
CHANGES = {
    "Put it on sale": {"status": "on_sale"},
    "A quarter of an hour later": {"starts_at": "2026-11-21T20:30:00+01:00"},
    "Other prices": {"prices": [{"category": 1, "amount": "9.00"}]},
}


class LocalTimeField(serializers.DateTimeField):
    """A date and a time; what has no offset stays without one, until the theater is known."""

    def to_internal_value(self, value):
        if isinstance(value, str) and not {"T", "t", " "} & set(value):
            self.fail("invalid", format="2026-11-21T20:15")
        moment = super().to_internal_value(value)
        if not 1900 <= moment.year < 3000:
            self.fail("invalid", format="2026-11-21T20:15")
        return moment

    def enforce_timezone(self, value):
        return value


def by_the_clock(moment: datetime, zone: ZoneInfo) -> datetime:
    """
    `moment` in UTC; without an offset it is read off the clocks of `zone`. What they show twice is
    the first of the two; what they skip raises ValidationError.
    """
    if moment.tzinfo:
        return moment.astimezone(UTC)
    there = moment.replace(tzinfo=zone).astimezone(UTC)
    if there.astimezone(zone).replace(tzinfo=None) != moment:
        raise serializers.ValidationError(
            f"The clocks of {zone} skip that time.", code="no_such_time"
        )
    return there


class PriceSerializer(serializers.ModelSerializer):
    """What a category costs at this showtime, in the theater's currency."""

    category = serializers.PrimaryKeyRelatedField(
        queryset=SeatCategory.objects.all(),
        pk_field=serializers.IntegerField(),
        help_text="The id of one of the theater's categories.",
    )

    class Meta:
        model = Price
        fields = ["category", "amount"]

    def validate(self, price):
        # A PATCH may leave out what it likes, but no half of a price.
        if missing := [name for name in self.Meta.fields if name not in price]:
            raise serializers.ValidationError(
                {name: [ErrorDetail("This field is required.", "required")] for name in missing}
            )
        return price


@extend_schema_serializer(examples=[OpenApiExample("On sale at once", PLAN)])
class PlanSerializer(serializers.ModelSerializer):
    """A showtime as its managers plan it. When it ends follows from film, adverts and cleaning."""

    movie = serializers.PrimaryKeyRelatedField(
        queryset=Movie.objects.all(), pk_field=serializers.IntegerField(), help_text="Its id."
    )
    screen = serializers.PrimaryKeyRelatedField(
        queryset=Screen.objects.none(),
        pk_field=serializers.IntegerField(),
        help_text="The id of a screen in a theater that you manage.",
    )
    starts_at = LocalTimeField(help_text=f"When the adverts begin; {LOCAL_TIME}")
    sales_from = LocalTimeField(
        required=False, allow_null=True, help_text=f"null: as soon as it is on sale. {LOCAL_TIME}"
    )
    sales_until = LocalTimeField(
        required=False, allow_null=True, help_text=f"null: until it starts. {LOCAL_TIME}"
    )
    language = serializers.CharField(
        max_length=10, required=False, help_text="Heard, as a BCP 47 tag; else the film's own."
    )
    prices = PriceSerializer(
        many=True,
        required=False,
        max_length=50,
        help_text="Where they are not the category's own. Replaced as a whole when sent.",
    )

    class Meta:
        model = Showtime
        fields = [
            *("movie", "screen", "starts_at", "advert_minutes", "cleaning_minutes"),
            *("language", "subtitles", "format", "preview"),
            *("status", "sales_from", "sales_until", "prices"),
        ]

    def get_fields(self):
        fields = super().get_fields()
        if request := self.context.get("request"):
            own = Theater.objects.managed_by(request.user)
            screens = Screen.objects.filter(theater__in=own).select_related("theater")
            fields["screen"].queryset = screens
        return fields

    def to_internal_value(self, data):
        if isinstance(data, Mapping) and "starts_at" not in data:
            old = [name for name in OLD_NAMES if name in data]
            data = {**data, "starts_at": data[old[0]]} if old else data
        return super().to_internal_value(data)

    def validate_status(self, status):
        if status == Showtime.Status.CANCELLED:
            raise serializers.ValidationError(
                "planned or on_sale. To cancel a showtime is to give customers their money back: "
                "POST to its cancel/.",
                code="invalid_choice",
            )
        return status

    def validate(self, attrs):
        screen = attrs.get("screen") or self.instance.screen
        for name in MOMENTS:
            if attrs.get(name):
                attrs[name] = self._moment(name, attrs[name], screen.theater.zone)
        self._check_prices(attrs.get("prices", []), screen.theater)
        return attrs

    def create(self, plan):
        prices = plan.pop("prices", [])
        return self._tried(planning.plan, Showtime(**plan), prices=prices)

    def update(self, showtime, changes):
        return self._tried(planning.replan, showtime, **changes)

    def _tried(self, change, *args, **kwargs):
        try:
            return change(*args, **kwargs)
        except Invalid as error:
            raise serializers.ValidationError(serializers.as_serializer_error(error)) from error

    def _moment(self, name, moment, zone):
        try:
            return by_the_clock(moment, zone)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({name: error.detail}) from error

    def _check_prices(self, prices, theater):
        seen, errors = set(), []
        for price in prices:
            errors.append(_errors_of(price, theater, seen))
            seen.add(price["category"])
        if any(errors):
            raise serializers.ValidationError({"prices": errors})


def _errors_of(price: dict, theater: Theater, before: set[SeatCategory]) -> dict:
    """What is wrong with a price, by field; `before` are the categories that have one already."""
    category, amount, currency = price["category"], price["amount"], theater.currency
    errors = {}
    if category.theater_id != theater.pk:
        errors["category"] = [ErrorDetail(f"Not a category of {theater}.", "not_of_this_theater")]
    elif category in before:
        errors["category"] = [ErrorDetail(f"{category.name} is named twice.", "repeated")]
    if amount != rounded(amount, currency):
        sentence = what_is_payable(currency)
        errors["amount"] = [ErrorDetail(sentence, "max_decimal_places")]
    return errors
