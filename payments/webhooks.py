"""What Stripe says to us: an inbox, and the effect of each event, in one transaction."""

import logging
import traceback

from django.db import OperationalError, transaction
from django.utils import timezone

from showtimes.contention import tried_twice

from .gateway import Intent, StripeRefund
from .models import Payment, Refund, WebhookEvent

log = logging.getLogger(__name__)


def receive(event: dict) -> WebhookEvent:
    """
    Keep `event` in the inbox and let it take effect, both or neither; a repeat changes nothing.

    When the effect fails, the inbox keeps the event with its `error` and without `processed_at`:
    it takes effect when Stripe sends it again. Raises Busy.
    """
    known = WebhookEvent.objects.filter(stripe_id=event["id"], processed_at__isnull=False)
    return known.first() or _receive(event)


@tried_twice
@transaction.atomic
def _receive(event: dict) -> WebhookEvent:
    row = _inbox(event)
    if row.processed_at:
        return row
    try:
        with transaction.atomic():
            EFFECTS.get(event["type"], _nothing)(event["data"]["object"])
    except OperationalError:
        raise
    except Exception:
        log.exception("Event %s could not take effect", row.stripe_id)
        error, processed_at = traceback.format_exc(), None
    else:
        error, processed_at = "", timezone.now()
    row.error, row.processed_at = error, processed_at
    row.save(update_fields=["error", "processed_at"])
    return row


def _inbox(event: dict) -> WebhookEvent:
    # Of two copies that arrive at once, the second waits here until the first is done.
    WebhookEvent.objects.get_or_create(
        stripe_id=event["id"], defaults={"type": event["type"][:100], "payload": event}
    )
    return WebhookEvent.objects.select_for_update().get(stripe_id=event["id"])


def _follow_intent(data: dict):
    intent = Intent.read(data)
    if payment := Payment.objects.of_intent(intent):
        payment.follow(intent)
    else:
        log.error("Stripe speaks of %s (%s), which we never asked for", intent.id, intent.status)


def _note_failure(data: dict):
    # The seats stay held: the customer may try another card.
    error = data.get("last_payment_error") or {}
    if payment := Payment.objects.of_intent(Intent.read(data)):
        payment.fail(error.get("message") or "The payment failed.")


def _follow_refund(data: dict):
    theirs = StripeRefund.read(data)
    if refund := Refund.objects.known_as(theirs):
        refund.follow(theirs)
    else:
        log.error("Stripe speaks of %s, a refund that we never asked for", theirs.id)


def _nothing(data: dict):
    """Events that we do not know are kept, and answered with a 200."""


# https://docs.stripe.com/api/events/types
EFFECTS = {
    "payment_intent.succeeded": _follow_intent,
    "payment_intent.canceled": _follow_intent,
    "payment_intent.payment_failed": _note_failure,
    "refund.created": _follow_refund,
    "refund.updated": _follow_refund,
    "refund.failed": _follow_refund,
}
