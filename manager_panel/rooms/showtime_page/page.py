"""What the page of a showtime begins with: the hall, and where everything is to be asked."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from showtimes.models import SeatBlock, Showtime, TakenSeat
from theaters.models import Seat

from ...admin.columns import local
from ..room import Room
from .now import shown

PLACE = ("id", "row", "number", "x", "y", "kind", "category")
# Stands in an address for the reference of a booking.
ANY = "REFERENCE"


class ShowtimeRoom(Room):
    """Who sits where, and what is to be done about it."""

    template_name = "manager_panel/showtime_page.html"
    title = "Seats and bookings"
    script = "manager_panel/showtime_page/main.js"
    style = "manager_panel/showtime_page/page.css"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        showtime = context["original"]
        starts = local(showtime.starts_at, showtime.theater.zone)
        return context | {"starts": starts, "kinds": SeatBlock.Kind.choices}

    def facts(self, showtime):
        theater = showtime.theater
        return {
            "seats": _seats(showtime),
            "categories": {
                one.pk: {"name": one.name, "colour": one.colour}
                for one in theater.seat_categories.all()
            },
            "zone": theater.timezone,
            "shown": shown(showtime),
            # By the theater's clocks, as fields of forms write it.
            "starts": f"{showtime.starts_at.astimezone(theater.zone):%Y-%m-%dT%H:%M}",
            "startsAt": showtime.starts_at.isoformat(),
            "addresses": _addresses(showtime),
        }


def _seats(showtime: Showtime) -> list[list]:
    """The seats of the hall, and those that were taken out of it after they were sold."""
    gone = TakenSeat.objects.live().filter(showtime=showtime, seat=OuterRef("pk"))
    seats = Seat.objects.filter(Q(active=True) | Exists(gone), screen=showtime.screen_id)
    return [list(seat) for seat in seats.order_by("y", "x", "pk").values_list(*PLACE)]


def _addresses(showtime: Showtime) -> dict[str, str]:
    here = [showtime.pk]
    names = ("now", "block", "free", "cancel", "find")
    return {
        **{name: reverse(f"admin:showtime_{name}", args=here) for name in names},
        "booking": reverse("admin:showtime_booking", args=[*here, ANY]),
        "admin": reverse("admin:bookings_booking_changelist"),
        "attention": reverse("admin:payments_refund_changelist", query={"attention": "yes"}),
    }
