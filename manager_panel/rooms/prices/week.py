"""The prices of a week, by category and ticket type, and what a rule would change of them."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from showtimes.models import Showtime
from showtimes.price_list import PriceList, is_too_young
from showtimes.price_rules import TicketType
from showtimes.price_trial import PriceTrial, own_prices_of
from theaters.currencies import decimals
from theaters.models import SeatCategory, cinema_date

from .questions import DAYS, Questions


@dataclass(frozen=True)
class Cell:
    """What one ticket costs; `before`, if that is something else without the rule that is tried."""

    category: SeatCategory
    type: str
    amount: str
    before: str = ""
    why: str = ""


@dataclass(frozen=True)
class Row:
    showtime: Showtime
    starts: str
    cells: list[Cell]


@dataclass(frozen=True)
class Week:
    """`days` has the rows of each cinema day; `changed` counts cells that a rule would change."""

    first: date
    currency: str
    categories: list[SeatCategory]
    types: list[str]
    days: list[tuple[date, list[Row]]]
    changed: int
    showtimes_changed: int

    @property
    def last(self) -> date:
        return self.first + timedelta(DAYS - 1)

    @property
    def before(self) -> date:
        return self.first - timedelta(DAYS)

    @property
    def after(self) -> date:
        return self.first + timedelta(DAYS)

    @property
    def columns(self) -> int:
        return len(self.categories) * len(self.types) + 1


def week(asked: Questions, trial: PriceTrial, *, now: PriceTrial) -> Week:
    """The week that was `asked` about, as `trial` prices it, beside `now`. One query."""
    own = own_prices_of(asked.showtimes)
    pairs = [
        (now.price_list(one, own.get(one.pk, {})), trial.price_list(one, own.get(one.pk, {})))
        for one in asked.showtimes
    ]
    types = _types(trial)
    rows = [_row(before, after, asked.categories, types) for before, after in pairs]
    zone = asked.theater.timezone
    changed = [sum(bool(cell.before) for cell in row.cells) for row in rows]
    return Week(
        first=asked.first_day,
        currency=asked.theater.currency,
        categories=asked.categories,
        types=types,
        days=[
            (day, list(its))
            for day, its in groupby(rows, lambda row: cinema_date(row.showtime.starts_at, zone))
        ],
        changed=sum(changed),
        showtimes_changed=sum(map(bool, changed)),
    )


def _types(trial: PriceTrial) -> list[str]:
    """Adult, and those for whom a rule is."""
    named = {kind for rule in trial.rules for kind in rule.ticket_types} | {TicketType.ADULT}
    return [kind for kind in TicketType.values if kind in named]


def _row(before: PriceList, after: PriceList, categories, types) -> Row:
    showtime = after.showtime
    start = showtime.starts_at.astimezone(showtime.theater.zone)
    cells = [_cell(before, after, one, kind) for one in categories for kind in types]
    return Row(showtime, f"{start:%H:%M}", cells)


def _cell(before: PriceList, after: PriceList, category: SeatCategory, kind: str) -> Cell:
    if is_too_young(after.showtime.movie, kind):
        return Cell(category, kind, "")
    old, new = (prices.price(category.pk, kind) for prices in (before, after))
    places = decimals(after.currency)
    return Cell(
        category,
        kind,
        amount=_figure(new.amount, places),
        before=_figure(old.amount, places) if old.amount != new.amount else "",
        why=", ".join(new.words),
    )


def _figure(amount: Decimal, places: int) -> str:
    return f"{amount:.{places}f}"
