"""How far the jobs are with a showtime that was cancelled, in words and shares."""

from decimal import Decimal

from payments.called_off import CallingOff
from showtimes.models import Showtime

from ...admin.columns import local, money


def progress_of(showtime: Showtime) -> dict | None:
    """What is done of calling it off; None unless it is cancelled."""
    if showtime.status != Showtime.Status.CANCELLED or not showtime.cancelled_at:
        return None
    done, currency = CallingOff.of(showtime), showtime.theater.currency
    return {
        "since": local(showtime.cancelled_at, showtime.theater.zone),
        "reason": showtime.cancellation_reason,
        "done": done.is_done,
        "bookings": [done.bookings_done, done.bookings],
        "mails": [done.mails_done, done.mails],
        "refunded": money(done.refunded, currency),
        "amount": money(done.amount, currency),
        "share": _percent(done.refunded, done.amount),
        "on_its_way": money(done.on_its_way, currency) if done.on_its_way else "",
        "by_hand": money(done.by_hand, currency) if done.by_hand else "",
        "failed": money(done.failed, currency) if done.failed else "",
    }


def _percent(part: Decimal, whole: Decimal) -> int:
    """Never 100 before it is all."""
    return int(part * 100 / whole) if whole else 100
