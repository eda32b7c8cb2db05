"""Proposed seats as the API says them: plain dictionaries."""

from showtimes.choice.proposals import Proposal
from showtimes.choice.rules import labels
from showtimes.models import Showtime
from showtimes.price_list import price_list
from theaters.currencies import decimals

from .serializers import GAVE_UP


def proposed(showtime: Showtime, found: Proposal) -> dict:
    """The answer to a wish: the seats with their prices, and how they lie."""
    prices = price_list(showtime)
    places = decimals(showtime.theater.currency)
    return {
        "showtime": showtime.pk,
        "currency": showtime.theater.currency,
        "seats": [
            {
                "id": seat.id,
                "row": seat.row,
                "number": seat.number,
                "category": seat.category,
                "kind": seat.kind,
                "price": f"{prices.amount(seat.category):.{places}f}",
            }
            for seat in found.seats
        ],
        **arrangement(found),
    }


def arrangement(found: Proposal) -> dict:
    """How proposed seats lie, and what was given up for them."""
    where = " and ".join(labels(group) for group in found.groups)
    how = found.arrangement.replace("two_groups", "in two groups")
    lacking = " or ".join(GAVE_UP[word] for word in found.gave_up)
    return {
        "groups": [[seat.id for seat in group] for group in found.groups],
        "arrangement": found.arrangement,
        "gave_up": list(found.gave_up),
        "detail": f"{where}: {how}." + (f" Not to be had: {lacking}." if lacking else ""),
    }
