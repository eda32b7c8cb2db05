"""Our books beside Stripe's: each difference is a sentence that names both."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from theaters.currencies import written

from . import gateway
from .models import Dispute, Payment, Refund, Stray

# Stripe's clock and ours may differ by so much.
ABOUT = timedelta(minutes=5)
# In Stripe's words, what our statuses of a refund are. Ours says less, never something else.
STATUSES = {
    Refund.Status.SENT: {"pending", "requires_action"},
    Refund.Status.SUCCEEDED: {"succeeded"},
    Refund.Status.FAILED: {"failed", "canceled"},
}


def differences(since: datetime) -> Iterator[str]:
    """
    What differs of all that was made since `since`, here or there, page by page. Outside of any
    transaction. Raises Refused or StripeUnreachable.
    """
    settled = set(Stray.objects.exclude(settled_at=None).values_list("stripe_id", flat=True))
    yield from _payments(since, settled)
    yield from _refunds(since, settled)
    yield from _disputes(since, settled)


def _payments(since: datetime, settled: set[str]) -> Iterator[str]:
    seen = set()
    for theirs in gateway.intents_since(since - ABOUT):
        seen.add(theirs.id)
        ours = Payment.objects.filter(stripe_intent=theirs.id).select_related("booking").first()
        if difference := theirs.id not in settled and _of_payment(ours, theirs):
            yield f"Payment {theirs.id}: {difference}"
    ours = Payment.objects.filter(kind=Payment.Kind.STRIPE, created_at__gte=since)
    paid = ours.filter(status=Payment.Status.SUCCEEDED).select_related("booking")
    for payment in paid.exclude(stripe_intent="").iterator():
        if payment.stripe_intent not in seen:
            yield (
                f"Payment {payment.stripe_intent}: paid here ({payment}), and Stripe does not "
                "know it."
            )


def _of_payment(ours: Payment | None, theirs) -> str:
    came = theirs.status == "succeeded"
    money = written(theirs.amount_received, theirs.currency)
    if ours is None:
        return came and f"{money} came, and we don't know it."
    if came and ours.status != Payment.Status.SUCCEEDED:
        return f"{money} came for {ours.booking}, and it is {ours.status} here."
    if not came and ours.status == Payment.Status.SUCCEEDED:
        return f"paid here ({ours}), and {theirs.status} at Stripe."
    if theirs.status == "canceled" and ours.status == Payment.Status.OPEN:
        return f"cancelled at Stripe, and open here ({ours})."
    if came and (theirs.amount_received, theirs.currency) != (ours.amount, ours.currency):
        return f"{money} came, and {ours} was asked for."
    return _of_whom_it_went_to(ours, theirs) if came else ""


def _of_whom_it_went_to(ours: Payment, theirs) -> str:
    if theirs.destination != ours.stripe_account:
        went, was_to_go = (one or "nobody" for one in (theirs.destination, ours.stripe_account))
        return f"it went on to {went}, and was to go to {was_to_go} ({ours})."
    if not _nearly(theirs.application_fee, ours.application_fee):
        kept, wanted = (written(one.application_fee, ours.currency) for one in (theirs, ours))
        return f"we kept {kept} of it, and not {wanted} ({ours})."
    return ""


def _refunds(since: datetime, settled: set[str]) -> Iterator[str]:
    seen = set()
    for theirs in gateway.refunds_since(since - ABOUT):
        seen.add(theirs.id)
        ours = Refund.objects.filter(stripe_refund=theirs.id).select_related("payment__booking")
        if difference := theirs.id not in settled and _of_refund(ours.first(), theirs):
            yield f"Refund {theirs.id}: {difference}"
    ours = Refund.objects.filter(created_at__gte=since).exclude(stripe_refund="")
    for refund in ours.select_related("payment__booking").iterator():
        if refund.stripe_refund not in seen:
            yield f"Refund {refund.stripe_refund}: {refund}, and Stripe does not know it."


def _of_refund(ours: Refund | None, theirs) -> str:
    money = written(theirs.amount, theirs.currency)
    if ours is None:
        gone = theirs.status in ("failed", "canceled")
        return "" if gone else f"{money} went back, and we don't know it."
    if not _nearly(theirs.amount, ours.amount) or theirs.currency != ours.currency:
        return f"{money} at Stripe, and {ours} here."
    if theirs.status not in STATUSES.get(ours.status, ()):
        return f"{theirs.status} at Stripe, and {ours.status} here ({ours})."
    if ours.reverses_transfer and not theirs.from_theater:
        return f"the theater's part did not come back ({ours})."
    return ""


def _disputes(since: datetime, settled: set[str]) -> Iterator[str]:
    seen = set()
    for theirs in gateway.disputes_since(since - ABOUT):
        seen.add(theirs.id)
        ours = Dispute.objects.filter(stripe_dispute=theirs.id).first()
        if theirs.id in settled:
            continue
        if ours is None:
            money = written(theirs.amount, theirs.currency)
            yield f"Dispute {theirs.id}: {money}, and we don't know it."
        elif (ours.status, ours.currency) != (theirs.status, theirs.currency):
            yield f"Dispute {theirs.id}: {theirs.status} at Stripe, and {ours.status} here."
    for dispute in Dispute.objects.filter(opened_at__gte=since):
        if dispute.stripe_dispute not in seen:
            yield f"Dispute {dispute.stripe_dispute}: here, and Stripe does not know it."


def _nearly(one: Decimal, other: Decimal) -> bool:
    # SQLite keeps decimals as floats.
    return abs(one - other) < Decimal("0.0005")
