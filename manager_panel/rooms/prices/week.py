"""The prices of a week, by category and ticket type, and what a rule or code would change there."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby, product

from bookings.models import PromoCode
from bookings.promo_code_trial import PromoCodeTrial
from showtimes.models import Showtime
from showtimes.price_list import PriceList, is_too_young
from showtimes.price_rules import TicketType
from showtimes.price_trial import PriceTrial, own_prices_of
from theaters.currencies import decimals
from theaters.models import SeatCategory, cinema_date

from .questions import DAYS, Questions


@dataclass(frozen=True)
class Cell:
    """What is paid; `before`, if that is something else without the rule or code that is tried."""

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
    code_refused: str = ""

    @property
    def changed(self) -> int:
        return sum(bool(cell.before) for cell in self.cells)


@dataclass(frozen=True)
class Week:
    """
    What `tickets` tickets cost, by the rows of each cinema day; `changed` counts cells that the
    rule or code would change.
    """

    first: date
    currency: str
    tickets: int
    categories: list[SeatCategory]
    types: list[str]
    days: list[tuple[date, list[Row]]]

    @property
    def rows(self) -> list[Row]:
        return [row for _, its in self.days for row in its]

    @property
    def changed(self) -> int:
        return sum(row.changed for row in self.rows)

    @property
    def showtimes_changed(self) -> int:
        return sum(bool(row.changed) for row in self.rows)

    @property
    def code_refused(self) -> str:
        """Why the code holds at no showtime, if the reason is the same at all."""
        reasons = {row.code_refused for row in self.rows}
        return reasons.pop() if len(reasons) == 1 else ""

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


def week(
    asked: Questions,
    trial: PriceTrial,
    *,
    now: PriceTrial | None = None,
    code: PromoCodeTrial | None = None,
) -> Week:
    """
    The week that was `asked` about: one ticket as `trial` prices it, beside `now`; or with `code`
    as many as were asked about, since it is for a whole booking. One query.
    """
    own, types = own_prices_of(asked.showtimes), _types(trial)
    tickets = asked.how_many if code else 1
    rows = []
    for one in asked.showtimes:
        before, after = (by.price_list(one, own.get(one.pk, {})) for by in (now or trial, trial))
        refused = _why_not(asked, one, code)
        holds = code.code if code and not refused else None
        places = product(asked.categories, types)
        cells = [_cell(before, after, *place, tickets=tickets, code=holds) for place in places]
        rows.append(Row(one, _clock(one), cells, refused))
    return Week(
        first=asked.first_day,
        currency=asked.theater.currency,
        tickets=tickets,
        categories=asked.categories,
        types=types,
        days=_in_days(rows, asked.theater.timezone),
    )


def _in_days(rows: list[Row], zone: str) -> list[tuple[date, list[Row]]]:
    by_day = groupby(rows, lambda row: cinema_date(row.showtime.starts_at, zone))
    return [(day, list(its)) for day, its in by_day]


def _why_not(asked: Questions, showtime: Showtime, code: PromoCodeTrial | None) -> str:
    if code is None:
        return ""
    return code.why_not(showtime, tickets=asked.how_many, at=asked.moment_of_booking())


def _clock(showtime: Showtime) -> str:
    return f"{showtime.starts_at.astimezone(showtime.theater.zone):%H:%M}"


def _types(trial: PriceTrial) -> list[str]:
    """Adult, and those for whom a rule is."""
    named = {kind for rule in trial.rules for kind in rule.ticket_types} | {TicketType.ADULT}
    return [kind for kind in TicketType.values if kind in named]


def _cell(
    before: PriceList,
    after: PriceList,
    category: SeatCategory,
    kind: str,
    *,
    tickets: int,
    code: PromoCode | None,
) -> Cell:
    if is_too_young(after.showtime.movie, kind):
        return Cell(category, kind, "")
    price = after.price(category.pk, kind)
    old, new = before.price(category.pk, kind).amount * tickets, price.amount * tickets
    if code:
        new -= code.discount(new, after.currency)
    places = decimals(after.currency)
    return Cell(
        category,
        kind,
        amount=_figure(new, places),
        before=_figure(old, places) if old != new else "",
        why=", ".join(price.words),
    )


def _figure(amount: Decimal, places: int) -> str:
    return f"{amount:.{places}f}"
