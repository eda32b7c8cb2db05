"""When the doors open, as tickets and letters say it."""

from datetime import datetime

from showtimes.models import Showtime


def doors(showtime: Showtime) -> str:
    """
    19:30, or "19:30, last admission 20:45" where doors close before it is over: by the theater's
    clock, with the weekday where that is not the day of the start.
    """
    opens_at, closes_at = showtime.admission
    opens = _clock(opens_at, showtime)
    if closes_at == showtime.ends_at:
        return opens
    return f"{opens}, last admission {_clock(closes_at, showtime)}"


def _clock(moment: datetime, showtime: Showtime) -> str:
    zone = showtime.theater.zone
    local, starts = moment.astimezone(zone), showtime.starts_at.astimezone(zone)
    return f"{local:%H:%M}" if local.date() == starts.date() else f"{local:%A %H:%M}"
