"""The last use of a promo code is used once, whoever wants it at the same moment."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from bookings.models import Booking, PromoCode
from bookings.promises import broken_promises
from payments.models import Payment

from .conftest import begin, hold, pay, runs_out


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


@pytest.fixture
def late(stripe, guest, showtime, seats):
    """
    Stripe tells that A1 is paid, when the hold and with it the last use of the code has run out,
    and another customer who is having that use has not committed yet; answers whether the money
    bought the seat.
    """
    PromoCode.objects.create(code="LAST", percent=10, max_uses=1)
    payment = pay(*guest(showtime, seats[:1], promo_code="LAST")).json()
    stripe.confirm(payment)
    [event] = stripe.events("payment_intent.succeeded", payment["client_secret"].split("_s")[0])
    runs_out(timezone.now() - timedelta(seconds=1))

    def run():
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                assert hold(showtime, seats[6:7], promo_code="LAST").status_code == 201
                owner = begin(pool, [lambda: stripe.deliver(event)])
            [answer] = owner.result()
        assert answer.status_code == 200
        return bool(Payment.objects.get().honoured_at)

    return run


def test_who_pays_too_late_does_not_get_the_use_that_somebody_is_having(late):
    assert not late()


@pytest.mark.without_a_guard
@pytest.mark.parametrize(
    "guard", ["locked", "check_uses_are_left"], ids=["without the lock", "without another look"]
)
def test_without_the_guard_who_pays_too_late_has_the_last_use_too(late, monkeypatch, guard):
    monkeypatch.setattr(PromoCode, guard, lambda self, **whom: self)
    assert late()
    promise = "A promo code is used no more than it may be."
    assert promise in {broken.promise for broken in broken_promises()}
