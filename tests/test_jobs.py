"""With every webhook lost, the jobs alone finish every booking."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from bookings.models import Booking
from payments import gateway
from payments.jobs import record_owed_refunds
from payments.models import Invoice, Payment, Refund
from showtimes.models import TakenSeat


@pytest.fixture
def status_of(booking):
    return lambda: Booking.objects.get(reference=booking["reference"]).status


def run_jobs():
    call_command("run_jobs", once=True)


def later(**time):
    return time_machine.travel(timezone.now() + timedelta(**time))


def test_a_payment_that_no_webhook_told_of_is_found(payment, stripe, status_of):
    stripe.confirm(payment)
    run_jobs()
    assert status_of() == "confirmed"
    assert Invoice.objects.count() == 1


def test_an_open_payment_is_left_alone_while_the_seats_are_held(payment, stripe, status_of):
    run_jobs()
    assert status_of() == "pending"
    assert stripe.intent_of(payment).status == "requires_payment_method"


def test_a_hold_that_ran_out_cancels_its_intent_and_expires(payment, stripe, status_of):
    with later(minutes=11):
        run_jobs()
    assert stripe.intent_of(payment).status == "canceled"
    assert Payment.objects.get().status == "cancelled"
    assert status_of() == "expired"
    assert not TakenSeat.objects.exists()


def test_a_hold_without_a_payment_expires(booking, status_of):
    run_jobs()
    assert status_of() == "pending"
    with later(minutes=11):
        run_jobs()
    assert status_of() == "expired"
    assert not TakenSeat.objects.exists()


def test_money_that_came_before_the_intent_was_cancelled_confirms(payment, stripe, status_of):
    stripe.confirm(payment)
    with later(minutes=11):
        run_jobs()
    assert status_of() == "confirmed"


def test_whoever_pays_while_we_cancel_has_paid(payment, stripe):
    stripe.confirm(payment)
    assert gateway.cancel_intent(Payment.objects.get()).status == "succeeded"


def test_the_booking_waits_while_its_intent_cannot_be_cancelled(payment, settings, status_of):
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    gateway.connect.cache_clear()
    with later(minutes=11):
        run_jobs()
    assert status_of() == "pending"
    assert Payment.objects.get().status == "open"


def test_paid_too_late_with_the_seats_still_free_confirms(payment, stripe, status_of):
    with later(minutes=11):
        stripe_event = confirmed_event(stripe, payment)
        assert stripe.deliver(stripe_event).status_code == 200
    assert status_of() == "confirmed"


def confirmed_event(stripe, payment):
    stripe.confirm(payment)
    [event] = stripe.events("payment_intent.succeeded", payment["client_secret"].split("_s")[0])
    return event


def test_paid_too_late_with_the_seats_gone_is_refunded(
    payment, stripe, status_of, book, me, client_of, bob, showtime, seats
):
    with later(minutes=11):
        assert book(client_of(bob), showtime, seats[1:3]).status_code == 201
        assert stripe.deliver(confirmed_event(stripe, payment)).status_code == 200
        run_jobs()
    assert status_of() in ("pending", "expired")
    refund = Refund.objects.get()
    assert (refund.amount, refund.reason, refund.status) == (22, "not_honoured", "succeeded")
    shown = me.get(f"/api/payments/{payment['id']}/").json()
    assert [(one["amount"], one["status"]) for one in shown["refunds"]] == [("22.00", "succeeded")]
    [at_stripe] = stripe.api.refunds.list({"payment_intent": refund.payment.stripe_intent}).data
    assert at_stripe.amount == 2200
    assert not Invoice.objects.exists()


def test_a_refund_is_sent_once_however_often_the_jobs_run(
    payment, stripe, me, booking, django_db_blocker
):
    stripe.deliver(confirmed_event(stripe, payment))
    me.post(f"/api/bookings/{booking['reference']}/cancel/", {})
    for minutes in range(5):
        with later(minutes=minutes * 2):
            run_jobs()
    assert Refund.objects.count() == 1
    intent = Payment.objects.get().stripe_intent
    assert len(stripe.api.refunds.list({"payment_intent": intent}).data) == 1


def test_a_refund_whose_answer_was_lost_is_found_at_stripe(payment, stripe, me, booking):
    stripe.deliver(confirmed_event(stripe, payment))
    me.post(f"/api/bookings/{booking['reference']}/cancel/", {})
    record_owed_refunds()
    refund = Refund.objects.get()
    # Sent by us, under an idempotency key that Stripe has forgotten since.
    intent = refund.payment.stripe_intent
    metadata = {"refund": str(refund.pk)}
    stripe.api.refunds.create({"payment_intent": intent, "amount": 2200, "metadata": metadata})
    Refund.objects.update(tries=1)
    run_jobs()
    assert Refund.objects.get().status == "succeeded"
    assert len(stripe.api.refunds.list({"payment_intent": intent}).data) == 1


def test_a_worker_that_is_slow_and_one_that_is_quick_send_one_refund(payment, stripe, me, booking):
    """Neither finds at Stripe what the other has sent: the idempotency key is what holds."""
    stripe.deliver(confirmed_event(stripe, payment))
    me.post(f"/api/bookings/{booking['reference']}/cancel/", {})
    record_owed_refunds()
    slow, quick = Refund.objects.get(), Refund.objects.get()
    assert gateway.send_refund(slow).id == gateway.send_refund(quick).id


def test_a_refund_that_stripe_refuses_waits_for_a_human(payment, stripe, me, booking):
    stripe.deliver(confirmed_event(stripe, payment))
    stripe.api.refunds.create({"payment_intent": Payment.objects.get().stripe_intent})
    me.post(f"/api/bookings/{booking['reference']}/cancel/", {})
    run_jobs()
    refund = Refund.objects.get()
    assert refund.status == "failed"
    assert "refunded" in refund.failure
    with later(hours=2):
        run_jobs()
    assert Refund.objects.count() == 1


def test_a_refund_event_finishes_a_refund(payment, stripe, me, booking):
    stripe.deliver(confirmed_event(stripe, payment))
    me.post(f"/api/bookings/{booking['reference']}/cancel/", {})
    record_owed_refunds()
    refund = Refund.objects.get()
    metadata = {"refund": str(refund.pk)}
    stripe.api.refunds.create(
        {"payment_intent": refund.payment.stripe_intent, "amount": 2200, "metadata": metadata}
    )
    event = stripe.events("refund.created")[0]
    assert stripe.deliver(event).status_code == 200
    assert Refund.objects.get().status == "succeeded"
    assert Invoice.objects.filter(kind="credit_note").count() == 1


def test_an_intent_that_stripe_has_lost_does_not_stand_in_the_way(payment, stripe, me, booking):
    Payment.objects.update(stripe_intent="pi_lost")
    answer = me.post("/api/payments/", {"booking": booking["reference"]})
    assert answer.status_code == 409
    answer = me.post("/api/payments/", {"booking": booking["reference"]})
    assert answer.status_code == 201
    assert stripe.pay(answer.json()).status_code == 200
