"""How the dashboard says numbers."""

from decimal import Decimal
from fractions import Fraction

from theaters.currencies import written

NONE = "–"
NARROW = "\N{NARROW NO-BREAK SPACE}"
# What is this close to the week before is the same.
HARDLY = Fraction(1, 200)
# From here on per cents say nothing.
MANY = 9


def percent(part: Fraction | None) -> str:
    """A part of a whole, as in 42 %."""
    return NONE if part is None else f"{round(part * 100)}{NARROW}%"


def amounts(by_currency: dict[str, Decimal]) -> list[str]:
    """An amount for each currency, since they are never added together."""
    return [written(amount, currency) for currency, amount in sorted(by_currency.items())]


def number(count: int) -> str:
    return f"{count:,}"


def change(now, before) -> dict | None:
    """How much more or less than before, for people who see it and for those who hear it."""
    if not before:
        return None
    by = Fraction(now - before) / Fraction(before)
    if abs(by) < HARDLY:
        return {"icon": "trending_flat", "tone": "same", "words": "as before"}
    if by >= MANY:
        times = number(round(Fraction(now) / Fraction(before)))
        return {"icon": "trending_up", "tone": "more", "words": f"{times} times as much"}
    if by > 0:
        return {"icon": "trending_up", "tone": "more", "words": f"{percent(by)} more"}
    return {"icon": "trending_down", "tone": "less", "words": f"{percent(-by)} less"}
