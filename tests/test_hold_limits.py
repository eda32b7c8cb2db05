"""Nobody keeps more seats from others than they may: limits, replacing a hold, and extending it."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from bookings.models import Booking
from showtimes.models import Showtime, TakenSeat

GUEST = {"name": "Guest", "email": "guest@example.com"}


@pytest.fixture
def more_showtimes(showtime):
    """Three more on the same screen, on the days after."""
    days = [timedelta(days=n) for n in (1, 2, 3)]
    return [
        Showtime.objects.create(
            movie=showtime.movie,
            screen=showtime.screen,
            starts_at=showtime.starts_at + later,
            ends_at=showtime.ends_at + later,
            language="en",
            status=Showtime.Status.ON_SALE,
        )
        for later in days
    ]


def code_of(answer):
    return answer.status_code, answer.json()["errors"][0]["code"]


def taken(showtime):
    return set(showtime.taken_seats.live().values_list("seat", flat=True))


def test_three_unpaid_bookings_are_enough(me, book, showtime, more_showtimes, seats):
    for one in more_showtimes:
        assert book(me, one, seats[:1]).status_code == 201
    assert code_of(book(me, showtime, seats[:1])) == (409, "too_many_holds")
    assert not showtime.taken_seats.exists()


def test_one_that_was_let_go_or_ran_out_does_not_count(me, book, showtime, more_showtimes, seats):
    first = book(me, showtime, seats[:1]).json()
    for one in more_showtimes[:2]:
        book(me, one, seats[:1])
    me.delete(f"/api/bookings/{first['reference']}/")
    assert book(me, showtime, seats[:1]).status_code == 201
    Booking.objects.update(held_until=timezone.now())
    assert book(me, more_showtimes[2], seats[:1]).status_code == 201


def test_ten_seats_of_a_showtime_are_enough(me, book, showtime, seats):
    assert book(me, showtime, seats[:6]).status_code == 201
    assert code_of(book(me, showtime, seats[6:11])) == (409, "too_many_holds")
    assert book(me, showtime, seats[6:10]).status_code == 201


def test_a_guest_is_known_by_the_address_however_it_is_written(book, showtime, seats):
    book(APIClient(), showtime, seats[:6], contact=GUEST)
    shouting = GUEST | {"email": "Guest@Example.com"}
    answer = book(APIClient(), showtime, seats[6:11], contact=shouting)
    assert code_of(answer) == (409, "too_many_holds")
    other = GUEST | {"email": "another@example.com"}
    assert book(APIClient(), showtime, seats[6:11], contact=other).status_code == 201


def test_what_is_paid_does_not_count(me, paid, book, showtime, seats):
    paid(me, showtime, seats[:6])
    assert book(me, showtime, seats[6:12]).status_code == 201


def test_a_hold_replaces_another(me, book, showtime, seats):
    first = book(me, showtime, seats[:3]).json()["reference"]
    second = book(me, showtime, seats[2:4], replaces=first)
    assert second.status_code == 201
    assert taken(showtime) == {seats[2].pk, seats[3].pk}
    assert me.get(f"/api/bookings/{first}/").json()["status"] == "cancelled"


def test_it_replaces_nothing_when_it_fails(me, client_of, bob, book, showtime, seats):
    book(client_of(bob), showtime, seats[3:4])
    first = book(me, showtime, seats[:3]).json()["reference"]
    assert code_of(book(me, showtime, seats[2:4], replaces=first)) == (409, "seats_taken")
    assert taken(showtime) == {seat.pk for seat in seats[:4]}
    assert me.get(f"/api/bookings/{first}/").json()["status"] == "pending"


def test_a_hold_that_ran_out_may_be_replaced(me, book, showtime, seats):
    first = book(me, showtime, seats[:3]).json()["reference"]
    past = timezone.now() - timedelta(minutes=1)
    Booking.objects.update(held_until=past)
    TakenSeat.objects.update(held_until=past)
    assert book(me, showtime, seats[:2], replaces=first).status_code == 201
    assert me.get(f"/api/bookings/{first}/").json()["status"] == "expired"


def test_what_was_paid_is_not_replaced(me, paid, book, showtime, seats):
    first = paid(me, showtime, seats[:1])["reference"]
    assert code_of(book(me, showtime, seats[1:2], replaces=first)) == (409, "booking_closed")
    assert taken(showtime) == {seats[0].pk}


def test_nobody_replaces_what_is_not_theirs(me, client_of, bob, book, showtime, seats):
    theirs = book(client_of(bob), showtime, seats[:1]).json()["reference"]
    for reference in (theirs, "NOSUCHON", ""):
        answer = book(me, showtime, seats[1:2], replaces=reference)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["attr"] == "replaces"


def test_a_guest_replaces_with_the_access_key(book, showtime, seats):
    first = book(APIClient(), showtime, seats[:1], contact=GUEST).json()
    guest = APIClient(headers={"Access-Key": first["access_key"]})
    answer = book(guest, showtime, seats[1:2], contact=GUEST, replaces=first["reference"])
    assert answer.status_code == 201


def test_a_hold_for_another_showtime_is_not_replaced(me, book, showtime, more_showtimes, seats):
    first = book(me, showtime, seats[:1]).json()["reference"]
    answer = book(me, more_showtimes[0], seats[:1], replaces=first)
    assert answer.json()["errors"][0]["attr"] == "replaces"


def as_guest(book, showtime, seats):
    """A guest, whose session does not end, and their hold of two seats."""
    booking = book(APIClient(), showtime, seats[:2], contact=GUEST).json()
    return APIClient(headers={"Access-Key": booking["access_key"]}), booking


def pay(client, booking):
    return client.post("/api/payments/", {"booking": booking["reference"]})


def until(client, booking) -> datetime:
    shown = client.get(f"/api/bookings/{booking['reference']}/").json()["held_until"]
    return datetime.fromisoformat(shown)


def test_whoever_starts_to_pay_gets_more_time_once(book, showtime, seats, stripe):
    start = timezone.now().replace(microsecond=0)
    with time_machine.travel(start, tick=False) as clock:
        guest, booking = as_guest(book, showtime, seats)
        clock.shift(timedelta(minutes=9))
        assert pay(guest, booking).status_code == 201
        assert until(guest, booking) == start + timedelta(minutes=19)
        assert set(showtime.taken_seats.values_list("held_until", flat=True)) == {
            start + timedelta(minutes=19)
        }
        clock.shift(timedelta(minutes=9))
        assert pay(guest, booking).status_code == 201
        assert until(guest, booking) == start + timedelta(minutes=19)


def test_thirty_minutes_are_the_end_of_it(book, showtime, seats, stripe, settings):
    settings.HOLD_MINUTES = 25
    start = timezone.now().replace(microsecond=0)
    with time_machine.travel(start, tick=False) as clock:
        guest, booking = as_guest(book, showtime, seats)
        clock.shift(timedelta(minutes=20))
        pay(guest, booking)
        assert until(guest, booking) == start + timedelta(minutes=30)


@pytest.mark.broken_by_hand
def test_a_hold_whose_seat_was_taken_over_is_not_extended(me, book, showtime, seats, stripe):
    booking = book(me, showtime, seats[:2]).json()
    TakenSeat.objects.filter(seat=seats[1]).update(holder="6f1c0f5e-3a0f-4d53-9f66-0a5a4f0f4a11")
    assert code_of(pay(me, booking)) == (409, "hold_expired")
    assert Booking.objects.get().extended_at is None


def test_replacing_a_hold_again_and_again_does_not_keep_seats_for_ever(
    book, client_of, alice, bob, showtime, seats, settings
):
    alice, longest = client_of(alice), settings.LONGEST_HOLD_MINUTES
    with time_machine.travel(timezone.now(), tick=False) as clock:
        began = timezone.now()
        held = book(alice, showtime, seats[:2]).json()
        while timezone.now() < began + timedelta(minutes=longest - 1):
            clock.shift(timedelta(minutes=settings.HOLD_MINUTES, seconds=-1))
            held = book(alice, showtime, seats[:2], replaces=held["reference"]).json()
            if "held_until" not in held:
                break
        assert timezone.now() <= began + timedelta(minutes=longest)
        clock.move_to(began + timedelta(minutes=longest))
        assert book(client_of(bob), showtime, seats[:2]).status_code == 201


def test_a_manager_does_not_replace_a_customers_hold(
    book, client_of, alice, manager, showtime, seats
):
    held = book(client_of(alice), showtime, seats[:1]).json()
    answer = book(client_of(manager), showtime, seats[1:2], replaces=held["reference"])
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == "replaces"
