"""What the board shows of a day: the clock, the screens, and what is on them."""

import re
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from showtimes.models import Price, Showtime
from showtimes.sales import COLUMNS, sales, seats_sold
from showtimes.timetable import amount
from theaters.currencies import decimals
from theaters.models import Screen, Theater, cinema_date, cinema_day

# Around the day, what may stand in its way: a film that began before three, or begins after it.
AROUND = timedelta(hours=12)
# No zone changes its clocks at another minute than these.
STEP = timedelta(minutes=15)
SHOWN = [
    *COLUMNS,
    *("ends_at", "advert_minutes", "cleaning_minutes", "preview", "language", "subtitles"),
    *("status", "sales_from", "sales_until", "movie__title", "screen__name"),
]
Format = Showtime.Format


def shown(theater: Theater, day: date) -> dict:
    """
    The cinema day `day` of `theater` as the browser draws it. Minutes count from its beginning,
    as they go by: on the day when the clocks change it has 23 or 25 hours. Ten queries, however
    much is on.
    """
    begins, ends = cinema_day(day, theater.timezone)
    return {
        "day": day.isoformat(),
        "title": f"{day:%A} {day.day} {day:%B %Y}",
        "today": theater.today().isoformat(),
        "begins_at": begins.isoformat(),
        "minutes": _minutes(begins, ends),
        "now": _minutes(begins, timezone.now()),
        "clock": clock(begins, ends + AROUND),
        "screens": _screens(theater),
        "showtimes": _showtimes(theater, begins, ends),
    }


def clock(begins: datetime, ends: datetime) -> list[dict]:
    """
    How the wall clock goes: from minute `from` on it shows `shows` (in minutes since midnight) and
    goes on from there. One entry, and one more for each change of the clocks.
    """
    # Moments are compared, and go on, by UTC; the wall clock jumps.
    moment, last, found = begins.astimezone(UTC), None, []
    while moment < ends:
        there = moment.astimezone(begins.tzinfo)
        if there.utcoffset() != last:
            last = there.utcoffset()
            found.append(
                {"from": _minutes(begins, moment), "shows": there.hour * 60 + there.minute}
            )
        moment += STEP
    return found


def _minutes(begins: datetime, moment: datetime) -> float:
    # Two moments of one zone would be subtracted by the wall clock.
    span = moment.astimezone(UTC) - begins.astimezone(UTC)
    return round(span / timedelta(minutes=1), 2)


def _screens(theater) -> list[dict]:
    """The screens in the order of their names, each with the categories of its seats."""
    used = Q(seats__active=True)
    screens = theater.screens.annotate(seats_total=Count("seats", filter=used))
    rows = Screen.objects.filter(used, theater=theater).order_by()
    categories = defaultdict(list)
    for screen, category in rows.values_list("pk", "seats__category").distinct():
        categories[screen].append(category)
    return [
        {
            "id": screen.pk,
            "name": screen.name,
            "kind": screen.kind,
            "label": screen.get_kind_display(),
            "seats": screen.seats_total,
            "plan": reverse("admin:seat_map", args=[screen.pk]),
            "categories": categories[screen.pk],
        }
        for screen in sorted(screens, key=_in_order)
    ]


def _in_order(screen) -> tuple:
    """Screen 2 before Screen 10."""
    parts = re.split(r"(\d+)", screen.name.casefold())
    return [int(part) if index % 2 else part for index, part in enumerate(parts)], screen.pk


def _showtimes(theater, begins, ends) -> list[dict]:
    rows = Showtime.objects.filter(screen__theater=theater).within(begins, ends + AROUND)
    rows = list(rows.order_by("starts_at", "pk").values(*SHOWN))
    figures, sold = sales(rows), seats_sold(row["id"] for row in rows)
    own = _own_prices(rows, theater)
    return [
        _block(row, theater, begins)
        | _sale(row, figures[row["id"]], sold.get(row["id"], 0), theater)
        | {"prices": own[row["id"]]}
        for row in rows
    ]


def _block(row, theater, begins) -> dict:
    """Where it is and what it is."""
    start, end = (row[name].astimezone(theater.zone) for name in ("starts_at", "ends_at"))
    return {
        "id": row["id"],
        "movie": row["movie"],
        "title": row["movie__title"],
        "screen": row["screen"],
        "starts_at": start.isoformat(),
        "day": cinema_date(start, theater.timezone).isoformat(),
        "at": _minutes(begins, start),
        "until": _minutes(begins, end),
        "adverts": row["advert_minutes"],
        "cleaning": row["cleaning_minutes"],
        "format": row["format"],
        "version": _version(row),
        "language": row["language"],
        "subtitles": row["subtitles"],
        "preview": row["preview"],
        "page": reverse("admin:showtime_page", args=[row["id"]]),
    }


def _version(row) -> str:
    """2D · en, de subtitles"""
    subtitles = f", {row['subtitles']} subtitles" if row["subtitles"] else ""
    return f"{Format(row['format']).label} · {row['language']}{subtitles}"


def _sale(row, figures, sold, theater) -> dict:
    places = decimals(theater.currency)
    return {
        "status": row["status"],
        "state": _state(row, figures),
        "started": row["starts_at"] <= timezone.now(),
        "price_from": amount(figures.price_from, places),
        "price_to": amount(figures.price_to, places),
        "seats": figures.seats_total,
        "left": figures.seats_left,
        "sold": sold,
    }


def _state(row, figures) -> str:
    """One word, by which a block is painted."""
    if row["status"] != Showtime.Status.ON_SALE:
        return row["status"]
    if row["ends_at"] <= timezone.now():
        return "over"
    if figures.sold_out:
        return "sold_out"
    return "almost_sold_out" if figures.almost_sold_out else "on_sale"


def _own_prices(rows, theater) -> dict[int, dict[int, str]]:
    prices = Price.objects.filter(showtime__in=[row["id"] for row in rows])
    found = defaultdict(dict)
    for showtime, category, own in prices.values_list("showtime", "category", "amount"):
        found[showtime][category] = _plain(own, theater.currency)
    return found


def _plain(money: Decimal, currency: str) -> str:
    return amount(money, decimals(currency))


def fixed(theater: Theater) -> dict:
    """What does not change with the day: the theater's money, its categories, the choices."""
    return {
        "name": theater.name,
        "timezone": theater.timezone,
        "currency": theater.currency,
        "decimals": decimals(theater.currency),
        "categories": [
            {"id": one.pk, "name": one.name, "price": _plain(one.default_price, theater.currency)}
            for one in theater.seat_categories.order_by("rank", "pk")
        ],
        "formats": dict(Format.choices),
        "adverts": Showtime._meta.get_field("advert_minutes").default,
        "cleaning": Showtime._meta.get_field("cleaning_minutes").default,
    }
