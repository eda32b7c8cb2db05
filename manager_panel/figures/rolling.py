"""
Adding up days that are over, once, so that pages read sums: a few statements for a theater and a
month. Whoever comes after a worker that died goes on where it was.
"""

import logging
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Max, Min
from django.utils import timezone

from bookings.models import Booking, Ticket
from payments.models import LedgerEntry
from showtimes.models import Showtime
from theaters.models import Theater, cinema_date, cinema_day

from ..models import Figures, HourFigures, RolledUp
from .counting import count, count_hours

log = logging.getLogger(__name__)

AT_ONCE = timedelta(days=31)
# A sale that was made a moment before midnight of cinemas may be committed a moment after.
GRACE = timedelta(minutes=15)
# Longer than any transaction takes to commit.
COMMITTED = timedelta(minutes=5)
NOBODY_CANCELS_AFTER = timedelta(days=60)
# More entries than are being written at one moment.
STILL_OPEN = 1000
EVERY = timedelta(minutes=1)
LAST_ROLLED = "figures-were-rolled-up"


def roll_up_now_and_then() -> int:
    """Roll up what is over, at most once a minute as far as the cache remembers."""
    if not cache.add(LAST_ROLLED, True, EVERY.total_seconds()):
        return 0
    return roll_up()


def roll_up() -> int:
    """
    Add up the days that are over since the last time, and again those to which something happened
    since; beside other workers. Answers how many showtimes were added up.
    """
    done = 0
    for theater in Theater.objects.order_by("pk"):
        _begin(theater)
        while (rolled := _roll_on(theater)) is not None:
            done += rolled
        done += _roll_again(theater)
    return done


def roll_up_again(since: date, theaters=None):
    """Have the days from `since` on, of `theaters` or of all, rolled up anew."""
    rolled = RolledUp.objects.filter(until__gt=since)
    if theaters is not None:
        rolled = rolled.filter(theater__in=theaters)
    rolled.update(until=since)


def finished_until(theater: Theater) -> date:
    """All cinema days of `theater` before this one are over, and what happened on them is known."""
    return cinema_date(timezone.now() - GRACE, theater.timezone)


def _begin(theater: Theater):
    if RolledUp.objects.filter(theater=theater).exists():
        return
    first = [
        Showtime.objects.filter(screen__theater=theater).aggregate(at=Min("starts_at"))["at"],
        _bookings(theater).aggregate(at=Min("confirmed_at"))["at"],
    ]
    first = min((at for at in first if at), default=timezone.now())
    until = min(cinema_date(first, theater.timezone), finished_until(theater))
    seen = max(_last_entry() - STILL_OPEN, 0)
    begin = {"until": until, "looked_at": timezone.now(), "ledger": seen, "ledger_seen": seen}
    RolledUp.objects.get_or_create(theater=theater, defaults=begin)


@transaction.atomic
def _roll_on(theater: Theater) -> int | None:
    """Some more days of `theater`; None when there are none, or somebody else is at it."""
    end = finished_until(theater)
    state = _locked(theater, until__lt=end)
    if state is None:
        return None
    first, until = state.until, min(state.until + AT_ONCE, end)
    begins, ends = cinema_day(first, theater.timezone)[0], cinema_day(until, theater.timezone)[0]
    showtimes = Showtime.objects.filter(
        screen__theater=theater, starts_at__gte=begins, starts_at__lt=ends
    )
    rolled = _write(theater, showtimes)
    _write_hours(theater, begins, ends, first, until)
    RolledUp.objects.filter(pk=state.pk).update(until=until)
    return rolled


@transaction.atomic
def _roll_again(theater: Theater) -> int:
    """The showtimes of days that were rolled up to which something happened since."""
    state = _locked(theater)
    if state is None:
        return 0
    ends = cinema_day(state.until, theater.timezone)[0]
    _forget_what_was_moved(theater, ends)
    last = _last_entry()
    changed = _changed(theater, state)
    rolled = 0
    if changed:
        rolled = _write(theater, Showtime.objects.filter(pk__in=changed, starts_at__lt=ends))
    _note(state, last)
    return rolled


def _locked(theater: Theater, **where) -> RolledUp | None:
    rows = RolledUp.objects.select_for_update(skip_locked=True)
    return rows.filter(theater=theater, **where).first()


def _changed(theater: Theater, state: RolledUp) -> list[int]:
    """The ids of showtimes, past and future, to which something happened since the last look."""
    entries = LedgerEntry.objects.filter(pk__gt=state.ledger, theater=theater)
    since = state.looked_at - COMMITTED
    tickets = Ticket.objects.filter(
        status=Ticket.Status.VOID,
        voided_at__gte=since,
        booking__showtime__screen__theater=theater,
    )
    called_off = Showtime.objects.filter(
        screen__theater=theater,
        cancelled_at__gte=since,
        starts_at__gte=timezone.now() - NOBODY_CANCELS_AFTER,
    )
    return [
        *entries.order_by().values_list("booking__showtime", flat=True).distinct(),
        *tickets.order_by().values_list("booking__showtime", flat=True).distinct(),
        *called_off.order_by().values_list("pk", flat=True),
    ]


def _last_entry() -> int:
    return LedgerEntry.objects.aggregate(last=Max("pk"))["last"] or 0


def _note(state: RolledUp, last: int):
    """
    What was seen so long ago that nothing can still be committed before it needs no second look.
    """
    now = timezone.now()
    if now - state.looked_at < COMMITTED:
        return
    RolledUp.objects.filter(pk=state.pk).update(
        ledger=F("ledger_seen"), ledger_seen=last, looked_at=now
    )


def _forget_what_was_moved(theater: Theater, ends: datetime):
    """A showtime that nobody had booked may have been moved to a day that is not over."""
    ahead = Showtime.objects.filter(screen__theater=theater, starts_at__gte=ends)
    Figures.objects.filter(showtime__in=ahead.values("pk")).delete()


def _write(theater: Theater, showtimes) -> int:
    """
    Count `showtimes` and keep it. A hall that was rebuilt since keeps the seats that it had on the
    day, and a showtime that was cancelled afterwards has none.
    """
    before = dict(
        Figures.objects.filter(showtime__in=showtimes.values("pk"), shows=1)
        .order_by()
        .values_list("showtime", "capacity")
    )
    rows = count(showtimes)
    for row in rows:
        if row.shows:
            row.capacity = before.get(row.showtime_id, row.capacity)
    Figures.objects.filter(showtime__in=showtimes.values("pk")).delete()
    Figures.objects.bulk_create(rows, batch_size=500)
    return sum(1 for row in rows if not row.kind)


def _write_hours(theater: Theater, begins, ends, first: date, until: date):
    sold = _bookings(theater).filter(confirmed_at__gte=begins, confirmed_at__lt=ends)
    HourFigures.objects.filter(theater=theater, day__gte=first, day__lt=until).delete()
    HourFigures.objects.bulk_create(count_hours(sold), batch_size=500)


def _bookings(theater: Theater):
    return Booking.objects.filter(showtime__screen__theater=theater)
