"""The seats of a showtime as a plan draws them: plain dictionaries, because it is asked often."""

from theaters.currencies import decimals

from .models import Showtime


def seat_map(showtime: Showtime) -> dict:
    """
    The screen, its categories with their prices, and every seat with its place, price and status.

    `x` grows to the right and `y` away from the canvas, in seat widths. Four queries beside the
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
    own = dict(showtime.own_prices.values_list("category", "amount"))
    return [
        {
            "id": category.pk,
            "name": category.name,
            "colour": category.colour,
            "rank": category.rank,
            "price": f"{own.get(category.pk, category.default_price):.{places}f}",
        }
        for category in showtime.theater.seat_categories.all()
    ]
