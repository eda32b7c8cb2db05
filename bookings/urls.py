"""Routes of bookings and tickets, under /api/."""

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from . import views
from .best_seats.views import BestSeatsView
from .calling_off import CancelShowtimeView
from .claim_views import ClaimView
from .exchanges.views import ExchangeViewSet

BOOKING = r"^bookings/(?P<reference>[A-Za-z0-9]{8})"
router = SimpleRouter()
router.register("bookings", views.BookingViewSet)
urlpatterns = [
    path("bookings/claim/", ClaimView.as_view()),
    *router.urls,
    path("showtimes/<int:pk>/best-seats/", BestSeatsView.as_view()),
    path("showtimes/<int:pk>/cancel/", CancelShowtimeView.as_view()),
    path("showtimes/<int:pk>/book/", views.BookByLabelViewSet.as_view({"post": "create"})),
    re_path(
        rf"{BOOKING}/exchange/$",
        ExchangeViewSet.as_view({"get": "list", "post": "create", "delete": "destroy"}),
    ),
    re_path(rf"{BOOKING}/exchange/quote/$", ExchangeViewSet.as_view({"post": "quote"})),
    re_path(rf"{BOOKING}/tickets\.pdf$", views.TicketsPDFView.as_view()),
    re_path(r"^tickets/(?P<code>[A-Z2-7]{26})/$", views.TicketView.as_view()),
    re_path(r"^tickets/(?P<code>[A-Z2-7]{26})/qr\.png$", views.TicketQRView.as_view()),
]
