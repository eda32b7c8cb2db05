"""
Given money that is not what we asked for, when Stripe tells of it, then it buys nothing, nobody
loses sight of it, and what is clearly owed goes back.
"""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from rest_framework.test import APIClient

from bookings.models import Booking, PromoCode, Ticket
from payments.models import Invoice, Payment, Refund, Stray

from .stripe_wire import intent_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def succeeded(payment, stripe):
    stripe.confirm(payment)
    [event] = stripe.events("payment_intent.succeeded", intent_id(payment))
    return event


def changed(event, **changes):
    return event | {"data": {"object": event["data"]["object"] | changes}}


def run_jobs():
    call_command("run_jobs", once=True)


@pytest.mark.parametrize(
    "change",
    [{"amount_received": 2199}, {"amount_received": 2201}, {"currency": "usd"}],
    ids=["a cent too little", "a cent too much", "dollars for euros"],
)
def test_another_amount_is_for_a_human_and_stays_with_us(
    succeeded, stripe, change, admin, client, me, booking
):
    assert stripe.deliver(changed(succeeded, **change)).status_code == 200
    run_jobs()
    payment = Payment.objects.get()
    assert (payment.status, payment.honoured_at) == ("succeeded", None)
    assert "22.00 EUR was asked for" in payment.flag
    assert not Ticket.objects.exists()
    assert not Refund.objects.exists()
    client.force_login(admin)
    page = client.get("/admin/payments/payment/?flag__isempty=0")
    assert payment.booking.reference in page.content.decode()
    assert me.get(f"/api/payments/{payment.pk}/").json()["alternative"] is None
    answer = me.post("/api/payments/", {"booking": booking["reference"]})
    assert answer.status_code == 409
    assert "looking into it" in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    "metadata",
    [{}, {"booking": "H7KQ3XMW"}, {"payment": "x'--"}, {"payment": "0" * 36}, None],
    ids=str,
)
def test_money_that_we_never_asked_for_is_a_stray(succeeded, stripe, metadata, admin, client):
    strange = changed(succeeded, id="pi_strange", metadata=metadata)
    assert stripe.deliver(strange).status_code == 200
    assert Booking.objects.get().status == "pending"
    stray = Stray.objects.get()
    assert (stray.stripe_id, stray.amount, stray.currency) == ("pi_strange", 22, "EUR")
    client.force_login(admin)
    assert "pi_strange" in client.get("/admin/payments/stray/").content.decode()
    done = {"action": "settle", "_selected_action": [stray.pk]}
    client.post("/admin/payments/stray/", done)
    stray.refresh_from_db()
    assert stray.settled_at


def test_an_intent_without_money_that_we_never_asked_for_is_nobodys_business(succeeded, stripe):
    strange = changed(succeeded, id="pi_strange", metadata={}, status="canceled")
    assert stripe.deliver(strange | {"type": "payment_intent.canceled"}).status_code == 200
    assert not Stray.objects.exists()


def test_another_accounts_intent_is_a_200_and_buys_nothing(succeeded, stripe):
    assert stripe.deliver(succeeded | {"account": "acct_other"}).status_code == 200
    assert Booking.objects.get().status == "pending"
    assert Payment.objects.get().status == "open"


def test_a_second_intent_of_the_same_payment_goes_back(succeeded, stripe, payment, booking):
    assert stripe.deliver(succeeded).status_code == 200
    twin = stripe.api.payment_intents.create(
        {
            "amount": 2200,
            "currency": "eur",
            "confirm": True,
            "payment_method": "pm_card_visa",
            "return_url": "https://example.com",
            "metadata": {"payment": payment["id"], "booking": booking["reference"]},
        }
    )
    [event] = stripe.events("payment_intent.succeeded", twin.id)
    assert stripe.deliver(event).status_code == 200
    run_jobs()
    refund = Refund.objects.get()
    assert (refund.amount, refund.reason, refund.status) == (22, "paid_twice", "succeeded")
    assert refund.payment.stripe_intent == twin.id
    assert Ticket.objects.count() == 2
    assert Invoice.objects.count() == 1


def test_a_second_intent_that_comes_first_buys(succeeded, stripe, payment):
    twin = changed(succeeded, id="pi_twin") | {"id": "evt_twin"}
    assert stripe.deliver(twin).status_code == 200
    assert Booking.objects.get().status == "confirmed"
    assert stripe.deliver(succeeded).status_code == 200
    owed = Payment.objects.owed_back().get()
    assert owed.stripe_intent == intent_id(payment)
    assert Invoice.objects.count() == 1


def test_a_payment_given_up_and_paid_all_the_same_goes_back(me, booking, stripe, payment):
    Payment.objects.update(status="cancelled")
    second = me.post("/api/payments/", {"booking": booking["reference"]}).json()
    assert second["id"] != payment["id"]
    assert stripe.pay(second).status_code == 200
    assert stripe.pay(payment).status_code == 200
    run_jobs()
    refund = Refund.objects.get()
    assert (str(refund.payment_id), refund.reason) == (payment["id"], "paid_twice")


@pytest.fixture
def gone(stripe, book, client_of, bob, showtime, seats, succeeded):
    """Alice's money comes after her time, and Bob has one of her seats."""
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert book(client_of(bob), showtime, seats[1:3]).status_code == 201
        assert stripe.deliver(succeeded).status_code == 200


def test_the_seats_are_gone_so_others_are_offered(gone, me, payment, showtime, seats, book):
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        shown = me.get(f"/api/payments/{payment['id']}/").json()
        assert shown["status"] == "succeeded"
        assert shown["alternative"] == {
            "showtime": showtime.pk,
            "seats": [seats[3].pk, seats[4].pk],
        }
        assert me.post("/api/bookings/", shown["alternative"]).status_code == 201
        run_jobs()
        shown = me.get(f"/api/payments/{payment['id']}/").json()
    assert [(one["reason"], one["status"]) for one in shown["refunds"]] == [
        ("not_honoured", "succeeded")
    ]


@pytest.mark.broken_by_hand
def test_nothing_is_offered_when_nothing_is_sold_any_more(gone, me, payment, showtime):
    type(showtime).objects.update(status="cancelled")
    assert me.get(f"/api/payments/{payment['id']}/").json()["alternative"] is None


def test_nothing_is_offered_to_whom_the_money_bought_something(succeeded, stripe, me, payment):
    stripe.deliver(succeeded)
    assert me.get(f"/api/payments/{payment['id']}/").json()["alternative"] is None


def test_the_booking_says_that_the_money_goes_back_and_what_else_there_is(
    gone, me, booking, payment, showtime, seats
):
    address = f"/api/bookings/{booking['reference']}/"
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        shown = me.get(address).json()
        assert (shown["status"], shown["total"]) == ("expired", "22.00")
        assert shown["paid_too_late_at"]
        assert (
            shown["alternative"] == me.get(f"/api/payments/{payment['id']}/").json()["alternative"]
        )
        [listed] = me.get("/api/bookings/").json()["results"]
        assert listed | {"alternative": shown["alternative"]} == shown
        assert me.post("/api/bookings/", shown["alternative"]).status_code == 201
    type(showtime).objects.update(status="cancelled")
    assert me.get(address).json()["alternative"] is None


def test_what_is_offered_is_for_the_same_people_at_the_same_price(
    stripe, book, client_of, bob, showtime, seats, theater
):
    theater.price_rules.create(name="Kids", effect="percent", value=-50, ticket_types=["child"])
    PromoCode.objects.create(code="TENTH", percent=10)
    contact = {"name": "Grace Hopper", "email": "grace@example.com", "phone": ""}
    body = {"showtime": showtime.pk, "seats": [seats[0].pk, {"seat": seats[1].pk, "type": "child"}]}
    body |= {"promo_code": "TENTH", "contact": contact}
    held = APIClient().post("/api/bookings/", body).json()
    guest = APIClient(headers={"Access-Key": held["access_key"]})
    payment = guest.post("/api/payments/", {"booking": held["reference"]}).json()
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert book(client_of(bob), showtime, seats[:1]).status_code == 201
        stripe.pay(payment)
        offered = guest.get(f"/api/bookings/{held['reference']}/").json()["alternative"]
        assert offered == body | {"seats": [seats[1].pk, {"seat": seats[2].pk, "type": "child"}]}
        again = APIClient().post("/api/bookings/", offered)
        assert (again.status_code, again.json()["total"]) == (201, held["total"])


def test_who_let_the_seats_go_and_paid_all_the_same_reads_that_the_money_goes_back(
    me, booking, payment, stripe
):
    address = f"/api/bookings/{booking['reference']}/"
    assert me.delete(address).status_code == 204
    stripe.pay(payment)
    shown = me.get(address).json()
    assert shown["status"] == "cancelled"
    assert shown["paid_too_late_at"]
    assert shown["alternative"] is None
