"""What seats would cost: booked on another day, or with a rule that nobody has saved yet."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from theaters.models import SeatCategory, Theater

from .models import Price, Showtime
from .price_list import PriceList, occasion_of, suitable
from .price_rules import PriceRule

# Of rules on the same position the older is first; one that is not saved is the youngest.
UNSAVED = float("inf")


def rules_of(theater: Theater, *, tried: PriceRule | None = None) -> list[PriceRule]:
    """
    The active rules of `theater` in their order; with `tried`, as they were if that were saved. One
    query.
    """
    rules = PriceRule.objects.active().filter(theater=theater)
    rules = list(rules.select_related("theater", "category", "movie"))
    if tried is not None:
        rules = [rule for rule in rules if rule.pk != tried.pk] + [tried] * tried.active
    return sorted(rules, key=lambda rule: (rule.position, rule.pk or UNSAVED))


def own_prices_of(showtimes: Iterable[Showtime]) -> dict[int, dict[int, Decimal]]:
    """What categories cost at `showtimes` where that is not their default. One query."""
    found = defaultdict(dict)
    keys = [showtime.pk for showtime in showtimes if showtime.pk]
    for key, category, amount in Price.objects.filter(showtime__in=keys).values_list(
        "showtime", "category", "amount"
    ):
        found[key][category] = amount
    return found


@dataclass(frozen=True)
class PriceTrial:
    """Prices as `rules` make them for who books on the cinema day `booked_on`, or now."""

    rules: list[PriceRule]
    categories: list[SeatCategory]
    booked_on: date | None = None

    def price_list(self, showtime: Showtime, own: dict[int, Decimal]) -> PriceList:
        """
        The prices of `showtime`, which need not be saved; `own` are those of its categories that
        are not their default. No query, if its film and theater are known.
        """
        base = {category.pk: category.default_price for category in self.categories} | own
        names = {category.pk: category.name for category in self.categories}
        rules = suitable(self.rules, occasion_of(showtime, booked_on=self.booked_on))
        return PriceList(showtime, base, names, rules, self.categories)
