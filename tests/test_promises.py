"""The sweep over seats and bookings finds whatever breaks a promise, and nothing else."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.utils import timezone

from bookings.models import Booking, BookingLine, PromoCode, Ticket
from bookings.promises import PROMISES, broken_promises
from showtimes.models import TakenSeat

GUEST = {"name": "Guest", "email": "guest@example.com"}


@pytest.fixture
def promo_code(db):
    return PromoCode.objects.create(code="TWICE", percent=50, max_uses=2, max_uses_per_customer=2)


@pytest.fixture
def sold(paid, me, showtime, seats, promo_code):
    """A1 and A2, paid for with a promo code."""
    shown = paid(me, showtime, seats[:2], promo_code=promo_code.code)
    return Booking.objects.get(reference=shown["reference"])


@pytest.fixture
def held(book, client_of, showtime, seats, promo_code):
    """B1 and B2, held by a guest with the last use of that code."""
    answer = book(client_of(), showtime, seats[6:8], promo_code=promo_code.code, contact=GUEST)
    return Booking.objects.get(reference=answer.json()["reference"])


def a_second_ticket(sold, held):
    first, other = sold.tickets.all()
    Ticket.objects.filter(pk=first.pk).update(booking=held)
    Ticket.objects.create(booking=sold, seat=first.seat, price=1, paid=1)
    Ticket.objects.filter(pk=other.pk).update(status="void")


def a_ticket_of_an_unpaid_booking(sold, held):
    sold.tickets.update(booking=held)


def a_booking_without_tickets(sold, held):
    sold.tickets.update(status="void")


def a_seat_that_somebody_gave_away(sold, held):
    TakenSeat.objects.held_by(sold.pk).first().delete()


def a_seat_that_somebody_else_has(sold, held):
    TakenSeat.objects.held_by(sold.pk).update(holder=held.pk)


def a_seat_that_will_run_out(sold, held):
    TakenSeat.objects.held_by(sold.pk).update(held_until=timezone.now() + timedelta(minutes=1))


def a_seat_that_stays_when_its_ticket_goes(sold, held):
    sold.tickets.filter(pk=sold.tickets.first().pk).update(status="void")


def a_seat_of_a_cancelled_booking(sold, held):
    sold.tickets.update(status="void")
    Booking.objects.filter(pk=sold.pk).update(status="cancelled")


def a_seat_for_good_that_nobody_paid_for(sold, held):
    TakenSeat.objects.held_by(held.pk).update(held_until=None)


def a_seat_that_is_held_for_an_expired_booking(sold, held):
    Booking.objects.filter(pk=held.pk).update(status="expired")


def a_seat_that_is_held_for_too_long(sold, held):
    TakenSeat.objects.held_by(held.pk).update(held_until=timezone.now() + timedelta(days=1))


def a_seat_of_nobody(sold, held):
    TakenSeat.objects.held_by(held.pk).update(holder=uuid4())


def a_hold_that_lost_a_seat(sold, held):
    TakenSeat.objects.held_by(held.pk).first().delete()


def a_line_that_was_changed(sold, held):
    BookingLine.objects.filter(booking=sold, position=1).update(amount=Decimal("0.01"))


def a_code_with_one_use_less(sold, held):
    PromoCode.objects.update(max_uses=1)


def a_code_of_which_one_person_had_less(sold, held):
    Booking.objects.update(user=None, contact_email="Guest@example.com")
    PromoCode.objects.update(max_uses_per_customer=1)


SEAT_FOR_GOOD = "A seat that a booking has for good has a valid ticket."
HELD_SEAT = "A held seat is of a pending booking, and no longer than that is held."
BROKEN_BY = [
    (a_second_ticket, "A seat has one ticket."),
    (a_ticket_of_an_unpaid_booking, "A valid ticket is of a confirmed booking."),
    (a_booking_without_tickets, "A confirmed booking has a valid ticket."),
    (a_seat_that_somebody_gave_away, "A valid ticket has its seat."),
    (a_seat_that_somebody_else_has, "A valid ticket has its seat."),
    (a_seat_that_will_run_out, "A valid ticket has its seat."),
    (a_seat_that_stays_when_its_ticket_goes, SEAT_FOR_GOOD),
    (a_seat_of_a_cancelled_booking, SEAT_FOR_GOOD),
    (a_seat_for_good_that_nobody_paid_for, SEAT_FOR_GOOD),
    (a_seat_that_is_held_for_an_expired_booking, HELD_SEAT),
    (a_seat_that_is_held_for_too_long, HELD_SEAT),
    (a_seat_of_nobody, "A taken seat has a holder."),
    (a_hold_that_lost_a_seat, "A held booking has its seats."),
    (a_line_that_was_changed, "The lines of a booking add up to its total."),
    (a_code_with_one_use_less, "A promo code is used no more than it may be."),
    (a_code_of_which_one_person_had_less, "A promo code is used by nobody more than it may be."),
]


def test_what_is_sold_and_held_breaks_nothing(sold, held, django_assert_num_queries, capsys):
    with django_assert_num_queries(1):
        assert broken_promises() == []
    call_command("check_seats")
    assert capsys.readouterr().out == f"{len(PROMISES)} promises are kept.\n"


@pytest.mark.parametrize(("breaking", "promise"), BROKEN_BY)
def test_it_is_found(breaking, promise, sold, held, capsys):
    breaking(sold, held)
    assert promise in {broken.promise for broken in broken_promises()}
    with pytest.raises(SystemExit, match="1"):
        call_command("check_seats")
    assert f"{promise} Not so: " in capsys.readouterr().out


def test_nothing_is_promised_that_nobody_tries_to_break():
    assert {promise for _, promise in BROKEN_BY} == set(PROMISES)


def test_it_says_where(sold, held):
    a_seat_of_nobody(sold, held)
    assert ("A held booking has its seats.", held.reference) in broken_promises()


def test_what_was_let_go_cancelled_or_has_run_out_breaks_nothing(sold, held, me, outbox):
    me.post(f"/api/bookings/{sold.reference}/cancel/", {"tickets": [sold.tickets.first().code]})
    assert broken_promises() == []
    me.post(f"/api/bookings/{sold.reference}/cancel/", {})
    past = timezone.now() - timedelta(minutes=1)
    Booking.objects.filter(pk=held.pk).update(held_until=past)
    TakenSeat.objects.held_by(held.pk).update(held_until=past)
    assert broken_promises() == []
    call_command("run_jobs", once=True)
    assert broken_promises() == []


def test_a_blocked_seat_has_a_holder_too(client_of, manager, showtime, seats):
    body = {"kind": "house", "seats": [seats[0].pk]}
    address = f"/api/showtimes/{showtime.pk}/blocks/"
    assert client_of(manager).post(address, body).status_code == 201
    assert broken_promises() == []


def test_two_takers_cannot_be_planted_at_all(sold, held, showtime):
    taken = TakenSeat.objects.held_by(sold.pk).first()
    with pytest.raises(IntegrityError):
        TakenSeat.objects.create(showtime=showtime, seat=taken.seat, holder=held.pk)
