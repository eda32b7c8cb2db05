"""Seats that somebody wants, as they stand now: what they cost before rules, and whose they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from .models import SeatsTaken, Showtime


class NotOfThisScreen(ValidationError):
    """Some of the ids are no seats of the showtime's hall, or are used no more."""

    default_code = "not_of_this_screen"

    def __init__(self, strangers: Iterable[int]):
        named = ", ".join(map(str, strangers))
        super().__init__(
            {"seats": [f"Not seats of this showtime's screen: {named}."]}, code=self.default_code
        )


@dataclass(frozen=True, slots=True)
class OfferedSeat:
    """
    A seat at a showtime. `price` is its category's there, before price rules; `holder` is who has
    it, None while it is free.
    """

    pk: int
    row: str
    number: int
    kind: str
    category_id: int
    category_name: str
    price: Decimal
    holder: UUID | None

    @property
    def label(self) -> str:
        """What is written on the seat: A1."""
        return f"{self.row}{self.number}"


# In SQL, which takes a quarter of what the ORM does: every hold begins with it.
SEATS = """
    SELECT seat.id, seat."row", seat.number, seat.kind, seat.category_id, category.name,
           coalesce(own.amount, category.default_price), taken.holder
    FROM theaters_seat seat
    JOIN theaters_seatcategory category ON category.id = seat.category_id
    LEFT JOIN showtimes_price own
         ON own.category_id = seat.category_id AND own.showtime_id = %s
    LEFT JOIN showtimes_takenseat taken ON taken.seat_id = seat.id AND taken.showtime_id = %s
         AND (taken.held_until IS NULL OR taken.held_until > %s)
    WHERE seat.id IN ({ids}) AND seat.screen_id = %s AND seat.active
"""


def offered(showtime: Showtime, wanted: Iterable[int]) -> list[OfferedSeat]:
    """
    The seats with the ids `wanted`, in that order. One query, which locks nothing: whether they can
    be had, `Showtime.take` decides. Raises NotOfThisScreen.
    """
    wanted = list(wanted)
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    sql = SEATS.format(ids=", ".join(["%s"] * len(wanted)))
    with connection.cursor() as cursor:
        cursor.execute(sql, [showtime.pk, showtime.pk, now, *wanted, showtime.screen_id])
        found = {row[0]: _seat(row) for row in cursor.fetchall()}
    if strangers := [pk for pk in wanted if pk not in found]:
        raise NotOfThisScreen(strangers)
    return [found[pk] for pk in wanted]


def _seat(row: tuple) -> OfferedSeat:
    *place, price, holder = row
    # SQLite has neither decimals nor UUIDs.
    return OfferedSeat(*place, Decimal(str(price)), UUID(str(holder)) if holder else None)


def check_free(seats: Iterable[OfferedSeat], *, holder: UUID | None = None):
    """
    Raises SeatsTaken if one of `seats` was gone, to somebody else than `holder`, when it was looked
    up. In a crowd most are too late, and are told before they lock anything.
    """
    if lost := [seat for seat in seats if seat.holder not in (None, holder)]:
        raise SeatsTaken(lost)
