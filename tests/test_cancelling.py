"""Tickets go back until some minutes before the start; the money follows the theater's rule."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import timezone

from bookings.models import Ticket
from payments.models import Invoice, Refund
from showtimes.models import Showtime


@pytest.fixture
def booking(paid, me, showtime, seats):
    return paid(me, showtime, [seats[0], seats[1], seats[-1]])


def cancel(client, booking, **body):
    return client.post(f"/api/bookings/{booking['reference']}/cancel/", body)


def code(answer):
    return answer.status_code, answer.json()["errors"][0]["code"]


def test_all_of_it(me, booking, book, client_of, bob, showtime, seats):
    answer = cancel(me, booking)
    assert answer.status_code == 200
    assert answer.json()["status"] == "cancelled"
    assert answer.json()["amount_due_back"] == booking["total"] == "37.50"
    assert {ticket["status"] for ticket in answer.json()["tickets"]} == {"void"}
    assert book(client_of(bob), showtime, seats[:2]).status_code == 201


def test_the_money_goes_back_and_a_credit_note_says_so(me, booking):
    cancel(me, booking)
    call_command("run_jobs", once=True)
    refund = Refund.objects.get()
    assert (refund.amount, refund.status) == (Decimal("37.50"), "succeeded")
    note = Invoice.objects.get(kind="credit_note")
    assert (note.total, note.number[-8:]) == (Decimal("-37.50"), "-C000001")
    numbers = me.get(f"/api/invoices/?booking={booking['reference']}").json()
    assert [one["kind"] for one in numbers["results"]] == ["credit_note", "invoice"]


def test_some_of_it_and_then_the_rest(me, booking):
    codes = [ticket["code"] for ticket in booking["tickets"]]
    answer = cancel(me, booking, tickets=codes[:1]).json()
    assert (answer["status"], answer["amount_due_back"]) == ("confirmed", "11.00")
    call_command("run_jobs", once=True)
    answer = cancel(me, booking, tickets=codes[1:]).json()
    assert (answer["status"], answer["amount_due_back"]) == ("cancelled", "37.50")
    call_command("run_jobs", once=True)
    amounts = Refund.objects.order_by("created_at").values_list("amount", flat=True)
    assert list(amounts) == [Decimal("11.00"), Decimal("26.50")]


def test_the_theater_may_keep_a_part(theater, me, booking):
    theater.cancellation_refund_percent = Decimal("50")
    theater.save()
    assert cancel(me, booking).json()["amount_due_back"] == "18.75"


def test_twice_is_once(me, booking):
    cancel(me, booking)
    assert code(cancel(me, booking)) == (409, "booking_closed")


def test_the_same_ticket_twice(me, booking):
    codes = [booking["tickets"][0]["code"]]
    cancel(me, booking, tickets=codes * 2)
    assert code(cancel(me, booking, tickets=codes)) == (409, "tickets_not_valid")
    assert Ticket.objects.valid().count() == 2


def test_too_late(me, booking, showtime):
    soon = timezone.now() + timedelta(minutes=59)
    Showtime.objects.filter(pk=showtime.pk).update(starts_at=soon)
    assert code(cancel(me, booking)) == (409, "too_late_to_cancel")
    assert Ticket.objects.valid().count() == 3


def test_a_ticket_that_was_used_is_not_taken_back(me, booking):
    Ticket.objects.filter(code=booking["tickets"][0]["code"]).update(admitted_at=timezone.now())
    assert code(cancel(me, booking)) == (409, "tickets_not_valid")
    assert Ticket.objects.valid().count() == 3


@pytest.mark.parametrize("tickets", [[], ["A" * 26], ["x" * 27], [None], "all", ["\0"]])
def test_tickets_of_nobody_are_a_400(me, booking, tickets):
    answer = cancel(me, booking, tickets=tickets)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"].startswith("tickets")


def test_someone_elses_booking_is_not_there(booking, client_of, bob):
    assert code(cancel(client_of(bob), booking)) == (404, "not_found")


def test_a_pending_booking_is_let_go_rather_than_cancelled(me, book, showtime, seats):
    held = book(me, showtime, seats[4:5]).json()
    assert cancel(me, held).json()["status"] == "cancelled"


def test_void_tickets_have_no_paper(me, booking):
    cancel(me, booking)
    answer = me.get(f"/api/bookings/{booking['reference']}/tickets.pdf")
    assert code(answer) == (409, "no_valid_tickets")


def test_a_misspelt_field_does_not_cancel_everything(me, paid, showtime, seats):
    booking = paid(me, showtime, seats[:2])
    answer = me.post(f"/api/bookings/{booking['reference']}/cancel/", {"ticket": ["X"]})
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "ticket")
    assert me.get(f"/api/bookings/{booking['reference']}/").json()["status"] == "confirmed"
