"""
The timetable of the demo: for each screen four to six shows a day that follow each other like in a
real house. The same day is always planned in the same way.
"""

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.db import transaction

from movies.models import Movie
from showtimes.models import Price, Showtime
from theaters.models import Screen, Theater, cinema_day

from .films import FILMS, Film
from .theaters import HOUSES, Hall, House

DAYS = 10
ADVERTS, CLEANING = 20, 15  # minutes
MOST_SHOWS = 6
LAST_START = time(22, 45)
EVENING = time(17)
LATE_SHOW = time(0, 15)
LATE_NIGHTS = (4, 5)  # Friday and Saturday
Format, Kind = Showtime.Format, Screen.Kind


def minutes_on_screen(film_minutes: int) -> int:
    """How long a film keeps a screen busy, with adverts and cleaning, in steps of 5 minutes."""
    return math.ceil((film_minutes + ADVERTS + CLEANING) / 5) * 5


@transaction.atomic
def top_up() -> int:
    """
    Plan the ten cinema days from today wherever a screen of the demo has an empty one. Returns how
    many showtimes that made; what managers planned or changed is left alone.
    """
    movies, count = known_movies(), 0
    for house, hall, screen in known_screens():
        busy = _planned_days(screen)
        first = screen.theater.today()
        for day in (first + timedelta(days=ahead) for ahead in range(DAYS)):
            if day not in busy:
                count += len(save(house, plan(hall, screen, movies, day)))
    return count


def known_screens() -> Iterator[tuple[House, Hall, Screen]]:
    """The demo's screens that still exist under their names."""
    screens = Screen.objects.select_related("theater")
    found = {(screen.theater.slug, screen.name): screen for screen in screens}
    for house in HOUSES:
        for hall in house.halls:
            if screen := found.get((house.place["slug"], hall.name)):
                yield house, hall, screen


def known_movies() -> list[tuple[Film, Movie]]:
    """The demo's films that still exist under their titles."""
    found = {movie.title: movie for movie in Movie.objects.all()}
    return [(film, found[film.title]) for film in FILMS if film.title in found]


def _planned_days(screen) -> set[date]:
    begins, _ = cinema_day(screen.theater.today(), screen.theater.timezone)
    zone = screen.theater.zone
    starts = screen.showtimes.filter(starts_at__gte=begins).values_list("starts_at", flat=True)
    return {(start.astimezone(zone) - timedelta(hours=3)).date() for start in starts}


def plan(hall: Hall, screen: Screen, movies, day: date) -> list[Showtime]:
    """The shows of one cinema day, not saved; only those for which the screen is free."""
    draw = Random(f"{screen.theater.slug}, {hall.name}, {day}")
    zone = screen.theater.zone
    start = datetime.combine(day, time.fromisoformat(hall.opens), zone)
    latest = datetime.combine(day, LAST_START, zone)
    late = _late_show(hall, screen, movies, day)
    shows, before = [], None
    while start <= latest and len(shows) < MOST_SHOWS:
        choice = _choose(draw, hall, movies, start, before, late.starts_at if late else None)
        if choice is None:
            break
        shows.append(_show(draw, hall, screen, *choice, start))
        pause = timedelta(minutes=draw.choice([0, 5, 10]))
        before, start = choice[0], (shows[-1].ends_at + pause).astimezone(zone)
    return [show for show in [*shows, late] if show and _is_free(show)]


def _is_free(show) -> bool:
    return not Showtime.objects.overlapping(show.screen, show.starts_at, show.ends_at).exists()


def _late_show(hall, screen, movies, day) -> Showtime | None:
    if not hall.late_show or day.weekday() not in LATE_NIGHTS:
        return None
    start = datetime.combine(day + timedelta(days=1), LATE_SHOW, screen.theater.zone)
    for film, movie in movies:
        if film.slug == hall.late_show:
            return _show(Random(str(day)), hall, screen, film, movie, start)
    return None


def _choose(draw, hall, movies, start, before, must_end):
    def fits(film, movie):
        ends = start + timedelta(minutes=minutes_on_screen(movie.duration_minutes))
        released = movie.release_date <= start.date()
        return released and film is not before and (must_end is None or ends <= must_end)

    choices = [pair for pair in movies if fits(*pair)]
    weights = [_weight(film, hall, start.time()) for film, _ in choices]
    return draw.choices(choices, weights)[0] if any(weights) else None


def _weight(film: Film, hall: Hall, at: time) -> float:
    """How likely `film` is chosen: children by day, horror by night, the loud on large screens."""
    if film.minimum_age >= 16 and at < EVENING or "Family" in film.genres and at >= time(20, 30):
        return 0
    if hall.kind == Kind.LOUNGE:
        return 4 if film.popularity <= 3 else 1
    suits = {Kind.IMAX: "imax", Kind.DOLBY: "dolby"}.get(hall.kind, "2d") in film.formats
    return film.popularity * (3 if suits else 1)


def _show(draw, hall, screen, film, movie, start) -> Showtime:
    language, subtitles = _voices(draw, film, screen.theater.country)
    starts_at = start.astimezone(UTC)
    minutes = minutes_on_screen(movie.duration_minutes)
    show = Showtime(
        movie=movie,
        screen=screen,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        advert_minutes=ADVERTS,
        cleaning_minutes=minutes - movie.duration_minutes - ADVERTS,
        language=language,
        subtitles=subtitles,
        format=_format(draw, film, hall.kind),
        status=Showtime.Status.ON_SALE,
    )
    luck = draw.random()
    if luck < 0.07:
        show.sales_from = starts_at - timedelta(days=5)
    elif luck < 0.14:
        show.sales_until = starts_at - timedelta(minutes=30)
    return show


def _format(draw, film, kind) -> str:
    wishes = [Format.TWO_D]
    if kind == Kind.IMAX:
        wishes = [draw.choice([Format.IMAX, Format.IMAX_3D, Format.FILM_70MM]), Format.IMAX]
    elif kind == Kind.DOLBY:
        wishes = [draw.choice([Format.DOLBY, Format.DOLBY, Format.THREE_D]), Format.DOLBY]
    elif kind == Kind.STANDARD and draw.random() < 0.4:
        wishes = [Format.THREE_D]
    return next((wish for wish in wishes if wish in film.formats), Format.TWO_D)


def _voices(draw, film, country) -> tuple[str, str]:
    """What is heard and what is read: dubbed, original with subtitles, or just original."""
    home = "de" if country == "DE" else "en"
    luck = draw.random()
    if film.language == home:
        return home, "en" if home == "de" and luck < 0.3 else ""
    animated = "Animation" in film.genres
    if animated and luck < 0.75 or home == "de" and luck < 0.5:
        return home, ""
    understood = film.language == "en" and luck > 0.75
    return film.language, "" if understood else home


def save(house: House, shows: list[Showtime]) -> list[Showtime]:
    """Write `shows` with the prices that differ from their categories' defaults."""
    Showtime.objects.bulk_create(shows)
    Price.objects.bulk_create(
        Price(showtime=show, category=category, amount=category.default_price + extra)
        for show in shows
        if (extra := _extra(house, show))
        for category in show.theater.seat_categories.all()
    )
    return shows


def _extra(house, show) -> Decimal:
    at = show.starts_at.astimezone(show.theater.zone).time()
    return house.evening_extra if at >= EVENING or at < time(3) else Decimal(0)


def evening_shows(theater: Theater, screen_name: str) -> list[Showtime]:
    """The coming shows after five that are sold without a window, the next one first."""
    shows = (
        Showtime.objects.listed()
        .upcoming()
        .filter(
            screen__theater=theater, screen__name=screen_name, sales_from=None, sales_until=None
        )
    )
    shows = shows.select_related("screen__theater", "movie")
    return [show for show in shows if show.starts_at.astimezone(theater.zone).time() >= EVENING]
