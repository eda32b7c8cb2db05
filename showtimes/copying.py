"""
Copying: a cinema day, or seven in a row, planned again on other dates of the same theater.

What runs at 20:15 runs at 20:15 there too, by the theater's clocks. Look first: `copies` says what
would become of each showtime. `copy` then plans those that fit, and says the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError as Invalid
from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework.serializers import ValidationError

from theaters.models import Screen, Theater, cinema_day

from .contention import Busy, tried_twice
from .models import Price, Showtime
from .planning import taken_by
from .requests import by_the_clock

DAY, WEEK = 1, 7
COPIED = (
    *("movie", "screen", "advert_minutes", "cleaning_minutes", "preview"),
    *("language", "subtitles", "format"),
)


@dataclass(slots=True)
class Copy:
    """What becomes of one showtime on another day: `code` and `why` are empty where it fits."""

    source: Showtime
    day: date
    showtime: Showtime | None = None
    code: str = ""
    why: str = ""

    @property
    def fits(self) -> bool:
        return not self.code


class Timetable:
    """What is on the screens, to see whether more fits in."""

    def __init__(self, showtimes: Iterable[Showtime]):
        self.by_screen = defaultdict(list)
        for showtime in showtimes:
            self.add(showtime)

    def add(self, showtime: Showtime):
        self.by_screen[showtime.screen_id].append(showtime)

    def others(self, showtime: Showtime) -> list[Showtime]:
        """Those that are on its screen at the same time."""
        return [
            other
            for other in self.by_screen[showtime.screen_id]
            if other.starts_at < showtime.ends_at and other.ends_at > showtime.starts_at
        ]


def copies(
    theater: Theater, *, first: date, days: int, to: Iterable[date], status: str
) -> list[Copy]:
    """
    What copying the `days` cinema days from `first` on to each day of `to`, and those after it,
    would do. Four queries, however much that is. Cancelled showtimes are not copied.
    """
    to = sorted(set(to))
    sources = list(_sources(theater, first, days))
    there = Timetable(_planned(theater, to, days))
    found = []
    for day in to:
        for source in sources:
            one = _copy(source, day - first, status)
            if one.showtime:
                _look(one, there)
            if one.fits:
                there.add(one.showtime)
            found.append(one)
    return found


@tried_twice
@transaction.atomic
def copy(
    theater: Theater, *, first: date, days: int, to: Iterable[date], status: str
) -> list[Copy]:
    """
    Copy what fits, with its own prices, in a constant number of statements; answers as `copies`
    does. Raises Busy.
    """
    # Nobody else plans on these screens meanwhile.
    list(Screen.objects.select_for_update(no_key=True).filter(theater=theater).order_by("pk"))
    found = copies(theater, first=first, days=days, to=to, status=status)
    fitting = [one for one in found if one.fits]
    try:
        Showtime.objects.bulk_create(one.showtime for one in fitting)
    except IntegrityError as error:
        # no_two_showtimes_overlap_on_one_screen: somebody planned without `settle`.
        raise Busy from error
    Price.objects.bulk_create(_prices(fitting))
    return found


def _sources(theater, first, days):
    begins, ends = cinema_day(first, theater.timezone)[0], _end(theater, first, days)
    showtimes = Showtime.objects.filter(
        screen__theater=theater, starts_at__gte=begins, starts_at__lt=ends
    )
    return (
        showtimes.exclude(status=Showtime.Status.CANCELLED)
        .select_related("movie", "screen__theater")
        .prefetch_related("own_prices__category")
    )


def _planned(theater, to, days) -> Iterator[Showtime]:
    """What is on the screens of `theater` on the days that are filled."""
    begins, ends = cinema_day(to[0], theater.timezone)[0], _end(theater, to[-1], days + 1)
    showtimes = Showtime.objects.filter(screen__theater=theater).within(begins, ends)
    return (
        showtimes.exclude(status=Showtime.Status.CANCELLED)
        .select_related("movie", "screen__theater")
        .iterator()
    )


def _end(theater, first, days) -> datetime:
    return cinema_day(first + timedelta(days=days), theater.timezone)[0]


def _copy(source: Showtime, later: timedelta, status) -> Copy:
    """The same so many days later, not saved."""
    start = source.starts_at.astimezone(source.theater.zone)
    copied = Copy(source, (start - timedelta(hours=3) + later).date())
    try:
        copied.showtime = Showtime(
            status=status,
            starts_at=_shifted(source, source.starts_at, later),
            **_sales(source, later),
            **{name: getattr(source, name) for name in COPIED},
        )
    except ValidationError as error:
        [detail] = error.detail
        copied.code, copied.why = detail.code, str(detail)
    return copied


def _sales(source, later) -> dict:
    """When its sale begins and ends; what would be over already is left open."""
    moments = {name: getattr(source, name) for name in ("sales_from", "sales_until")}
    moved = {name: _shifted(source, at, later) for name, at in moments.items() if at}
    return {name: at for name, at in moved.items() if at > timezone.now()}


def _shifted(source, moment, later) -> datetime:
    there = moment.astimezone(source.theater.zone).replace(tzinfo=None)
    return by_the_clock(there + later, source.theater.zone)


def _look(one: Copy, there: Timetable):
    """Says in `one` why it cannot be planned."""
    try:
        one.showtime.clean()
    except Invalid as error:
        [[problem, *_], *_] = error.error_dict.values()
        one.code, one.why = problem.code, problem.message
        return
    if others := there.others(one.showtime):
        other = others[0]
        same = other.place == one.showtime.place
        one.code = "already_there" if same else "screen_not_free"
        one.why = "It is there already." if same else taken_by(other)


def _prices(fitting: list[Copy]) -> Iterator[Price]:
    for one in fitting:
        for price in one.source.own_prices.all():
            yield Price(showtime=one.showtime, category=price.category, amount=price.amount)
