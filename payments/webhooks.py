"""
What Stripe says to us: an inbox, and the effect of each event, in one transaction.

Events come late, twice and in any order, and each is a reason to look at the truth. What is final
at Stripe (paid, cancelled, given back, decided) is believed at once, and nothing undoes it. What is
passing (declined, processing, a charge that changed) is noted, and the next round of the jobs asks
Stripe how things stand. No event makes us ask in here: Stripe, slow, would make us slow.
"""

import logging
import traceback

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils import timezone

from showtimes.contention import tried_twice

from .adopting import adopt_dispute, adopt_intent, adopt_refund
from .minor_units import from_minor_units
from .models import Payment, WebhookEvent
from .stripe_objects import Intent, StripeDispute, StripeRefund

log = logging.getLogger(__name__)


class KnownAlready(Exception):
    """The inbox has the event."""


@tried_twice
def receive(event: dict) -> bool:
    """
    Keep `event` in the inbox and let it take effect, both or neither; a repeat changes nothing.

    Answers whether it took effect. If not, the inbox keeps the event with its `error` and without
    `processed_at`: it takes effect when Stripe sends it again, or by `replay_webhooks`. Raises
    Busy, and what the database raises while it is away.
    """
    if WebhookEvent.objects.took_effect(event["id"]):
        return True
    try:
        try:
            _take_in(event)
        except KnownAlready:
            _take_effect_late(event)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("Event %s could not take effect", event["id"])
        _keep_with_error(event, traceback.format_exc())
        return False
    return True


@transaction.atomic
def _take_in(event: dict):
    try:
        # Of two copies that arrive at once, the second waits here until the first is done.
        WebhookEvent.objects.create(**_row(event), processed_at=timezone.now())
    except IntegrityError as error:
        raise KnownAlready from error
    _effect_of(event)


@transaction.atomic
def _take_effect_late(event: dict):
    row = WebhookEvent.objects.select_for_update().get(stripe_id=event["id"])
    if not row.processed_at:
        _effect_of(event)
        row.error, row.processed_at = "", timezone.now()
        row.save(update_fields=["error", "processed_at"])


def _keep_with_error(event: dict, error: str):
    WebhookEvent.objects.bulk_create([WebhookEvent(**_row(event))], ignore_conflicts=True)
    unprocessed = WebhookEvent.objects.filter(stripe_id=event["id"], processed_at=None)
    unprocessed.update(error=error)


def _row(event: dict) -> dict:
    return {"stripe_id": event["id"], "type": event["type"][:100], "payload": event}


def _effect_of(event: dict):
    if event.get("account"):
        # It happened in an account that is connected to ours: none of our intents is there.
        log.warning("Event %s is of another account, %s", event["id"], event["account"])
        return
    EFFECTS.get(event["type"], _nothing)(event["data"]["object"])


def _follow_intent(data: dict):
    intent = Intent.read(data)
    if payment := Payment.objects.of_intent(intent):
        payment.follow(intent)
    else:
        adopt_intent(intent)


def _hear_of_intent(data: dict):
    intent = Intent.read(data)
    if payment := Payment.objects.of_intent(intent):
        payment.hear(intent)
    else:
        adopt_intent(intent)


def _hear_of_charge(data: dict):
    """Each is updated once, for the fee. We look when money left it of which we don't know."""
    intent = data.get("payment_intent") or ""
    payments = Payment.objects.exclude(stripe_intent="").filter(stripe_intent=intent)
    back = from_minor_units(data["amount_refunded"], data["currency"].upper())
    for payment in payments if back or data["disputed"] else []:
        if not payment.knows_of(back=back, disputed=data["disputed"]):
            payments.charge_changed()


def _follow_refund(data: dict):
    adopt_refund(StripeRefund.read(data))


def _follow_dispute(data: dict):
    adopt_dispute(StripeDispute.read(data))


def _nothing(data: dict):
    """Events that we do not know are kept, and answered with a 200."""


# https://docs.stripe.com/api/events/types
EFFECTS = {
    "payment_intent.succeeded": _follow_intent,
    "payment_intent.canceled": _follow_intent,
    "payment_intent.processing": _hear_of_intent,
    "payment_intent.payment_failed": _hear_of_intent,
    "payment_intent.amount_capturable_updated": _hear_of_intent,
    "charge.refunded": _hear_of_charge,
    "charge.updated": _hear_of_charge,
    "refund.created": _follow_refund,
    "refund.updated": _follow_refund,
    "refund.failed": _follow_refund,
    "charge.dispute.created": _follow_dispute,
    "charge.dispute.updated": _follow_dispute,
    "charge.dispute.closed": _follow_dispute,
}
