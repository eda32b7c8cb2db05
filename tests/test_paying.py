"""One intent a booking, a card that fails keeps the seats, and nothing is paid too late."""

from datetime import timedelta

import pytest
import stripe as sdk
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from payments import gateway
from payments.models import Payment


def pay(client, booking):
    return client.post("/api/payments/", {"booking": booking["reference"]})


def code(answer):
    return answer.status_code, answer.json()["errors"][0]["code"]


def test_the_api_version_is_pinned_by_the_sdk():
    assert sdk.VERSION.startswith("16.")
    assert sdk.api_version == "2026-10-28.endive"
    assert sdk.enable_telemetry is False


def test_the_client_is_told_to_retry_and_not_to_wait_for_ever(stripe):
    client = gateway.connect()
    assert client._requestor._options.max_network_retries == 2
    assert gateway.TIMEOUT == 10


def test_two_devices_get_the_same_intent(me, booking, stripe):
    first, second = pay(me, booking), pay(me, booking)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["client_secret"] == second.json()["client_secret"]
    assert Payment.objects.count() == 1


def test_stripe_is_asked_in_minor_units_with_our_reference(me, booking, stripe):
    intent = stripe.intent_of(pay(me, booking).json())
    assert (intent.amount, intent.currency) == (2200, "eur")
    assert intent.metadata["booking"] == booking["reference"]
    assert intent.receipt_email == "alice@example.com"


def test_there_is_a_page_to_pay_on_where_the_emulator_is_in_use(me, booking, stripe, settings):
    settings.STRIPE_PAY_PAGE = f"{stripe.address}/pay/"
    url = pay(me, booking).json()["pay_url"]
    assert url.startswith(f"{stripe.address}/pay/pi_")
    settings.STRIPE_PAY_PAGE = ""
    assert pay(me, booking).json()["pay_url"] is None


def test_a_declined_card_keeps_the_seats_and_another_card_pays(me, booking, stripe):
    payment = pay(me, booking).json()
    refusal = stripe.confirm(payment, "pm_card_chargeDeclined")
    assert refusal["error"]["code"] == "card_declined"
    [event] = stripe.events(
        "payment_intent.payment_failed", payment["client_secret"].split("_s")[0]
    )
    assert stripe.deliver(event).status_code == 200
    shown = me.get(f"/api/payments/{payment['id']}/").json()
    assert shown["status"] == "open"
    assert "declined" in shown["failure"]
    assert stripe.pay(pay(me, booking).json()).status_code == 200
    assert me.get(f"/api/bookings/{booking['reference']}/").json()["status"] == "confirmed"


def test_a_booking_whose_hold_ran_out_cannot_be_paid(me, booking, stripe):
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert code(pay(APIClient(), booking)) == (404, "not_found")
        guest = APIClient()
        guest.credentials(HTTP_ACCESS_KEY=booking["access_key"])
        assert code(pay(guest, booking)) == (409, "hold_expired")
    assert not Payment.objects.exists()


def test_a_booking_that_is_paid_or_let_go_cannot_be_paid_again(
    me, booking, stripe, book, showtime, seats
):
    stripe.pay(pay(me, booking).json())
    assert code(pay(me, booking)) == (409, "booking_closed")
    other = book(me, showtime, seats[4:5]).json()
    me.delete(f"/api/bookings/{other['reference']}/")
    assert code(pay(me, other)) == (409, "booking_closed")


def test_money_that_came_before_the_webhook_is_not_asked_for_again(me, booking, stripe):
    stripe.confirm(pay(me, booking).json())
    assert code(pay(me, booking)) == (409, "booking_closed")
    assert me.get(f"/api/bookings/{booking['reference']}/").json()["status"] == "confirmed"


def test_someone_elses_booking_is_not_there(booking, stripe, client_of, bob, manager):
    bob = client_of(bob)
    assert code(pay(bob, booking)) == (404, "not_found")
    assert bob.get(f"/api/bookings/{booking['reference']}/").status_code == 404
    assert bob.delete(f"/api/bookings/{booking['reference']}/").status_code == 404
    assert bob.get("/api/bookings/").json()["count"] == 0
    assert client_of(manager).get(f"/api/bookings/{booking['reference']}/").status_code == 200


def test_stripe_out_of_reach_is_a_503_and_loses_nothing(me, booking, settings):
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    me.raise_request_exception = False
    gateway.connect.cache_clear()
    answer = pay(me, booking)
    gateway.connect.cache_clear()
    assert code(answer) == (503, "payment_provider_unavailable")
    assert answer["Retry-After"]


@pytest.mark.parametrize("reference", ["", None, "NOPE", "x" * 9, ["a"], "\0"])
def test_a_reference_that_is_none_is_a_4xx(me, reference):
    assert me.post("/api/payments/", {"booking": reference}).status_code in (400, 404)


def test_a_wrong_key_of_ours_says_nothing_about_the_payment(me, booking, stripe, settings):
    payment = pay(me, booking).json()
    settings.STRIPE_SECRET_KEY = "sk_test_wrong"
    gateway.connect.cache_clear()
    me.raise_request_exception = False
    assert code(pay(me, booking)) == (503, "payment_provider_unavailable")
    assert me.get(f"/api/payments/{payment['id']}/").json()["status"] == "open"
