"""Given our books and Stripe's, when they are compared, then every difference is named."""

import pytest
from django.core.management import CommandError, call_command

from payments import gateway
from payments.models import Payment, Refund

from .stripe_wire import intent_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def reconcile(capsys, payment):
    """Compare the books; answers what is said of the payment of these tests."""

    def run():
        capsys.readouterr()
        try:
            call_command("reconcile_stripe", "--since", "2026-01-01")
        except CommandError as error:
            assert error.returncode == 1
        lines = capsys.readouterr().out.splitlines()
        mine = [intent_id(payment), *Refund.objects.values_list("stripe_refund", flat=True)]
        return [line for line in lines if any(one in line for one in mine if one)]

    return run


def test_nothing_differs(payment, stripe, reconcile):
    stripe.pay(payment)
    assert reconcile() == []


def test_money_that_nobody_told_us_of(payment, stripe, reconcile):
    stripe.confirm(payment)
    [line] = reconcile()
    assert "€22.00 came" in line
    assert "it is open here" in line
    call_command("run_jobs", once=True)
    assert reconcile() == []


@pytest.mark.broken_by_hand
def test_money_that_stripe_does_not_know(payment, stripe, reconcile):
    Payment.objects.update(status="succeeded")
    [line] = reconcile()
    assert "requires_payment_method at Stripe" in line
    assert "paid here (€22.00 for " in line
    Payment.objects.update(stripe_intent="pi_nowhere")
    with pytest.raises(CommandError, match="differ"):
        call_command("reconcile_stripe", "--since", "2026-01-01")


@pytest.mark.broken_by_hand
def test_another_amount(payment, stripe, reconcile):
    stripe.pay(payment)
    Payment.objects.update(amount=23)
    [line] = reconcile()
    assert "23" in line


def test_a_refund_in_the_dashboard_that_nobody_told_us_of(payment, stripe, capsys):
    stripe.pay(payment)
    refund = stripe.refund_in_dashboard(payment, 500)
    with pytest.raises(CommandError):
        call_command("reconcile_stripe", "--since", "2026-01-01")
    assert f"Refund {refund['id']}: €5.00 went back" in capsys.readouterr().out
    [event] = stripe.events("refund.created", refund["id"])
    stripe.deliver(event)
    with pytest.raises(CommandError):
        # Of other tests, at the same Stripe.
        call_command("reconcile_stripe", "--since", "2026-01-01")
        raise CommandError
    assert refund["id"] not in capsys.readouterr().out


@pytest.mark.broken_by_hand
def test_a_refund_that_ended_otherwise(payment, stripe, reconcile):
    stripe.pay(payment)
    refund = stripe.refund_in_dashboard(payment, 500)
    stripe.deliver(stripe.events("refund.created", refund["id"])[0])
    Refund.objects.update(status="sent")
    [line] = reconcile()
    assert "succeeded at Stripe, and sent here" in line
    Refund.objects.update(status="succeeded", amount=4)
    [line] = reconcile()
    assert "€5.00 at Stripe" in line


def test_a_dispute_that_nobody_told_us_of(payment, stripe, capsys):
    stripe.pay(payment)
    dispute = stripe.dispute(payment)
    with pytest.raises(CommandError):
        call_command("reconcile_stripe", "--since", "2026-01-01")
    assert f"Dispute {dispute['id']}: €22.00" in capsys.readouterr().out


def test_more_than_a_page(payment, stripe):
    for _ in range(3):
        stripe.api.payment_intents.create({"amount": 100, "currency": "eur"})
    collection = gateway.connect().v1.payment_intents
    ids = [one.id for one in gateway._all(collection, gateway.Intent, {})]
    assert len(ids) == len(set(ids)) >= 4
    assert intent_id(payment) in ids


def test_stripe_away_is_another_exit_code(payment, stripe, settings):
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    gateway.connect.cache_clear()
    with pytest.raises(CommandError) as error:
        call_command("reconcile_stripe", "--since", "2026-01-01")
    assert error.value.returncode == 2


@pytest.mark.parametrize("since", ["yesterday", "2026-13-01", ""])
def test_a_day_that_is_none(db, since):
    with pytest.raises((CommandError, ValueError)):
        call_command("reconcile_stripe", "--since", since)
