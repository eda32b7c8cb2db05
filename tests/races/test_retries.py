"""The same request with the same Idempotency-Key, sixteen times at the same moment."""

import pytest
from django.db import connection
from rest_framework.test import APIClient

from bookings.models import Booking
from retries.models import KeptAnswer
from showtimes.models import TakenSeat

GUEST = {"name": "Guest", "email": "guest@example.com"}
TIMES = 16


def hold(showtime, seats):
    body = {"showtime": showtime.pk, "seats": [seat.pk for seat in seats], "contact": GUEST}
    client = APIClient(raise_request_exception=False)
    return client.post("/api/bookings/", body, headers={"Idempotency-Key": "same"})


def test_it_is_done_once_and_answered_the_same(at_once, showtime, seats):
    answers = at_once([lambda: hold(showtime, seats[:2])] * TIMES)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert Booking.objects.count() == 1


def test_of_two_bodies_with_one_key_one_is_done(at_once, showtime, seats):
    wishes = [seats[:2], seats[2:4]] * (TIMES // 2)
    answers = at_once([lambda wish=wish: hold(showtime, wish) for wish in wishes])
    assert Booking.objects.count() == 1
    held = set(TakenSeat.objects.values_list("seat", flat=True))
    assert [answer.status_code for answer in answers] == [
        201 if {seat.pk for seat in wish} == held else 422 for wish in wishes
    ]


@pytest.mark.without_a_guard
def test_without_the_constraint_it_is_done_more_than_once(at_once, showtime, seats):
    with connection.schema_editor() as editor:
        editor.remove_constraint(KeptAnswer, KeptAnswer._meta.constraints[0])
    try:
        at_once([lambda seat=seat: hold(showtime, [seat]) for seat in seats])
        assert Booking.objects.count() > 1
    finally:
        KeptAnswer.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(KeptAnswer, KeptAnswer._meta.constraints[0])
