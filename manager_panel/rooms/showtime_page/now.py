"""How a showtime stands at this moment, in a constant number of queries."""

from collections import Counter

from django.db.models import QuerySet
from django.utils import timezone

from bookings.models import Booking, BookingLine, Exchange, Swap, Ticket
from showtimes.models import CLOSED_SENTENCES, SeatBlock, Showtime, TakenSeat
from showtimes.price_rules import TicketType
from theaters.models import Seat

from ...admin.columns import local, money
from ...figures import count_money
from .progress import progress_of

TAKEN = ("seat_id", "seat__active", "holder", "held_until", "reason")


def now_of(showtime: Showtime, bookings: QuerySet) -> dict:
    """
    Each seat that is gone and why, with who has it, for those `bookings` that may be seen; the
    figures; and how far calling it off has come, if it is cancelled.
    """
    taken = (
        TakenSeat.objects.live().filter(showtime=showtime).order_by("seat_id").values_list(*TAKEN)
    )
    seats, counts = Seats(showtime).said(list(taken))
    holders = bookings.filter(showtime=showtime, status__in=["pending", "confirmed"])
    known = _known(holders)
    for seat in seats.values():
        if "booking" in seat:
            seat["booking"] = known.get(seat["booking"], {}).get("reference")
    return {
        "status": showtime.status,
        "closed": CLOSED_SENTENCES.get(showtime.closed_because(), ""),
        "shown": shown(showtime),
        "seats": seats,
        "bookings": {one.pop("reference"): one for one in map(dict, known.values())},
        "blocks": _blocks(showtime),
        "figures": _figures(showtime, counts),
        "calling_off": progress_of(showtime),
    }


def shown(showtime: Showtime) -> str:
    """What the page shows of it from the beginning: it begins anew when this is another."""
    film, screen, starts_at = showtime.place
    return f"{film} {screen} {showtime.screen.layout_version} {starts_at.isoformat()}"


class Seats:
    """What is to be said of the seats of `showtime` that are gone."""

    def __init__(self, showtime: Showtime):
        self.showtime, self.zone = showtime, showtime.theater.zone
        self.tickets = _by_place(
            Ticket.objects.valid().filter(booking__showtime=showtime),
            *("booking_id", "seat_id", "type", "paid", "admitted_at"),
        )
        held = Booking.objects.held_now().filter(showtime=showtime)
        self.lines = _by_place(
            BookingLine.objects.filter(kind=BookingLine.Kind.SEAT, booking__in=held.order_by()),
            *("booking_id", "seat_id", "type", "amount"),
        )
        waiting = Exchange.objects.pending().filter(
            booking__showtime=showtime, held_until__gt=timezone.now()
        )
        self.swaps = _by_place(
            Swap.objects.filter(exchange__in=waiting.order_by()),
            *("exchange_id", "seat_id", "exchange__booking_id", "old_ticket__type", "paid"),
        )

    def said(self, taken: QuerySet) -> tuple[dict, Counter]:
        """By the seat's id, and how many of which state there are of those in the hall."""
        seats, counts = {}, Counter()
        for pk, active, holder, until, reason in taken:
            seat = self._seat(pk, holder, until, reason)
            seats[str(pk)] = seat
            counts.update([seat["state"]] * active)
            counts.update(["admitted"] * bool(active and seat.get("admitted")))
        return seats, counts

    def _seat(self, pk, holder, until, reason) -> dict:
        said = {"until": until and until.isoformat()}
        if reason == TakenSeat.Reason.BLOCKED:
            return said | {"state": "blocked", "block": str(holder)}
        if (holder, pk) in self.swaps:
            booking, kind, paid = self.swaps[holder, pk]
            return (
                said | {"state": "held", "booking": booking, "swap": True} | self._for(kind, paid)
            )
        if (holder, pk) in self.lines:
            return said | {"state": "held", "booking": holder} | self._for(*self.lines[holder, pk])
        said |= {"state": "held" if until else "sold", "booking": holder}
        if (holder, pk) in self.tickets:
            kind, paid, admitted = self.tickets[holder, pk]
            said |= {"admitted": f"{admitted.astimezone(self.zone):%H:%M}" if admitted else ""}
            said |= self._for(kind, paid)
        return said

    def _for(self, kind, paid) -> dict:
        return {
            "type": TicketType(kind).label,
            "paid": money(paid, self.showtime.theater.currency),
        }


def _by_place(rows: QuerySet, *columns) -> dict[tuple, tuple]:
    """The other columns by the first two: whose it is, and which seat."""
    return {row[:2]: row[2:] for row in rows.order_by().values_list(*columns)}


def _known(bookings: QuerySet) -> dict:
    columns = ("pk", "reference", "contact_name", "contact_email", "disputed_at")
    return {
        pk: {
            "reference": reference,
            "name": name or email,
            **({"disputed": True} if disputed else {}),
        }
        for pk, reference, name, email, disputed in bookings.order_by("pk").values_list(*columns)
    }


def _blocks(showtime: Showtime) -> dict:
    said = {}
    for block in SeatBlock.objects.filter(showtime=showtime).select_related("created_by"):
        block.showtime = showtime
        said[str(block.pk)] = {
            "why": block.get_kind_display(),
            "note": block.note,
            "freed": local(block.freed_at, showtime.theater.zone),
            "by": block.created_by.get_username() if block.created_by else "",
        }
    return said


def _figures(showtime: Showtime, counts: Counter) -> dict:
    total = Seat.objects.filter(screen=showtime.screen_id, active=True).count()
    gone = counts["sold"] + counts["held"] + counts["blocked"]
    return {
        "total": total,
        **{name: counts[name] for name in ("sold", "held", "blocked", "admitted")},
        "free": max(total - gone, 0),
        **_money(showtime),
    }


def _money(showtime: Showtime) -> dict:
    sums, currency = count_money(showtime), showtime.theater.currency
    return {
        "revenue": money(sums.kept, currency),
        "taken": money(sums.paid, currency),
        "back": money(sums.refunded, currency) if sums.refunded else "",
        "going_back": money(sums.going_back, currency) if sums.going_back else "",
    }
