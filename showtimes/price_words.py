"""What a price rule does, in words for those who set it."""

from theaters.currencies import decimals
from theaters.models import Screen

from .models import Showtime
from .price_rules import PriceRule, Weekday


def in_words(rule: PriceRule) -> str:
    """When `rule` holds and what it does: Monday, Tuesday, from 10:00 to 17:00: 20 % off."""
    when = ", ".join(part for part in _conditions(rule) if part) or "always"
    sentence = f"{when}: {_effect(rule)}."
    last = " No later rule is applied." if rule.final else ""
    return f"{sentence[0].upper()}{sentence[1:]}{last}{'' if rule.active else ' Switched off.'}"


def _conditions(rule):
    yield ", ".join(Weekday(day).label for day in rule.weekdays)
    yield _span(rule.starts_from, rule.starts_until, "{:%H:%M}".format)
    yield _days_before(rule.days_before_min, rule.days_before_max)
    yield " or ".join(f"{kind} tickets" for kind in rule.ticket_types)
    yield rule.category.name if rule.category else ""
    yield rule.movie.title if rule.movie else ""
    yield " or ".join(Screen.Kind(kind).label for kind in rule.screen_kinds)
    yield " or ".join(Showtime.Format(one).label for one in rule.formats)
    yield _span(rule.valid_from, rule.valid_until, "{:%a %d %b %Y}".format)


def _span(first, last, written) -> str:
    begins = f"from {written(first)}" if first is not None else ""
    ends = f"to {written(last)}" if last is not None else ""
    return f"{begins} {ends}".strip()


def _days_before(least, most) -> str:
    if least is None and most is None:
        return ""
    if most == 0:
        return "booked on the day"
    if least is None:
        return f"booked at most {_days(most)} before"
    if most is None:
        return f"booked at least {_days(least)} before"
    between = _days(most) if least == most else f"{least} to {_days(most)}"
    return f"booked {between} before"


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"


def _effect(rule) -> str:
    size, less = abs(rule.value), rule.value < 0
    if rule.effect == PriceRule.Effect.PERCENT:
        return f"{size.normalize():f} % {'off' if less else 'more'}"
    money = f"{size:.{decimals(rule.currency)}f} {rule.currency}"
    if rule.effect == PriceRule.Effect.AMOUNT:
        return f"{money} {'off' if less else 'more'}"
    return f"the price is {money}"
