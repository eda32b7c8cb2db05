"""The profile of a theater: what its fees, its tax and its rules mean, told by examples."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.timesince import timesince

from bookings.models import Booking, Ticket
from bookings.models.cancellation import by_the_rule
from bookings.models.ticket import fee_with_tax
from bookings.quotes import Quote, lines_by, whole
from movies.models import Movie
from showtimes.models import Showtime
from showtimes.offer import OfferedSeat
from showtimes.price_list import PriceList
from theaters.currencies import decimals, rounded
from theaters.models import Screen, SeatCategory, Theater

from ..admin.columns import money
from .room import Tried

# Where a currency has larger or smaller units, so many times as much.
USUAL = {0: Decimal(1200), 2: Decimal(12), 3: Decimal(4)}
NOTICES = [timedelta(days=7), timedelta(days=1), timedelta(hours=3), timedelta(minutes=30)]
# A show as an example, by the clock of whatever theater.
STARTS = datetime(2026, 1, 9, 20, tzinfo=UTC)
ENDS = STARTS + timedelta(minutes=115)
EXAMPLES = {
    "doors": "manager_panel/example_of_the_doors.html",
    "ticket": "manager_panel/example_of_a_ticket.html",
    "cancelling": "manager_panel/example_of_cancelling.html",
    "place": "manager_panel/example_of_the_place.html",
}


@dataclass(frozen=True)
class TicketExample:
    """What one ticket for a seat of that price costs; money as people read it."""

    shown: str
    total: str
    fee: str
    tax: str
    rate: str
    is_added: bool


@dataclass(frozen=True)
class DoorsExample:
    """When people come in for a show from `starts` to `ends`; `closes` is empty for its end."""

    starts: str
    ends: str
    opens: str
    closes: str


@dataclass(frozen=True)
class CancellingExample:
    """The rule in words, and what comes back of `paid` after each of several notices."""

    words: str
    paid: str
    notices: list[tuple[str, str]]


def example(name: str, theater: Theater) -> str:
    """One of EXAMPLES for `theater`, which need not be saved, as HTML."""
    return render_to_string(EXAMPLES[name], {"theater": theater} | _found(name, theater))


def _found(name: str, theater: Theater) -> dict:
    if name == "place":
        return {}
    if name == "doors":
        return {"it": _of_the_doors(theater)}
    if not _has_money(theater):
        return {"waiting": True}
    quote = _quote(theater)
    return {"it": _of_a_ticket(quote) if name == "ticket" else _of_cancelling(quote)}


def _has_money(theater: Theater) -> bool:
    """Whether all that money needs is there, in a form that may be half filled in."""
    needed = (theater.booking_fee, theater.tax_rate, theater.cancellation_refund_percent)
    return bool(theater.currency) and None not in (*needed, theater.cancellation_cutoff_minutes)


def _quote(theater: Theater) -> Quote:
    """Of one seat, as customers get it: at the price of the theater's first category."""
    categories = theater.seat_categories.all()[:1] if theater.pk else []
    price = next((one.default_price for one in categories), USUAL[decimals(theater.currency)])
    price = rounded(price, theater.currency)
    showtime = Showtime(screen=Screen(theater=theater), movie=Movie())
    seat = OfferedSeat(1, "A", 1, "standard", 1, SeatCategory.__name__, price, None)
    prices = PriceList(showtime, {1: price}, {1: ""}, rules=[])
    return whole(showtime, lines_by(prices, [seat], {}))


def _of_the_doors(theater: Theater) -> DoorsExample | None:
    """None where doors close when they open."""
    doors = theater.admission(STARTS, ENDS)
    if doors.opens_at == doors.closes_at:
        return None
    clock = "{:%H:%M}".format
    day_before = "" if doors.opens_at.date() == STARTS.date() else " on the day before"
    return DoorsExample(
        starts=clock(STARTS),
        ends=clock(ENDS),
        opens=clock(doors.opens_at) + day_before,
        closes=clock(doors.closes_at) if doors.closes_at < ENDS else "",
    )


def _of_a_ticket(quote: Quote) -> TicketExample:
    theater, currency = quote.showtime.theater, quote.currency
    return TicketExample(
        shown=money(quote.subtotal, currency),
        total=money(quote.total, currency),
        fee=money(quote.fees, currency) if quote.fees else "",
        tax=money(quote.tax, currency),
        rate=percent(theater.tax_rate),
        is_added=not theater.prices_include_tax and bool(quote.tax),
    )


def _of_cancelling(quote: Quote) -> CancellingExample:
    theater, currency = quote.showtime.theater, quote.currency
    booking = Booking(showtime=quote.showtime, currency=currency)
    fee = fee_with_tax(quote.lines)
    ticket = Ticket(booking=booking, price=quote.subtotal, paid=quote.total, fee=fee)
    back = money(by_the_rule(booking, [ticket]).back, currency)
    cutoff = timedelta(minutes=theater.cancellation_cutoff_minutes)
    notices = [(in_words(notice), back if notice >= cutoff else "") for notice in NOTICES]
    return CancellingExample(_rule_in_words(theater), money(quote.total, currency), notices)


def _rule_in_words(theater: Theater) -> str:
    minutes, share = theater.cancellation_cutoff_minutes, theater.cancellation_refund_percent
    until = (
        f"until {in_words(timedelta(minutes=minutes))} before the start"
        if minutes
        else ("until the showtime starts")
    )
    if not share:
        return f"Customers may give tickets back {until}, and get nothing for them."
    part = "all" if share == 100 else percent(share)
    fee = (
        "the booking fee included"
        if theater.cancellation_returns_fee
        else "but for the booking fee"
    )
    return f"Customers may give tickets back {until}. They get {part} of what they paid, {fee}."


def percent(share: Decimal) -> str:
    """As in 19 %, without the zeros that only the database needs."""
    return f"{share.normalize():f} %"


def in_words(span: timedelta) -> str:
    """As in 1 hour, 30 minutes."""
    now = timezone.now()
    return timesince(now, now + span)


class TheaterTried(Tried):
    """The examples for the form of a theater as it stands."""

    def post(self, request, **kwargs):
        form = self.form(request)
        form.is_valid()
        return HttpResponse("".join(example(name, form.instance) for name in EXAMPLES))
