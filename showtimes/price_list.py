"""What a seat of a showtime costs: its category's price, and what the rules make of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import timezone

from theaters.currencies import decimals, rounded
from theaters.models import SeatCategory, cinema_date

from .models import Showtime
from .price_rules import Occasion, PriceRule, TicketType, minute_of_cinema_day

# A child is younger than this; no film from this age on sells tickets for children.
CHILD_UNDER = 14


@dataclass(frozen=True)
class SeatPrice:
    """An amount, and the way to it: (reason, change) from the category's own price on."""

    amount: Decimal
    steps: tuple[tuple[str, Decimal], ...]
    words: tuple[str, ...]

    def reasons(self, currency: str) -> list[dict]:
        """The steps as people read them; their amounts add up to `amount`."""
        places = decimals(currency)
        return [{"name": name, "amount": f"{change:.{places}f}"} for name, change in self.steps]


@dataclass
class PriceList:
    """
    The prices of one showtime at one moment, by category and ticket type. `base` has the price of
    each category before rules, `rules` those that suit the occasion, in their order.
    """

    showtime: Showtime
    base: dict[int, Decimal]
    rules: list[PriceRule]
    categories: list[SeatCategory] = field(default_factory=list)
    known: dict[tuple[int, str], SeatPrice] = field(default_factory=dict)

    @property
    def currency(self) -> str:
        return self.showtime.theater.currency

    def price(self, category: int, ticket_type: str = TicketType.ADULT) -> SeatPrice:
        """What a seat of `category` costs for `ticket_type`, with its reasons."""
        key = category, ticket_type
        if key not in self.known:
            self.known[key] = self._worked_out(category, ticket_type)
        return self.known[key]

    def amount(self, category: int) -> Decimal:
        """What an adult pays for a seat of `category`."""
        return self.price(category).amount

    def ticket_types(self) -> list[str]:
        """Adult, and the types that a rule names which may sit in this film."""
        named = {kind for rule in self.rules for kind in rule.ticket_types}
        if is_too_young(self.showtime.movie, TicketType.CHILD):
            named.discard(TicketType.CHILD)
        return [kind for kind in TicketType.values if kind in named or kind == TicketType.ADULT]

    def _worked_out(self, category, ticket_type) -> SeatPrice:
        price = rounded(self.base[category], self.currency)
        steps, words = [(self._name(category), price)], []
        for rule in self.rules:
            if not rule.is_for(category, ticket_type):
                continue
            before, price = price, rule.applied_to(price, self.currency)
            if price != before:
                steps.append((rule.name, price - before))
                words.append(rule.short(self.currency))
            if rule.final:
                break
        return SeatPrice(price, tuple(steps), tuple(words))

    def _name(self, category) -> str:
        return next((one.name for one in self.categories if one.pk == category), "Seat")


def price_list(showtime: Showtime) -> PriceList:
    """The prices of `showtime` for who books now. Three queries."""
    categories = list(showtime.theater.seat_categories.all())
    base = {category.pk: category.default_price for category in categories}
    base |= dict(showtime.own_prices.values_list("category_id", "amount"))
    rules = PriceRule.objects.active().filter(theater=showtime.theater)
    return PriceList(showtime, base, suitable(rules, showtime), categories)


def suitable(rules: Iterable[PriceRule], showtime: Showtime) -> list[PriceRule]:
    """Those of `rules` whose conditions hold for `showtime` when it is booked now."""
    occasion = occasion_of(showtime)
    return [rule for rule in rules if rule.suits(occasion)]


def occasion_of(showtime: Showtime) -> Occasion:
    """What rules ask about `showtime` when it is booked now."""
    theater = showtime.theater
    day = cinema_date(showtime.starts_at, theater.timezone)
    return Occasion(
        day=day,
        minute=minute_of_cinema_day(showtime.starts_at.astimezone(theater.zone).time()),
        days_before=max((day - cinema_date(timezone.now(), theater.timezone)).days, 0),
        movie_id=showtime.movie_id,
        screen_kind=showtime.screen.kind,
        format=showtime.format,
    )


def active_rules(theaters: Iterable[int]) -> dict[int, list[PriceRule]]:
    """The active rules of several theaters, by the theater's id. One query."""
    found = defaultdict(list)
    for rule in PriceRule.objects.active().filter(theater__in=set(theaters)):
        found[rule.theater_id].append(rule)
    return found


def is_too_young(movie, ticket_type: str) -> bool:
    """Whether nobody with such a ticket is old enough for `movie`."""
    return ticket_type == TicketType.CHILD and movie.minimum_age >= CHILD_UNDER
