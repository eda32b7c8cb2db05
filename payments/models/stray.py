"""What Stripe tells us of money that we cannot place."""

import logging
from decimal import Decimal

from django.db import models, transaction
from django.utils import timezone

from history.remembering import Remembers, tell
from theaters.currencies import written

log = logging.getLogger(__name__)


class StrayQuerySet(models.QuerySet):
    def note(self, kind: str, theirs, *, amount: Decimal, why: str):
        """Keep `theirs`, something of Stripe's that is about `amount`, for a human to look at."""
        log.error("%s needs a human: %s", theirs.id, why)
        self.get_or_create(
            stripe_id=theirs.id,
            defaults={
                "kind": kind,
                "amount": amount,
                "currency": theirs.currency,
                "why": why[:500],
            },
        )

    def unsettled(self):
        """Those that nobody has looked into."""
        return self.filter(settled_at=None)

    @transaction.atomic
    def settle(self):
        """Somebody has looked into these; nothing becomes of those that were settled before."""
        for stray in self.unsettled():
            now = timezone.now()
            if self.model.objects.unsettled().filter(pk=stray.pk).update(settled_at=now):
                tell(stray, settled_at=[None, now.isoformat()])


class Stray(models.Model):
    """
    Money at Stripe that belongs to nothing of ours: a payment that we never asked for, or a refund
    or a dispute of one. `settled_at` says when a human had looked into it.
    """

    class Kind(models.TextChoices):
        PAYMENT = "payment", "Payment"
        REFUND = "refund", "Refund"
        DISPUTE = "dispute", "Dispute"

    # What staff do with it is remembered, by `tell`.
    remembers = Remembers()

    stripe_id = models.CharField(max_length=255, unique=True, editable=False)
    kind = models.CharField(max_length=7, choices=Kind)
    amount = models.DecimalField(max_digits=15, decimal_places=3)
    currency = models.CharField(max_length=3)
    why = models.CharField(max_length=500)
    seen_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = StrayQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_at"]
        verbose_name = "stray of Stripe's"
        verbose_name_plural = "strays of Stripe's"

    def __str__(self):
        return f"{written(self.amount, self.currency)}, {self.stripe_id}"

    def title_to_remember(self) -> str:
        """What an entry of the history calls it."""
        return str(self)
