"""How the sale of many showtimes stands, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from theaters.models import Seat

from .models import Price, Showtime, TakenSeat

# With a tenth of its seats or fewer left, a showtime is almost sold out.
ALMOST = 10


@dataclass(slots=True)
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
    """The same showtimes, each with its `figures`. Three queries, however many they are."""
    showtimes = list(showtimes)
    figures = sales({showtime.pk: showtime.screen_id for showtime in showtimes})
    for showtime in showtimes:
        showtime.figures = figures[showtime.pk]
    return showtimes


def sales(screen_of: dict[int, int]) -> dict[int, Sales]:
    """How it stands, by the showtime's id; `screen_of` says on which screen each is. 3 queries."""
    seats = _seats_by_screen(set(screen_of.values()))
    own, taken = _own_prices(screen_of), _taken(screen_of)
    return {
        showtime: _sales(seats[screen], own[showtime], taken.get(showtime, 0))
        for showtime, screen in screen_of.items()
    }


def _sales(categories: list[tuple], own: dict[int, Decimal], taken: int) -> Sales:
    amounts = [own.get(category, default) for category, default, _ in categories]
    total = sum(count for _, _, count in categories)
    return Sales(
        seats_total=total,
        seats_left=max(total - taken, 0),
        price_from=min(amounts, default=None),
        price_to=max(amounts, default=None),
    )


def _seats_by_screen(screens) -> dict[int, list[tuple]]:
    """For each screen its categories: the id, the default price and the number of seats."""
    rows = Seat.objects.filter(screen__in=screens, active=True).order_by()
    columns = "screen", "category", "category__default_price"
    found = defaultdict(list)
    for screen, *category in rows.values_list(*columns).annotate(Count("pk")):
        found[screen].append(category)
    return found


def _own_prices(showtimes) -> dict[int, dict[int, Decimal]]:
    rows = Price.objects.filter(showtime__in=list(showtimes))
    found = defaultdict(dict)
    for showtime, category, amount in rows.values_list("showtime", "category", "amount"):
        found[showtime][category] = amount
    return found


def _taken(showtimes) -> dict[int, int]:
    rows = TakenSeat.objects.live().filter(showtime__in=list(showtimes), seat__active=True)
    return dict(rows.order_by().values_list("showtime").annotate(Count("pk")))
