"""
Given a confirmation that dies after any of its statements, when Stripe tells us again, then the
booking is confirmed once, as if nothing had happened.
"""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from bookings.models import Booking, Ticket
from bookings.promises import broken_promises
from payments.models import Invoice, InvoiceSeries, Payment, WebhookEvent

from .stripe_wire import intent_id

pytestmark = pytest.mark.django_db(transaction=True)
# More than a confirmation takes on either database, with those that begin and end transactions.
STATEMENTS = 20


class Killed(BaseException):
    """The process is gone: nobody handles this."""


class Broken(Exception):
    """Something of ours does not work."""


def dies_after(number, error):
    """Let all statements fail with `error` that come after the first `number`."""
    count = iter(range(10_000))

    def run(execute, sql, params, many, context):
        if next(count) >= number:
            raise error
        return execute(sql, params, many, context)

    return connection.execute_wrapper(run)


def breaks_once_after(number, error):
    """Let one statement fail with `error`, after the first `number`."""
    count = iter(range(10_000))

    def run(execute, sql, params, many, context):
        if next(count) == number:
            raise error
        return execute(sql, params, many, context)

    return connection.execute_wrapper(run)


@pytest.fixture
def succeeded(payment, stripe):
    stripe.confirm(payment)
    [event] = stripe.events("payment_intent.succeeded", intent_id(payment))
    return event


def check_is_confirmed():
    assert Booking.objects.get().status == "confirmed"
    assert Payment.objects.get().honoured_at
    assert Ticket.objects.count() == 2
    assert Invoice.objects.get().number.endswith("-000001")
    assert InvoiceSeries.objects.get().last_number == 1
    assert WebhookEvent.objects.get().processed_at
    assert broken_promises() == []


@pytest.mark.parametrize("number", range(STATEMENTS))
def test_killed_after_a_statement_and_told_again(succeeded, stripe, number):
    try:
        with dies_after(number, Killed()):
            stripe.deliver(succeeded)
    except Killed:
        connection.close()
        assert Booking.objects.get().status == "pending"
        assert not WebhookEvent.objects.exists()
        assert not Invoice.objects.exists()
        assert broken_promises() == []
    assert stripe.deliver(succeeded).status_code == 200
    check_is_confirmed()


@pytest.mark.parametrize("number", range(2, 12))
def test_broken_at_a_statement_and_replayed(succeeded, stripe, number):
    with breaks_once_after(number, Broken("No.")):
        answer = stripe.deliver(succeeded)
    if answer.status_code != 200:
        assert answer.status_code == 500
        assert answer.json()["errors"][0]["code"] == "event_failed"
        row = WebhookEvent.objects.get()
        assert "Broken: No." in row.error
        assert row.processed_at is None
        assert Booking.objects.get().status == "pending"
        call_command("replay_webhooks")
    check_is_confirmed()
    assert not WebhookEvent.objects.get().error


def test_the_confirmation_has_not_outgrown_these_tests(succeeded, stripe):
    with dies_after(STATEMENTS, Killed()):
        assert stripe.deliver(succeeded).status_code == 200


def test_replaying_says_what_still_fails(succeeded, stripe, capsys):
    broken = succeeded | {"id": "evt_broken", "data": {"object": {"id": "pi_x"}}}
    assert stripe.deliver(broken).status_code == 500
    with pytest.raises(CommandError, match="1 failed"):
        call_command("replay_webhooks")
    with pytest.raises(CommandError, match="1 failed"):
        call_command("replay_webhooks", event="evt_broken")
    with pytest.raises(CommandError, match="No event evt_other"):
        call_command("replay_webhooks", event="evt_other")
    assert "evt_broken payment_intent.succeeded: failed again" in capsys.readouterr().out
    stripe.deliver(succeeded)
    call_command("replay_webhooks", event=succeeded["id"])
    assert Ticket.objects.count() == 2
