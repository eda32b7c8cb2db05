"""A payment: what we asked for a booking, and what came of it."""

import logging
import uuid
from decimal import Decimal

from django.db import models, transaction
from django.db.models import Case, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils import timezone

from bookings.models import Booking, BookingClosed, Exchange, Letter, TicketsNotValid
from showtimes.models import SalesClosed, SeatsTaken, Showtime

from .claims import UUID_PATTERN, Claimable, ClaimQuerySet
from .invoice import Invoice
from .ledger import LedgerEntry
from .refund import Refund

log = logging.getLogger(__name__)
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
        # The empty id is left out by name, since SQLite uses the partial index only then.
        known = self.exclude(stripe_intent="").filter(stripe_intent=intent.id)
        ours = intent.metadata.get("payment", "")
        if not known.exists() and UUID_PATTERN.fullmatch(ours):
            self.filter(pk=ours, stripe_intent="").update(stripe_intent=intent.id)
        return known.select_related("booking__showtime__screen__theater", "exchange").first()

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
        given back or is on its way. Where several paid for a booking and its exchanges, it is taken
        from the first as far as that goes, then from the next. A flagged payment waits for a human.
        What did not come through Stripe is owed all the same.
        """
        earlier = Payment.objects.filter(
            booking=OuterRef("booking"), honoured_at__lt=OuterRef("honoured_at")
        )
        earlier = earlier.order_by().values("booking").annotate(sum=Sum("amount")).values("sum")
        before = Coalesce(Subquery(earlier), NOTHING, output_field=AMOUNT)
        left = Greatest(F("booking__amount_due_back") - before, NOTHING, output_field=AMOUNT)
        refunds = Refund.objects.in_force().filter(payment=OuterRef("pk"))
        refunds = refunds.order_by().values("payment")
        refunded = refunds.annotate(sum=Sum("amount")).values("sum")
        due = Case(
            When(honoured_at=None, then=F("amount")),
            default=Least(F("amount"), left, output_field=AMOUNT),
            output_field=AMOUNT,
        )
        return (
            self.filter(status=Payment.Status.SUCCEEDED, flag="")
            .filter(Q(honoured_at=None) | Q(booking__amount_due_back__gt=0))
            .annotate(owed=due - Coalesce(Subquery(refunded), NOTHING, output_field=AMOUNT))
            .filter(owed__gt=HALF_A_THOUSANDTH)
        )


def _is_over(what: str) -> Q:
    """Whether nobody is to pay any more for the booking or the exchange that `what` leads to."""
    late = Q(**{f"{what}__held_until__lte": timezone.now()})
    return ~Q(**{f"{what}__status": "pending"}) | late


class Payment(Claimable):
    """
    Money for one booking, or for the difference of one `exchange` of its seats. `amount` is what we
    asked, in the booking's currency. `honoured_at` says when it bought that; money without it is
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
    failure = models.CharField(
        max_length=500, blank=True, help_text="Why the last attempt to pay failed."
    )
    flag = models.CharField(max_length=500, blank=True, help_text="Why a human must look at it.")
    created_at = models.DateTimeField(auto_now_add=True)
    succeeded_at = models.DateTimeField(null=True, blank=True)
    honoured_at = models.DateTimeField(null=True, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
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
        ]

    def __str__(self):
        return f"{self.amount} {self.currency} for {self.booking}"

    @transaction.atomic
    def succeed(self, *, amount: Decimal, currency: str):
        """
        The money has come: confirm the booking, or complete the exchange, and issue its invoice, in
        one transaction. Whatever it bought, the ledger has it.

        Safe to call again. An amount or a currency that is not what we asked for is flagged and
        buys nothing. If it cannot be honoured, the payment counts as owed back.
        """
        rows = Payment.objects.filter(
            pk=self.pk, status__in=[self.Status.OPEN, self.Status.CANCELLED]
        ).update(status=self.Status.SUCCEEDED, succeeded_at=timezone.now(), failure="")
        if not rows:
            return
        if (amount, currency) != (self.amount, self.currency):
            self._flag(f"{amount} {currency} came, {self.amount} {self.currency} was asked for.")
        elif self._honoured():
            Invoice.objects.issue(self)
        LedgerEntry.objects.charge(self, amount=amount, currency=currency)

    def _honoured(self) -> bool:
        """Whether the money buys what it was for; else it is owed back."""
        try:
            self._buy()
        except (BookingClosed, SeatsTaken, SalesClosed, TicketsNotValid) as refusal:
            log.warning("Payment %s is owed back: %s", self.pk, refusal.detail)
            Letter.objects.write(
                self.booking, Letter.Kind.TOO_LATE, payment=self.pk, why=str(refusal.detail)
            )
            return False
        Payment.objects.filter(pk=self.pk).update(honoured_at=timezone.now())
        self.refresh_from_db()
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

    def fail(self, reason: str):
        """An attempt to pay failed; the customer may try again while the seats are held."""
        Payment.objects.open().filter(pk=self.pk).update(failure=reason[:500])

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
        refund = Refund.objects.create(payment=owing, amount=owing.owed, reason=owing._why_back())
        if owing.kind == self.Kind.COMPLIMENTARY:
            refund.succeed()
        return refund

    def _why_back(self) -> str:
        if self.booking.showtime.status == Showtime.Status.CANCELLED:
            return Refund.Reason.SHOWTIME_CANCELLED
        if not self.honoured_at:
            return Refund.Reason.NOT_HONOURED
        given_back = self.booking.tickets.given_back().exists()
        return Refund.Reason.CANCELLED if given_back else Refund.Reason.EXCHANGED

    def _flag(self, reason: str):
        log.error("Payment %s needs a human: %s", self.pk, reason)
        Payment.objects.filter(pk=self.pk).update(flag=reason[:500])
