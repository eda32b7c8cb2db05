"""Given a paid booking, when its customer disputes it, then we know until the bank has decided."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from bookings.models import Booking
from payments.models import Dispute, Stray

pytestmark = pytest.mark.django_db


@pytest.fixture
def dispute(payment, stripe):
    """Disputed after it was paid; told of both."""
    assert stripe.pay(payment).status_code == 200
    made = stripe.dispute(payment)
    tell(stripe, "created", made)
    return made


def tell(stripe, what, dispute):
    [event] = stripe.events(f"charge.dispute.{what}", dispute["id"])
    assert stripe.deliver(event).status_code == 200


def test_a_dispute_marks_the_booking(dispute, me, booking):
    row = Dispute.objects.get()
    assert (row.status, row.reason, row.amount) == ("needs_response", "fraudulent", 22)
    assert row.evidence_due_by
    assert Booking.objects.get().is_disputed
    assert Booking.objects.disputed().exists()
    timeline = me.get(f"/api/bookings/{booking['reference']}/timeline/").json()
    assert "disputed" in [entry["event"] for entry in timeline]


@pytest.mark.parametrize(("outcome", "is_disputed"), [("won", False), ("lost", True)])
def test_the_bank_decides(dispute, stripe, outcome, is_disputed):
    stripe.decide_dispute(dispute, outcome)
    tell(stripe, "closed", dispute)
    row = Dispute.objects.get()
    assert (row.status, bool(row.closed_at)) == (outcome, True)
    assert Booking.objects.get().is_disputed is is_disputed


def test_an_older_event_opens_nothing_again(payment, stripe):
    stripe.pay(payment)
    dispute = stripe.dispute(payment)
    stripe.decide_dispute(dispute, "won")
    tell(stripe, "closed", dispute)
    tell(stripe, "created", dispute)
    assert Dispute.objects.get().status == "won"
    assert not Booking.objects.get().is_disputed


def test_a_bank_that_only_asks_marks_nothing(payment, stripe):
    stripe.pay(payment)
    tell(stripe, "created", stripe.dispute(payment, "inquiry"))
    assert Dispute.objects.get().status == "warning_needs_response"
    assert not Booking.objects.get().is_disputed


def test_a_charge_that_is_disputed_is_a_reason_to_look(payment, stripe):
    stripe.pay(payment)
    dispute = stripe.dispute(payment)
    [event] = [
        event
        for event in stripe.events("charge.updated", dispute["charge"])
        if event["data"]["object"]["disputed"]
    ]
    assert stripe.deliver(event).status_code == 200
    call_command("run_jobs", once=True)
    assert Booking.objects.get().is_disputed


def test_a_dispute_of_something_else_is_a_stray(dispute, stripe):
    [event] = stripe.events("charge.dispute.created", dispute["id"])
    other = event["data"]["object"] | {"id": "du_other", "payment_intent": "pi_other"}
    assert stripe.deliver(event | {"id": "evt_2", "data": {"object": other}}).status_code == 200
    assert Stray.objects.get().kind == "dispute"


def test_managers_see_it_in_the_admin(dispute, manager, client, booking):
    client.force_login(manager)
    assert booking["reference"] in client.get("/admin/payments/dispute/").content.decode()
    page = client.get("/admin/bookings/booking/?disputed_at__isempty=0")
    assert booking["reference"] in page.content.decode()


@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_a_decision_that_nobody_told_us_of_is_asked_for(dispute, stripe, outcome):
    call_command("run_jobs", once=True)
    stripe.decide_dispute(dispute, outcome)
    call_command("run_jobs", once=True)
    assert Dispute.objects.get().status == "needs_response"
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        call_command("run_jobs", once=True)
    assert Dispute.objects.get().status == outcome
