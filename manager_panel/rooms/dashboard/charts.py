"""The charts of the dashboard, each with its table for whoever cannot see it, or wants to copy."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from manager_panel.figures import Sums
from movies.models import Movie
from theaters.models import DAY_STARTS_AT

from ...admin.columns import money
from .periods import DAY, WEEK, Period
from .words import NONE, amounts, number, percent

# A chart with more bars is one of weeks.
MOST_BARS = 62
BEST = 10
HOURS = [(DAY_STARTS_AT.hour + n) % 24 for n in range(24)]

ByDay = dict[tuple[date, str], Sums]


def coming(by_day: ByDay, today: date, days: int) -> dict:
    """What is sold of today and of the days after it, beside the same days a week before."""
    week = [today + n * DAY for n in range(days)]
    now = [_people(by_day, [day]) for day in week]
    before = [_people(by_day, [day - WEEK]) for day in week]
    return {
        "id": "coming",
        "title": "Today and the coming days",
        "hint": "Tickets that are sold so far.",
        "type": "bar",
        "labels": [f"{day:%a %d %b}" for day in week],
        "series": [
            {"label": "Sold so far", "data": [sums.tickets for sums in now]},
            {"label": "The week before, in the end", "data": [sums.tickets for sums in before]},
        ],
        "columns": ["Day", "Showtimes", "Tickets", "Seats", "Occupancy", "Revenue", "Week before"],
        "rows": [
            [
                f"{day:%a %d %b}",
                number(sums.shows),
                number(sums.tickets),
                number(sums.capacity),
                percent(sums.occupancy),
                _revenue(by_day, [day]),
                number(earlier.tickets),
            ]
            for day, sums, earlier in zip(week, now, before, strict=True)
        ],
    }


def over_time(by_day: ByDay, period: Period) -> list[dict]:
    """Tickets by day, or by week where that would be too many; and revenue, for each currency."""
    spans = _spans(period)
    if len(spans) < 2:
        return []
    shift = period.first - period.before.first
    labels = [f"{span[0]:%d %b}" for span in spans]
    what = "day" if len(spans[0]) == 1 else "week"
    earlier = [[day - shift for day in span] for span in spans]
    found = [_tickets_over_time(by_day, spans, earlier, labels, what)]
    for currency in sorted({currency for _, currency in by_day}):
        now = [_sum(by_day, span, currency).kept for span in spans]
        before = [_sum(by_day, span, currency).kept for span in earlier]
        if not any(now) and not any(before):
            continue
        found.append(
            {
                "id": f"revenue-{currency.lower()}",
                "title": f"Revenue by {what}, {currency}",
                "type": "line",
                "labels": labels,
                "series": [
                    {"label": "Revenue", "data": [float(amount) for amount in now]},
                    {"label": "Before", "data": [float(amount) for amount in before]},
                ],
                "columns": [what.capitalize(), "Revenue", "Before"],
                "rows": [
                    [label, money(one, currency), money(other, currency)]
                    for label, one, other in zip(labels, now, before, strict=True)
                ],
            }
        )
    return found


def _tickets_over_time(by_day: ByDay, spans, earlier, labels, what: str) -> dict:
    now = [_people(by_day, span) for span in spans]
    before = [_people(by_day, span) for span in earlier]
    return {
        "id": "tickets",
        "title": f"Tickets by {what}",
        "type": "bar",
        "labels": labels,
        "series": [
            {"label": "Tickets", "data": [sums.tickets for sums in now]},
            {"label": "Before", "data": [sums.tickets for sums in before]},
        ],
        "columns": [what.capitalize(), "Tickets", "Occupancy", "No-shows", "Before"],
        "rows": [
            [
                label,
                number(sums.tickets),
                percent(sums.occupancy),
                percent(sums.no_show_rate),
                number(other.tickets),
            ]
            for label, sums, other in zip(labels, now, before, strict=True)
        ],
    }


def by_hour(now: dict, before: dict, *, until: int | None) -> dict:
    """
    When tickets were bought, whatever day they are for; the cinema day begins at three, and has
    come to the hour `until`, if it is not over.
    """
    sold, earlier = _tickets_by_hour(now), _tickets_by_hour(before)
    over = HOURS if until is None else HOURS[: HOURS.index(until) + 1]
    return {
        "id": "hours",
        "title": "Sales by hour",
        "hint": "When tickets were bought, for whatever day, by the clocks of the theaters.",
        "type": "line",
        "labels": [f"{hour:02}:00" for hour in HOURS],
        "series": [
            {"label": "Tickets", "data": [sold[hour] for hour in over]},
            {"label": "Before", "data": [earlier[hour] for hour in HOURS]},
        ],
        "columns": ["Hour", "Tickets", "Sold for", "Before"],
        "rows": [
            [f"{hour:02}:00", number(sold[hour]), _sold_for(now, hour), number(earlier[hour])]
            for hour in HOURS
            if sold[hour] or earlier[hour]
        ],
    }


def best_films(by_film: dict[tuple[int, str], Sums], titles: dict[int, Movie]) -> dict:
    """The films with the most tickets."""
    whole, kept = defaultdict(Sums), defaultdict(dict)
    for (film, currency), sums in by_film.items():
        whole[film].add(sums)
        kept[film][currency] = sums.kept
    best = [film for film in best_of(by_film) if whole[film].tickets]
    return {
        "id": "films",
        "title": "Best films",
        "type": "bars",
        "labels": [titles[film].title for film in best],
        "series": [{"label": "Tickets", "data": [whole[film].tickets for film in best]}],
        "columns": ["Film", "Tickets", "Showtimes", "Occupancy", "Revenue"],
        "rows": [
            [
                titles[film].title,
                number(whole[film].tickets),
                number(whole[film].shows),
                percent(whole[film].occupancy),
                ", ".join(amounts(kept[film])),
            ]
            for film in best
        ],
    }


def best_of(by_film: dict[tuple[int, str], Sums]) -> list[int]:
    """The ids of the films with the most tickets, the best first."""
    tickets = defaultdict(int)
    for (film, _), sums in by_film.items():
        tickets[film] += sums.tickets
    return sorted(tickets, key=lambda film: (-tickets[film], film))[:BEST]


def _spans(period: Period) -> list[list[date]]:
    """The days of the bars."""
    length = 1 if period.days <= MOST_BARS else 7
    starts = range(0, period.days, length)
    return [
        [period.first + timedelta(days=n) for n in range(start, min(start + length, period.days))]
        for start in starts
    ]


def _sum(by_day: ByDay, days: Iterable[date], currency: str) -> Sums:
    found = Sums()
    for day in days:
        found.add(by_day.get((day, currency), Sums()))
    return found


def _people(by_day: ByDay, days: Iterable[date]) -> Sums:
    """What can be added across currencies."""
    found = Sums()
    for currency in {currency for _, currency in by_day}:
        found.add(_sum(by_day, days, currency))
    return found


def _revenue(by_day: ByDay, days: list[date]) -> str:
    found = {currency: _sum(by_day, days, currency).kept for day, currency in by_day if day in days}
    return ", ".join(amounts(found)) or NONE


def _tickets_by_hour(hours: dict) -> dict[int, int]:
    found = defaultdict(int)
    for (hour, _), sold in hours.items():
        found[hour] += sold["tickets"]
    return found


def _sold_for(hours: dict, hour: int) -> str:
    found = {currency: sold["amount"] for (at, currency), sold in hours.items() if at == hour}
    return ", ".join(amounts(found)) or NONE
