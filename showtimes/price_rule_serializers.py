"""What the API says and hears about price rules."""

from copy import copy

from django.core.exceptions import ValidationError as Refused
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.fields import get_error_detail

from movies.models import Movie
from theaters.models import Screen, SeatCategory

from .models import Showtime
from .price_rules import PriceRule, TicketType, Weekday
from .price_words import in_words

TO_WRITE = {
    "name": "Matinee",
    "position": 10,
    "active": True,
    "final": False,
    "weekdays": [0, 1, 2, 3],
    "starts_from": "10:00",
    "starts_until": "17:00",
    "days_before_min": None,
    "days_before_max": None,
    "ticket_types": [],
    "category": None,
    "movie": None,
    "screen_kinds": [],
    "formats": [],
    "valid_from": None,
    "valid_until": None,
    "effect": "percent",
    "value": "-20.000",
}
RULE = {
    "id": 7,
    "theater": 1,
    **TO_WRITE,
    "in_words": "Monday, Tuesday, Wednesday, Thursday, from 10:00 to 17:00: 20 % off.",
}
FAMILY_3D = {"name": "3D", "formats": ["3d", "imax_3d"], "effect": "amount", "value": "3.00"}


class SomeOf(serializers.ListField):
    """Some of `choices`, each once, in their own order; none means any."""

    def __init__(self, *, choices, **kwargs):
        super().__init__(child=serializers.ChoiceField(choices=choices), required=False, **kwargs)

    def to_internal_value(self, data):
        chosen = super().to_internal_value(data)
        return [key for key in self.child.choices if key in chosen]


# OpenAPI's format `time` is RFC 3339's, which has a time zone; these go by the theater's clock.
@extend_schema_field({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"})
class ClockTimeField(serializers.TimeField):
    """A time of day to the minute, as clocks on walls show it: 18:30."""

    def __init__(self, **kwargs):
        super().__init__(format="%H:%M", input_formats=["%H:%M"], **kwargs)


@extend_schema_serializer(
    examples=[
        OpenApiExample("A matinee", RULE, response_only=True),
        OpenApiExample("A matinee", TO_WRITE, request_only=True),
        OpenApiExample("A surcharge", FAMILY_3D, request_only=True),
    ]
)
class PriceRuleSerializer(serializers.ModelSerializer):
    """
    A change of the price, with its reason. An empty condition always holds; those that are given
    must all hold. Days are cinema days (03:00 to 02:59) by the theater's clock.
    """

    weekdays = SomeOf(choices=Weekday.choices, help_text="0 is Monday.")
    ticket_types = SomeOf(choices=TicketType.choices)
    screen_kinds = SomeOf(choices=Screen.Kind.choices)
    formats = SomeOf(choices=Showtime.Format.choices)
    category = serializers.PrimaryKeyRelatedField(
        queryset=SeatCategory.objects.all(),
        pk_field=serializers.IntegerField(),
        allow_null=True,
        required=False,
        help_text="The id of one of the theater's.",
    )
    movie = serializers.PrimaryKeyRelatedField(
        queryset=Movie.objects.all(),
        pk_field=serializers.IntegerField(),
        allow_null=True,
        required=False,
    )
    starts_from = ClockTimeField(allow_null=True, required=False, help_text="The earliest start.")
    starts_until = ClockTimeField(
        allow_null=True, required=False, help_text="Starts before then; may be after midnight."
    )
    in_words = serializers.SerializerMethodField(help_text="What it does, for people.")

    class Meta:
        model = PriceRule
        fields = list(RULE)
        read_only_fields = ["id", "theater"]

    def get_in_words(self, rule) -> str:
        return in_words(rule)

    def validate(self, attrs):
        rule = copy(self.instance) or PriceRule(theater=self.context["theater"])
        for name, value in attrs.items():
            setattr(rule, name, value)
        try:
            rule.clean()
        except Refused as error:
            raise serializers.ValidationError(get_error_detail(error)) from error
        return attrs

    def update(self, rule, changes):
        """Writes what was sent, and nothing else."""
        for name, value in changes.items():
            setattr(rule, name, value)
        rule.save(update_fields=list(changes))
        return rule
