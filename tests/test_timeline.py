"""What happened to a booking, told from the rows that are there."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from bookings.models import Booking, PromoCode, Scan, Ticket
from payments.models import Payment, Refund
from payments.timeline import Event
from theaters.models import Theater


@pytest.fixture
def bought(paid, me, showtime, seats):
    """A1 and A2, paid: 11.00 each."""
    return paid(me, showtime, seats[:2])


def timeline(client, booking, **kwargs):
    answer = client.get(f"/api/bookings/{booking['reference']}/timeline/", **kwargs)
    assert answer.status_code == 200
    return answer.json()


def events(client, booking):
    return [entry["event"] for entry in timeline(client, booking)]


def cancel(client, booking, *codes):
    body = {"tickets": list(codes)} if codes else {}
    answer = client.post(f"/api/bookings/{booking['reference']}/cancel/", body)
    assert answer.status_code == 200


def scan(code, verdict, gate=""):
    ticket = Ticket.objects.get(code=code)
    Scan.objects.create(ticket=ticket, raw_code=code, verdict=verdict, gate=gate)


def test_from_the_hold_to_the_last_cent(me, bought):
    first, second = [ticket["code"] for ticket in bought["tickets"]]
    scan(first, "too_early", gate="North")
    cancel(me, bought, first)
    call_command("run_jobs", once=True)
    cancel(me, bought, second)
    call_command("run_jobs", once=True)
    told = timeline(me, bought)
    assert [(entry["event"], entry["amount"], entry["detail"]) for entry in told] == [
        ("held", "22.00", "Held: A1 and A2."),
        ("extended", None, told[1]["detail"]),
        ("paid", "22.00", "Paid online."),
        ("confirmed", None, "The seats are sold; here are the tickets."),
        ("scanned", None, "A1 at North: too early."),
        ("cancelled", "11.00", "Given back: A1."),
        ("refund_started", "11.00", "Tickets were cancelled."),
        ("refunded", "11.00", "The money went back the way it came."),
        ("mailed", None, "Mail: Your tickets."),
        ("mailed", None, "Mail: Tickets were cancelled."),
        ("cancelled", "11.00", "Given back: A2."),
        ("refund_started", "11.00", "Tickets were cancelled."),
        ("refunded", "11.00", "The money went back the way it came."),
        ("mailed", None, "Mail: Tickets were cancelled."),
    ]
    assert {entry["currency"] for entry in told} == {"EUR"}
    assert [entry["tickets"] for entry in told if entry["tickets"]] == [[first], [first], [second]]
    assert [entry["at"] for entry in told] == sorted(entry["at"] for entry in told)


def test_times_are_those_of_the_theaters_clock(me, bought, theater):
    at = datetime.fromisoformat(timeline(me, bought)[0]["at"])
    assert at == Booking.objects.get().created_at
    assert at.utcoffset() == at.astimezone(theater.zone).utcoffset() != timedelta(0)
    Theater.objects.update(timezone="Asia/Kolkata")
    assert timeline(me, bought)[0]["at"].endswith("+05:30")


def test_the_time_to_pay_is_said_by_the_same_clock(me, booking, payment, theater):
    until = Booking.objects.get().held_until.astimezone(theater.zone)
    told = {entry["event"]: entry["detail"] for entry in timeline(me, booking)}
    assert told == {
        "held": "Held: A1 and A2.",
        "extended": f"There is time to pay until {until:%H:%M}.",
    }


def test_seats_that_were_exchanged_were_not_given_back(me, bought, seats):
    first, second = [ticket["code"] for ticket in bought["tickets"]]
    path = f"/api/bookings/{bought['reference']}/exchange/"
    answer = me.post(path, {"swaps": [{"ticket": first, "seat": seats[2].pk}]})
    assert answer.status_code == 201, answer.json()
    cancel(me, bought, second)
    told = [(one["event"], one["amount"], one["detail"]) for one in timeline(me, bought)]
    assert told[4:] == [
        ("swapped", "0.00", "Exchanged: A1 for A3."),
        ("cancelled", "11.00", "Given back: A2."),
    ]


def test_all_at_once_is_one_entry(me, bought):
    cancel(me, bought)
    [entry] = [entry for entry in timeline(me, bought) if entry["event"] == "cancelled"]
    assert (entry["amount"], entry["detail"]) == ("22.00", "Given back: A1 and A2.")
    assert len(entry["tickets"]) == 2


def test_what_a_theater_keeps_is_not_due(me, theater, bought):
    theater.cancellation_refund_percent = Decimal("33.33")
    theater.save()
    first, second = [ticket["code"] for ticket in bought["tickets"]]
    cancel(me, bought, first)
    cancel(me, bought, second)
    told = [entry["amount"] for entry in timeline(me, bought) if entry["event"] == "cancelled"]
    due = me.get(f"/api/bookings/{bought['reference']}/").json()["amount_due_back"]
    assert told == ["3.67", "3.67"]
    assert due == "7.34"


def test_each_ticket_knows_its_part_of_what_is_due(me, theater, paid, showtime, seats):
    theater.cancellation_refund_percent = Decimal("33.33")
    theater.save()
    cancel(me, paid(me, showtime, [seats[0], seats[1], seats[-1]]))
    parts = list(Ticket.objects.values_list("due_back", flat=True))
    assert sum(parts) == Booking.objects.get().amount_due_back == Decimal("12.50")


def test_a_hold_that_ran_out_ended_when_its_time_was_over(me, booking):
    end = Booking.objects.get().held_until
    with time_machine.travel(end + timedelta(seconds=1)):
        before = timeline(me, booking)
    with time_machine.travel(end + timedelta(minutes=5)):
        call_command("run_jobs", once=True)
    after = timeline(me, booking)
    assert [entry["event"] for entry in after] == ["held", "expired"]
    assert before == after
    assert datetime.fromisoformat(after[1]["at"]) == end


def test_what_is_let_go_was_never_cancelled(me, booking):
    me.delete(f"/api/bookings/{booking['reference']}/")
    assert events(me, booking) == ["held", "let_go"]


def test_money_that_comes_late_still_buys_what_is_free(me, booking, payment, stripe):
    Booking.objects.update(held_until=timezone.now())
    Booking.objects.get().expire()
    stripe.pay(payment)
    told = events(me, booking)
    assert told == ["held", "extended", "expired", "paid", "confirmed"]


def test_money_that_buys_nothing_goes_back(
    me, booking, payment, stripe, book, client_of, bob, showtime, seats
):
    Booking.objects.update(held_until=timezone.now())
    Booking.objects.get().expire()
    assert book(client_of(bob), showtime, seats[:2]).status_code == 201
    stripe.pay(payment)
    call_command("run_jobs", once=True)
    told = {entry["event"]: entry for entry in timeline(me, booking)}
    assert "confirmed" not in told
    assert told["paid"]["detail"].endswith("It could not buy the seats any more, and goes back.")
    assert told["refunded"]["amount"] == "22.00"


def test_money_that_cannot_go_back_is_said(me, bought):
    cancel(me, bought)
    Payment.objects.get().refund_what_is_owed()
    Refund.objects.get().fail("expired_or_canceled_card")
    entry = timeline(me, bought)[-1]
    assert (entry["event"], entry["amount"]) == ("refund_failed", "22.00")
    assert "expired_or_canceled_card" not in entry["detail"]


def test_what_costs_nothing_is_confirmed_without_money(me, book, showtime, seats):
    PromoCode.objects.create(code="FREE", percent=100)
    Theater.objects.update(booking_fee=0)
    booking = book(me, showtime, seats[:1], promo_code="FREE").json()
    assert events(me, booking) == ["held", "confirmed"]


def test_a_guest_reads_theirs_with_the_key(book, showtime, seats):
    contact = {"name": "Guest", "email": "guest@example.com"}
    held = book(APIClient(), showtime, seats[:1], contact=contact).json()
    key = {"Access-Key": held["access_key"]}
    assert len(timeline(APIClient(), held, headers=key)) == 1
    path = f"/api/bookings/{held['reference']}/timeline/"
    assert APIClient().get(path).status_code == 404
    assert APIClient().get(path.lower(), headers=key).status_code == 200


def test_it_costs_the_same_for_one_ticket_as_for_many(
    me, paid, showtime, seats, stripe, django_assert_num_queries
):
    one = paid(me, showtime, seats[:1])
    with django_assert_num_queries(10):
        timeline(me, one)
    many = paid(me, showtime, seats[2:10])
    for ticket in many["tickets"]:
        scan(ticket["code"], "too_early")
        cancel(me, many, ticket["code"])
        call_command("run_jobs", once=True)
    with django_assert_num_queries(10):
        assert len(timeline(me, many)) == 5 + 5 * 8


def test_managers_read_it_on_the_page_of_the_booking(me, bought, manager, users, client):
    cancel(me, bought)
    page = f"/admin/bookings/booking/{Booking.objects.get().pk}/change/"
    client.force_login(manager)
    html = client.get(page).content.decode()
    told = ["Held: A1 and A2.", "Paid online.", "Given back: A1 and A2.", "22.00\N{NBSP}EUR"]
    assert [words for words in told if words not in html] == []
    client.force_login(users["elsewhere"])
    assert "Held: A1" not in client.get(page, follow=True).content.decode()


def test_every_word_is_in_the_schema():
    schema = SchemaGenerator().get_schema(public=True)["components"]["schemas"]
    assert schema["TimelineEvent"]["enum"] == Event.values
    for word in Event.values:
        assert f"* `{word}` - " in schema["TimelineEvent"]["description"]
