"""The price rules of the demo: cheaper by day and for the young, dearer with glasses on."""

from showtimes.models import PriceRule, Showtime
from theaters.models import Theater

from .theaters import HOUSES, House

Effect, Format = PriceRule.Effect, Showtime.Format


def load_price_rules():
    """The same rules in each theater, with its own surcharge for 3D."""
    for house in HOUSES:
        theater = Theater.objects.get(slug=house.place["slug"])
        PriceRule.objects.bulk_create(
            PriceRule(theater=theater, position=10 * number, **fields)
            for number, fields in enumerate(_rules(house), start=1)
        )


def _rules(house: House) -> list[dict]:
    return [
        {
            "name": "Matinee",
            "weekdays": [0, 1, 2, 3],
            "starts_until": "17:00",
            "effect": Effect.PERCENT,
            "value": -20,
        },
        {
            "name": "Children",
            "ticket_types": ["child"],
            "effect": Effect.PERCENT,
            "value": -30,
        },
        {
            "name": "Student Tuesday",
            "ticket_types": ["student"],
            "weekdays": [1],
            "effect": Effect.PERCENT,
            "value": -25,
        },
        {
            "name": "3D",
            "formats": [Format.THREE_D, Format.IMAX_3D],
            "effect": Effect.AMOUNT,
            "value": house.three_d_extra,
        },
    ]
