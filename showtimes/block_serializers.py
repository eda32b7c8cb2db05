"""What the API says and hears about seats that managers block."""

from django.core.exceptions import ValidationError as Refused
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from rest_framework.fields import get_error_detail

from theaters.fields import IdField, ShortListField, TheaterTimeField
from theaters.layouts import MOST_SEATS
from theaters.models import Seat

from .models import SeatBlock

TO_WRITE = {
    "seats": [501, 502],
    "kind": "house",
    "note": "For the director's family",
    "freed_minutes_before": 60,
}
BLOCK = TO_WRITE | {
    "id": "0b0f3c5e-6a43-4f6e-9d0f-2f5c1b7a9e11",
    "showtime": 42,
    "seats": [
        {"id": 501, "row": "A", "number": 1, "blocked": True},
        {"id": 502, "row": "A", "number": 2, "blocked": True},
    ],
    "freed_at": "2026-11-21T19:15:00+01:00",
    "created_by": "max",
    "created_at": "2026-11-20T11:02:45+01:00",
}


@extend_schema_serializer(
    examples=[
        OpenApiExample("House seats", TO_WRITE),
        OpenApiExample("A broken seat", {"seats": [517], "kind": "broken", "note": "Armrest"}),
    ],
    component_name="Block",
)
class BlockRequestSerializer(serializers.ModelSerializer):
    """Seats of one showtime that are not for sale, and why."""

    seats = ShortListField(
        child=IdField(),
        allow_empty=False,
        max_length=MOST_SEATS,
        help_text="Ids from the seat map, each once. Changed: those left out are free at once.",
    )

    class Meta:
        model = SeatBlock
        fields = list(TO_WRITE)

    def validate_seats(self, wanted):
        if len(set(wanted)) != len(wanted):
            raise serializers.ValidationError("A seat is named twice.", code="repeated")
        seats = self._seats_that_may_be_blocked().in_bulk(wanted)
        if strangers := [str(pk) for pk in wanted if pk not in seats]:
            raise serializers.ValidationError(
                f"Not seats of this showtime's screen: {', '.join(strangers)}.",
                code="not_of_this_screen",
            )
        return list(seats.values())

    def _seats_that_may_be_blocked(self):
        showtime = self.instance.showtime if self.instance else self.context["showtime"]
        return Seat.objects.filter(screen=showtime.screen_id, active=True)

    def create(self, asked):
        seats = asked.pop("seats")
        by = self.context["request"].user
        block = SeatBlock(showtime=self.context["showtime"], created_by=by, **asked)
        self._tried(block.put_on, seats)
        return block

    def update(self, block, changes):
        self._tried(block.change, **changes)
        return block

    def _tried(self, change, *args, **kwargs):
        try:
            change(*args, **kwargs)
        except Refused as error:
            raise serializers.ValidationError(get_error_detail(error)) from error


class BlockedSeatSerializer(serializers.ModelSerializer):
    blocked = serializers.BooleanField(help_text="Whether it still is: else it was freed.")

    class Meta:
        model = Seat
        fields = list(BLOCK["seats"][0])


@extend_schema_serializer(examples=[OpenApiExample("House seats", BLOCK)])
class BlockSerializer(serializers.ModelSerializer):
    """A block with its seats: whoever shows it gives it `seats_now`, by `with_seats_now`."""

    seats = BlockedSeatSerializer(many=True, source="seats_now")
    freed_at = TheaterTimeField(
        allow_null=True, help_text="When its seats are free again. null: never."
    )
    created_by = serializers.SlugRelatedField(
        slug_field="username", read_only=True, allow_null=True, help_text="A username."
    )
    created_at = TheaterTimeField()

    class Meta:
        model = SeatBlock
        fields = ["id", "showtime", *list(TO_WRITE), "freed_at", "created_by", "created_at"]
