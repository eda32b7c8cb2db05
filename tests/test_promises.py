"""The sweep over seats and bookings finds whatever breaks a promise, and nothing else."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.utils import timezone

from bookings.models import Booking, BookingLine, Exchange, PromoCode, Ticket
from bookings.promises import PROMISES, broken_promises
from showtimes.models import TakenSeat

pytestmark = pytest.mark.broken_by_hand
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


@pytest.fixture
def exchanged(sold, me, seats):
    """An exchange of A1 and A2 for A2 and B5 that waits for its money."""
    codes = {ticket.seat_id: ticket.code for ticket in sold.tickets.all()}
    swaps = [
        {"ticket": codes[old.pk], "seat": new.pk}
        for old, new in [(seats[0], seats[1]), (seats[1], seats[10])]
    ]
    answer = me.post(f"/api/bookings/{sold.reference}/exchange/", {"swaps": swaps}, format="json")
    assert answer.json()["status"] == "pending", answer.content
    return Exchange.objects.get()


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


def an_exchange_that_lost_a_seat(exchange):
    TakenSeat.objects.held_by(exchange.pk).delete()


def an_exchange_whose_seat_somebody_has(exchange):
    TakenSeat.objects.held_by(exchange.pk).update(holder=Booking.objects.last().pk)


def an_exchange_whose_seat_runs_out_first(exchange):
    TakenSeat.objects.held_by(exchange.pk).update(held_until=timezone.now() + timedelta(minutes=1))


def an_exchange_that_gave_up_what_its_booking_has(exchange):
    TakenSeat.objects.held_by(exchange.booking_id).delete()


def an_exchange_of_a_ticket_that_is_void(exchange):
    Ticket.objects.filter(pk=exchange.swaps.first().old_ticket_id).update(status="void")


def a_seat_of_an_exchange_that_is_over(exchange):
    Exchange.objects.update(status="expired")


def a_seat_of_an_exchange_that_is_done(exchange):
    Exchange.objects.update(status="done")


def a_seat_that_an_exchange_has_for_good(exchange):
    TakenSeat.objects.held_by(exchange.pk).update(held_until=None)


def a_seat_that_an_exchange_never_asked_for(exchange):
    exchange.swaps.order_by("pk").last().delete()


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
SEATS_OF_EXCHANGE = "A pending exchange has its seats."
HELD_FOR_EXCHANGE = (
    "A seat held for an exchange is of a pending one, and no longer than that is held."
)
BROKEN_IN_EXCHANGES_BY = [
    (an_exchange_that_lost_a_seat, SEATS_OF_EXCHANGE),
    (an_exchange_whose_seat_somebody_has, SEATS_OF_EXCHANGE),
    (an_exchange_whose_seat_runs_out_first, SEATS_OF_EXCHANGE),
    (an_exchange_that_gave_up_what_its_booking_has, SEATS_OF_EXCHANGE),
    (an_exchange_of_a_ticket_that_is_void, "A pending exchange is of valid tickets."),
    (a_seat_of_an_exchange_that_is_over, HELD_FOR_EXCHANGE),
    (a_seat_of_an_exchange_that_is_done, HELD_FOR_EXCHANGE),
    (a_seat_that_an_exchange_has_for_good, HELD_FOR_EXCHANGE),
    (a_seat_that_an_exchange_never_asked_for, HELD_FOR_EXCHANGE),
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


@pytest.mark.parametrize(("breaking", "promise"), BROKEN_IN_EXCHANGES_BY)
def test_it_is_found_in_exchanges(breaking, promise, exchanged, held):
    breaking(exchanged)
    assert promise in {broken.promise for broken in broken_promises()}


def test_nothing_is_promised_that_nobody_tries_to_break():
    tried = BROKEN_BY + BROKEN_IN_EXCHANGES_BY
    assert {promise for _, promise in tried} == set(PROMISES)


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


def test_an_exchange_breaks_nothing_when_it_waits_and_when_it_is_let_go(exchanged, me):
    assert broken_promises() == []
    address = f"/api/bookings/{exchanged.booking.reference}/exchange/"
    assert me.delete(address).status_code == 204
    assert broken_promises() == []


def test_an_exchange_that_has_run_out_breaks_nothing(exchanged):
    past = timezone.now() - timedelta(minutes=1)
    Exchange.objects.update(held_until=past)
    TakenSeat.objects.held_by(exchanged.pk).update(held_until=past)
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
