"""
The seats of a showtime as a plan draws them: plain dictionaries, because it is asked often. Whether
there is anything new is known before the seats are read.
"""

import json
from decimal import Decimal
from functools import cached_property

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from movies.listing import JSONList
from movies.models import Movie
from theaters.currencies import decimals
from theaters.models import Screen, Seat, SeatCategory, Theater

from .availability import etag_of, look, taken_ids
from .models import Price, PriceRule, Showtime
from .price_list import PriceList, active_rules, occasion_of, suitable
from .statements import ONE, Statement, moment_of

COLUMNS = [
    *("status", "starts_at", "format", "movie", "movie__minimum_age"),
    *("screen", "screen__name", "screen__kind", "screen__layout_version"),
    *("screen__theater", "screen__theater__timezone", "screen__theater__currency"),
]
PLACE = ["id", "row", "number", "x", "y", "kind", "category"]


class SeatMap:
    """
    The plan of one showtime at this moment, for `user`. Raises NotFound. One query, two where the
    theater has price rules, and one more when it is drawn.
    """

    def __init__(self, showtime: int, user):
        row = look(FACTS, showtime, user)
        self.read = dict(zip([*COLUMNS, "taken", "categories", "has_rules"], row, strict=True))
        self.showtime = _showtime_of(showtime, self.read)

    @cached_property
    def categories(self) -> list[dict]:
        """Those of the theater, with what they cost now by ticket type."""
        prices = self._prices()
        types = prices.ticket_types()
        places = decimals(prices.currency)
        return [
            {
                "id": category.pk,
                "name": category.name,
                "colour": category.colour,
                "rank": category.rank,
                "price": f"{prices.amount(category.pk):.{places}f}",
                "prices": {
                    kind: f"{prices.price(category.pk, kind).amount:.{places}f}" for kind in types
                },
            }
            for category in prices.categories
        ]

    @cached_property
    def etag(self) -> str:
        """
        Changes when the map does: the layout version stands for the seats' places, for the rules
        what they make of the prices now.
        """
        return etag_of((self.read, self.categories))

    def drawn(self) -> dict:
        """
        The screen, its categories with their prices, and every seat with its place, price and
        status. `x` grows to the right and `y` away from the canvas, in seat widths. A price is an
        adult's; those of ticket types that rules name stand with the category.
        """
        screen = self.showtime.screen
        return {
            "showtime": self.showtime.pk,
            "screen": {"id": screen.pk, "name": screen.name, "kind": screen.kind},
            "currency": self.showtime.theater.currency,
            "categories": self.categories,
            "seats": self._seats(),
        }

    def _seats(self) -> list[dict]:
        price_of = {category["id"]: category["price"] for category in self.categories}
        taken = set(map(int, filter(None, (self.read["taken"] or "").split(","))))
        return [
            {
                "id": pk,
                "row": row,
                "number": number,
                "x": x,
                "y": y,
                "kind": kind,
                "category": category,
                "price": price_of[category],
                "status": "taken" if pk in taken else "free",
            }
            for pk, row, number, x, y, kind, category in PLACES.rows(self.showtime.screen_id)
        ]

    def _prices(self) -> PriceList:
        """As `price_list` has them, from what was read."""
        rows = json.loads(self.read["categories"] or "[]", parse_float=Decimal)
        base = {row["id"]: Decimal(row.pop("price")) for row in rows}
        categories = [SeatCategory(**row) for row in rows]
        rules = []
        if self.read["has_rules"]:
            theater = self.showtime.theater.pk
            rules = suitable(active_rules([theater])[theater], occasion_of(self.showtime))
        names = {category.pk: category.name for category in categories}
        return PriceList(self.showtime, base, names, rules, categories)


def _showtime_of(pk: int, read: dict) -> Showtime:
    """As much of it as prices depend on; not to be saved."""
    theater = Theater(
        pk=read["screen__theater"],
        timezone=read["screen__theater__timezone"],
        currency=read["screen__theater__currency"],
    )
    screen = Screen(
        pk=read["screen"], name=read["screen__name"], kind=read["screen__kind"], theater=theater
    )
    return Showtime(
        pk=pk,
        starts_at=moment_of(read["starts_at"]),
        format=read["format"],
        movie=Movie(pk=read["movie"], minimum_age=read["movie__minimum_age"]),
        screen=screen,
    )


def _facts() -> QuerySet:
    theater = OuterRef("screen__theater")
    rules = PriceRule.objects.active().filter(theater=theater)
    columns = taken_ids(), _categories_of(theater), Exists(rules)
    return Showtime.objects.filter(pk=ONE).values_list(*COLUMNS, *columns)


def _categories_of(theater) -> JSONList:
    own = Price.objects.filter(showtime=OuterRef(OuterRef("pk")), category=OuterRef("pk"))
    columns = JSONObject(
        id="id",
        name="name",
        colour="colour",
        rank="rank",
        price=Coalesce(Subquery(own.values("amount")), "default_price"),
    )
    categories = SeatCategory.objects.filter(theater=theater).order_by("rank", "pk")
    return JSONList(categories.values(json=columns))


def _places() -> QuerySet:
    return Seat.objects.filter(screen=ONE, active=True).values_list(*PLACE)


FACTS, PLACES = Statement(_facts), Statement(_places)
