"""The last use of a promo code is used once, whoever wants it at the same moment."""

from collections import Counter

import pytest
from django.db import connection

from bookings.models import Booking, PromoCode


@pytest.fixture
def guests(client_of, showtime, seats):
    """A job for each of the first eight seats: another guest, unless `email` says who, holds it."""

    def jobs(email="guest{}@example.com"):
        def hold(number):
            contact = {"name": "Guest", "email": email.format(number)}
            body = {"showtime": showtime.pk, "seats": [seats[number].pk], "promo_code": "LAST"}
            return client_of().post("/api/bookings/", body | {"contact": contact})

        return [lambda number=number: hold(number) for number in range(8)]

    return jobs


def outcomes(answers):
    return Counter(
        "held" if answer.status_code == 201 else answer.json()["errors"][0]["code"]
        for answer in answers
    )


def test_eight_people_want_the_last_use(at_once, guests):
    PromoCode.objects.create(code="LAST", percent=10, max_uses=1)
    assert outcomes(at_once(guests())) == {"held": 1, "used_up": 7}
    assert Booking.objects.count() == 1


def test_one_person_wants_it_eight_times(at_once, guests):
    PromoCode.objects.create(code="LAST", percent=10, max_uses_per_customer=2)
    assert outcomes(at_once(guests("one@example.com"))) == {"held": 2, "used_by_you": 6}


def test_a_code_without_limits_is_held_by_all(at_once, guests):
    PromoCode.objects.create(code="LAST", percent=10)
    assert outcomes(at_once(guests())) == {"held": 8}


@pytest.mark.without_a_guard
def test_without_the_lock_the_last_use_is_used_twice(at_once, guests, monkeypatch):
    """The guard taken away: the same question, asked of a row that nobody locks."""
    PromoCode.objects.create(code="LAST", percent=10, max_uses=1)

    def unguarded(code, *, user, email):
        code.check_uses_are_left(user=user, email=email)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.2)")

    monkeypatch.setattr(PromoCode, "use", unguarded)
    assert outcomes(at_once(guests()))["held"] > 1
