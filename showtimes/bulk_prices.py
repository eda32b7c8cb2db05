"""
Bulk prices: what categories cost at many showtimes of a theater at once.

Look first: `changes` says what each showtime costs before and after. `set_prices` then does it.
Prices are frozen when seats are held, so whoever has seats keeps what they were told; only those
who come later pay the new price.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from theaters.models import Screen, Seat, SeatCategory, Theater, cinema_date, cinema_day

from .contention import tried_twice
from .models import Price, Showtime
from .sales import seats_sold

# None: back to the category's own price.
Amounts = dict[SeatCategory, Decimal | None]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which showtimes of a theater: cinema days `first` to `last`; what is empty chooses all."""

    theater: Theater
    first: date
    last: date
    movie_id: int | None = None
    screens: tuple[Screen, ...] = ()
    weekdays: tuple[int, ...] = ()
    starts_from: time | None = None

    def showtimes(self) -> list[Showtime]:
        """They, cancelled ones left out, in their order; one query."""
        zone = self.theater.timezone
        rows = Showtime.objects.filter(
            screen__theater=self.theater,
            starts_at__gte=cinema_day(self.first, zone)[0],
            starts_at__lt=cinema_day(self.last, zone)[1],
        ).exclude(status=Showtime.Status.CANCELLED)
        if self.movie_id:
            rows = rows.filter(movie=self.movie_id)
        if self.screens:
            rows = rows.filter(screen__in=self.screens)
        found = rows.select_related("movie", "screen__theater")
        return [showtime for showtime in found if self._has(showtime)]

    def _has(self, showtime) -> bool:
        day = cinema_date(showtime.starts_at, self.theater.timezone)
        if self.weekdays and day.weekday() not in self.weekdays:
            return False
        return self.starts_from is None or self._minute(showtime) >= _minute(self.starts_from)

    def _minute(self, showtime) -> int:
        return _minute(showtime.starts_at.astimezone(self.theater.zone).time())


def _minute(clock: time) -> int:
    """Minutes since the cinema day began: 00:30 is late."""
    return ((clock.hour - 3) % 24) * 60 + clock.minute


@dataclass(slots=True)
class Change:
    """What becomes of the price of one category at one showtime. `own` None: the category's."""

    category: SeatCategory
    before: Decimal
    after: Decimal
    old: Price | None
    own: Decimal | None


@dataclass(slots=True)
class Repriced:
    """A showtime and what changes of its prices; `code` and `why` say that nothing does."""

    showtime: Showtime
    seats_sold: int
    changes: list[Change] = field(default_factory=list)
    code: str = ""
    why: str = ""


def changes(choice: Choice, amounts: Amounts) -> list[Repriced]:
    """What `amounts` would change, by showtime. Four queries, however many they are."""
    showtimes = choice.showtimes()
    own, offered = _own_prices(showtimes), _categories_by_screen(showtimes)
    sold = seats_sold(showtime.pk for showtime in showtimes)
    found = []
    for showtime in showtimes:
        one = Repriced(showtime, sold.get(showtime.pk, 0))
        its = offered[showtime.screen_id]
        _look(one, {c: amount for c, amount in amounts.items() if c.pk in its}, own)
        found.append(one)
    return found


@tried_twice
@transaction.atomic
def set_prices(choice: Choice, amounts: Amounts) -> list[Repriced]:
    """Set them, in a constant number of statements; answers as `changes` does. Raises Busy."""
    chosen = [showtime.pk for showtime in choice.showtimes()]
    # Against `replan`; customers do not wait for it.
    rows = Showtime.objects.select_for_update(no_key=True).filter(pk__in=chosen)
    list(rows.order_by("pk").values_list("pk", flat=True))
    done = changes(choice, amounts)
    changed = [(one.showtime, change) for one in done for change in one.changes]
    old = [change.old.pk for _, change in changed if change.old]
    Price.objects.filter(pk__in=old).delete()
    Price.objects.bulk_create(
        Price(showtime=showtime, category=change.category, amount=change.own)
        for showtime, change in changed
        if change.own is not None
    )
    return done


def _look(one: Repriced, amounts: Amounts, own: dict):
    """Says in `one` what `amounts` change, or why they change nothing."""
    if one.showtime.starts_at <= timezone.now():
        one.code, one.why = "started", "It has started."
        return
    for category, amount in amounts.items():
        old = own.get((one.showtime.pk, category.pk))
        if (old and old.amount) != amount:
            default = category.default_price
            before = old.amount if old else default
            after = default if amount is None else amount
            one.changes.append(Change(category, before, after, old, amount))
    if not amounts:
        one.code, one.why = "no_such_seats", "Its screen has no such seats."
    elif not one.changes:
        one.code, one.why = "unchanged", "It costs that already."


def _own_prices(showtimes) -> dict[tuple[int, int], Price]:
    rows = Price.objects.filter(showtime__in=[showtime.pk for showtime in showtimes])
    return {(price.showtime_id, price.category_id): price for price in rows}


def _categories_by_screen(showtimes) -> dict[int, set[int]]:
    seats = Seat.objects.filter(screen__in={one.screen_id for one in showtimes}, active=True)
    found = defaultdict(set)
    for screen, category in seats.order_by().values_list("screen", "category").distinct():
        found[screen].add(category)
    return found
