"""
What was done at Stripe without us, and how it comes into our books: refunds made in the dashboard,
disputes, and money for which there is no payment of ours.
"""

import logging

from django.db import transaction

from theaters.currencies import written

from .models import Dispute, Payment, Refund, Stray
from .models.claims import UUID_PATTERN
from .stripe_objects import Intent, StripeDispute, StripeRefund

log = logging.getLogger(__name__)


@transaction.atomic
def adopt_intent(intent: Intent):
    """
    Take in an intent of which no payment of ours knows. One that names a payment of ours was made
    by us, twice, since Stripe's answer was lost: its money buys the booking, or is owed back. Other
    money is kept for a human to look at; an intent without money does not matter.
    """
    if intent.status != "succeeded":
        log.warning("Stripe speaks of %s (%s), which we never asked for", intent.id, intent.status)
        return
    ours = intent.metadata.get("payment", "")
    twin = UUID_PATTERN.fullmatch(ours) and _locked(pk=ours)
    if not twin:
        why = f"Paid, but never asked for by us. Booking: {intent.metadata.get('booking', '?')}"
        if intent.destination:
            why += f". It went on to {intent.destination}"
        Stray.objects.note(Stray.Kind.PAYMENT, intent, amount=intent.amount_received, why=why)
        return
    log.error("Payment %s was asked for twice: %s is its second intent", ours, intent.id)
    payment, _ = Payment.objects.get_or_create(
        stripe_intent=intent.id,
        defaults={
            "booking": twin.booking,
            "exchange": twin.exchange,
            "amount": twin.amount,
            "currency": twin.currency,
            "stripe_account": intent.destination,
            "application_fee": min(intent.application_fee, twin.amount)
            if intent.destination
            else 0,
            "status": Payment.Status.CANCELLED,
        },
    )
    payment.follow(intent)


@transaction.atomic
def adopt_refund(theirs: StripeRefund):
    """
    Do what Stripe says of a refund. One that is not ours was made in Stripe's dashboard: it becomes
    a row like ours, and counts as ours does. Before the payment itself is known to have come, it
    is only a reason to look.
    """
    if refund := Refund.objects.known_as(theirs):
        return refund.follow(theirs)
    payment = theirs.intent and _locked(stripe_intent=theirs.intent)
    if not payment:
        why = f"A refund of {theirs.intent or 'a charge'}, which is no payment of ours."
        return Stray.objects.note(Stray.Kind.REFUND, theirs, amount=theirs.amount, why=why)
    if payment.status != Payment.Status.SUCCEEDED:
        return Payment.objects.filter(pk=payment.pk).charge_changed()
    # Again, now that whoever else may write it down has.
    refund = Refund.objects.known_as(theirs) or _written_down(theirs, payment)
    return refund and refund.follow(theirs)


def _written_down(theirs: StripeRefund, payment: Payment) -> Refund | None:
    if theirs.status in ("failed", "canceled"):
        return None
    if theirs.currency != payment.currency:
        money = written(theirs.amount, theirs.currency)
        why = f" {money} were given back as {theirs.id}."
        if theirs.id not in payment.flag:
            Payment.objects.filter(pk=payment.pk).update(flag=(payment.flag + why)[:500])
        return None
    failed = payment.refunds.made_good_by(theirs.amount)
    refund = Refund.objects.create(
        payment=payment,
        amount=theirs.amount,
        reason=Refund.Reason.DASHBOARD,
        from_theater=theirs.from_theater,
        instead_of=failed,
        credit_note=failed and failed.credit_note,
    )
    payment.note_what_went_back()
    return refund


@transaction.atomic
def adopt_dispute(theirs: StripeDispute):
    """Do what Stripe says of a dispute. One of a payment that is not ours is for a human."""
    payment = theirs.intent and _locked(stripe_intent=theirs.intent)
    if payment:
        Dispute.objects.follow(theirs, payment)
    else:
        why = f"A dispute of {theirs.intent or 'a charge'}, which is no payment of ours."
        Stray.objects.note(Stray.Kind.DISPUTE, theirs, amount=theirs.amount, why=why)


def _locked(**which) -> Payment | None:
    return Payment.objects.select_for_update(of=("self",)).filter(**which).first()
