"""
A refund: a row first, then a request to Stripe, finished by Stripe's word; or due at the box
office, finished by whoever paid it out.
"""

import uuid
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, Sum
from django.utils import timezone
from rest_framework import status
from rest_framework.exceptions import APIException

from bookings.models import Letter
from history.remembering import Remembers, tell
from theaters.currencies import written
from theaters.models import Theater

from .claims import UUID_PATTERN, Claimable, ClaimQuerySet
from .invoice import Invoice
from .ledger import LedgerEntry

# Our balance at Stripe was too low: another try may well go through. All other failures are the
# bank's or the card's, which "need an alternative way", or a dispute's: a human looks.
# https://docs.stripe.com/refunds#failed-refunds, https://docs.stripe.com/error-codes
WORTH_ANOTHER_TRY = frozenset({"insufficient_funds", "balance_insufficient"})
# The customer has it already, by another way.
GIVEN_BACK_ALREADY = "charge_already_refunded"
MOST_ATTEMPTS = 5
FIRST_PAUSE = timedelta(hours=1)
# SQLite keeps decimals as floats.
HALF_A_THOUSANDTH = Decimal("0.0005")
STRIPE, COMPLIMENTARY = "stripe", "complimentary"


class RefundDone(APIException):
    """The refund needs nobody's attention: it is on its way, was given back, or tried again."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "refund_done"
    default_detail = "Somebody has seen to this refund meanwhile."


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

    def in_force(self):
        """Without those that failed and were tried again: of these, the last attempt counts."""
        return self.filter(followed_by=None)

    def unfinished(self):
        """Those of which the last word has not been said."""
        return self.filter(status__in=[Refund.Status.PENDING, Refund.Status.SENT])

    def through_stripe(self):
        """Those that Stripe gives back, since it took the money."""
        return self.filter(payment__kind=STRIPE)

    def at_the_box_office(self):
        """Those that wait to be paid out by hand."""
        return self.filter(status=Refund.Status.PENDING).exclude(payment__kind=STRIPE)

    def needing_attention(self):
        """
        Those that nothing but a human brings on: failed ones, as long as what they were to give
        back is owed (it may have gone back in Stripe's dashboard), and those at the box office.
        """
        payments = Refund._meta.get_field("payment").related_model.objects
        owed = payments.neither_back_nor_on_its_way().filter(pk=OuterRef("payment"))
        failed = self.filter(Exists(owed), status=Refund.Status.FAILED)
        return (failed | self.at_the_box_office()).in_force()

    def made_good_by(self, amount: Decimal):
        """The first that failed and was of that `amount`, which a person now gives; or None."""
        failed = self.in_force().filter(
            status=Refund.Status.FAILED,
            amount__gt=amount - HALF_A_THOUSANDTH,
            amount__lt=amount + HALF_A_THOUSANDTH,
        )
        return failed.order_by("created_at").first()

    def given_by_the_chain(self):
        """
        Those of payments that went on to a theater of which the chain, not the theater, gave all
        back through Stripe: to be settled between the two.
        """
        gone = self.filter(status__in=[Refund.Status.SENT, Refund.Status.SUCCEEDED])
        return gone.filter(from_theater=False).exclude(
            Q(payment__stripe_account="") | Q(stripe_refund="")
        )

    def managed_by(self, user):
        """Those of the theaters that `user` manages."""
        theaters = Theater.objects.managed_by(user)
        return self.filter(payment__booking__showtime__screen__theater__in=theaters)


class Refund(Claimable):
    """
    Money that goes back to whoever paid, in the payment's currency. `succeeded` means given back:
    by Stripe (`succeeded_at`), or by a person (`settled_at`), as `note` says. It may have failed
    before (`failed_at`), even after Stripe had said that it succeeded, as refunds do that a bank
    sends back. One that is tried again is followed by another row.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        SENT = "sent"
        SUCCEEDED = "succeeded"
        FAILED = "failed"

    class Reason(models.TextChoices):
        CANCELLED = "cancelled", "Tickets were cancelled"
        EXCHANGED = "exchanged", "Seats were exchanged for cheaper ones"
        NOT_HONOURED = "not_honoured", "Paid in vain: the seats could not be had any more"
        SHOWTIME_CANCELLED = "showtime_cancelled", "The showtime was cancelled"
        PAID_TWICE = "paid_twice", "Paid twice"
        DASHBOARD = "dashboard", "Given back by the theater"

    # What staff do with it is remembered, by `tell`: all else the jobs and Stripe do.
    remembers = Remembers(theater="payment.booking.showtime.screen.theater_id")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey("Payment", on_delete=models.PROTECT, related_name="refunds")
    amount = models.DecimalField(max_digits=12, decimal_places=3)
    reason = models.CharField(max_length=20, choices=Reason)
    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING)
    stripe_refund = models.CharField(max_length=255, blank=True, editable=False)
    from_theater = models.BooleanField(
        default=False,
        editable=False,
        help_text="Whether the theater's Stripe account gives its part, and not the chain alone.",
    )
    failure = models.CharField(max_length=500, blank=True)
    instead_of = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        related_name="followed_by",
        null=True,
        blank=True,
        help_text="The attempt that failed before this one.",
    )
    attempt = models.PositiveSmallIntegerField(default=1)
    credit_note = models.ForeignKey(
        Invoice,
        on_delete=models.PROTECT,
        related_name="refunds",
        null=True,
        blank=True,
        help_text="Of it, or of an attempt before it whose money came back: the paper stands.",
    )
    note = models.CharField(
        max_length=300, blank=True, help_text="How it was given back, if not through Stripe."
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    succeeded_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(status__in=["failed", "pending"]),
                name="refunds_to_look_at",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["stripe_refund"],
                condition=~Q(stripe_refund=""),
                name="one_refund_per_stripe_refund",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_refund_gives_something"),
        ]

    def __str__(self):
        return f"{written(self.amount, self.currency)} back for {self.payment.booking}"

    @property
    def currency(self) -> str:
        return self.payment.currency

    @property
    def is_through_stripe(self) -> bool:
        return self.payment.kind == STRIPE

    @property
    def reverses_transfer(self) -> bool:
        """
        Whether Stripe is to take back the theater's part for this attempt. If one before it was
        sent and failed, that part came back then, and lies with the chain.
        """
        before = self.instead_of if self.from_theater else None
        while before and not before.stripe_refund:
            before = before.instead_of
        return self.from_theater and not before

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
        """
        The money went back: issue the credit note, and put it into the ledger. Safe to call again.
        """
        now = timezone.now()
        unfinished = Refund.objects.unfinished().filter(pk=self.pk)
        if unfinished.update(status=self.Status.SUCCEEDED, succeeded_at=now, finished_at=now):
            self._went_back()

    def _went_back(self):
        # Once, by the first attempt that succeeds: the paper stands while the money comes back.
        note = self.credit_note
        if self.payment.honoured_at and not note:
            note = Invoice.objects.credit(self)
            Refund.objects.filter(pk=self.pk).update(credit_note=note)
            self.credit_note = note
        LedgerEntry.objects.refund(self, note)
        if self.payment.kind != COMPLIMENTARY:
            Letter.objects.write(
                self.payment.booking,
                Letter.Kind.REFUNDED,
                amount=self.amount,
                credit_note=note and note.number,
                refund=self.pk,
                note=self.note,
            )

    @transaction.atomic
    def fail(self, why: str, words: str = ""):
        """
        Stripe says that the money cannot go back, perhaps after it said that it went. `why` is its
        own word, by which we see whether it is worth another try, some hours later; else a human
        must look at it. Safe to call again.
        """
        from_stripe = Refund.objects.filter(
            pk=self.pk,
            status__in=[self.Status.PENDING, self.Status.SENT, self.Status.SUCCEEDED],
            settled_by=None,
        )
        now = timezone.now()
        said = {"failure": (words or why)[:500], "failed_at": now, "finished_at": now}
        had_gone = from_stripe.filter(status=self.Status.SUCCEEDED)
        came_back = had_gone.update(status=self.Status.FAILED, **said)
        if came_back:
            LedgerEntry.objects.refund_came_back(self)
            # Nobody is told any more that it went.
            went = Letter.objects.of_refund(self.pk, Letter.Kind.REFUNDED)
            went.waiting().update(dropped_at=now)
        rows = came_back or from_stripe.update(status=self.Status.FAILED, **said)
        if rows and why in WORTH_ANOTHER_TRY and self.attempt < MOST_ATTEMPTS:
            self._follow_up(after=FIRST_PAUSE * 2 ** (self.attempt - 1))
        elif rows and why != GIVEN_BACK_ALREADY and (came_back or not self._failure_was_told()):
            details = {"amount": self.amount, "refund": self._first().pk}
            Letter.objects.write(self.payment.booking, Letter.Kind.REFUND_FAILED, **details)

    def _failure_was_told(self) -> bool:
        """Of this attempt or of one before it."""
        told = Letter.objects.of_refund(self._first().pk, Letter.Kind.REFUND_FAILED)
        return told.filter(dropped_at=None).exists()

    def _first(self) -> "Refund":
        one = self
        while one.instead_of:
            one = one.instead_of
        return one

    @transaction.atomic
    def give_without_theater(self, why: str, words: str = ""):
        """
        Stripe cannot take the theater's part back: the chain gives all of it, at once, by another
        attempt. Nobody waits for their money because of that. Safe to call again.
        """
        now = timezone.now()
        said = {"failure": (words or why)[:500], "failed_at": now, "finished_at": now}
        here = Refund.objects.filter(pk=self.pk, status=self.Status.PENDING, from_theater=True)
        if here.update(status=self.Status.FAILED, from_theater=False, **said):
            self.from_theater = False
            self._follow_up(after=timedelta(0))

    @transaction.atomic
    def try_again(self) -> "Refund":
        """
        Send what failed once more, as a refund of its own, less what a bank has taken meanwhile.
        Raises RefundDone.
        """
        self._lock_payment()
        if not self._needing_attention().filter(status=self.Status.FAILED).exists():
            raise RefundDone
        tell(self, status=["failed", "sent once more"])
        return self._follow_up(after=timedelta(0), amount=self._still_owed())

    def title_to_remember(self) -> str:
        """What an entry of the history calls it."""
        return str(self)

    def _still_owed(self) -> Decimal:
        if self.status != self.Status.FAILED or self.credit_note_id:
            return self.amount
        payments = type(self.payment).objects.neither_back_nor_on_its_way()
        return min(self.amount, payments.get(pk=self.payment_id).owed)

    @transaction.atomic
    def settle(self, *, by, note: str):
        """
        `by` has given the money back otherwise, as `note` says: in cash, by a transfer. Raises
        RefundDone, also where the payment has gone back in full by other ways.
        """
        self._lock_payment()
        others = self.payment.refunds.in_force().exclude(pk=self.pk)
        others = others.exclude(status=self.Status.FAILED)
        gone = others.aggregate(sum=Sum("amount"))["sum"] or 0
        if gone + self.amount > self.payment.amount:
            raise RefundDone("More than was paid would be given back.")
        if not self._needing_attention().exists():
            raise RefundDone
        before = self.get_status_display().lower()
        self.amount = self._still_owed()
        # The ledger has one row for each that went back: what came back is followed by another.
        one = self._follow_up(after=timedelta(0)) if self.succeeded_at else self
        now = timezone.now()
        Refund.objects.filter(pk=one.pk).update(
            status=self.Status.SUCCEEDED,
            amount=self.amount,
            note=note[:300],
            settled_by=by,
            settled_at=now,
            finished_at=now,
        )
        tell(self, status=[before, f"settled otherwise: {note[:300]}"])
        one.note = note[:300]
        one._went_back()

    def _needing_attention(self):
        attention = Refund.objects.needing_attention().filter(pk=self.pk)
        return Refund.objects.filter(pk__in=attention.values("pk"))

    def _lock_payment(self):
        # As whoever records what is owed of a payment does: one at a time.
        type(self.payment).objects.select_for_update().get(pk=self.payment_id)
        self.refresh_from_db()

    def _follow_up(self, *, after: timedelta, amount: Decimal | None = None) -> "Refund":
        # Somebody else may have heard that it went through.
        self.refresh_from_db(fields=["credit_note"])
        return Refund.objects.create(
            payment=self.payment,
            amount=self.amount if amount is None else amount,
            reason=self.reason,
            from_theater=self.from_theater,
            instead_of=self,
            credit_note=self.credit_note,
            attempt=self.attempt + 1,
            next_try_at=timezone.now() + after,
        )
