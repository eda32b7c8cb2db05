"""Seats are held for some minutes: all of them or none, at prices that stay."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from bookings.models import Booking
from showtimes.models import Price, Showtime, TakenSeat
from theaters.models import Screen, Seat

GUEST = {"name": "Guest", "email": "guest@example.com"}


def codes(response):
    return [(error["attr"], error["code"]) for error in response.json()["errors"]]


def test_a_held_seat_cannot_be_held_by_someone_else(book, client_of, alice, bob, showtime, seats):
    assert book(client_of(alice), showtime, seats[:2]).status_code == 201
    answer = book(client_of(bob), showtime, seats[1:3])
    assert answer.status_code == 409
    assert answer.json()["errors"][0]["code"] == "seats_taken"
    assert answer.json()["seats"] == [seats[1].pk]


def test_a_refused_hold_leaves_nothing_behind(book, client_of, alice, bob, showtime, seats):
    book(client_of(alice), showtime, seats[:1])
    book(client_of(bob), showtime, seats[:3])
    assert TakenSeat.objects.count() == 1
    assert Booking.objects.count() == 1


def test_a_seat_is_free_again_the_second_after_the_hold(
    book, client_of, alice, bob, showtime, seats
):
    alice, bob = client_of(alice), client_of(bob)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        first = book(alice, showtime, seats[:1]).json()
        clock.shift(timedelta(minutes=10, seconds=-1))
        assert book(bob, showtime, seats[:1]).status_code == 409
        clock.shift(timedelta(seconds=1))
        assert bob.get(f"/api/showtimes/{showtime.pk}/availability/").json() == {"taken": []}
        assert bob.get(f"/api/showtimes/{showtime.pk}/").json()["seats_left"] == 12
        assert book(bob, showtime, seats[:1]).status_code == 201
        shown = APIClient().get(
            f"/api/bookings/{first['reference']}/?access_key={first['access_key']}"
        )
        assert shown.json()["status"] == "expired"


def test_the_price_is_frozen_when_the_seats_are_held(book, client_of, alice, showtime, seats):
    alice = client_of(alice)
    booking = book(alice, showtime, seats[:1]).json()
    Price.objects.create(showtime=showtime, category=seats[0].category, amount=99)
    assert alice.get(f"/api/bookings/{booking['reference']}/").json()["total"] == "11.00"
    assert book(alice, showtime, seats[1:2]).json()["total"] == "100.00"


def test_what_the_client_says_about_money_or_owner_is_not_heard(
    book, client_of, alice, bob, showtime, seats
):
    lies = {"total": "0.01", "price": "0.01", "user": bob.pk, "status": "confirmed"}
    booking = book(client_of(alice), showtime, seats[:1], **lies).json()
    assert (booking["total"], booking["status"]) == ("11.00", "pending")
    assert Booking.objects.get().user == alice


def test_letting_go_frees_the_seats_at_once(book, client_of, alice, bob, showtime, seats):
    alice = client_of(alice)
    booking = book(alice, showtime, seats[:2]).json()
    assert alice.delete(f"/api/bookings/{booking['reference']}/").status_code == 204
    assert book(client_of(bob), showtime, seats[:2]).status_code == 201
    answer = alice.delete(f"/api/bookings/{booking['reference']}/")
    assert (answer.status_code, codes(answer)) == (409, [(None, "booking_closed")])


@pytest.fixture
def seat_of_another_screen(theater, silver):
    screen = Screen.objects.create(theater=theater, name="Screen 2")
    return Seat.objects.create(screen=screen, row="A", number=1, category=silver, x=0, y=0)


BAD_CHOICES = [
    ({"seats": []}, ("seats", "empty")),
    ({"seats": None}, ("seats", "null")),
    ({"seats": "A1"}, ("seats", "not_a_list")),
    ({"seats": ["x"]}, ("seats.0", "invalid")),
    ({"seats": [-1]}, ("seats.0", "min_value")),
    ({"seats": [10**30]}, ("seats.0", "max_value")),
    ({"seats": [999_999]}, ("seats", "not_of_this_screen")),
    ({"seats": list(range(1, 12))}, ("seats", "max_length")),
    ({"showtime": 999_999}, ("showtime", "does_not_exist")),
    ({"showtime": 10**30}, ("showtime", "does_not_exist")),
    ({"showtime": "soon"}, ("showtime", "invalid")),
    ({"showtime": True}, ("showtime", "invalid")),
    ({"showtime": None}, ("showtime", "null")),
    ({"promo_code": "NOPE"}, ("promo_code", "unknown")),
    ({"promo_code": "\0"}, ("promo_code", "null_characters_not_allowed")),
]
BAD_CONTACTS = [
    ({"contact": None}, ("contact", "null")),
    ({"contact": {}}, ("contact.name", "required")),
    ({"contact": {"name": "x", "email": "x"}}, ("contact.email", "invalid")),
]


@pytest.mark.parametrize(
    ("path", "change", "problem"),
    [("/api/bookings/quote/", *bad) for bad in BAD_CHOICES]
    + [("/api/bookings/", *bad) for bad in BAD_CHOICES + BAD_CONTACTS],
)
def test_bad_input_is_a_400_that_names_the_field(path, change, problem, showtime, seats):
    body = {"showtime": showtime.pk, "seats": [seats[0].pk], "contact": GUEST} | change
    answer = APIClient().post(path, body)
    assert answer.status_code == 400
    assert problem in codes(answer)
    assert not TakenSeat.objects.exists()


@pytest.mark.parametrize("number", ["1e999", "-1e999"])
def test_a_number_beyond_all_numbers_is_a_400(number):
    body = f'{{"showtime": {number}, "seats": [{number}]}}'
    answer = APIClient().post("/api/bookings/quote/", body, content_type="application/json")
    assert answer.status_code == 400
    assert ("showtime", "invalid") in codes(answer)


def test_a_hold_that_ran_out_cannot_be_let_go_or_cancelled(book, client_of, alice, showtime, seats):
    alice = client_of(alice)
    booking = book(alice, showtime, seats[:1]).json()
    Booking.objects.update(held_until=timezone.now())
    address = f"/api/bookings/{booking['reference']}/"
    assert codes(alice.delete(address)) == [(None, "hold_expired")]
    assert codes(alice.post(f"{address}cancel/", {})) == [(None, "hold_expired")]
    assert alice.get(address.lower()).json()["status"] == "expired"


def test_a_seat_twice_is_refused(book, client_of, alice, showtime, seats):
    answer = book(client_of(alice), showtime, [seats[0], seats[0]])
    assert (answer.status_code, codes(answer)) == (400, [("seats", "repeated")])


def test_a_seat_of_another_screen_is_refused(
    book, client_of, alice, showtime, seats, seat_of_another_screen
):
    answer = book(client_of(alice), showtime, [seats[0], seat_of_another_screen])
    assert (answer.status_code, codes(answer)) == (400, [("seats", "not_of_this_screen")])


def test_a_seat_that_was_taken_out_is_refused(book, client_of, alice, showtime, seats):
    Seat.objects.filter(pk=seats[0].pk).update(active=False)
    assert book(client_of(alice), showtime, seats[:1]).status_code == 400


def test_guests_must_say_whom_to_write_to(book, showtime, seats):
    answer = book(APIClient(), showtime, seats[:1])
    assert (answer.status_code, codes(answer)) == (400, [("contact", "required")])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": Showtime.Status.CANCELLED}, "cancelled"),
        ({"starts_at": timezone.now() - timedelta(minutes=1)}, "started"),
        ({"sales_from": timezone.now() + timedelta(hours=1)}, "not on sale yet"),
        ({"sales_until": timezone.now() - timedelta(hours=1)}, "ended"),
    ],
)
@pytest.mark.parametrize("path", ["/api/bookings/", "/api/bookings/quote/"])
def test_a_showtime_that_is_not_sold_now_is_a_409(path, change, words, showtime, seats):
    Showtime.objects.filter(pk=showtime.pk).update(**change)
    body = {"showtime": showtime.pk, "seats": [seats[0].pk], "contact": GUEST}
    answer = APIClient().post(path, body)
    assert (answer.status_code, codes(answer)) == (409, [(None, "sales_closed")])
    assert words in answer.json()["errors"][0]["detail"]


def test_a_showtime_that_is_only_planned_does_not_exist(showtime, seats):
    Showtime.objects.filter(pk=showtime.pk).update(status=Showtime.Status.PLANNED)
    body = {"showtime": showtime.pk, "seats": [seats[0].pk], "contact": GUEST}
    assert codes(APIClient().post("/api/bookings/", body)) == [("showtime", "does_not_exist")]
    for path in (f"showtimes/{showtime.pk}/", f"seats/?showtime={showtime.pk}"):
        assert APIClient().get(f"/api/{path}").status_code == 404


CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def statements(queries):
    return [query["sql"] for query in queries if not query["sql"].startswith(CONTROL)]


@pytest.mark.parametrize("count", [1, 10])
def test_a_hold_takes_twelve_statements(book, client_of, alice, showtime, seats, count):
    alice = client_of(alice)
    with CaptureQueriesContext(connection) as queries:
        assert book(alice, showtime, seats[:count]).status_code == 201
    assert len(statements(queries)) == 12


def test_a_refusal_takes_five_and_opens_no_transaction(
    book, client_of, alice, bob, showtime, seats
):
    book(client_of(alice), showtime, seats[:2])
    bob = client_of(bob)
    with CaptureQueriesContext(connection) as queries:
        assert book(bob, showtime, seats[1:4]).status_code == 409
    assert len(queries) == 5
