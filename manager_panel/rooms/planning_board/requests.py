"""What the board sends. What a showtime is, showtimes.requests knows."""

from datetime import UTC, timedelta

from rest_framework import serializers

from showtimes.bulk_prices import Amounts, Choice
from showtimes.copying import DAY, WEEK
from showtimes.models import Showtime
from showtimes.price_rules import Weekday
from showtimes.requests import PlanSerializer
from theaters.currencies import is_payable, what_is_payable
from theaters.fields import IdField, PriceField, RowsField, ShortListField

LONGEST_PERIOD = timedelta(days=92)
FURTHEST = timedelta(days=400)
MOST_TARGETS = {DAY: 62, WEEK: 8}


class DayField(serializers.DateField):
    """A cinema day with a day before and after it."""

    def to_internal_value(self, value):
        day = super().to_internal_value(value)
        if not 2000 <= day.year < 2200:
            self.fail("invalid", format="2026-11-21")
        return day


class DaySerializer(serializers.Serializer):
    day = DayField()


class FilmsSerializer(serializers.Serializer):
    q = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    longest = serializers.IntegerField(
        min_value=0, max_value=10_000, required=False, allow_null=True, default=None
    )


class SeenSerializer(serializers.Serializer):
    """Where the showtime was on the board of whoever moves it."""

    movie = IdField()
    screen = IdField()
    starts_at = serializers.DateTimeField(default_timezone=UTC)

    def validate(self, seen):
        # What may leave out a field of the showtime may leave out none of these.
        if missing := [name for name in self.fields if name not in seen]:
            raise serializers.ValidationError(dict.fromkeys(missing, "This field is required."))
        return seen


class BoardPlanSerializer(PlanSerializer):
    """A showtime of the board's theater; `seen` guards against those who were faster."""

    seen = SeenSerializer(required=False)

    class Meta(PlanSerializer.Meta):
        fields = [*PlanSerializer.Meta.fields, "seen"]

    def get_fields(self):
        fields = super().get_fields()
        screens = fields["screen"].queryset.filter(theater=self.context["theater"])
        fields["screen"].queryset = screens
        return fields

    def validate_seen(self, seen):
        return seen["movie"], seen["screen"], seen["starts_at"]

    def create(self, plan):
        plan.pop("seen", None)
        return super().create(plan)


class SaleSerializer(serializers.Serializer):
    """Some showtimes of the board's theater, and what shall become of them."""

    status = serializers.ChoiceField([Showtime.Status.ON_SALE, Showtime.Status.PLANNED])

    def get_fields(self):
        own = Showtime.objects.filter(screen__theater=self.context["theater"])
        field = RowsField(queryset=own, by="pk", child=IdField(), max_length=500, allow_empty=False)
        return super().get_fields() | {"showtimes": field}


class CopySerializer(serializers.Serializer):
    """A day or a week, and the days on which it begins again."""

    first = DayField()
    days = serializers.ChoiceField([DAY, WEEK])
    to = ShortListField(child=DayField(), max_length=max(MOST_TARGETS.values()), allow_empty=False)
    status = serializers.ChoiceField(
        [Showtime.Status.PLANNED, Showtime.Status.ON_SALE], default=Showtime.Status.PLANNED
    )

    def validate(self, attrs):
        first, to = attrs["first"], attrs["to"]
        if len(set(to)) > (most := MOST_TARGETS[attrs["days"]]):
            raise serializers.ValidationError({"to": f"Not more than {most} at once."})
        if first in to:
            raise serializers.ValidationError({"to": "It cannot be copied onto itself."})
        if max(to) - self.context["theater"].today() > FURTHEST:
            raise serializers.ValidationError({"to": "That is more than a year away."})
        if max(to) - min(to) > FURTHEST:
            raise serializers.ValidationError({"to": "These days are more than a year apart."})
        return attrs


class CategoryPriceSerializer(serializers.Serializer):
    category = IdField()
    amount = PriceField(allow_null=True, help_text="null: the category's own price again.")


class PricesSerializer(serializers.Serializer):
    """Which showtimes, and what their categories shall cost."""

    first = DayField()
    last = DayField()
    movie = IdField(required=False, allow_null=True, default=None)
    weekdays = ShortListField(
        child=serializers.ChoiceField(Weekday.choices), max_length=7, required=False, default=list
    )
    starts_from = serializers.TimeField(required=False, allow_null=True, default=None)
    prices = CategoryPriceSerializer(many=True, allow_empty=False, max_length=50)

    def get_fields(self):
        own = self.context["theater"].screens
        screens = RowsField(queryset=own, by="pk", child=IdField(), required=False, default=list)
        return super().get_fields() | {"screens": screens}

    def validate(self, attrs):
        if attrs["last"] < attrs["first"]:
            raise serializers.ValidationError({"last": "That is before the first day."})
        if attrs["last"] - attrs["first"] > LONGEST_PERIOD:
            raise serializers.ValidationError({"last": "Not more than three months at once."})
        return attrs

    def validate_prices(self, prices):
        theater = self.context["theater"]
        categories = {one.pk: one for one in theater.seat_categories.all()}
        amounts = {}
        for price in prices:
            category = categories.get(price["category"])
            if category is None:
                raise serializers.ValidationError(f"Not a category of {theater}.")
            if price["amount"] is not None and not is_payable(price["amount"], theater.currency):
                raise serializers.ValidationError(what_is_payable(theater.currency))
            amounts[category] = price["amount"]
        return amounts

    @property
    def choice(self) -> Choice:
        found = self.validated_data
        return Choice(
            theater=self.context["theater"],
            first=found["first"],
            last=found["last"],
            movie_id=found["movie"],
            screens=tuple(found["screens"]),
            weekdays=tuple(found["weekdays"]),
            starts_from=found["starts_from"],
        )

    @property
    def amounts(self) -> Amounts:
        return self.validated_data["prices"]
