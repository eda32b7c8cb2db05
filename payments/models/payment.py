"""A payment: what we asked for a booking, and what came of it."""

import logging
import uuid
from decimal import Decimal
from typing import NamedTuple

from django.db import models, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils import timezone

from bookings.models import Booking, BookingClosed, Exchange, Letter, TicketsNotValid
from showtimes.models import SalesClosed, SeatsTaken, Showtime
from showtimes.statements import ONE_TEXT, Statement
from theaters.currencies import decimals, written
from theaters.payouts import LONGEST_ACCOUNT

from .claims import UUID_PATTERN, Claimable, ClaimQuerySet
from .dispute import Dispute
from .invoice import Invoice
from .ledger import LedgerEntry
from .refund import Refund

log = logging.getLogger(__name__)


class Came(NamedTuple):
    """Money that has come."""

    amount: Decimal
    currency: str


AMOUNT = models.DecimalField(max_digits=12, decimal_places=3)
NOTHING = Value(Decimal(0))
# SQLite keeps decimals as floats, whose differences may miss nothing by a little.
HALF_A_THOUSANDTH = Decimal("0.0005")


class PaymentQuerySet(ClaimQuerySet):
    def for_user(self, user, *, access_key: str = ""):
        """Those of the bookings that `user`, or `access_key`, may see."""
        return self.filter(booking__in=Booking.objects.for_user(user, access_key=access_key))

    def of_intent(self, intent):
        """
        Our payment for Stripe's `intent` (payments.gateway.Intent), or None; found by our own id
        in its metadata if we never heard Stripe's answer to our request.
        """
        known = BY_INTENT.first(intent.id)
        ours = intent.metadata.get("payment", "")
        if known or not UUID_PATTERN.fullmatch(ours):
            return known
        found = self.filter(pk=ours, stripe_intent="").update(stripe_intent=intent.id)
        return BY_INTENT.first(intent.id) if found else None

    def with_what_it_buys(self):
        """Each with all that its invoice names but the lines."""
        return self.select_related("booking__showtime__screen__theater", "booking__showtime__movie")

    def look_soon(self):
        """Ask Stripe about these in the next round of the jobs."""
        self.update(next_try_at=timezone.now())

    def charge_changed(self):
        """Look in the next round of the jobs what was given back, or disputed, of these."""
        self.update(charge_changed_at=timezone.now(), next_try_at=timezone.now())

    def with_a_changed_charge(self):
        """Those that bought something, or could not, and whose charge has changed since."""
        return self.filter(status=Payment.Status.SUCCEEDED, charge_changed_at__isnull=False)

    def with_an_open_dispute(self):
        """Those of which a bank has not said its last word, as far as we have heard."""
        return self.filter(
            status=Payment.Status.SUCCEEDED, pk__in=Dispute.objects.open().values("payment")
        )

    def open(self):
        """Those that the customer may still pay."""
        return self.filter(status=Payment.Status.OPEN)

    def abandoned(self):
        """
        Open ones whose booking, or exchange, is over or was not paid in time, or whose showtime is
        cancelled.
        """
        return self.open().filter(
            Q(exchange=None) & _is_over("booking")
            | Q(exchange__isnull=False) & _is_over("exchange")
            | Q(booking__showtime__status=Showtime.Status.CANCELLED)
        )

    def owed_back(self):
        """
        Money taken that we owe back, with `owed` in the payment's currency: all of a payment that
        bought nothing, and of others what cancelled and cheaper tickets entitle to, less what was
        given back or is on its way, and less what a bank has taken or is to decide about. Where
        several paid for a booking and its exchanges, it is taken from the first as far as that
        goes, then from the next. A flagged payment waits for a human. What did not come through
        Stripe is owed all the same.
        """
        owing = self._with_owed(Refund.objects.in_force(), Dispute.objects.standing())
        return owing.filter(flag="", owed__gt=HALF_A_THOUSANDTH)

    def neither_back_nor_on_its_way(self):
        """Those of which something is owed; a refund that failed counts for nothing."""
        refunds = Refund.objects.exclude(status=Refund.Status.FAILED)
        owing = self._with_owed(refunds, Dispute.objects.standing())
        return owing.filter(owed__gt=HALF_A_THOUSANDTH)

    def waiting_for_the_bank(self):
        """
        Those of which something is owed if the bank decides for us: else the customer has it. What
        is not disputed does not wait.
        """
        refunds = Refund.objects.exclude(status=Refund.Status.FAILED)
        standing = Dispute.objects.standing()
        lost = self._with_owed(refunds, standing.filter(status="lost"))
        disputed = Exists(standing.open().filter(payment=OuterRef("pk")))
        return lost.filter(disputed, flag="", owed__gt=HALF_A_THOUSANDTH)

    def _with_owed(self, refunds, disputes):
        earlier = Payment.objects.filter(
            booking=OuterRef("booking"), honoured_at__lt=OuterRef("honoured_at")
        )
        earlier = earlier.order_by().values("booking").annotate(sum=Sum("amount")).values("sum")
        before = Coalesce(Subquery(earlier), NOTHING, output_field=AMOUNT)
        left = Greatest(F("booking__amount_due_back") - before, NOTHING, output_field=AMOUNT)
        gone = _sum_of(refunds, by="payment") + _sum_of(disputes, by="payment")
        due = Case(
            When(honoured_at=None, then=F("amount")),
            default=Least(F("amount"), left, output_field=AMOUNT),
            output_field=AMOUNT,
        )
        return (
            self.filter(status=Payment.Status.SUCCEEDED)
            .filter(Q(honoured_at=None) | Q(booking__amount_due_back__gt=0))
            .annotate(owed=due - gone)
        )


def _sum_of(rows, *, by: str) -> Coalesce:
    """What the amounts of those `rows` add up to that are of the outer row."""
    mine = rows.filter(**{by: OuterRef("pk")}).order_by().values(by)
    sums = mine.annotate(sum=Sum("amount")).values("sum")
    return Coalesce(Subquery(sums), NOTHING, output_field=AMOUNT)


def _is_over(what: str) -> Q:
    """Whether nobody is to pay any more for the booking or the exchange that `what` leads to."""
    late = Q(**{f"{what}__held_until__lte": timezone.now()})
    return ~Q(**{f"{what}__status": "pending"}) | late


class Payment(Claimable):
    """
    Money for one booking, or for the difference of one `exchange` of its seats. `amount` is what we
    asked, in the booking's currency; `stripe_account` and `application_fee` are as the theater was
    paid out then, whatever it has now. `honoured_at` says when it bought that; money without it is
    owed back. `flag` says why a human must look.
    """

    class Kind(models.TextChoices):
        STRIPE = "stripe", "Stripe"
        CASH = "cash", "Cash"
        CARD_TERMINAL = "card_terminal", "Card terminal"
        COMPLIMENTARY = "complimentary", "Complimentary"

    class Status(models.TextChoices):
        OPEN = "open"
        SUCCEEDED = "succeeded"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="payments")
    exchange = models.ForeignKey(
        Exchange, on_delete=models.PROTECT, related_name="payments", null=True, blank=True
    )
    kind = models.CharField(max_length=13, choices=Kind, default=Kind.STRIPE)
    status = models.CharField(max_length=9, choices=Status, default=Status.OPEN)
    amount = models.DecimalField(max_digits=12, decimal_places=3)
    currency = models.CharField(max_length=3)
    stripe_intent = models.CharField(max_length=255, blank=True, editable=False)
    stripe_account = models.CharField(
        max_length=LONGEST_ACCOUNT,
        blank=True,
        editable=False,
        help_text="The theater's Stripe account to which it goes on, if it does.",
    )
    application_fee = models.DecimalField(
        max_digits=12,
        decimal_places=3,
        default=0,
        editable=False,
        help_text="What the chain keeps of it then.",
    )
    failure = models.CharField(
        max_length=500, blank=True, help_text="Why the last attempt to pay failed."
    )
    flag = models.CharField(max_length=500, blank=True, help_text="Why a human must look at it.")
    created_at = models.DateTimeField(auto_now_add=True)
    succeeded_at = models.DateTimeField(null=True, blank=True)
    honoured_at = models.DateTimeField(null=True, blank=True)
    processing_since = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Since when the bank has been working on it, while that is not known to be over.",
    )
    charge_changed_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When Stripe said that its charge changed, until the jobs have looked.",
    )

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["created_at"], name="payments_by_when_made"),
            models.Index(fields=["created_at"], condition=~Q(flag=""), name="payments_to_look_at"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["booking"],
                condition=Q(status="open", exchange=None),
                name="one_open_payment_per_booking",
            ),
            models.UniqueConstraint(
                fields=["exchange"],
                condition=Q(status="open"),
                name="one_open_payment_per_exchange",
            ),
            models.UniqueConstraint(
                fields=["booking"],
                condition=Q(honoured_at__isnull=False, exchange=None),
                name="a_booking_is_bought_once",
            ),
            models.UniqueConstraint(
                fields=["exchange"],
                condition=Q(honoured_at__isnull=False),
                name="an_exchange_is_bought_once",
            ),
            models.UniqueConstraint(
                fields=["stripe_intent"],
                condition=~Q(stripe_intent=""),
                name="one_payment_per_stripe_intent",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="amount_is_not_negative"),
            models.CheckConstraint(
                condition=Q(application_fee=0)
                | Q(application_fee__gt=0, application_fee__lte=F("amount"))
                & ~Q(stripe_account=""),
                name="the_fee_is_a_part_of_what_goes_on",
            ),
        ]

    def __str__(self):
        return f"{written(self.amount, self.currency)} for {self.booking}"

    @property
    def status_now(self) -> str:
        """The status that people see: an open payment that the bank works on is `processing`."""
        is_processing = self.status == self.Status.OPEN and self.processing_since
        return "processing" if is_processing else self.status

    @transaction.atomic(savepoint=False)
    def succeed(self, *, amount: Decimal, currency: str):
        """
        The money has come: confirm the booking, or complete the exchange, and issue its invoice, in
        one transaction. Whatever it bought, the ledger has it.

        Safe to call again. An amount or a currency that is not what we asked for is flagged and
        buys nothing. If it cannot be honoured, the payment counts as owed back.
        """
        if self.status == self.Status.SUCCEEDED:
            return
        self.succeeded_at = timezone.now()
        came = Came(amount, currency)
        if came != (self.amount, self.currency):
            money = _money(amount, currency), _money(self.amount, self.currency)
            why = "{} came, {} was asked for.".format(*money)
            if self._become_succeeded(came, flag=why):
                log.error("Payment %s needs a human: %s", self.pk, why)
        elif self._honoured(came):
            Invoice.objects.issue(self)

    def _honoured(self, came: Came) -> bool:
        """Whether the money buys what it was for, now; else it is owed back."""
        try:
            with transaction.atomic():
                self._buy()
                if not self._become_succeeded(came, honoured_at=timezone.now()):
                    raise BookingClosed("The money came before.")
        except (BookingClosed, SeatsTaken, SalesClosed, TicketsNotValid) as refusal:
            if self._become_succeeded(came, honoured_at=None):
                log.warning("Payment %s is owed back: %s", self.pk, refusal.detail)
                if not self.exchange_id:
                    self.booking.came_too_late(self.succeeded_at)
                Letter.objects.write(
                    self.booking, Letter.Kind.TOO_LATE, payment=self.pk, why=str(refusal.detail)
                )
            # As they are: what they were about to be was taken back.
            self.refresh_from_db(fields=["booking", "exchange", "status", "honoured_at"])
            return False
        return True

    def _become_succeeded(self, came: Came, **changes) -> bool:
        """Whether this was the first to see the money; the ledger has it then."""
        changes |= {
            "status": self.Status.SUCCEEDED,
            "succeeded_at": self.succeeded_at,
            "failure": "",
            "processing_since": None,
        }
        unpaid = Payment.objects.filter(
            pk=self.pk, status__in=[self.Status.OPEN, self.Status.CANCELLED]
        )
        if not unpaid.update(**changes):
            return False
        for name, value in changes.items():
            setattr(self, name, value)
        LedgerEntry.objects.charge(self, amount=came.amount, currency=came.currency)
        return True

    def _buy(self):
        if self.exchange_id:
            self.exchange.complete()
        else:
            self.booking.confirm()

    def take_back(self):
        """
        Cancel the booking that this was for, or let the exchange go. Raises what `Booking.cancel`
        does; BookingClosed for an exchange that is done.
        """
        if self.exchange:
            self.exchange.let_go()
        else:
            self.booking.cancel()

    def follow(self, intent):
        """Do what Stripe's `intent` (payments.gateway.Intent) says. Safe to call again."""
        if intent.status == "succeeded":
            self.succeed(amount=intent.amount_received, currency=intent.currency)
        elif intent.status == "canceled":
            self.cancel()
        else:
            self._note(is_processing=intent.status == "processing", failure=intent.failure)

    def hear(self, intent):
        """
        Note what an event of Stripe's says of `intent` in passing, and look in the next round of
        the jobs whether it still holds: an older event may come after a newer one.
        """
        self.follow(intent)
        Payment.objects.open().filter(pk=self.pk).look_soon()

    def knows_of(self, *, back: Decimal, disputed: bool) -> bool:
        """Whether our books have that `back` was given back at Stripe, and that it is disputed."""
        refunds = self.refunds.exclude(status=Refund.Status.FAILED).exclude(stripe_refund="")
        ours = sum((refund.amount for refund in refunds), Decimal(0))
        return ours == back and (self.disputes.exists() or not disputed)

    def _note(self, *, is_processing, failure: str):
        """The seats stay held: whose card was declined may try another."""
        since = (self.processing_since or timezone.now()) if is_processing else None
        changes = {"processing_since": since, "failure": failure[:500]}
        if changes != {name: getattr(self, name) for name in changes}:
            Payment.objects.open().filter(pk=self.pk).update(**changes)

    def cancel(self):
        """Stripe takes no money for this any more. Does nothing to a payment that succeeded."""
        Payment.objects.open().filter(pk=self.pk).update(status=self.Status.CANCELLED)

    @transaction.atomic
    def refund_what_is_owed(self):
        """
        Record the refund of what is owed of this payment: for the job that sends it, or for the box
        office. Where the house made a present of the seats, no money goes back.
        """
        Payment.objects.select_for_update().get(pk=self.pk)
        owing = Payment.objects.owed_back().filter(pk=self.pk).first()
        if owing is None:
            return None
        refund = Refund.objects.create(
            payment=owing,
            amount=owing.owed,
            reason=owing._why_back(),
            from_theater=bool(owing.stripe_account),
        )
        self.note_what_went_back()
        if owing.kind == self.Kind.COMPLIMENTARY:
            refund.succeed()
        return refund

    def note_what_went_back(self):
        """
        Have its booking know what of its money went back or is on its way, and what a bank has: for
        whoever cancels is told what comes back besides.
        """
        refunds = Refund.objects.in_force().exclude(payment__honoured_at=None)
        disputes = Dispute.objects.standing().exclude(payment__honoured_at=None)
        gone = (_sum_of(one, by="payment__booking") for one in (refunds, disputes))
        Booking.objects.filter(pk=self.booking_id).update(amount_gone_back=sum(gone, NOTHING))

    def _why_back(self) -> str:
        if self.booking.showtime.status == Showtime.Status.CANCELLED:
            return Refund.Reason.SHOWTIME_CANCELLED
        if not self.honoured_at:
            same = self.booking.payments.filter(exchange=self.exchange_id)
            twice = same.exclude(honoured_at=None).exists()
            return Refund.Reason.PAID_TWICE if twice else Refund.Reason.NOT_HONOURED
        given_back = self.booking.tickets.given_back().exists()
        return Refund.Reason.CANCELLED if given_back else Refund.Reason.EXCHANGED


def _money(amount: Decimal, currency: str) -> str:
    return f"{amount:.{decimals(currency)}f} {currency}"


def _by_intent():
    # The empty id is left out by name, since SQLite uses the partial index only then.
    wanted = Payment.objects.with_what_it_buys().exclude(stripe_intent="")
    return wanted.filter(stripe_intent=ONE_TEXT).order_by()


BY_INTENT = Statement(_by_intent)
