"""The seat-map editor: a hall is drawn here, and saved by the rules of `screens/{id}/layout/`."""

from django.urls import reverse
from rest_framework.response import Response

from showtimes.layouts.changes import by_showtime, sold_places
from showtimes.layouts.foresight import Foresight, foresee
from showtimes.layouts.serializers import LayoutSerializer
from theaters.layouts import MOST_PLACES, MOST_ROWS, MOST_SEATS
from theaters.models import Screen, Seat, Theater
from theaters.seat_labels import short_labels

from ..admin.columns import money
from .room import Room, RoomData


class SeatMapRoom(Room):
    """Where the hall is drawn."""

    template_name = "manager_panel/seat_map.html"
    title = "Seat plan"
    script = "manager_panel/seat_map/main.js"
    style = "manager_panel/seat_map/editor.css"

    def facts(self, screen):
        return {
            "screen": {"id": screen.pk, "name": screen.name},
            "layout": LayoutSerializer(screen, context={"screen": screen}).data,
            "categories": _categories(screen.theater),
            "kinds": Seat.Kind.values,
            "sold": sold_places(screen),
            "others": _others(screen),
            "most": {"rows": MOST_ROWS, "places": MOST_PLACES, "seats": MOST_SEATS},
            "addresses": _addresses(screen),
        }


def _categories(theater: Theater) -> list[dict]:
    return [
        {
            "id": one.pk,
            "name": one.name,
            "colour": one.colour,
            "price": money(one.default_price, theater.currency),
        }
        for one in theater.seat_categories.all()
    ]


def _others(screen: Screen) -> list[dict]:
    """The theater's other screens that have seats, and where their layouts are to be had."""
    others = Screen.objects.filter(theater=screen.theater_id).exclude(pk=screen.pk)
    return [
        {
            "name": other.name,
            "seats": other.seats_total,
            "layout": reverse("layout", args=[other.pk]),
        }
        for other in others.with_seat_counts().filter(seats_total__gt=0)
    ]


def _addresses(screen: Screen) -> dict[str, str]:
    here = [screen.pk]
    return {
        "layout": reverse("layout", args=here),
        "save": reverse("admin:seat_map_save", args=here),
        "check": reverse("admin:seat_map_check", args=here),
        "showtime": reverse("admin:showtimes_showtime_change", args=[0]),
        "categories": reverse("admin:theaters_seatcategory_changelist"),
    }


class SeatMapSave(RoomData):
    """Replaces the layout, as PUT to `screens/{id}/layout/` does."""

    def post(self, request, **kwargs):
        asked = LayoutSerializer(self.row, data=request.data, context={"screen": self.row})
        asked.is_valid(raise_exception=True)
        asked.save()
        return Response(asked.data | {"sold": sold_places(self.row)})


class SeatMapCheck(RoomData):
    """
    Reads a layout in either form and says how the other form puts it, and what saving it would do.
    Changes nothing.
    """

    def post(self, request, **kwargs):
        asked = LayoutSerializer(self.row, data=request.data, context={"screen": self.row})
        asked.is_valid(raise_exception=True)
        seats = asked.validated_data["layout"]
        effect = _effect(foresee(self.row, seats))
        return Response(
            {
                "layout": asked.both_forms(seats),
                "effect": effect,
                "sold": sold_places(self.row),
            }
        )


def _effect(seen: Foresight) -> dict:
    named = ("added", "dropped", "changed", "moved", "moved_sold")
    counted = ("coming", "on_sale", "tickets")
    return {
        **{name: _seats(getattr(seen, name)) for name in named},
        **{name: getattr(seen, name) for name in counted},
        "lost": by_showtime(seen.lost),
        "unblocked": by_showtime(seen.unblocked),
    }


def _seats(seats: list[Seat]) -> dict:
    return {"count": len(seats), "labels": short_labels(seats)}
