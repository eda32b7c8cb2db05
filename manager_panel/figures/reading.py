"""What pages and reports read: sums of days that are over, and what is live counted on top."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Q, Sum

from bookings.models import Booking
from showtimes.models import Showtime
from theaters.models import Theater, cinema_day

from ..models import Figures, HourFigures, RolledUp
from .counting import count, count_hours
from .sums import MEASURES, Sums

# Of what is rolled up; of what is live, an attribute.
COLUMNS = {"screen_id": "showtime__screen_id"}
OF_HOURS = ["bookings", "tickets", "amount"]


class Reading:
    """
    The figures of `theaters`, on the cinema days from `first` to `last`: right at the moment at
    which they are asked for, whether or not anybody has rolled anything up.
    """

    def __init__(self, theaters: Iterable[Theater], first: date, last: date):
        self.theaters = list(theaters)
        self.first, self.last = first, last

    @cached_property
    def _until(self) -> dict[int, date]:
        """Until when the figures of each theater are rolled up, by its id."""
        rolled = RolledUp.objects.filter(theater__in=self.theaters).values_list("pk", "until")
        return {theater.pk: self.first for theater in self.theaters} | dict(rolled)

    @cached_property
    def live(self) -> list[Figures]:
        """The figures that are not rolled up, in the order of their showtimes. They are counted."""
        matches = self._not_rolled_up("starts_at", "screen__theater")
        if matches is None:
            return []
        return [row for row in count(Showtime.objects.filter(matches)) if self._is_live(row)]

    def by(self, *names: str, first: date | None = None, last: date | None = None) -> dict:
        """
        Sums by `names` (day, kind, showtime_id, movie_id, screen_id, theater_id) as {(value, …):
        Sums}, of the days from `first` to `last`. The currency must be among the names: currencies
        are not added together.
        """
        first, last = first or self.first, last or self.last
        found = defaultdict(Sums)
        sums = {f"its_{name}": Sum(name) for name in MEASURES}
        columns = [COLUMNS.get(name, name) for name in names]
        rows = self._rolled_up(Figures, first, last).order_by().values_list(*columns)
        for row in rows.annotate(**sums):
            found[row[: len(names)]] = Sums(*row[len(names) :])
        for row in self.live:
            if first <= row.day <= last:
                found[tuple(getattr(row, name) for name in names)].add(row)
        currency = names.index("currency")
        return {key: sums.rounded(key[currency]) for key, sums in found.items()}

    def hours(self, first: date, last: date) -> dict[tuple[int, str], dict]:
        """What was sold by hour of the clock and currency: bookings, tickets and their amount."""
        found = defaultdict(lambda: dict.fromkeys(OF_HOURS, 0))
        sums = {f"its_{name}": Sum(name) for name in OF_HOURS}
        rows = self._rolled_up(HourFigures, first, last).order_by()
        for hour, currency, *values in rows.values_list("hour", "currency").annotate(**sums):
            found[hour, currency] = dict(zip(OF_HOURS, values, strict=True))
        for row in self._live_hours:
            if first <= row.day <= last and row.day >= self._until[row.theater_id]:
                for name in OF_HOURS:
                    found[row.hour, row.currency][name] += getattr(row, name)
        return dict(found)

    @cached_property
    def _live_hours(self) -> list[HourFigures]:
        matches = self._not_rolled_up("confirmed_at", "showtime__screen__theater")
        return [] if matches is None else count_hours(Booking.objects.filter(matches))

    def _rolled_up(self, model, first: date, last: date):
        """The rows of `model` that can be relied on: somebody may be writing others right now."""
        matches = Q(pk=None)
        for until, theaters in self._by_until():
            matches |= Q(theater__in=theaters, day__lt=until)
        return model.objects.filter(matches, day__gte=first, day__lte=last)

    def _not_rolled_up(self, moment: str, theater: str) -> Q | None:
        """Where `moment` is in the days that are not rolled up; None where there is no such day."""
        matches = None
        for (zone, until), theaters in self._by_zone_and_until():
            first = max(until, self.first)
            if first > self.last:
                continue
            begins, ends = cinema_day(first, zone)[0], cinema_day(self.last, zone)[1]
            span = {f"{moment}__gte": begins, f"{moment}__lt": ends}
            one = Q(**{f"{theater}__in": theaters}, **span)
            matches = one if matches is None else matches | one
        return matches

    def _is_live(self, row: Figures) -> bool:
        return max(self._until[row.theater_id], self.first) <= row.day <= self.last

    def _by_until(self) -> Iterator[tuple[date, list[int]]]:
        found = defaultdict(list)
        for theater, until in self._until.items():
            found[until].append(theater)
        yield from found.items()

    def _by_zone_and_until(self) -> Iterator[tuple[tuple[str, date], list[int]]]:
        found = defaultdict(list)
        for theater in self.theaters:
            found[theater.timezone, self._until[theater.pk]].append(theater.pk)
        yield from found.items()


def days_of(first: date, last: date) -> list[date]:
    """All days from `first` to `last`."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
