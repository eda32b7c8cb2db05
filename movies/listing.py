"""
Films as lists show them: plain dictionaries, because everybody asks for them first.

How a film looks in a list is one statement. The ORM writes its SQL once for each process: only the
moment and the page differ from request to request. Which films a list has, when it is narrowed or
ordered, is asked before, in a statement of its own. `MovieSummarySerializer` describes the result.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from hashlib import md5

from django.db import connection
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.http import quote_etag

from pictures.fields import PictureLinks

from .models import Genre, Movie, listed_showtimes

# Stands for the moment of a request in SQL that is kept.
MOMENT = datetime(1, 1, 1, tzinfo=UTC)
COLUMNS = [
    *("id", "title", "original_title", "genre_list", "release_date", "duration_minutes"),
    *("language", "certificate", "minimum_age", "poster", "is_showing", "rating"),
    *("rating_count", "total"),
]


class JSONList(Subquery):
    """The column `json` of a queryset as a JSON list, in text."""

    template = "(SELECT JSONB_AGG(one.json) FROM (%(subquery)s) one)"

    def as_sqlite(self, compiler, connection):
        template = "(SELECT JSON_GROUP_ARRAY(JSON(one.json)) FROM (%(subquery)s) one)"
        return self.as_sql(compiler, connection, template=template)


class FilmList:
    """
    The films of `movies`, in its order, for a paginator that takes a page and the total in one
    look. `link` makes a whole address of a path.
    """

    def __init__(self, movies: QuerySet, link: Callable[[str], str]):
        self.movies = movies
        self.link = link

    def window(self, start: int, stop: int) -> tuple[list[tuple], int]:
        """The rows from place `start` to before `stop`, and how many there are in all."""
        ids = self.movies.values_list("pk").annotate(total=Window(Count("*")))
        ids = dict(ids[start:stop])
        if not ids:
            return [], 0
        marks = ", ".join(["%s"] * len(ids))
        rows = self._rows(f'WHERE "movies_movie"."id" IN ({marks})', list(ids))
        rows = {row[0]: row for row in rows}
        return [rows[pk] for pk in ids if pk in rows], max(ids.values())

    def etag(self, rows: list[tuple], count: int) -> str:
        """Changes when the answer does: what was read says it all, before films are made of it."""
        read = repr((timezone.now().date(), count, rows))
        return quote_etag(md5(read.encode(), usedforsecurity=False).hexdigest())

    def films(self, rows: list[tuple]) -> list[dict]:
        """The films of `rows`, as lists show them."""
        pictures, today = PictureLinks(self.link), timezone.now().date()
        return [_film(dict(zip(COLUMNS, row, strict=True)), pictures, today) for row in rows]

    def _rows(self, rest: str, more: list) -> list[tuple]:
        sql, params = _statement(connection.vendor)
        adapt = connection.ops.adapt_datetimefield_value
        stand_in, now = adapt(MOMENT), adapt(timezone.now())
        params = [now if one == stand_in else one for one in params]
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} {rest}", [*params, *more])
            return cursor.fetchall()


class Catalogue(FilmList):
    """All films by title: one statement."""

    def __init__(self, link: Callable[[str], str]):
        super().__init__(Movie.objects.all(), link)

    def window(self, start: int, stop: int) -> tuple[list[tuple], int]:
        """The rows from place `start` to before `stop`, and how many there are in all."""
        order = 'ORDER BY "movies_movie"."title", "movies_movie"."id" LIMIT %s OFFSET %s'
        rows = self._rows(order, [stop - start, start])
        return rows, rows[0][-1] if rows else 0


@cache
def _statement(vendor: str) -> tuple[str, tuple]:
    """Films as `COLUMNS`, all of them, in no order: SQL for the database that we have, `vendor`."""
    genres = Genre.objects.filter(movies=OuterRef("pk")).order_by("name")
    showtimes = listed_showtimes().filter(movie=OuterRef("pk"), starts_at__gt=MOMENT)
    films = Movie.objects.order_by().annotate(
        genre_list=JSONList(genres.values(json=JSONObject(id="id", name="name", slug="slug"))),
        is_showing=Exists(showtimes),
        total=Window(Count("*")),
    )
    return films.values_list(*COLUMNS).query.sql_with_params()


def _film(film: dict, pictures: PictureLinks, today: date) -> dict:
    return {
        "id": film["id"],
        "title": film["title"],
        "original_title": film["original_title"],
        "genres": json.loads(film["genre_list"] or "[]"),
        "release_date": film["release_date"].isoformat(),
        "duration_minutes": film["duration_minutes"],
        "language": film["language"],
        "certificate": film["certificate"],
        "minimum_age": film["minimum_age"],
        "poster": pictures(film["poster"]),
        "now_showing": bool(film["is_showing"]),
        "coming_soon": film["release_date"] > today,
        "rating": None if film["rating"] is None else f"{film['rating']:.2f}",
        "rating_count": film["rating_count"],
    }
