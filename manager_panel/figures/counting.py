"""
What is counted, and how: the one place where figures come from the rows of sales.

Of a showtime: tickets that are good and that were cancelled (not those that were exchanged for
others), whom the door let in, what the tickets cost when they were bought, and what the ledger says
of the money. Everything belongs to the showtime that it was for, whenever it moved.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import chain
from zoneinfo import ZoneInfo

from django.db.models import (
    Case,
    Count,
    DateField,
    DateTimeField,
    ExpressionWrapper,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Coalesce, ExtractHour, TruncDate
from django.db.models.lookups import LessThan
from django.utils import timezone

from bookings.models import Booking, BookingLine, Ticket
from payments.models import LedgerEntry
from payments.models.ledger import BACK_AND_FORTH, DISPUTES, EARNED, Kind
from showtimes.models import Showtime
from theaters.models import DAY_STARTS_AT, Seat, cinema_date

from ..models import Figures, HourFigures
from .sums import SMALLEST, Sums

PLACE = [f"screen__theater{name}" for name in ("", "__timezone", "__currency")]
OF_THE_MOMENT = ["screen_id", "starts_at", "ends_at", "status"]
OF_A_SHOWTIME = ["id", "movie", *OF_THE_MOMENT, *PLACE]
# SQLite takes 32,766 parameters.
AT_ONCE = 10_000


def count(showtimes: QuerySet) -> list[Figures]:
    """
    The figures of each of `showtimes`, not saved, as they are at this moment. Six statements,
    however many they are, up to AT_ONCE.
    """
    houses = _with_halls(showtimes)
    found = {(row.showtime_id, row.currency, row.kind): row for row in houses.values()}
    for key, measures in _everything(list(houses)):
        house = houses[key[0]]
        figures = found.get(key) or found.setdefault(key, _beside(house, *key[1:]))
        for name, value in measures.items():
            setattr(figures, name, getattr(figures, name) + value)
    return _with_no_shows(_that_take_place(found.values()))


def count_money(showtime: Showtime) -> Sums:
    """
    The money of `showtime` at this moment, in its theater's currency, with all measures but those
    of the hall and of tickets. Two statements.
    """
    total, currency = Sums(), showtime.theater.currency
    for (_, its_currency, _), measures in chain(_bookings([showtime.pk]), _ledger([showtime.pk])):
        if its_currency == currency:
            for name, value in measures.items():
                setattr(total, name, getattr(total, name) + value)
    return total.rounded(currency)


def _with_halls(showtimes: QuerySet) -> dict[int, Figures]:
    """The row that each showtime has always, by the showtime's id."""
    rows = list(showtimes.order_by("starts_at", "pk").values(*OF_A_SHOWTIME))
    seats = Seat.objects.filter(screen__in={row["screen_id"] for row in rows}, active=True)
    capacity = dict(seats.order_by().values_list("screen").annotate(Count("pk")))
    return {row["id"]: _house(row, capacity.get(row["screen_id"], 0)) for row in rows}


def _house(row: dict, seats: int) -> Figures:
    figures = Figures(
        showtime_id=row["id"],
        theater_id=row["screen__theater"],
        movie_id=row["movie"],
        day=cinema_date(row["starts_at"], row["screen__theater__timezone"]),
        currency=row["screen__theater__currency"],
        shows=1,
        capacity=seats,
    )
    # No columns: of what is not over, pages say more than sums.
    for name in OF_THE_MOMENT:
        setattr(figures, name, row[name])
    return figures


def _beside(house: Figures, currency: str, kind: str) -> Figures:
    """An empty row of the same showtime, for another currency or way to pay."""
    figures = Figures(
        showtime_id=house.showtime_id,
        theater_id=house.theater_id,
        movie_id=house.movie_id,
        day=house.day,
        currency=currency,
        kind=kind,
    )
    for name in OF_THE_MOMENT:
        setattr(figures, name, getattr(house, name))
    return figures


def _everything(showtimes: list[int]) -> Iterator[tuple[tuple, dict]]:
    """What was counted: the showtime, the currency and the way to pay, and some measures."""
    # Their ids, not what they are: PostgreSQL thinks that they are many, and reads all bookings.
    for start in range(0, len(showtimes), AT_ONCE):
        wanted = showtimes[start : start + AT_ONCE]
        yield from _bookings(wanted)
        yield from _tickets(wanted)
        yield from _given_back(wanted)
        yield from _ledger(wanted)


def _bookings(showtimes) -> Iterator:
    rows = Booking.objects.filter(showtime__in=showtimes, confirmed_at__isnull=False)
    return _summed(
        rows.annotate(bought=_bought_by("payments")),
        ["showtime", "currency", "bought__kind"],
        bookings=Count("pk"),
        face_value=Sum("subtotal"),
        discount=Sum("discount"),
        fees=Sum("fees"),
        added_tax=Sum(F("total") - F("subtotal") + F("discount") - F("fees")),
        exchanged=Sum("amount_added"),
        due_back=Sum("amount_due_back"),
    )


def _tickets(showtimes) -> Iterator:
    came = Count("pk", filter=Q(admitted_at__isnull=False))
    return _by_booking(Ticket.objects.valid(), showtimes, tickets=Count("pk"), admitted=came)


def _given_back(showtimes) -> Iterator:
    return _by_booking(Ticket.objects.given_back(), showtimes, given_back=Count("pk"))


def _by_booking(rows: QuerySet, showtimes, **measures) -> Iterator:
    rows = rows.filter(booking__showtime__in=showtimes)
    return _summed(
        rows.annotate(bought=_bought_by("booking__payments")),
        ["booking__showtime", "booking__currency", "bought__kind"],
        **measures,
    )


def _bought_by(payments: str) -> FilteredRelation:
    """The payment that bought the booking: one at most, as a constraint says."""
    bought = Q(**{f"{payments}__honoured_at__isnull": False, f"{payments}__exchange": None})
    return FilteredRelation(payments, condition=bought)


def _ledger(showtimes) -> Iterator:
    earned = Q(kind__in=EARNED)
    return _summed(
        LedgerEntry.objects.filter(booking__showtime__in=showtimes),
        ["booking__showtime", "currency", "payment__kind"],
        paid=_sum("amount", Q(kind=Kind.CHARGE)),
        bought_nothing=_sum("amount", Q(kind=Kind.CHARGE, payment__honoured_at=None)),
        refunded=-_sum("amount", Q(kind__in=BACK_AND_FORTH)),
        kept_fees=_sum("fee", earned),
        kept_tax=_sum("tax", earned),
        disputed=-_sum("amount", Q(kind__in=DISPUTES)),
    )


def _sum(field: str, condition: Q) -> Sum:
    return Sum(field, filter=condition, default=Decimal(0))


def _summed(rows: QuerySet, key: list[str], **measures) -> Iterator[tuple[tuple, dict]]:
    """The `measures` of `rows` by the paths of `key`: a showtime, a currency and a way to pay."""
    # Their own names may be those of columns.
    sums = {f"its_{name}": measure for name, measure in measures.items()}
    for row in rows.order_by().values_list(*key).annotate(**sums):
        (showtime, currency, kind), values = row[:3], map(_exactly, row[3:])
        yield (showtime, currency, kind or ""), dict(zip(measures, values, strict=True))


def _exactly(value):
    """SQLite keeps decimals as floats, whose sums are not exact."""
    return value.quantize(SMALLEST) if isinstance(value, Decimal) else value


def _that_take_place(figures) -> list[Figures]:
    """Of a showtime that is only planned nobody comes, unless it was sold and taken off sale."""
    figures = list(figures)
    sold = {row.showtime_id for row in figures if row.tickets}
    for row in figures:
        is_planned = row.status == Showtime.Status.PLANNED and row.showtime_id not in sold
        if is_planned or row.status == Showtime.Status.CANCELLED:
            row.shows = row.capacity = 0
    return figures


def _with_no_shows(figures: list[Figures]) -> list[Figures]:
    """Of showtimes that are over, if the door let anybody in: who is not there did not come."""
    kept_a_door = defaultdict(int)
    for row in figures:
        kept_a_door[row.showtime_id] += row.admitted
    now = timezone.now()
    for row in figures:
        if kept_a_door[row.showtime_id] and row.ends_at <= now:
            row.no_shows = row.tickets - row.admitted
    return figures


def count_hours(bookings: QuerySet) -> list[HourFigures]:
    """
    What was sold in each hour of each cinema day, of those of `bookings` that were confirmed, not
    saved; by each theater's own clock. Two statements, however many they are.
    """
    sold = bookings.filter(confirmed_at__isnull=False)
    at = "showtime__screen__theater"
    zones = list(sold.order_by().values_list(f"{at}__timezone", flat=True).distinct())
    if not zones:
        return []
    lines = BookingLine.objects.filter(booking=OuterRef("pk"), kind=BookingLine.Kind.SEAT)
    seats = lines.order_by().values("booking").annotate(many=Count("pk")).values("many")
    rows = sold.annotate(
        day=_by_the_clock(zones, _cinema_day, DateField()),
        hour=_by_the_clock(zones, _hour, IntegerField()),
        seats=Coalesce(Subquery(seats), 0),
    )
    key = [at, "day", "hour", "currency"]
    sums = {"its_bookings": Count("pk"), "its_tickets": Sum("seats"), "its_amount": Sum("total")}
    names = ["theater_id", "day", "hour", "currency", "bookings", "tickets", "amount"]
    return [
        HourFigures(**dict(zip(names, map(_exactly, row), strict=True)))
        for row in rows.order_by().values_list(*key).annotate(**sums)
    ]


def _by_the_clock(zones: list[str], say, output) -> Case:
    return Case(
        *(
            When(showtime__screen__theater__timezone=zone, then=say(ZoneInfo(zone)))
            for zone in zones
        ),
        output_field=output,
    )


def _hour(zone: ZoneInfo) -> ExtractHour:
    return ExtractHour("confirmed_at", tzinfo=zone)


def _cinema_day(zone: ZoneInfo) -> Case:
    """In SQL what `cinema_date` says of `confirmed_at`."""
    # Twelve hours before the small hours it is the day before, also when clocks change.
    earlier = ExpressionWrapper(
        F("confirmed_at") - timedelta(hours=12), output_field=DateTimeField()
    )
    in_the_small_hours = LessThan(_hour(zone), DAY_STARTS_AT.hour)
    return Case(
        When(in_the_small_hours, then=TruncDate(earlier, tzinfo=zone)),
        default=TruncDate("confirmed_at", tzinfo=zone),
    )
