"""The same request with the same Idempotency-Key, sixteen times at the same moment."""

from rest_framework.test import APIClient

from bookings.models import Booking

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
