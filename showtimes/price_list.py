"""What a seat of a showtime costs: its category's price, and what the rules make of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone

from theaters.currencies import decimals, rounded
from theaters.models import SeatCategory, cinema_date

from .models import Showtime
from .offer import OfferedSeat
from .price_rules import Occasion, PriceRule, TicketType, minute_of_cinema_day

# A child is younger than this; no film from this age on sells tickets for children.
CHILD_UNDER = 14


@dataclass(frozen=True)
class SeatPrice:
    """
    An amount, and the way to it: (reason, change) from the category's own price on, and the `rules`
    that changed it, a step each after the first.
    """

    amount: Decimal
    steps: tuple[tuple[str, Decimal], ...]
    words: tuple[str, ...]
    rules: tuple[PriceRule, ...] = ()

    def reasons(self, currency: str) -> list[dict]:
        """The steps as people read them; their amounts add up to `amount`."""
        places = decimals(currency)
        return [{"name": name, "amount": f"{change:.{places}f}"} for name, change in self.steps]


@dataclass
class PriceList:
    """
    The prices of one showtime at one moment, by category and ticket type. `base` has the price of
    each category before rules and `names` what it is called, by its id; `rules` are those that suit
    the occasion, in their order.
    """

    showtime: Showtime
    base: dict[int, Decimal]
    names: dict[int, str]
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
        steps, words, used = [(self.names[category], price)], [], []
        rules = [rule for rule in self.rules if rule.is_for(category, ticket_type)]
        for rule, after in _changes(price, rules, self.currency):
            steps.append((rule.name, after - price))
            words.append(rule.short(self.currency))
            used.append(rule)
            price = after
        return SeatPrice(price, tuple(steps), tuple(words), tuple(used))


def price_list(showtime: Showtime) -> PriceList:
    """The prices of `showtime` for who books now. Three queries."""
    categories = list(showtime.theater.seat_categories.all())
    base = {category.pk: category.default_price for category in categories}
    base |= dict(showtime.own_prices.values_list("category_id", "amount"))
    names = {category.pk: category.name for category in categories}
    return PriceList(showtime, base, names, _rules_now(showtime), categories)


def prices_of(showtime: Showtime, seats: Iterable[OfferedSeat]) -> PriceList:
    """The same for the categories of `seats` only. One query."""
    base = {seat.category_id: seat.price for seat in seats}
    names = {seat.category_id: seat.category_name for seat in seats}
    return PriceList(showtime, base, names, _rules_now(showtime))


def _rules_now(showtime: Showtime) -> list[PriceRule]:
    rules = PriceRule.objects.active().filter(theater=showtime.theater)
    return suitable(rules, occasion_of(showtime))


def price_after(price: Decimal, rules: Iterable[PriceRule], currency: str) -> Decimal:
    """What `rules`, all of which are for such a seat, make of its category's price."""
    price = rounded(price, currency)
    for _, after in _changes(price, rules, currency):
        price = after
    return price


def _changes(price, rules, currency) -> Iterator[tuple[PriceRule, Decimal]]:
    """Those of `rules` that change the price, in their order, each with what it makes of it."""
    for rule in rules:
        before, price = price, rule.applied_to(price, currency)
        if price != before:
            yield rule, price
        if rule.final:
            break


def suitable(rules: Iterable[PriceRule], occasion: Occasion) -> list[PriceRule]:
    """Those of `rules` whose conditions hold when it is booked now."""
    return [rule for rule in rules if rule.suits(occasion)]


def occasion_of(showtime: Showtime, *, booked_on: date | None = None) -> Occasion:
    """What rules ask about `showtime` when it is booked now, or on the cinema day `booked_on`."""
    return occasion(
        starts_at=showtime.starts_at,
        zone=showtime.theater.timezone,
        movie=showtime.movie_id,
        screen_kind=showtime.screen.kind,
        format=showtime.format,
        booked_on=booked_on,
    )


def occasion(
    *,
    starts_at: datetime,
    zone: str,
    movie: int,
    screen_kind: str,
    format: str,
    booked_on: date | None = None,
) -> Occasion:
    """The same, of a showtime that is known by its columns; `zone` is its theater's."""
    day = cinema_date(starts_at, zone)
    booked_on = booked_on or cinema_date(timezone.now(), zone)
    return Occasion(
        day=day,
        minute=minute_of_cinema_day(starts_at.astimezone(ZoneInfo(zone)).time()),
        days_before=max((day - booked_on).days, 0),
        movie_id=movie,
        screen_kind=screen_kind,
        format=format,
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
