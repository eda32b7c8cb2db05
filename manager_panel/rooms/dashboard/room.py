"""What the dashboard shows: in a constant number of statements, whatever was sold."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest
from django.utils import timezone

from manager_panel.admin.columns import local
from manager_panel.figures import Reading
from movies.models import Movie
from theaters.models import Screen, Theater

from . import attention, charts
from .cards import cards
from .periods import WEEK, WhatToSee

# So many days from today on are looked ahead.
COMING = 7


def dashboard(request: HttpRequest, context: dict) -> dict:
    """`UNFOLD["DASHBOARD_CALLBACK"]`: the context of the admin's first page."""
    own = Theater.objects.managed_by(request.user).order_by("name", "pk")
    form = WhatToSee(request.GET, own)
    form.is_valid()
    if "theater" in form.errors:
        raise Http404("You manage no such theater.")
    context |= {"form": form, "title": "Dashboard"}
    if form.theaters:
        context |= _shown(form, request.user)
    return context


def _shown(form: WhatToSee, user) -> dict:
    theaters, period, today = form.chosen_theaters, form.chosen_period, form.today
    ahead = today + timedelta(days=COMING - 1)
    first = min(period.before.first, today - WEEK)
    reading = Reading(theaters, first, max(period.last, ahead))
    by_day = reading.by("day", "currency")
    by_film = reading.by("movie_id", "currency", first=period.first, last=period.last)
    soon = attention.showtimes(row for row in reading.live if today <= row.day <= ahead)
    titles = Movie.objects.in_bulk(
        {*charts.best_of(by_film), *(one.movie_id for kind in soon for one in kind["showtimes"])}
    )
    now, before = _sums(by_day, period), _sums(by_day, period.before)
    shown = [
        charts.coming(by_day, today, COMING),
        *charts.over_time(by_day, period),
        charts.by_hour(
            reading.hours(period.first, period.last),
            reading.hours(period.before.first, period.before.last),
            until=_hour_now(theaters) if period.first == today else None,
        ),
        charts.best_films(by_film, titles),
    ]
    is_empty = not any(sums.tickets or sums.shows or sums.paid for sums in by_day.values())
    return {
        "period": period,
        "cards": cards(now, before),
        "charts": shown,
        "drawn": {one["id"]: _drawn(one) for one in shown},
        "waiting": attention.waiting(theaters, user),
        "soon": _named(soon, titles, theaters),
        "is_empty": is_empty,
        "has_screens": not is_empty or Screen.objects.filter(theater__in=theaters).exists(),
    }


def _hour_now(theaters: list[Theater]) -> int:
    """What hour it is, at the theater farthest ahead."""
    now = timezone.now()
    zones = {theater.timezone for theater in theaters}
    return max(now.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for zone in zones).hour


def _sums(by_day, period) -> dict:
    """By currency, of the days of `period`."""
    found = {}
    for (day, currency), sums in by_day.items():
        if day in period:
            found.setdefault(currency, type(sums)()).add(sums)
    return found


def _drawn(chart: dict) -> dict:
    """What the script needs of a chart."""
    return {name: chart[name] for name in ("type", "labels", "series")}


def _named(kinds: list[dict], titles: dict, theaters: list[Theater]) -> list[dict]:
    """Showtimes by film, screen and the theater's clock, with the way to each."""
    screens = Screen.objects.in_bulk({one.screen_id for kind in kinds for one in kind["showtimes"]})
    known = {theater.pk: theater for theater in theaters}
    for kind in kinds:
        kind["showtimes"] = [
            {
                "link": attention.page_of(one.showtime_id),
                "film": titles[one.movie_id].title,
                "when": local(one.starts_at, ZoneInfo(known[one.theater_id].timezone)),
                "where": _where(screens[one.screen_id], known),
                "tickets": one.tickets,
                "capacity": one.capacity,
            }
            for one in kind["showtimes"]
        ]
    return [kind for kind in kinds if kind["showtimes"]]


def _where(screen: Screen, theaters: dict[int, Theater]) -> str:
    theater = theaters[screen.theater_id]
    return screen.name if len(theaters) == 1 else f"{screen.name}, {theater.name}"
