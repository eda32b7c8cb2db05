"""The signed webhook confirms once, and nothing that is not Stripe's gets in."""

import pytest
from django.test import Client

from bookings.models import Ticket
from payments.models import Invoice, Payment, WebhookEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def succeeded(payment, stripe):
    """The event of a payment that went through, not delivered yet."""
    stripe.confirm(payment)
    [event] = stripe.events("payment_intent.succeeded", payment["client_secret"].split("_s")[0])
    return event


def status_of(me, booking):
    return me.get(f"/api/bookings/{booking['reference']}/").json()["status"]


def test_it_confirms(me, booking, succeeded, stripe):
    assert stripe.deliver(succeeded).status_code == 200
    assert status_of(me, booking) == "confirmed"
    assert Ticket.objects.count() == 2
    assert Invoice.objects.get().total == 22


def test_a_repeat_changes_nothing(me, booking, succeeded, stripe):
    for _ in range(3):
        assert stripe.deliver(succeeded).status_code == 200
    again = succeeded | {"id": "evt_another"}
    assert stripe.deliver(again).status_code == 200
    assert Ticket.objects.count() == 2
    assert Invoice.objects.count() == 1


def test_an_older_event_changes_nothing(me, booking, succeeded, stripe):
    stripe.deliver(succeeded)
    older = succeeded["data"]["object"] | {"status": "canceled"}
    event = {"id": "evt_late", "type": "payment_intent.canceled", "data": {"object": older}}
    assert stripe.deliver(succeeded | event).status_code == 200
    assert status_of(me, booking) == "confirmed"


def test_an_unknown_event_is_a_200_and_kept(stripe, succeeded):
    event = succeeded | {"id": "evt_new", "type": "moon.landed"}
    assert stripe.deliver(event).status_code == 200
    assert WebhookEvent.objects.get().type == "moon.landed"


def test_an_intent_of_somebody_else_is_a_200_and_buys_nothing(me, booking, succeeded, stripe):
    strange = succeeded["data"]["object"] | {"id": "pi_strange", "metadata": {"payment": "x'--"}}
    assert stripe.deliver(succeeded | {"data": {"object": strange}}).status_code == 200
    assert status_of(me, booking) == "pending"


def test_an_intent_whose_answer_we_never_heard_is_known_by_our_own_id(
    me, booking, succeeded, stripe
):
    Payment.objects.update(stripe_intent="")
    assert stripe.deliver(succeeded).status_code == 200
    assert status_of(me, booking) == "confirmed"
    assert Payment.objects.get().honoured_at


def test_an_effect_that_fails_is_a_500_and_takes_effect_when_it_comes_again(
    me, booking, succeeded, stripe
):
    broken = succeeded | {"data": {"object": {"id": "pi_x"}}}
    answer = stripe.deliver(broken)
    assert answer.status_code == 500
    assert answer.json()["errors"][0]["code"] == "event_failed"
    row = WebhookEvent.objects.get()
    assert row.processed_at is None
    assert "KeyError" in row.error
    assert stripe.deliver(succeeded).status_code == 200
    assert status_of(me, booking) == "confirmed"
    row.refresh_from_db()
    assert row.processed_at
    assert not row.error


def test_several_secrets_are_good_at_once(stripe, succeeded, settings):
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", *settings.STRIPE_WEBHOOK_SECRETS]
    assert stripe.deliver(succeeded, secret="whsec_new").status_code == 200
    assert stripe.deliver(succeeded, secret=settings.STRIPE_WEBHOOK_SECRETS[1]).status_code == 200


def test_it_needs_no_csrf_token_and_looks_at_no_authorization(stripe, succeeded):
    strict = Client(enforce_csrf_checks=True, headers={"Authorization": "Bearer nonsense"})
    assert stripe.deliver(succeeded, client=strict).status_code == 200
