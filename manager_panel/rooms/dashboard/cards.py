"""The figures at the top of the dashboard, each against the weeks before."""

from fractions import Fraction

from manager_panel.figures import Sums
from theaters.currencies import written

from .words import NONE, amounts, change, number, percent

ByCurrency = dict[str, Sums]


def cards(now: ByCurrency, before: ByCurrency) -> list[dict]:
    """What is shown of the period, compared with what was `before`."""
    whole, earlier = _whole(now), _whole(before)
    return [
        _money("Revenue", "kept", now, before, note=_without_tax(now)),
        {
            "title": "Tickets",
            "values": [(number(whole.tickets), change(whole.tickets, earlier.tickets))],
            "note": f"{number(whole.bookings)} bookings, {number(whole.shows)} showtimes",
        },
        {
            "title": "Occupancy",
            "values": [(percent(whole.occupancy), _points(whole.occupancy, earlier.occupancy))],
            "note": f"{number(whole.tickets)} of {number(whole.capacity)} seats",
        },
        _money("Refunds", "refunded", now, before, note=_given_back(whole)),
        {
            "title": "No-shows",
            "values": [(_no_show_count(whole), _points(whole.no_show_rate, earlier.no_show_rate))],
            "note": _no_shows(whole),
        },
    ]


def _whole(by_currency: ByCurrency) -> Sums:
    """What can be added across currencies: people and seats. The money in it means nothing."""
    whole = Sums()
    for sums in by_currency.values():
        whole.add(sums)
    return whole


def _money(title: str, name: str, now: ByCurrency, before: ByCurrency, *, note: str) -> dict:
    values = []
    for currency, sums in sorted(now.items()):
        amount = getattr(sums, name)
        than = getattr(before.get(currency, Sums()), name)
        values.append((written(amount, currency), change(amount, than)))
    return {"title": title, "values": values or [(NONE, None)], "note": note}


def _without_tax(now: ByCurrency) -> str:
    net = amounts({currency: sums.net for currency, sums in now.items()})
    return f"{' and '.join(net)} without tax" if net else ""


def _given_back(whole: Sums) -> str:
    return f"{number(whole.given_back)} tickets cancelled" if whole.given_back else ""


def _no_show_count(whole: Sums) -> str:
    return NONE if whole.no_show_rate is None else number(whole.no_shows)


def _no_shows(whole: Sums) -> str:
    if whole.no_show_rate is None:
        return "known once doors have scanned"
    return f"{percent(whole.no_show_rate)} of those who were expected"


def _points(now: Fraction | None, before: Fraction | None) -> dict | None:
    """How a rate has changed, in points of per cent."""
    if now is None or before is None:
        return None
    points = round(now * 100) - round(before * 100)
    if not points:
        return {"icon": "trending_flat", "tone": "same", "words": "as before"}
    icon = "trending_up" if points > 0 else "trending_down"
    words = f"{abs(points)} points {'more' if points > 0 else 'less'}"
    return {"icon": icon, "tone": "more" if points > 0 else "less", "words": words}
