"""Who holds seats, and how many of them one person may keep from others without paying."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q

from showtimes.models import Showtime

from .models import Booking, BookingLine, TooManyHolds


class Contact(NamedTuple):
    """Whom to write to about a booking."""

    name: str = ""
    email: str = ""
    phone: str = ""


@dataclass
class Customer:
    """A signed-in `user`, or a guest (None), who is known by the e-mail address of `contact`."""

    user: Any
    contact: Contact

    def wait_for_turn(self):
        """
        One transaction at a time for each customer, who could otherwise hold more than is allowed
        by asking twice at once. Others are not waited for. On SQLite all writers take turns.
        """
        if connection.vendor == "postgresql":
            name = f"user {self.user.pk}" if self.user else f"guest {self.contact.email.lower()}"
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"holds of {name}"]
                )

    def check_may_hold(self, showtime: Showtime, seats: int):
        """Raises TooManyHolds if `seats` more of `showtime` are too many. See the settings."""
        seat_lines = Count("lines", filter=Q(lines__kind=BookingLine.Kind.SEAT))
        mine = Booking.objects.held_now().made_by(user=self.user, email=self.contact.email)
        held = list(mine.order_by().values_list("pk", "showtime_id").annotate(seats=seat_lines))
        if len(held) >= (most := settings.MAX_PENDING_BOOKINGS):
            raise TooManyHolds(
                f"You hold {most} unpaid bookings already. Pay for one of them, or let it go."
            )
        of_showtime = sum(count for _, of, count in held if of == showtime.pk)
        if of_showtime + seats > (most := settings.MAX_HELD_SEATS_PER_SHOWTIME):
            raise TooManyHolds(
                f"One person may hold {most} seats of a showtime at once; you hold {of_showtime}."
            )
