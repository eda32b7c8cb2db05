"""A showtime that the house cancels: everybody has all of their money back, by themselves, once."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from bookings.models import Booking, Exchange, Ticket
from bookings.promises import broken_promises
from payments.models import Invoice, Payment, Refund
from showtimes.models import Showtime, TakenSeat
from theaters.models import SeatCategory, Theater

from .balance import check_balance


@pytest.fixture
def house(client_of, manager):
    return client_of(manager)


@pytest.fixture
def cancel(house, showtime):
    def post(reason="The projector is broken."):
        return house.post(f"/api/showtimes/{showtime.pk}/cancel/", {"reason": reason})

    yield post
    check_balance()
    assert broken_promises() == []


@pytest.fixture
def strict(theater):
    """A theater that gives customers half of it back, and no fee."""
    Theater.objects.update(cancellation_refund_percent=50, cancellation_returns_fee=False)


def offer(house, showtime):
    return house.get(f"/api/showtimes/{showtime.pk}/cancel/").json()


def give_back(client, booking, *codes):
    body = {"tickets": codes} if codes else {}
    assert client.post(f"/api/bookings/{booking['reference']}/cancel/", body).status_code == 200


def run_jobs(**later):
    with time_machine.travel(timezone.now() + timedelta(**later)):
        call_command("run_jobs", once=True)


def code(answer):
    return answer.status_code, answer.json()["errors"][0]["code"]


def figures(answer):
    return {name: answer[name] for name in ("bookings", "tickets", "unpaid", "amount")}


def test_everybody_has_all_of_it_back_fee_included(
    strict, cancel, paid, me, client_of, bob, showtime, seats
):
    mine, bobs = paid(me, showtime, seats[:2]), paid(client_of(bob), showtime, seats[-1:])
    answer = cancel()
    assert answer.status_code == 200
    assert answer.json()["status"] == "cancelled"
    assert figures(answer.json()) == {
        "bookings": 2,
        "tickets": 3,
        "unpaid": 0,
        "amount": "37.50",
    }
    run_jobs()
    assert list(Refund.objects.values_list("amount", "status", "reason").order_by("amount")) == [
        (Decimal("15.50"), "succeeded", "showtime_cancelled"),
        (Decimal("22"), "succeeded", "showtime_cancelled"),
    ]
    shown = me.get(f"/api/bookings/{mine['reference']}/").json()
    assert (shown["status"], shown["amount_due_back"]) == ("cancelled", "22.00")
    assert not Ticket.objects.valid().exists() and not TakenSeat.objects.exists()
    assert Invoice.objects.filter(kind="credit_note").count() == 2
    assert Showtime.objects.get().emptied_at
    for _ in range(2):
        run_jobs(minutes=5)
    assert Refund.objects.count() == 2
    assert Booking.objects.get(reference=bobs["reference"]).status == "cancelled"


def test_the_timeline_says_why(cancel, paid, me, showtime, seats):
    booking = paid(me, showtime, seats[:2])
    cancel()
    run_jobs()
    told = me.get(f"/api/bookings/{booking['reference']}/timeline/").json()
    told = [one for one in told if one["event"] != "mailed"]
    assert [(one["event"], one["detail"]) for one in told[-3:]] == [
        ("cancelled", "The showtime was cancelled (The projector is broken.): A1 and A2."),
        ("refund_started", "The showtime was cancelled."),
        ("refunded", "The money went back the way it came."),
    ]


def test_what_was_given_back_before_is_not_given_back_twice(
    strict, cancel, paid, me, showtime, seats, house
):
    booking = paid(me, showtime, seats[:2])
    give_back(me, booking, booking["tickets"][0]["code"])  # half of 10.00
    run_jobs()
    assert offer(house, showtime)["amount"] == "11.00"
    cancel()
    run_jobs()
    amounts = Refund.objects.order_by("created_at").values_list("amount", flat=True)
    assert list(amounts) == [Decimal("5"), Decimal("11")]


def test_what_an_exchange_added_goes_back_too(cancel, paid, me, showtime, seats, stripe):
    booking = paid(me, showtime, seats[:2])
    swap = {"ticket": booking["tickets"][0]["code"], "seat": seats[-1].pk}
    me.post(f"/api/bookings/{booking['reference']}/exchange/", {"swaps": [swap]})
    assert stripe.pay(pay(me, booking)).status_code == 200
    cancel()
    run_jobs()
    amounts = Refund.objects.values_list("amount", flat=True)
    assert sorted(amounts) == [Decimal("4.5"), Decimal("22")]


def pay(client, booking):
    return client.post("/api/payments/", {"booking": booking["reference"]}).json()


def test_what_a_cheaper_exchange_gave_back_stays_given(cancel, paid, me, showtime, seats):
    booking = paid(me, showtime, seats[-1:])
    swap = {"ticket": booking["tickets"][0]["code"], "seat": seats[0].pk}
    me.post(f"/api/bookings/{booking['reference']}/exchange/", {"swaps": [swap]})
    cancel()
    run_jobs()
    assert sum(Refund.objects.values_list("amount", flat=True)) == Decimal("15.50")


def test_an_exchange_that_waits_is_called_off(cancel, paid, me, showtime, seats, stripe):
    booking = paid(me, showtime, seats[:1])
    swap = {"ticket": booking["tickets"][0]["code"], "seat": seats[-1].pk}
    me.post(f"/api/bookings/{booking['reference']}/exchange/", {"swaps": [swap]})
    payment = pay(me, booking)
    cancel()
    run_jobs()
    assert Exchange.objects.get().status == "cancelled"
    assert stripe.intent_of(payment).status == "canceled"
    assert Refund.objects.get().amount == 11
    assert not TakenSeat.objects.exists()


def test_a_used_ticket_is_given_back_too(cancel, paid, me, showtime, seats):
    paid(me, showtime, seats[:2])
    Ticket.objects.filter(seat=seats[0]).update(admitted_at=timezone.now())
    cancel()
    run_jobs()
    assert Refund.objects.get().amount == 22


def test_a_hold_is_let_go_after_its_intent(cancel, payment, booking, stripe, me):
    assert cancel().json()["unpaid"] == 1
    assert code(me.post("/api/payments/", {"booking": booking["reference"]})) == (
        409,
        "sales_closed",
    )
    run_jobs()
    assert stripe.intent_of(payment).status == "canceled"
    assert Booking.objects.get().status == "cancelled"
    assert not TakenSeat.objects.exists()


def test_a_hold_waits_while_stripe_cannot_be_reached(cancel, payment, stripe, settings):
    cancel()
    stripe.fail("broken", times=50)
    run_jobs()
    assert Booking.objects.get().status == "pending"
    assert Showtime.objects.get().emptied_at is None
    stripe.reset()
    run_jobs(minutes=2)
    assert Booking.objects.get().status == "cancelled"


def test_money_that_comes_later_goes_back(cancel, payment, stripe):
    cancel()
    assert stripe.pay(payment).status_code == 200
    run_jobs()
    refund = Refund.objects.get()
    assert (refund.amount, refund.status) == (22, "succeeded")
    assert refund.reason == "showtime_cancelled"
    assert Booking.objects.get().status == "cancelled"


def test_nobody_can_book_any_more(cancel, me, book, showtime, seats):
    cancel()
    assert book(me, showtime, seats[:1]).status_code in (400, 409)
    assert not Booking.objects.exists()


def test_what_was_paid_in_cash_is_due_at_the_box_office(cancel, booking, showtime):
    held = Booking.objects.get()
    cash = Payment.objects.create(booking=held, kind="cash", amount=22, currency="EUR")
    cash.succeed(amount=held.total, currency="EUR")
    cancel()
    run_jobs()
    [refund] = Refund.objects.needing_attention()
    assert (refund.amount, refund.status) == (22, "pending")


def test_customers_who_are_faster_than_the_jobs_have_all_of_it(
    strict, cancel, paid, me, showtime, seats
):
    booking = paid(me, showtime, seats[:2])
    cancel()
    give_back(me, booking)
    run_jobs()
    assert Refund.objects.get().amount == 22


def test_a_booking_that_cost_nothing(cancel, book, me, showtime, seats):
    Theater.objects.update(booking_fee=0)
    SeatCategory.objects.update(default_price=0)
    assert book(me, showtime, seats[:1]).json()["status"] == "confirmed"
    cancel()
    run_jobs()
    assert Booking.objects.get().status == "cancelled"
    assert not Refund.objects.exists()


def test_it_is_cancelled_once_and_for_a_reason(cancel, showtime, house):
    assert code(cancel(reason=" ")) == (400, "blank")
    assert cancel().status_code == 200
    assert code(cancel()) == (409, "showtime_cancelled")
    assert offer(house, showtime)["reason"] == "The projector is broken."
    change = house.patch(f"/api/showtimes/{showtime.pk}/", {"status": "cancelled"})
    assert change.status_code in (400, 409)


def test_the_figures_are_those_of_a_slow_recount(
    strict, cancel, paid, book, me, client_of, bob, showtime, seats, house
):
    one = paid(me, showtime, seats[:3])
    paid(client_of(bob), showtime, seats[3:5])
    book(me, showtime, seats[6:7])
    give_back(me, one, one["tickets"][0]["code"])
    found = offer(house, showtime)
    confirmed = Booking.objects.filter(showtime=showtime, status="confirmed")
    tickets = [ticket for one in confirmed for ticket in one.tickets.all()]
    good = [ticket for ticket in tickets if ticket.status == "valid"]
    assert figures(found) == {
        "bookings": len(confirmed),
        "tickets": len(good),
        "unpaid": Booking.objects.filter(status="pending").count(),
        "amount": str(sum(ticket.paid for ticket in good).quantize(Decimal("0.01"))),
    }


@pytest.mark.parametrize("many", [1, 5])
def test_the_figures_cost_the_same_for_many(
    many, paid, client_of, alice, showtime, seats, house, django_assert_num_queries
):
    for seat in seats[:many]:
        paid(client_of(alice), showtime, [seat])
    with django_assert_num_queries(5):
        assert offer(house, showtime)["tickets"] == many
