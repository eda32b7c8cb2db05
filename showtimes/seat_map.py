"""The seats of a showtime as a plan draws them: plain dictionaries, because it is asked often."""

from theaters.currencies import decimals

from .models import Showtime
from .price_list import price_list


def seat_map(showtime: Showtime) -> dict:
    """
    The screen, its categories with their prices, and every seat with its place, price and status.

    `x` grows to the right and `y` away from the canvas, in seat widths. A price is an adult's;
    those of ticket types that rules name stand with the category. Five queries beside the
    showtime's own.
    """
    theater = showtime.theater
    places = decimals(theater.currency)
    categories = _categories(showtime, places)
    price_of = {category["id"]: category["price"] for category in categories}
    taken = set(taken_seats(showtime))
    seats = showtime.screen.seats.filter(active=True).values(
        "id", "row", "number", "x", "y", "kind", "category"
    )
    return {
        "showtime": showtime.pk,
        "screen": {
            "id": showtime.screen_id,
            "name": showtime.screen.name,
            "kind": showtime.screen.kind,
        },
        "currency": theater.currency,
        "categories": categories,
        "seats": [
            seat
            | {
                "price": price_of[seat["category"]],
                "status": "taken" if seat["id"] in taken else "free",
            }
            for seat in seats
        ],
    }


def taken_seats(showtime: Showtime) -> list[int]:
    """The ids of the seats that are gone now, in order."""
    return sorted(showtime.taken_seats.live().values_list("seat", flat=True))


def _categories(showtime: Showtime, places: int) -> list[dict]:
    prices = price_list(showtime)
    types = prices.ticket_types()
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
