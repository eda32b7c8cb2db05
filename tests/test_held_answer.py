"""What a hold answers is made from what was just written: it must be what a look at it says."""

import pytest
from rest_framework.test import APIClient

from bookings.models import PromoCode
from movies.models import Movie
from theaters.models import SeatCategory, Theater

GUEST = {"name": "Ada Byron", "email": "ada@example.com", "phone": "+49 30 1"}


@pytest.fixture
def held_and_shown(showtime, seats):
    """What a guest is told who holds three seats, and what is shown to them afterwards."""

    def ask(**more):
        wanted = [seats[0].pk, seats[1].pk, {"seat": seats[-1].pk, "type": "student"}]
        body = {"showtime": showtime.pk, "seats": wanted, "contact": GUEST} | more
        held = APIClient().post("/api/bookings/", body)
        assert held.status_code == 201
        held = held.json()
        headers = {"Access-Key": held.pop("access_key")}
        shown = APIClient().get(f"/api/bookings/{held['reference']}/", headers=headers)
        return held, shown.json()

    return ask


def test_of_seats_that_are_held(held_and_shown):
    held, shown = held_and_shown()
    assert held == shown
    assert held["status"] == "pending"


def test_of_a_film_with_a_poster(held_and_shown):
    Movie.objects.update(poster="posters/0123456789abcdef0123456789abcdef.webp")
    held, shown = held_and_shown()
    assert held == shown
    assert held["showtime"]["movie"]["poster"]["small"].startswith("http://testserver/media/")


@pytest.mark.parametrize("currency", ["JPY", "EUR", "KWD"])
def test_with_a_promo_code_in_any_currency(held_and_shown, currency):
    Theater.objects.update(currency=currency, booking_fee=10)
    PromoCode.objects.create(code="TEN", percent=10)
    held, shown = held_and_shown(promo_code="ten")
    assert held == shown
    assert held["promo_code"] == "TEN"


def test_of_a_booking_that_costs_nothing(held_and_shown):
    Theater.objects.update(booking_fee=0)
    SeatCategory.objects.update(default_price=0)
    held, shown = held_and_shown()
    assert held == shown
    assert (held["status"], len(held["tickets"])) == ("confirmed", 3)
