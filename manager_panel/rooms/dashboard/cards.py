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
    for currency in _that_matter(name, now, before):
        amount, than = (getattr(of.get(currency, Sums()), name) for of in (now, before))
        values.append((written(amount, currency), change(amount, than)))
    return {"title": title, "values": values or [(NONE, None)], "note": note}


def _that_matter(name: str, now: ByCurrency, before: ByCurrency) -> list[str]:
    """The currencies in which there is something, now or before; all of them, if in none."""
    some = {currency for of in (now, before) for currency in of if getattr(of[currency], name)}
    return sorted(some or now)


def _without_tax(now: ByCurrency) -> str:
    net = amounts({currency: sums.net for currency, sums in now.items() if sums.kept})
    return f"{', '.join(net)} without tax" if net else ""


def _given_back(whole: Sums) -> str:
    many = whole.given_back
    return f"{number(many)} {'ticket' if many == 1 else 'tickets'} cancelled" if many else ""


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
    unit = "point" if abs(points) == 1 else "points"
    words = f"{abs(points)} {unit} {'more' if points > 0 else 'less'}"
    return {"icon": icon, "tone": "more" if points > 0 else "less", "words": words}
