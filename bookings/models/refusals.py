"""Why a booking stays as it is."""

from rest_framework import status
from rest_framework.exceptions import APIException


class BookingClosed(APIException):
    """The booking is past that: paid, expired or cancelled. The detail says which."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "booking_closed"
    default_detail = "This booking can no longer be changed."


class HoldExpired(BookingClosed):
    """The seats were held until a time that has passed, and are free for others again."""

    default_code = "hold_expired"
    default_detail = "The time to pay has run out and the seats are free again. Please book again."


class TooManyHolds(APIException):
    """One person holds only so much unpaid at once; the detail says how much. Pay, or let go."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "too_many_holds"
    default_detail = "You hold 3 unpaid bookings already. Pay for one of them, or let it go."


class TooLateToCancel(BookingClosed):
    """The theater takes tickets back only until some minutes before the start."""

    default_code = "too_late_to_cancel"
    default_detail = "Tickets are taken back until 60 minutes before the start."


class NobodyToWriteTo(APIException):
    """The booking has no e-mail address."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "nobody_to_write_to"
    default_detail = "This booking has no e-mail address."


class AlreadyOnItsWay(APIException):
    """The same mail waits to be sent already."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "already_on_its_way"
    default_detail = "The tickets are about to be sent already."
