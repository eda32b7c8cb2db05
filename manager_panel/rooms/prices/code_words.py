"""What a promo code gives, to whom and when, in words for those who set it."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from bookings.models import PromoCode
from bookings.promo_code_trial import PromoCodeTrial

from ...admin.columns import local, money

# Of more, the others are counted.
NAMED = 3


def gift(code: PromoCode) -> str:
    """As in 10 % off the seats."""
    if code.amount is None:
        return f"{code.percent.normalize():f} % off the seats"
    return f"{money(code.amount, code.currency)} off the seats of a booking, not off each"


def in_words(trial: PromoCodeTrial, *, theaters: Sequence, movies: Sequence, zone: tzinfo) -> str:
    """
    As in 10 % off the seats: at Lux, for any film, booked until Sun 29 Nov, 20:00, 2 tickets or
    more. Times are by the clocks of `zone`.
    """
    where = f"at {named(theaters)}" if theaters else "at every theater"
    what = f"for {named(movies)}" if movies else "for any film"
    conditions = [where, what, *_conditions(trial.code, zone), *_limits(trial)]
    return f"{gift(trial.code)}: {', '.join(conditions)}."


def named(rows: Sequence) -> str:
    """The first few, and how many more: Lux, Odeon, Roxy and 2 more."""
    names = [str(row) for row in rows[:NAMED]]
    if len(rows) > NAMED:
        return f"{', '.join(names)} and {len(rows) - NAMED} more"
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def _conditions(code: PromoCode, zone: tzinfo) -> Iterator[str]:
    begins = f"from {local(code.valid_from, zone)}" if code.valid_from else ""
    ends = f"until {local(code.valid_until, zone)}" if code.valid_until else ""
    yield f"booked {begins} {ends}".replace("  ", " ").strip() if begins or ends else "at any time"
    if code.minimum_tickets > 1:
        yield f"{code.minimum_tickets} tickets or more"


def _limits(trial: PromoCodeTrial) -> Iterator[str]:
    code = trial.code
    if code.max_uses is not None:
        yield f"{trial.uses} of {_bookings(code.max_uses)} made"
    if code.max_uses_per_customer is not None:
        yield f"{_bookings(code.max_uses_per_customer)} of one customer"


def _bookings(count: int) -> str:
    return f"{count} booking{'' if count == 1 else 's'}"
