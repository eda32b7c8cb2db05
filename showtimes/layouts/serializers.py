"""What the API says and hears about the layout of a screen."""

from django.core.exceptions import ValidationError as DjangoValidationError
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from theaters.fields import IdField, ShortListField
from theaters.layouts import (
    MOST_PLACES,
    MOST_ROWS,
    MOST_SEATS,
    Drawing,
    Numbering,
    Place,
    check_layout,
    drawing_of,
    drawn_seats,
    row_labels_of,
)
from theaters.models import Screen, Seat

from .changes import change_layout

TEXT = {
    "rows": ["ss ss", "", "ss ww"],
    "legend": {
        "s": {"category": 1, "kind": "standard"},
        "w": {"category": 1, "kind": "wheelchair"},
    },
    "row_labels": ["A", "", "B"],
    "numbering": "left_to_right",
}
SEATS = [
    {"id": 501, "row": "A", "number": 1, "x": 0.0, "y": 0.0, "category": 1, "kind": "standard"},
    {"id": 502, "row": "A", "number": 2, "x": 1.0, "y": 0.0, "category": 1, "kind": "standard"},
]
CURVED = [
    {"row": "A", "number": 1, "x": 0.0, "y": 0.25, "category": 1, "kind": "standard"},
    {"row": "A", "number": 2, "x": 1.0, "y": 0.0, "category": 1, "kind": "standard"},
]
ANSWER = {
    "version": 3,
    "rows": ["ss"],
    "legend": {"s": {"category": 1, "kind": "standard"}},
    "row_labels": ["A"],
    "numbering": "left_to_right",
    "seats": SEATS,
}


class PlaceSerializer(serializers.Serializer):
    """What a character stands for."""

    category = IdField()
    kind = serializers.ChoiceField(choices=Seat.Kind.choices, default=Seat.Kind.STANDARD)


class LegendField(serializers.DictField):
    """What each character of the rows stands for. A blank is always an aisle."""

    child = PlaceSerializer()
    default_error_messages = {
        "too_long": f"A legend has {MOST_PLACES} characters at most.",
        "character": "Each key is one character that can be seen, and no blank.",
    }

    def to_internal_value(self, data):
        if isinstance(data, dict):
            if len(data) > MOST_PLACES:
                self.fail("too_long")
            if not all(len(key) == 1 and key.isprintable() and key != " " for key in data):
                self.fail("character")
        return super().to_internal_value(data)


class PlacedSeatSerializer(serializers.ModelSerializer):
    """
    A seat and its place: `x` grows to the right and `y` away from the canvas, in seat widths. It is
    known by its row and number; an `id` is only read.
    """

    category = IdField(source="category_id")
    kind = serializers.ChoiceField(choices=Seat.Kind.choices, default=Seat.Kind.STANDARD)

    class Meta:
        model = Seat
        fields = list(SEATS[0])


@extend_schema_serializer(
    examples=[
        OpenApiExample("As text, with an aisle across", TEXT | {"version": 3}, request_only=True),
        OpenApiExample("As seats, in a curve", {"seats": CURVED}, request_only=True),
        OpenApiExample("Two seats", ANSWER, response_only=True),
    ]
)
class LayoutSerializer(serializers.Serializer):
    """
    A layout in one of two forms. As text: `rows`, the one at the canvas first, one character a
    place, a blank is an aisle, a blank row an aisle across; with a `legend`, and if they are not A,
    B, C… with `row_labels`, one for each row, empty for aisles. Or as `seats`.

    The answer has both. Where text cannot draw it (curved rows, odd numbering), `rows`, `legend`,
    `row_labels` and `numbering` are null.
    """

    version = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=0,
        help_text="Counts the changes. When sent: the layout is changed only if it is still this.",
    )
    rows = ShortListField(
        child=serializers.CharField(
            allow_blank=True, trim_whitespace=False, max_length=MOST_PLACES
        ),
        max_length=MOST_ROWS,
        required=False,
        allow_null=True,
    )
    legend = LegendField(required=False, allow_null=True)
    row_labels = ShortListField(
        child=serializers.CharField(allow_blank=True, max_length=4),
        max_length=MOST_ROWS,
        required=False,
        allow_null=True,
    )
    numbering = serializers.ChoiceField(
        choices=Numbering.choices,
        required=False,
        allow_null=True,
        help_text="From which side the seats of a row are counted: left_to_right if not sent.",
    )
    seats = ShortListField(
        child=PlacedSeatSerializer(), max_length=MOST_SEATS, required=False, allow_null=True
    )

    def validate(self, attrs):
        """Also the layout itself, as unsaved seats: `layout`."""
        form = [name for name in ("rows", "seats") if attrs.get(name) is not None]
        if len(form) != 1:
            raise serializers.ValidationError(
                {"rows": "Send either rows (with their legend) or seats."}, code="one_form"
            )
        [form] = form
        attrs["layout"] = self._drawn(attrs) if form == "rows" else self._placed(attrs)
        try:
            check_layout(attrs["layout"])
        except DjangoValidationError as error:
            raise serializers.ValidationError({form: error.messages}, code=error.code) from error
        return attrs

    def _placed(self, attrs) -> list[Seat]:
        categories = self._categories()
        unknown = {
            index: {"category": _no_category(seat["category_id"])}
            for index, seat in enumerate(attrs["seats"])
            if seat["category_id"] not in categories
        }
        if unknown:
            raise serializers.ValidationError({"seats": unknown}, code="does_not_exist")
        seats = [Seat(screen=self.context["screen"], **seat) for seat in attrs["seats"]]
        for seat in seats:
            seat.category = categories[seat.category_id]
        return seats

    def _drawn(self, attrs) -> list[Seat]:
        rows, legend = attrs["rows"], self._legend(attrs)
        drawing = Drawing(
            rows,
            legend,
            self._labels(rows, attrs.get("row_labels")),
            attrs.get("numbering") or Numbering.LEFT_TO_RIGHT,
        )
        for number, row in enumerate(rows, start=1):
            if unknown := set(row) - {" ", *legend}:
                raise serializers.ValidationError(
                    {"rows": f"Row {number}: the legend lacks {min(unknown)!r}."},
                    code="not_in_legend",
                )
        return drawn_seats(self.context["screen"], drawing)

    def _legend(self, attrs) -> dict[str, Place]:
        sent = attrs.get("legend")
        if sent is None:
            raise serializers.ValidationError({"legend": "Rows need one."}, code="required")
        categories = self._categories()
        unknown = {
            character: {"category": _no_category(place["category"])}
            for character, place in sent.items()
            if place["category"] not in categories
        }
        if unknown:
            raise serializers.ValidationError({"legend": unknown}, code="does_not_exist")
        return {
            character: Place(categories[place["category"]], place["kind"])
            for character, place in sent.items()
        }

    def _labels(self, rows, labels) -> list[str]:
        if labels is None:
            return row_labels_of(rows)
        if len(labels) != len(rows):
            raise serializers.ValidationError(
                {"row_labels": "One for each row, empty for an aisle across."}, code="invalid"
            )
        for number, (row, label) in enumerate(zip(rows, labels, strict=True), start=1):
            if row.strip(" ") and not label:
                raise serializers.ValidationError(
                    {"row_labels": f"Row {number} has seats, so it needs a label."}, code="blank"
                )
        return labels

    def _categories(self) -> dict:
        return self.context["screen"].theater.seat_categories.in_bulk()

    def update(self, screen: Screen, validated_data) -> Screen:
        """Raises what `change_layout` does."""
        change_layout(screen, validated_data["layout"], version=validated_data.get("version"))
        screen.refresh_from_db(fields=["layout_version"])
        return screen

    def to_representation(self, screen: Screen):
        seats = list(screen.seats.filter(active=True).select_related("category"))
        return {"version": screen.layout_version} | self.both_forms(seats)

    def both_forms(self, seats: list[Seat]) -> dict:
        """How text draws `seats` of this screen (see `drawing_of`), and each of them."""
        return _text(drawing_of(self.context["screen"], seats)) | {"seats": _listed(seats)}


def _no_category(pk) -> list[str]:
    return [f"This theater has no seat category {pk}."]


def _text(drawing: Drawing | None) -> dict:
    if drawing is None:
        return dict.fromkeys(("rows", "legend", "row_labels", "numbering"))
    legend = {
        character: {"category": place.category.pk, "kind": place.kind}
        for character, place in drawing.legend.items()
    }
    return drawing._asdict() | {"legend": legend}


def _listed(seats) -> list[dict]:
    return [
        {
            "id": seat.pk,
            "row": seat.row,
            "number": seat.number,
            "x": seat.x,
            "y": seat.y,
            "category": seat.category_id,
            "kind": seat.kind,
        }
        for seat in seats
    ]
