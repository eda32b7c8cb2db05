"""How the sale of many showtimes stands, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from theaters.models import Seat

from .models import Price, Showtime, TakenSeat
from .price_list import active_rules, occasion, price_after, suitable
from .price_rules import Occasion, TicketType

# With a tenth of its seats or fewer left, a showtime is almost sold out.
ALMOST = 10
# What `sales` asks of a showtime.
COLUMNS = [
    *("id", "starts_at", "movie", "format", "screen", "screen__kind"),
    *("screen__theater", "screen__theater__timezone", "screen__theater__currency"),
]


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
    """The same showtimes, each with its `figures`. Five queries, however many they are."""
    showtimes = list(showtimes)
    found = Showtime.objects.filter(pk__in=[showtime.pk for showtime in showtimes])
    figures = sales(found.order_by().values(*COLUMNS))
    for showtime in showtimes:
        showtime.figures = figures[showtime.pk]
    return showtimes


def sales(rows: Iterable[dict]) -> dict[int, Sales]:
    """How it stands, by the showtime's id, of rows with COLUMNS. Four queries, however many."""
    rows = list(rows)
    showtimes = [row["id"] for row in rows]
    seats = _seats_by_screen({row["screen"] for row in rows})
    own, taken = _own_prices(showtimes), _taken(showtimes)
    rules = active_rules(row["screen__theater"] for row in rows)
    return {
        row["id"]: _sales(
            seats[row["screen"]],
            _amounts(row, seats[row["screen"]], own[row["id"]], rules[row["screen__theater"]]),
            taken.get(row["id"], 0),
        )
        for row in rows
    }


def seats_sold(showtimes: Iterable[int]) -> dict[int, int]:
    """How many seats customers have, bought or held, by the showtime's id; without those at 0."""
    rows = TakenSeat.objects.live().booked().filter(showtime__in=list(showtimes))
    return dict(rows.order_by().values_list("showtime").annotate(Count("pk")))


def _sales(categories: list[tuple], amounts: list[Decimal], taken: int) -> Sales:
    total = sum(count for _, _, count in categories)
    return Sales(
        seats_total=total,
        seats_left=max(total - taken, 0),
        price_from=min(amounts, default=None),
        price_to=max(amounts, default=None),
    )


def _amounts(row: dict, categories: list[tuple], own: dict, rules: list) -> list[Decimal]:
    """What an adult pays now, for each category."""
    currency = row["screen__theater__currency"]
    its = suitable(rules, _occasion(row)) if rules else []
    return [
        price_after(
            own.get(category, default),
            [rule for rule in its if rule.is_for(category, TicketType.ADULT)],
            currency,
        )
        for category, default, _ in categories
    ]


def _occasion(row: dict) -> Occasion:
    return occasion(
        starts_at=row["starts_at"],
        zone=row["screen__theater__timezone"],
        movie=row["movie"],
        screen_kind=row["screen__kind"],
        format=row["format"],
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
    rows = Price.objects.filter(showtime__in=showtimes)
    found = defaultdict(dict)
    for showtime, category, amount in rows.values_list("showtime", "category", "amount"):
        found[showtime][category] = amount
    return found


def _taken(showtimes) -> dict[int, int]:
    rows = TakenSeat.objects.live().filter(showtime__in=showtimes, seat__active=True)
    return dict(rows.order_by().values_list("showtime").annotate(Count("pk")))
