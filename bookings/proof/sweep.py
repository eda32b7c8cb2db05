"""Whether a seat is sold twice: what the database says, whoever wrote it."""

from collections import defaultdict
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from bookings.models import Booking, BookingLine, Ticket
from showtimes.models import Showtime, TakenSeat


@transaction.atomic
def double_sales(showtime: Showtime) -> set[tuple[int, frozenset[UUID]]]:
    """Each seat of `showtime` that is several people's at this moment, with whose it is."""
    _look_at_one_moment()
    holders = defaultdict(set)
    for seat, holder in _claims(showtime):
        holders[seat].add(holder)
    return {(seat, frozenset(them)) for seat, them in holders.items() if len(them) > 1}


def _look_at_one_moment():
    """
    From here on the database shows what is there now. The clock is read only after that: a hold
    that lapses, and is taken over, between the two would count for both.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT 1")


def _claims(showtime: Showtime):
    """
    Seats and who has them: as the seats say it, as the bookings that are held now say it, and as
    the tickets say it.
    """
    taken = TakenSeat.objects.live().filter(showtime=showtime)
    held = Booking.objects.held_now().filter(showtime=showtime, lines__kind=BookingLine.Kind.SEAT)
    sold = Ticket.objects.valid().filter(booking__showtime=showtime)
    return (
        taken.order_by()
        .values_list("seat_id", "holder")
        .union(
            held.order_by().values_list(F("lines__seat_id"), "pk"),
            sold.order_by().values_list("seat_id", "booking_id"),
        )
    )
