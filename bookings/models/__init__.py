"""Who has which seats: bookings with their lines, tickets, promo codes, and scans at the door."""

from .booking import Booking
from .cancellation import Cancellation
from .exchange import Exchange, Swap
from .letter import Letter
from .line import BookingLine
from .promo_code import PromoCode, PromoCodeRefused
from .refusals import (
    AlreadyOnItsWay,
    BookingClosed,
    HoldExpired,
    NobodyToWriteTo,
    TooLateToCancel,
    TooManyHolds,
)
from .ticket import Scan, Ticket, TicketsNotValid

__all__ = [
    "AlreadyOnItsWay",
    "Booking",
    "BookingClosed",
    "BookingLine",
    "Cancellation",
    "Exchange",
    "HoldExpired",
    "Letter",
    "NobodyToWriteTo",
    "PromoCode",
    "PromoCodeRefused",
    "Scan",
    "Swap",
    "Ticket",
    "TicketsNotValid",
    "TooLateToCancel",
    "TooManyHolds",
]
