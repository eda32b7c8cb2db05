"""The timetable: which film runs on which screen when, what it costs, and which seats are gone."""

from ..price_rules import PriceRule
from .price import Price
from .sale import CLOSED_SENTENCES, SalesClosed, closed_because
from .seat_block import SeatBlock, with_seats_now
from .showtime import Showtime
from .taken_seat import SeatsRemoved, SeatsTaken, TakenSeat

__all__ = [
    "CLOSED_SENTENCES",
    "Price",
    "PriceRule",
    "SalesClosed",
    "SeatBlock",
    "SeatsRemoved",
    "SeatsTaken",
    "Showtime",
    "TakenSeat",
    "closed_because",
    "with_seats_now",
]
