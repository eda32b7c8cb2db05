"""
My bookings as the API lists them: plain dictionaries, because everybody looks at theirs again and
again. `BookingSerializer` describes them in the schema.

Which bookings a page has is asked first, with how many there are; all that is said of them is one
statement more, in which their lines and tickets come as JSON.
"""

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.conf import settings
from django.db import connection
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from movies.listing import JSONList
from pictures.fields import PictureLinks
from showtimes import timetable
from showtimes.statements import ONE, CountUpTo, Statement, moment_of
from theaters.admission import admission
from theaters.currencies import decimals

from .models import Booking, BookingLine, Ticket
from .models.booking import has_run_out

OWN = [
    *("id", "reference", "status", "held_until", "contact_name", "contact_email"),
    *("contact_phone", "promo_code__code", "currency", "subtotal", "discount", "fees", "tax"),
    *("total", "amount_due_back", "amount_added", "created_at", "confirmed_at", "cancelled_at"),
    "paid_too_late_at",
]
DOORS = [f"screen__theater__admission_{when}_minutes" for when in ("opens", "closes")]
SHOWTIME = [
    *("id", "starts_at", "ends_at", "language", "subtitles", "format", "status"),
    *timetable.FILM,
    timetable.POSTER,
    *timetable.SCREEN,
    *timetable.THEATER,
    *DOORS,
]
LINE = ["kind", "seat", "type", "description", "reasons", "amount"]
TICKET = ["code", "type", "price", "status", "admitted_at"]
SEAT = {
    "id": "seat",
    "row": "seat__row",
    "number": "seat__number",
    "category": "seat__category__name",
    "kind": "seat__kind",
}
NEWEST_FIRST = ["-created_at", "-pk"]
MOMENTS = ["held_until", "created_at", "confirmed_at", "cancelled_at", "paid_too_late_at"]
AMOUNTS = ["subtotal", "discount", "fees", "tax", "total", "amount_due_back", "amount_added"]

DECODE = json.JSONDecoder(parse_float=Decimal).decode

Link = Callable[[str], str]


class BookingList:
    """
    Bookings for a paginator that takes a page and the total in one look: `rows`, in their order.
    The total is settings.MOST_COUNTED at most. `link` makes a whole address of a path.
    """

    def __init__(self, rows: QuerySet, link: Link):
        self.rows = rows
        self.link = link

    def window(self, start: int, stop: int) -> tuple[list[tuple], int]:
        """What is read of those from place `start` to before `stop`, and how many are in all."""
        ids = self._ids(start, stop)
        found = {row[0]: row for row in DETAILS.rows_of(ids)}
        return [found[pk] for pk in ids if pk in found], max(ids.values(), default=0)

    def narrowed(self, change: Callable[[QuerySet], QuerySet]) -> "BookingList":
        """Those that `change` leaves of them."""
        return BookingList(change(self.rows), self.link)

    def entries(self, read: list[tuple]) -> list[dict]:
        """The bookings that were `read`, each with all that the API says of it."""
        pictures, tickets = PictureLinks(self.link), self.link("/api/tickets/")
        return [_entry(row, pictures, tickets) for row in read]

    def _ids(self, start, stop) -> dict:
        """The ids as the driver reads them, each with how many there are in all."""
        as_read = partial(Booking._meta.pk.get_db_prep_value, connection=connection)
        return {as_read(pk): total for pk, total in _with_total(self.rows)[start:stop]}


class MyBookings(BookingList):
    """All that `user` made while signed in, the newest first."""

    def __init__(self, user, link: Link):
        self.user = user
        self.link = link

    @property
    def rows(self) -> QuerySet:
        return Booking.objects.owned_by(self.user).order_by(*NEWEST_FIRST)

    def _ids(self, start, stop):
        return dict(MINE.window(self.user.pk, start, stop))


def _mine() -> QuerySet:
    return _with_total(Booking.objects.filter(user=ONE).order_by(*NEWEST_FIRST))


def _with_total(bookings: QuerySet) -> QuerySet:
    counted = bookings.order_by().values("pk")[: settings.MOST_COUNTED]
    return bookings.values_list("pk", CountUpTo(counted))


def _details() -> QuerySet:
    lines = BookingLine.objects.filter(booking=OuterRef("pk")).order_by("position")
    tickets = Ticket.objects.filter(booking=OuterRef("pk")).order_by("pk")
    return Booking.objects.order_by().values_list(
        *OWN,
        *(f"showtime__{name}" for name in SHOWTIME),
        JSONList(lines.values(json=_object(*LINE))),
        JSONList(tickets.values(json=_object(*TICKET, **SEAT))),
    )


def _object(*names: str, **others: str) -> JSONObject:
    return JSONObject(**dict(zip(names, names, strict=True)), **others)


MINE, DETAILS = Statement(_mine), Statement(_details)


def _entry(row: tuple, pictures: PictureLinks, address: str) -> dict:
    own = dict(zip(OWN, row, strict=False))
    showtime = dict(zip(SHOWTIME, row[len(OWN) :], strict=False))
    lines, tickets = DECODE(row[-2] or "[]"), DECODE(row[-1] or "[]")
    zone, places = showtime["screen__theater__timezone"], decimals(own["currency"])
    moments = {name: timetable.local(own[name] and moment_of(own[name]), zone) for name in MOMENTS}
    amounts = {name: timetable.amount(own[name], places) for name in AMOUNTS}
    return {
        "reference": own["reference"],
        "status": _status_now(own),
        "held_until": moments["held_until"],
        "showtime": _showtime(showtime, pictures, zone),
        "contact": {
            "name": own["contact_name"],
            "email": own["contact_email"],
            "phone": own["contact_phone"],
        },
        "promo_code": own["promo_code__code"],
        "currency": own["currency"],
        "lines": [_line(line, places) for line in lines],
        **amounts,
        "tickets": [
            _ticket(one, own["currency"], zone, address) for one in tickets if own["confirmed_at"]
        ],
        "created_at": moments["created_at"],
        "confirmed_at": moments["confirmed_at"],
        "cancelled_at": moments["cancelled_at"],
        "paid_too_late_at": moments["paid_too_late_at"],
        "alternative": None,
    }


def _status_now(own: dict) -> str:
    """As `Booking.status_now` has it."""
    until = own["held_until"] and moment_of(own["held_until"])
    return Booking.Status.EXPIRED if has_run_out(own["status"], until) else own["status"]


def _showtime(row: dict, pictures: PictureLinks, zone: str) -> dict:
    starts_at, ends_at = moment_of(row["starts_at"]), moment_of(row["ends_at"])
    opens, closes = (row[name] for name in DOORS)
    let_in = admission(starts_at, ends_at, opens_minutes=opens, closes_minutes=closes)
    return {
        "id": row["id"],
        "starts_at": timetable.local(starts_at, zone),
        "ends_at": timetable.local(ends_at, zone),
        **timetable.doors(let_in, zone),
        "movie": timetable.film(row, pictures),
        "theater": timetable.theater(row),
        "screen": timetable.screen(row),
        "language": row["language"],
        "subtitles": row["subtitles"],
        "format": row["format"],
        "status": row["status"],
    }


def _line(line: dict, places: int) -> dict:
    reasons = line["reasons"]
    return {
        "kind": line["kind"],
        "seat": line["seat"],
        "type": line["type"],
        "description": line["description"],
        # SQLite keeps JSON as text.
        "reasons": json.loads(reasons) if isinstance(reasons, str) else reasons,
        "amount": timetable.amount(line["amount"], places),
    }


def _ticket(ticket: dict, currency: str, zone: str, address: str) -> dict:
    return {
        "code": ticket["code"],
        "seat": {name: ticket[name] for name in SEAT},
        "type": ticket["type"],
        "price": timetable.amount(ticket["price"], decimals(currency)),
        "currency": currency,
        "status": ticket["status"],
        "admitted_at": timetable.local(_moment(ticket["admitted_at"]), zone),
        "qr": f"{address}{ticket['code']}/qr.png",
    }


def _moment(text: str | None) -> datetime | None:
    return text and moment_of(datetime.fromisoformat(text))
