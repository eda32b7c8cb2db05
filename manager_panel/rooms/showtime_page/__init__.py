"""
The page of one showtime: who sits where at this moment, seats that are kept back, bookings that are
looked up, cancelled and refunded, and the whole showtime called off.

`page` is what it begins with; `now` how it stands, which its script asks for all the time; `seats`,
`bookings` and `cancelling` do what is asked, by the rules of those apps. What is done at the box
office and at the door has its place here when there is more than the API of it.
"""

from .bookings import CancelTickets, Find, LetGo, OfferBack, OneBooking, SendAgain
from .cancelling import CancelTheShowtime
from .page import ShowtimeRoom
from .seats import BlockSeats, FreeSeats, HowItStands

# For `custom_urls` of the showtime's page in the admin.
ADDRESSES = [
    ("<path:object_id>/seats/", "showtime_page", ShowtimeRoom.as_view()),
    ("<path:object_id>/seats/now/", "showtime_now", HowItStands.as_view()),
    ("<path:object_id>/seats/block/", "showtime_block", BlockSeats.as_view()),
    ("<path:object_id>/seats/free/", "showtime_free", FreeSeats.as_view()),
    ("<path:object_id>/seats/cancel/", "showtime_cancel", CancelTheShowtime.as_view()),
    ("<path:object_id>/seats/find/", "showtime_find", Find.as_view()),
    (
        "<path:object_id>/seats/bookings/<str:reference>/",
        "showtime_booking",
        OneBooking.as_view(),
    ),
    (
        "<path:object_id>/seats/bookings/<str:reference>/offer/",
        "showtime_booking_offer",
        OfferBack.as_view(),
    ),
    (
        "<path:object_id>/seats/bookings/<str:reference>/cancel/",
        "showtime_booking_cancel",
        CancelTickets.as_view(),
    ),
    (
        "<path:object_id>/seats/bookings/<str:reference>/let-go/",
        "showtime_booking_let_go",
        LetGo.as_view(),
    ),
    (
        "<path:object_id>/seats/bookings/<str:reference>/send-again/",
        "showtime_booking_send_again",
        SendAgain.as_view(),
    ),
]

__all__ = ["ADDRESSES", "ShowtimeRoom"]
