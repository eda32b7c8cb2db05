"""A customer with a browser, and tickets: other seats, what happened, and bookings of a guest."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from rest_framework.test import APIClient

from accounts.models import User
from bookings.models import Booking, Exchange
from payments.models import Payment
from showtimes.models import TakenSeat

from .browser import chromium
from .conftest import PASSWORD
from .test_storefront import GUEST, pay, phone, seat

__all__ = ["chromium", "phone"]
A1, A2, A3, B1, B2 = 0, 1, 2, 6, 7


@pytest.fixture
def signed_in(phone, alice):
    """Alice, on her phone."""
    phone.goto("/sign-in/")
    phone.get_by_label("E-mail or username").fill("alice")
    phone.get_by_label("Password").fill(PASSWORD)
    phone.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(phone.get_by_role("button", name="Sign out")).to_be_visible()
    return phone


def change(page, booking):
    page.goto(f"/booking/{booking['reference']}/")
    page.get_by_role("link", name="Change seats").click()
    expect(page.get_by_role("heading", name="Choose other seats")).to_be_visible()


def places(booking):
    tickets = Booking.objects.get(reference=booking["reference"]).tickets.valid()
    return sorted(ticket.seat.label for ticket in tickets.select_related("seat"))


def hear(stripe, payment):
    [event] = stripe.events("payment_intent.succeeded", payment.stripe_intent)
    assert stripe.deliver(event).status_code == 200


def test_a_dearer_seat_is_held_until_the_difference_is_paid(
    signed_in, me, paid, showtime, seats, stripe
):
    page, booking = signed_in, paid(me, showtime, [seats[A1], seats[A2]])
    change(page, booking)
    expect(page.get_by_text("Choose the tickets")).to_be_visible()
    page.get_by_label("Row A, seat 1").check()
    seat(page, "B1").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.get_by_text("A1 → B2 Silver, €10.00 → Gold, €14.50")).to_be_visible()
    page.get_by_role("button", name="Change seats and pay €4.50").click()

    expect(page.get_by_role("heading", name="Other seats: A1 → B2")).to_be_visible()
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^\d+:\d\d$"))
    expect(page.locator("img.qr[src^=blob]")).to_have_count(2)
    assert places(booking) == ["A1", "A2"]
    pay(page).click()
    page.get_by_role("button", name="Pay", exact=True).click()
    page.get_by_role("link", name=re.compile("^Return to ")).click()
    expect(page.get_by_role("heading", name="Payment received")).to_be_visible()
    hear(stripe, Exchange.objects.get().payments.get())
    expect(page.get_by_text("Row B, seat 2")).to_be_visible()
    expect(page.get_by_text("Changed for another seat")).to_be_visible()
    expect(page.get_by_role("timer")).to_have_count(0)
    assert places(booking) == ["A2", "B2"]

    page.get_by_text("What happened so far").click()
    expect(page.get_by_text("The seats are sold; here are the tickets.")).to_be_visible()


def test_a_cheaper_seat_is_theirs_at_once_and_the_rest_goes_back(
    signed_in, me, paid, showtime, seats
):
    page, booking = signed_in, paid(me, showtime, [seats[B1]])
    change(page, booking)
    seat(page, "A3").click()
    page.get_by_role("button", name="Change seats and get €4.50 back").click()
    expect(page.get_by_text("€4.50 go back the way you paid")).to_be_visible()
    expect(page.get_by_text("Row A, seat 3")).to_be_visible()
    assert places(booking) == ["A3"]


def test_a_dearer_seat_is_let_go_or_runs_out(signed_in, me, paid, showtime, seats):
    page, booking = signed_in, paid(me, showtime, [seats[A1]])
    for _ in range(2):
        change(page, booking)
        seat(page, "B1").click()
        page.get_by_role("button", name="Change seats and pay €4.50").click()
        expect(page.get_by_role("timer")).to_be_visible()
        if not Exchange.objects.filter(status="cancelled").exists():
            page.get_by_role("button", name="Keep my old seats").click()
            expect(page.get_by_role("timer")).to_have_count(0)
    Exchange.objects.filter(status="pending").update(held_until=timezone.now())
    TakenSeat.objects.exclude(held_until=None).update(held_until=timezone.now())
    page.reload()
    expect(page.get_by_text("The time to pay for the other seats ran out")).to_be_visible()
    assert places(booking) == ["A1"]


def test_a_seat_that_somebody_else_took_meanwhile_is_not_changed_for(
    signed_in, me, paid, showtime, seats, book, client_of, bob
):
    page, booking = signed_in, paid(me, showtime, [seats[A1]])
    change(page, booking)
    assert book(client_of(bob), showtime, [seats[A3]]).status_code == 201
    seat(page, "A3").click()
    expect(page.get_by_role("alert").filter(has_text="A3")).to_be_visible()
    expect(seat(page, "A3")).to_be_disabled()
    assert places(booking) == ["A1"]


def test_bookings_of_a_guest_are_claimed_once_the_address_is_confirmed(
    signed_in, client_of, book, showtime, seats
):
    contact = {"name": "Alice", "email": "Alice@example.com"}
    held = book(client_of(), showtime, seats[:1], contact=contact).json()
    User.objects.filter(username="alice").update(email_confirmed_at=None)
    page = signed_in
    page.goto("/my-bookings/")
    page.get_by_role("button", name="Send me the link again").click()
    expect(page.get_by_text("Another link is on its way")).to_be_visible()
    User.objects.filter(username="alice").update(email_confirmed_at=timezone.now())
    page.reload()
    page.get_by_role("button", name="Add them to my account").click()
    expect(page.get_by_text("1 booking added.")).to_be_visible()
    expect(page.get_by_role("link", name=held["reference"])).to_be_visible()
    page.get_by_role("button", name="Add them to my account").click()
    expect(page.get_by_text("There are none with alice@example.com.")).to_be_visible()


def test_who_paid_too_late_takes_the_nearest_seats_with_one_button(
    signed_in, booking, payment, stripe, book, showtime, seats
):
    past = timezone.now()
    Booking.objects.update(held_until=past)
    TakenSeat.objects.update(held_until=past)
    assert book(APIClient(), showtime, seats[:1], contact=GUEST).status_code == 201
    stripe.pay(payment)
    page = signed_in
    page.goto(f"/booking/{booking['reference']}/")
    expect(
        page.get_by_text("too late: the seats were gone. €22.00 go back the way")
    ).to_be_visible()
    page.get_by_role("button", name="Hold A2, A3 instead").click()
    expect(page.get_by_role("timer")).to_be_visible()
    assert Booking.objects.filter(user__username="alice", status="pending").count() == 2


def test_while_the_bank_works_on_it_nobody_is_asked_to_pay_again(signed_in, booking, payment):
    page = signed_in
    Payment.objects.update(processing_since=timezone.now())
    page.goto(f"/booking/{booking['reference']}/")
    expect(page.get_by_role("heading", name="Your bank is working on it")).to_be_visible()
    expect(page.get_by_role("timer")).to_be_visible()
    expect(pay(page)).to_have_count(0)
    now = timezone.now()
    Booking.objects.update(held_until=now)
    TakenSeat.objects.update(held_until=now)
    page.reload()
    expect(page.get_by_text("The time to hold your seats is up")).to_be_visible()


def test_who_let_the_seats_go_reads_that_money_may_still_be_on_its_way(signed_in, booking, payment):
    page = signed_in
    Payment.objects.update(processing_since=timezone.now())
    Booking.objects.get().let_go()
    page.goto(f"/booking/{booking['reference']}/")
    said = "You have let these seats go. Your bank is still working on the payment: if your €22.00"
    expect(page.get_by_text(said)).to_be_visible()


def test_money_that_did_not_arrive_is_not_said_to_be_on_its_way(
    signed_in, paid, me, showtime, seats
):
    booking = paid(me, showtime, seats[:1])
    me.post(f"/api/bookings/{booking['reference']}/cancel/", {})
    Payment.objects.get().refund_what_is_owed().fail("lost_or_stolen_card")
    page = signed_in
    page.goto(f"/booking/{booking['reference']}/")
    expect(page.get_by_text("€11.00 back the way you paid, but it did not arrive.")).to_be_visible()
