"""One guest's booking, one key, and many accounts that want it at the same moment."""

from collections import Counter

import pytest
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tokens import tokens_for
from bookings import claims
from bookings.models import Booking

GUEST = {"name": "Guest", "email": "guest@example.com"}


@pytest.fixture
def claimers(book, showtime, seats):
    """A job for each of eight people, who all know the key."""
    held = book(APIClient(), showtime, seats[:1], contact=GUEST).json()
    key = {name: held[name] for name in ("reference", "access_key")}

    def claim(user):
        client = APIClient(headers={"Authorization": f"Bearer {tokens_for(user)['access']}"})
        return client.post("/api/bookings/claim/", key).status_code

    people = [User.objects.create_user(f"person{n}") for n in range(8)]
    return [lambda user=user: claim(user) for user in people]


def test_one_of_them_gets_it(at_once, claimers):
    assert Counter(at_once(claimers)) == {200: 1, 409: 7}
    assert Booking.objects.get().user


def test_without_the_lock_several_are_told_that_it_is_theirs(at_once, claimers, monkeypatch):
    """The guard taken away: look who has it, and then write."""

    def unguarded(bookings, user):
        references = list(bookings.filter(user=None).values_list("reference", flat=True))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.2)")
        Booking.objects.filter(reference__in=references).update(user=user)
        return references

    monkeypatch.setattr(claims, "_claim", unguarded)
    assert Counter(at_once(claimers))[200] > 1
