"""A dispute: a customer asks the bank for the money back."""

from django.db import models, transaction
from django.utils import timezone

from bookings.models import Booking
from theaters.currencies import written

from .ledger import LedgerEntry


class DisputeQuerySet(models.QuerySet):
    def standing(self):
        """Those not decided, or lost: the money is not ours. Not those where a bank only asks."""
        return self.exclude(status__in=Dispute.OVER_AND_OURS).exclude(status__startswith="warning")

    def open(self):
        """Those that are not decided, a bank that only asks among them."""
        return self.exclude(status__in=Dispute.OVER)

    @transaction.atomic
    def follow(self, theirs, payment) -> "Dispute":
        """
        Do what Stripe (payments.stripe_objects.StripeDispute) says of a dispute of `payment`: its
        booking is marked while the money is not ours. Safe to call again, and late: what is
        decided stays decided.
        """
        # Of two who say it at once, the second waits here.
        type(payment).objects.select_for_update().get(pk=payment.pk)
        dispute = self.filter(stripe_dispute=theirs.id).first()
        if dispute and (dispute.is_over or dispute.status == theirs.status):
            return dispute
        said = {
            "status": theirs.status,
            "reason": theirs.reason,
            "amount": theirs.amount,
            "currency": theirs.currency,
            "evidence_due_by": theirs.evidence_due_by,
            "closed_at": timezone.now() if theirs.status in Dispute.OVER else None,
        }
        dispute, _ = self.update_or_create(
            stripe_dispute=theirs.id,
            defaults=said,
            create_defaults=said | {"payment": payment, "opened_at": theirs.opened_at},
        )
        dispute.mark_booking()
        payment.note_what_went_back()
        dispute.keep_books()
        return dispute


class Dispute(models.Model):
    """
    What a customer's bank took back, or asks about, of a payment; `amount` in its `currency`.
    `status` and `reason` are Stripe's own words. It is answered in Stripe's dashboard, before
    `evidence_due_by`. https://docs.stripe.com/disputes/how-disputes-work
    """

    OVER_AND_OURS = ("won", "warning_closed", "prevented")
    OVER = (*OVER_AND_OURS, "lost")

    payment = models.ForeignKey("Payment", on_delete=models.PROTECT, related_name="disputes")
    stripe_dispute = models.CharField(max_length=255, unique=True, editable=False)
    status = models.CharField(max_length=40)
    reason = models.CharField(max_length=60)
    amount = models.DecimalField(max_digits=12, decimal_places=3)
    currency = models.CharField(max_length=3)
    evidence_due_by = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]

    def __str__(self):
        money = written(self.amount, self.currency)
        return f"{money} of {self.payment.booking}: {self.words}"

    @property
    def is_over(self) -> bool:
        """Whether the bank has spoken its last word."""
        return self.status in self.OVER

    @property
    def words(self) -> str:
        """Its status for people."""
        return self.status.replace("_", " ")

    def keep_books(self):
        """Put into the ledger that the money was taken away, or came again. Safe to call again."""
        money = {"amount": self.amount, "currency": self.currency}
        entries = LedgerEntry.objects.filter(stripe_dispute=self.stripe_dispute)
        if Dispute.objects.standing().filter(pk=self.pk).exists():
            LedgerEntry.objects.dispute(self.payment, stripe_dispute=self.stripe_dispute, **money)
        elif entries.exists():
            LedgerEntry.objects.dispute_won(
                self.payment, stripe_dispute=self.stripe_dispute, **money
            )

    def mark_booking(self):
        """Warn at the door while the money is not ours."""
        booking = self.payment.booking
        standing = Dispute.objects.standing().filter(payment__booking=booking)
        since = standing.aggregate(first=models.Min("opened_at"))["first"]
        Booking.objects.filter(pk=booking.pk).update(disputed_at=since)
