"""What all addresses of the page have in common."""

from bookings.models import Booking

from ..room import RoomData
from .now import now_of


class ShowtimeData(RoomData):
    """
    About the showtime `self.row`. `self.bookings` are those that whoever asks may see, of all their
    theaters; none for who may not see bookings at all.
    """

    def initial(self, request, *args, model_admin, **kwargs):
        super().initial(request, *args, model_admin=model_admin, **kwargs)
        pages = model_admin.admin_site.get_model_admin(Booking)
        self.bookings = pages.get_queryset(request)

    def stands(self) -> dict:
        """How the showtime stands after what was done."""
        self.row.refresh_from_db(fields=["status", "cancelled_at", "cancellation_reason"])
        return now_of(self.row, self.bookings)
