"""How the sale of many showtimes stands, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from theaters.models import Seat, SeatCategory

from .models import Price, Showtime, TakenSeat
from .price_list import PriceList, active_rules, suitable

# With a tenth of its seats or fewer left, a showtime is almost sold out.
ALMOST = 10


@dataclass
class Sales:
    """Seats and prices of one showtime; prices in its theater's currency, None without seats."""

    seats_total: int
    seats_left: int
    price_from: Decimal | None
    price_to: Decimal | None

    @property
    def sold_out(self) -> bool:
        return self.seats_left <= 0

    @property
    def almost_sold_out(self) -> bool:
        return 0 < self.seats_left * ALMOST <= self.seats_total


def with_sales(showtimes: Iterable[Showtime]) -> list[Showtime]:
    """The same showtimes, each with its `figures`. Five queries, however many they are."""
    showtimes = list(showtimes)
    seats = _seats_by_screen({showtime.screen_id for showtime in showtimes})
    prices = _prices(showtimes, {category for counts in seats.values() for category in counts})
    taken = _taken(showtimes)
    rules = active_rules(showtime.screen.theater_id for showtime in showtimes)
    for showtime in showtimes:
        counts = seats[showtime.screen_id]
        base = {category: prices[showtime.pk, category] for category in counts}
        its = suitable(rules[showtime.screen.theater_id], showtime)
        amounts = [PriceList(showtime, base, its).amount(category) for category in base]
        total = sum(counts.values())
        showtime.figures = Sales(
            seats_total=total,
            seats_left=max(total - taken.get(showtime.pk, 0), 0),
            price_from=min(amounts, default=None),
            price_to=max(amounts, default=None),
        )
    return showtimes


def _seats_by_screen(screens) -> dict[int, dict[int, int]]:
    rows = Seat.objects.filter(screen__in=screens, active=True).order_by()
    found = defaultdict(dict)
    for screen, category, count in rows.values_list("screen", "category").annotate(Count("pk")):
        found[screen][category] = count
    return found


def _prices(showtimes, categories) -> dict[tuple[int, int], Decimal]:
    defaults = SeatCategory.objects.filter(pk__in=categories).order_by()
    own = Price.objects.filter(showtime__in=showtimes)
    defaults = dict(defaults.values_list("pk", "default_price"))
    found = {
        (showtime.pk, category): price
        for showtime in showtimes
        for category, price in defaults.items()
    }
    for showtime, category, amount in own.values_list("showtime", "category", "amount"):
        found[showtime, category] = amount
    return found


def _taken(showtimes) -> dict[int, int]:
    rows = TakenSeat.objects.live().filter(showtime__in=showtimes, seat__active=True)
    return dict(rows.order_by().values_list("showtime").annotate(Count("pk")))
