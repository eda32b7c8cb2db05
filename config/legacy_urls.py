"""
The routes and the words of the systems that Marquee replaces.

An old address is answered as its canonical one: by the same view, for every method, with and
without its last slash. Nothing is redirected, since a redirect loses the body of a POST.
"""

import re
from functools import partial

from django.urls import Resolver404, path, resolve

ROUTES = {
    "api/sliderMB/": "api/slides/",
    "api/thaters/": "api/theaters/",
    "api/thater/<id>/": "api/theaters/{id}/",
    "api/movies/<id>/shows/": "api/movies/{id}/showtimes/",
    "api/shows/<id>/book/": "api/showtimes/{id}/book/",
    "api/my-bookings/": "api/bookings/",
    "api/reservations/": "api/bookings/",
    "api/reservations/<id>/": "api/bookings/{id}/",
    "reserve/": "api/bookings/",
    "reserve/<id>/": "api/bookings/{id}/",
    "purchase/": "api/payments/",
    "purchase/<id>/": "api/payments/{id}/",
    "api/signup/": "api/auth/register/",
    "register/": "api/auth/register/",
    "api/login/": "api/auth/login/",
    "login/": "api/auth/login/",
    "logout/": "api/auth/logout/",
    "api/token/refresh/": "api/auth/refresh/",
    "movies/": "api/movies/",
    "movies/<id>/": "api/movies/{id}/",
    "theaters/": "api/theaters/",
    "theaters/<id>/": "api/theaters/{id}/",
    "showtime/": "api/showtimes/",
    "showtime/<id>/": "api/showtimes/{id}/",
    "seats/": "api/seats/",
    "swagger/": "api/docs/",
}

# Query parameters, on every address of the API.
PARAMETERS = {"thater": "theater"}

# Fields of JSON bodies, below the canonical address that they are sent to. The new name wins.
FIELDS = {
    "api/auth/login/": {"email": "username"},
    "api/bookings/": {"showtime_id": "showtime", "seat_ids": "seats"},
    "api/movies/": {"duration": "duration_minutes", "description": "synopsis"},
    "api/payments/": {"booking_id": "booking", "reservation": "booking"},
    "api/showtimes/": {"date_and_time": "starts_at", "date_time": "starts_at"},
    "api/theaters/": {"location": "address"},
}

urlpatterns = [path(old, partial(str.format, new)) for old, new in ROUTES.items()]


# Asked of every request, so more quickly than by the patterns.
OLD = re.compile("/(?:" + "|".join(ROUTES).replace("<id>", "[^/]+").replace("/|", "|") + "?)/?")


def canonical(address: str) -> str | None:
    """The address that answers for the old `address`, or None if that is no old one."""
    if not OLD.fullmatch(address):
        return None
    try:
        match = resolve(address if address.endswith("/") else f"{address}/", urlconf=__name__)
    except Resolver404:
        return None
    return "/" + match.func(**match.kwargs)


def renamed(data: dict, names: dict[str, str]) -> dict:
    """`data` with its old names made new ones, unless the new one is there as well."""
    return {
        names[name] if name in names and names[name] not in data else name: value
        for name, value in data.items()
    }


def fields_of(address: str) -> dict[str, str]:
    """The old names, with the new ones, of the fields that may be sent to `address`."""
    return next((names for start, names in FIELDS.items() if address.startswith(f"/{start}")), {})
