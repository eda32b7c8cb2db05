"""A refund: a row first, then a request to Stripe, finished by Stripe's word."""

import uuid

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from .claims import UUID_PATTERN, Claimable, ClaimQuerySet
from .invoice import Invoice


class RefundQuerySet(ClaimQuerySet):
    def known_as(self, theirs):
        """
        Our refund for Stripe's `theirs` (payments.gateway.StripeRefund), or None; found by our own
        id in its metadata if we never heard Stripe's answer to our request.
        """
        ours = theirs.metadata.get("refund", "")
        known = self.filter(stripe_refund=theirs.id).first()
        if known is None and UUID_PATTERN.fullmatch(ours):
            known = self.filter(pk=ours, stripe_refund="").first()
        return known

    def unfinished(self):
        """Those of which Stripe has not said the last word."""
        return self.filter(status__in=[Refund.Status.PENDING, Refund.Status.SENT])


class Refund(Claimable):
    """Money that goes back to whoever paid, in the payment's currency."""

    class Status(models.TextChoices):
        PENDING = "pending"
        SENT = "sent"
        SUCCEEDED = "succeeded"
        FAILED = "failed"

    class Reason(models.TextChoices):
        CANCELLED = "cancelled", "Tickets were cancelled"
        EXCHANGED = "exchanged", "Seats were exchanged for cheaper ones"
        NOT_HONOURED = "not_honoured", "Paid, but the seats were gone"
        PAID_TWICE = "paid_twice", "Paid twice"
        DASHBOARD = "dashboard", "Given back by the theater"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey("Payment", on_delete=models.PROTECT, related_name="refunds")
    amount = models.DecimalField(max_digits=12, decimal_places=3)
    reason = models.CharField(max_length=20, choices=Reason)
    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING)
    stripe_refund = models.CharField(max_length=255, blank=True, editable=False)
    failure = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["stripe_refund"],
                condition=~Q(stripe_refund=""),
                name="one_refund_per_stripe_refund",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_refund_gives_something"),
        ]

    def __str__(self):
        return f"{self.amount} {self.currency} back for {self.payment.booking}"

    @property
    def currency(self) -> str:
        return self.payment.currency

    def follow(self, theirs):
        """Do what Stripe (payments.gateway.StripeRefund) says of it. Safe to call again."""
        self.sent(theirs.id)
        if theirs.status == "succeeded":
            self.succeed()
        elif theirs.status in ("failed", "canceled"):
            self.fail(theirs.failure or theirs.status)

    def sent(self, stripe_refund: str):
        """Stripe knows of it; the money is on its way."""
        Refund.objects.filter(pk=self.pk, status=self.Status.PENDING).update(
            status=self.Status.SENT, stripe_refund=stripe_refund
        )

    @transaction.atomic
    def succeed(self):
        """Stripe says that the money went back: issue the credit note. Safe to call again."""
        rows = (
            Refund.objects.unfinished()
            .filter(pk=self.pk)
            .update(status=self.Status.SUCCEEDED, finished_at=timezone.now())
        )
        if rows and self.payment.honoured_at:
            Invoice.objects.credit(self)

    def fail(self, reason: str):
        """Stripe says that the money cannot go back: a human must look at it."""
        Refund.objects.unfinished().filter(pk=self.pk).update(
            status=self.Status.FAILED, failure=reason[:500], finished_at=timezone.now()
        )
