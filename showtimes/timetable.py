"""
The timetable as the API shows it: plain dictionaries, because nothing is asked more often. The
serializers beside it describe them in the schema.
"""

from collections.abc import Callable, Iterable
from operator import itemgetter
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from pictures.fields import PictureLinks
from theaters.admission import Admission
from theaters.currencies import decimals
from theaters.models import Seat, SeatCategory, cinema_date

from .models import Showtime, closed_because
from .sales import Sales, sales

OWN = ["id", "language", "subtitles", "format", "preview", "status"]
MOMENTS = ["starts_at", "ends_at", "sales_from", "sales_until"]
FILM = ["movie", *(f"movie__{name}" for name in ("title", "duration_minutes", "certificate"))]
POSTER = "movie__poster"
SCREEN = ["screen", "screen__name", "screen__kind"]
THEATER = [
    f"screen__theater{name}" for name in ("", "__name", "__city", "__timezone", "__currency")
]
COLUMNS = [*OWN, *MOMENTS, *FILM, POSTER, *SCREEN, *THEATER]

Link = Callable[[str], str]


def columns(showtimes: QuerySet) -> QuerySet:
    """`showtimes` as the rows from which entries are made, in one query."""
    return showtimes.values(*COLUMNS)


def entries(rows: Iterable[dict], link: Link) -> list[dict]:
    """
    The showtimes of `rows`, each with its film and its theater; `link` makes a whole address of a
    path. Four queries beside that of the rows, however many they are.
    """
    rows = list(rows)
    figures = sales(rows)
    pictures = PictureLinks(link)
    films = {row["movie"]: film(row, pictures) for row in rows}
    theaters = {row["screen__theater"]: theater(row) for row in rows}
    return [
        {"id": row["id"], "movie": films[row["movie"]], "theater": theaters[row["screen__theater"]]}
        | slot(row, figures[row["id"]])
        for row in rows
    ]


def film(row: dict, pictures: PictureLinks) -> dict:
    """A film where something else is the subject, as movies.serializers.MovieTitleSerializer."""
    return {
        "id": row["movie"],
        "title": row["movie__title"],
        "duration_minutes": row["movie__duration_minutes"],
        "certificate": row["movie__certificate"],
        "poster": pictures(row[POSTER]),
    }


def theater(row: dict) -> dict:
    """A theater where something else is the subject: theaters.serializers.TheaterNameSerializer."""
    names = "id", "name", "city", "timezone", "currency"
    return dict(zip(names, (row[column] for column in THEATER), strict=True))


def screen(row: dict) -> dict:
    """A screen where something else is the subject: theaters.serializers.ScreenSerializer."""
    return {"id": row["screen"], "name": row["screen__name"], "kind": row["screen__kind"]}


def slot(row: dict, figures: Sales) -> dict:
    """A showtime below its film or its theater, by the theater's clock and in its money."""
    zone, currency = row["screen__theater__timezone"], row["screen__theater__currency"]
    starts_at = row["starts_at"].astimezone(ZoneInfo(zone))
    places = decimals(currency)
    reason = closed_because(
        status=row["status"],
        starts_at=row["starts_at"],
        sales_from=row["sales_from"],
        sales_until=row["sales_until"],
    )
    return {
        "starts_at": starts_at.isoformat(),
        "ends_at": local(row["ends_at"], zone),
        "local_date": cinema_date(starts_at, zone).isoformat(),
        "local_time": f"{starts_at:%H:%M}",
        "screen": screen(row),
        "language": row["language"],
        "subtitles": row["subtitles"],
        "format": row["format"],
        "preview": row["preview"],
        "status": row["status"],
        "currency": currency,
        "price_from": amount(figures.price_from, places),
        "price_to": amount(figures.price_to, places),
        "seats_total": figures.seats_total,
        "seats_left": figures.seats_left,
        "almost_sold_out": figures.almost_sold_out,
        "sold_out": figures.sold_out,
        "sales_from": local(row["sales_from"], zone),
        "sales_until": local(row["sales_until"], zone),
        "sales": {"open": not reason, "reason": reason},
    }


def local(moment, zone: str) -> str | None:
    """A moment by the clocks of `zone`, in ISO 8601."""
    return moment and moment.astimezone(ZoneInfo(zone)).isoformat()


def doors(admission: Admission, zone: str) -> dict:
    """From when until when tickets are let in, by the clocks of `zone`."""
    return {
        "admission_opens_at": local(admission.opens_at, zone),
        "admission_closes_at": local(admission.closes_at, zone),
    }


def amount(money, places: int) -> str | None:
    """Money with so many decimals, as JSON has it."""
    return None if money is None else f"{money:.{places}f}"


def by_theater(showtimes: list[dict]) -> list[dict]:
    """The theaters of entries of one cinema day, by name, each with its date and its showtimes."""
    groups = grouped(showtimes, "theater")
    for group in groups:
        slots = group.pop("showtimes")
        group.update(date=slots[0]["local_date"], showtimes=slots)
    return sorted(groups, key=itemgetter("name", "id"))


def by_film(showtimes: list[dict]) -> list[dict]:
    """The films of entries, by title, each with its showtimes."""
    return sorted(grouped(showtimes, "movie"), key=itemgetter("title", "id"))


def grouped(showtimes: list[dict], subject: str) -> list[dict]:
    """The films or theaters of entries, each with its showtimes in their order."""
    groups = {}
    for entry in showtimes:
        about = entry[subject]
        group = groups.setdefault(about["id"], about | {"showtimes": []})
        rest = {name: entry[name] for name in entry if name not in ("movie", "theater")}
        group["showtimes"].append(rest)
    return list(groups.values())


def detail(showtime: Showtime, link: Link) -> dict:
    """
    The entry of one showtime, with when its doors open and close, and what its managers set:
    minutes and prices. Seven queries.
    """
    [entry] = entries(columns(Showtime.objects.filter(pk=showtime.pk)), link)
    return entry | {
        **doors(showtime.admission, showtime.theater.timezone),
        "advert_minutes": showtime.advert_minutes,
        "cleaning_minutes": showtime.cleaning_minutes,
        "prices": _prices(showtime),
    }


def _prices(showtime) -> list[dict]:
    """What each category of the screen costs before price rules, the cheapest rank first."""
    own = dict(showtime.own_prices.values_list("category", "amount"))
    seats = Seat.objects.filter(screen=showtime.screen_id, active=True)
    categories = SeatCategory.objects.filter(pk__in=seats.values("category"))
    places = decimals(showtime.theater.currency)
    return [
        {
            "category": {
                "id": category.pk,
                "name": category.name,
                "colour": category.colour,
                "rank": category.rank,
            },
            "amount": amount(own.get(category.pk, category.default_price), places),
            "own": category.pk in own,
        }
        for category in categories
    ]
