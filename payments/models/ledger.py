"""The ledger: every movement of money, written when it happens and never changed."""

from decimal import Decimal

from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone

from bookings.models import Booking
from theaters.currencies import written
from theaters.models import Theater

NOTHING = Decimal(0)


class LedgerQuerySet(models.QuerySet):
    def charge(self, payment, *, amount: Decimal, currency: str) -> "LedgerEntry":
        """
        The money of `payment` came, as much as Stripe says. What it bought, if anything, says how
        much of it is fees and tax. Must run in that transaction, once.
        """
        fee, tax = _bought(payment)
        at = payment.succeeded_at or timezone.now()
        return self._write(Kind.CHARGE, payment, amount, currency, fee=fee, tax=tax, at=at)

    def refund(self, refund, credit_note=None) -> "LedgerEntry":
        """
        The money of `refund` went back, and its `credit_note`, if what was paid had bought
        something, says how much of it was tax. Must run in that transaction, once.
        """
        tax = sum((one.tax for one in credit_note.taxes), NOTHING) if credit_note else NOTHING
        fee = self._fee_in(refund) if credit_note else NOTHING
        return self._write(
            Kind.REFUND,
            refund.payment,
            -refund.amount,
            refund.currency,
            fee=-fee,
            tax=tax,
            refund=refund,
        )

    def refund_came_back(self, refund) -> "LedgerEntry":
        """The bank sent the money of a `refund` that had succeeded back to us. Once."""
        gone = self.get(kind=Kind.REFUND, refund=refund)
        return self._write(
            Kind.REFUND_CAME_BACK,
            refund.payment,
            -gone.amount,
            gone.currency,
            fee=-gone.fee,
            tax=-gone.tax,
            refund=refund,
        )

    def dispute(
        self, payment, *, stripe_dispute: str, amount: Decimal, currency: str
    ) -> "LedgerEntry":
        """
        Stripe took `amount` of `payment` away for the dispute with this id. Safe to call again,
        as events come twice.
        """
        return self._once(Kind.DISPUTE, payment, -amount, currency, stripe_dispute)

    def dispute_won(
        self, payment, *, stripe_dispute: str, amount: Decimal, currency: str
    ) -> "LedgerEntry":
        """The dispute was won: Stripe gave `amount` back to us. Safe to call again."""
        return self._once(Kind.DISPUTE_WON, payment, amount, currency, stripe_dispute)

    def _fee_in(self, refund) -> Decimal:
        # The seats are given back before the fee: where the theater keeps the fee, it is kept
        # whole, and where all is given back, it is. What a bank has taken stays sold.
        sums = self.filter(payment=refund.payment, kind__in=EARNED).aggregate(
            left=Sum("amount"), fee=Sum("fee", default=NOTHING)
        )
        left, fee = (Decimal(sums[name]) for name in ("left", "fee"))
        return max(NOTHING, fee - (left - refund.amount))

    def _once(self, kind, payment, amount, currency, stripe_dispute) -> "LedgerEntry":
        entry, _ = self.get_or_create(
            kind=kind,
            stripe_dispute=stripe_dispute,
            defaults=_of(payment) | {"amount": amount, "currency": currency},
        )
        return entry

    def _write(self, kind, payment, amount, currency, **more) -> "LedgerEntry":
        return self.create(kind=kind, amount=amount, currency=currency, **_of(payment), **more)


def _of(payment) -> dict:
    return {
        "payment": payment,
        "booking_id": payment.booking_id,
        "theater_id": payment.booking.showtime.screen.theater_id,
    }


def _bought(payment) -> tuple[Decimal, Decimal]:
    """The fees and the tax in what `payment` bought."""
    if not payment.honoured_at:
        return NOTHING, NOTHING
    if payment.exchange:
        return NOTHING, payment.exchange.tax
    return payment.booking.fees, payment.booking.tax


class Kind(models.TextChoices):
    CHARGE = "charge", "Paid"
    REFUND = "refund", "Refunded"
    REFUND_CAME_BACK = "refund_came_back", "A refund came back"
    DISPUTE = "dispute", "Disputed"
    DISPUTE_WON = "dispute_won", "A dispute was won"


COMES = [Kind.CHARGE, Kind.REFUND_CAME_BACK, Kind.DISPUTE_WON]
GOES = [Kind.REFUND, Kind.DISPUTE]
BACK_AND_FORTH = [Kind.REFUND, Kind.REFUND_CAME_BACK]
DISPUTES = [Kind.DISPUTE, Kind.DISPUTE_WON]
EARNED = [Kind.CHARGE, *BACK_AND_FORTH]


class LedgerEntry(models.Model):
    """
    Money that moved: `amount` is positive when it came to us and negative when it went, in
    `currency`, and of it `fee` are booking fees and `tax` is tax. The database refuses to change or
    remove an entry; what was wrong is put right by another one.

    What a payment moved is its entries' sum. A dispute takes money away of what stays sold: the
    invoice stands, so disputes are summed apart.
    """

    Kind = Kind

    kind = models.CharField(max_length=16, choices=Kind)
    theater = models.ForeignKey(Theater, on_delete=models.PROTECT, related_name="ledger")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="ledger")
    payment = models.ForeignKey("Payment", on_delete=models.PROTECT, related_name="ledger")
    # Its index is that of `a_refund_goes_back_once`.
    refund = models.ForeignKey(
        "Refund",
        on_delete=models.PROTECT,
        related_name="ledger",
        null=True,
        blank=True,
        db_index=False,
    )
    stripe_dispute = models.CharField(max_length=255, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=3)
    fee = models.DecimalField(max_digits=12, decimal_places=3, default=0)
    tax = models.DecimalField(max_digits=12, decimal_places=3, default=0)
    currency = models.CharField(max_length=3)
    at = models.DateTimeField(default=timezone.now)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "ledger"
        ordering = ["pk"]
        indexes = [models.Index(fields=["at"], name="ledger_by_when")]
        constraints = [
            models.UniqueConstraint(
                fields=["payment"], condition=Q(kind="charge"), name="a_payment_is_charged_once"
            ),
            models.UniqueConstraint(
                fields=["refund", "kind"],
                condition=Q(refund__isnull=False),
                name="a_refund_goes_back_once",
            ),
            models.UniqueConstraint(
                fields=["stripe_dispute", "kind"],
                condition=~Q(stripe_dispute=""),
                name="a_dispute_is_booked_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=COMES, amount__gte=0) | Q(kind__in=GOES, amount__lte=0),
                name="what_comes_is_positive_and_what_goes_negative",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=BACK_AND_FORTH, refund__isnull=False)
                | ~Q(kind__in=BACK_AND_FORTH) & Q(refund=None),
                name="what_goes_back_names_its_refund",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=DISPUTES) & ~Q(stripe_dispute="")
                | ~Q(kind__in=DISPUTES) & Q(stripe_dispute=""),
                name="what_is_disputed_names_its_dispute",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {written(self.amount, self.currency)}"
