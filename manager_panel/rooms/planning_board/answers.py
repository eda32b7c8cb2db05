"""What the board is told about copies and bulk prices."""

from collections import Counter

from showtimes.bulk_prices import Repriced
from showtimes.copying import Copy
from showtimes.timetable import amount
from theaters.currencies import decimals
from theaters.models import Theater

# Nobody reads more lines than these; the numbers count all.
MOST_LINES = 500


def copied(copies: list[Copy]) -> dict:
    """How many fit, how many do not, and each by itself: what does not fit first."""
    lines = sorted(copies, key=lambda one: one.fits)
    reasons = Counter(one.code for one in copies if not one.fits)
    return {
        "fitting": sum(one.fits for one in copies),
        "refused": sum(reasons.values()),
        "reasons": reasons,
        "lines": [_copied(one) for one in lines[:MOST_LINES]],
    }


def _copied(one: Copy) -> dict:
    start = one.source.starts_at.astimezone(one.source.theater.zone)
    return {
        "title": one.source.movie.title,
        "screen": one.source.screen.name,
        "time": f"{start:%H:%M}",
        "day": one.day.isoformat(),
        "day_label": f"{one.day:%a} {one.day.day} {one.day:%b}",
        "fits": one.fits,
        "code": one.code,
        "why": one.why,
    }


def repriced(theater: Theater, found: list[Repriced]) -> dict:
    """How many change, how many stay, and each by itself."""
    changing = [one for one in found if one.changes]
    return {
        "changing": len(changing),
        "sold": sum(bool(one.seats_sold) for one in changing),
        "reasons": Counter(one.why for one in found if not one.changes),
        "lines": [_repriced(one, theater) for one in changing[:MOST_LINES]],
    }


def _repriced(one: Repriced, theater) -> dict:
    places = decimals(theater.currency)
    start = one.showtime.starts_at.astimezone(theater.zone)
    return {
        "title": one.showtime.movie.title,
        "screen": one.showtime.screen.name,
        "start": f"{start:%a} {start.day} {start:%b}, {start:%H:%M}",
        "sold": one.seats_sold,
        "changes": [
            {
                "category": change.category.name,
                "before": amount(change.before, places),
                "after": amount(change.after, places),
            }
            for change in one.changes
        ],
    }
