"""Invoices and credit notes: numbered without gaps, and never changed."""

from datetime import datetime
from decimal import Decimal

from django.db import models
from django.db.models import F
from django.utils import timezone

from bookings.models import Booking
from theaters.currencies import decimals, rounded
from theaters.models import Theater


class Kind(models.TextChoices):
    INVOICE = "invoice", "Invoice"
    CREDIT_NOTE = "credit_note", "Credit note"


class InvoiceSeries(models.Model):
    """
    The last number that a theater gave out in a year of its own calendar. Taking one locks the row
    until the transaction ends, so numbers have no gap even when the transaction fails.
    """

    theater = models.ForeignKey(Theater, on_delete=models.PROTECT, related_name="invoice_series")
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=11, choices=Kind)
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "invoice series"
        constraints = [
            models.UniqueConstraint(
                fields=["theater", "year", "kind"], name="one_series_per_theater_year_and_kind"
            )
        ]

    def __str__(self):
        return f"{self.theater.invoice_prefix}-{self.year} {self.kind}"

    @classmethod
    def next_number(cls, theater: Theater, kind: str, at: datetime) -> str:
        """The next number of the series: LUX-2026-000001, or LUX-2026-C000001 for credit notes."""
        year = at.astimezone(theater.zone).year
        series, _ = cls.objects.get_or_create(theater=theater, year=year, kind=kind)
        cls.objects.filter(pk=series.pk).update(last_number=F("last_number") + 1)
        series.refresh_from_db()
        letter = "C" if kind == Kind.CREDIT_NOTE else ""
        return f"{theater.invoice_prefix}-{year}-{letter}{series.last_number:06d}"


class InvoiceQuerySet(models.QuerySet):
    def for_user(self, user, *, access_key: str = ""):
        """Those of the bookings that `user`, or `access_key`, may see."""
        return self.filter(booking__in=Booking.objects.for_user(user, access_key=access_key))

    def issue(self, payment) -> "Invoice":
        """
        The invoice of a payment that bought its booking, or its exchange; must run in that
        transaction.
        """
        if exchange := payment.exchange:
            return self._write(
                Kind.INVOICE, payment, exchange.difference, exchange.tax, _lines_of(exchange)
            )
        booking = payment.booking
        lines = [
            _line(line.description, line.amount, line.tax, booking.currency)
            for line in booking.lines.all()
        ]
        return self._write(Kind.INVOICE, payment, booking.total, booking.tax, lines)

    def credit(self, refund) -> "Invoice":
        """The credit note of a refund that went through; must run in that transaction."""
        payment = refund.payment
        corrected = payment.invoices.get(kind=Kind.INVOICE)
        tax = Decimal(corrected.snapshot["tax"]) * refund.amount / corrected.total
        tax = rounded(tax, payment.currency)
        lines = [_line(refund.get_reason_display(), -refund.amount, -tax, payment.currency)]
        return self._write(
            Kind.CREDIT_NOTE, payment, -refund.amount, -tax, lines, corrects=corrected.number
        )

    def _write(self, kind, payment, total, tax, lines, *, corrects="") -> "Invoice":
        now = timezone.now()
        theater = payment.booking.theater
        return self.create(
            number=InvoiceSeries.next_number(theater, kind, now),
            kind=kind,
            theater=theater,
            booking=payment.booking,
            payment=payment,
            total=total,
            currency=payment.currency,
            issued_at=now,
            snapshot=_snapshot(payment, total, tax, lines)
            | {"issued_at": now.astimezone(theater.zone).isoformat(), "corrects": corrects},
        )


class Invoice(models.Model):
    """
    What was sold, by whom, to whom, as it was on that day. The snapshot holds everything that is
    printed, so that a later change of a name or a price changes no paper. Totals of credit notes
    are negative.
    """

    Kind = Kind

    number = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=11, choices=Kind)
    theater = models.ForeignKey(Theater, on_delete=models.PROTECT, related_name="invoices")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="invoices")
    payment = models.ForeignKey("Payment", on_delete=models.PROTECT, related_name="invoices")
    total = models.DecimalField(max_digits=12, decimal_places=3)
    currency = models.CharField(max_length=3)
    snapshot = models.JSONField()
    issued_at = models.DateTimeField()

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-pk"]

    def __str__(self):
        return self.number


def _line(description: str, amount: Decimal, tax: Decimal, currency: str) -> dict:
    places = decimals(currency)
    return {
        "description": description,
        "amount": f"{amount:.{places}f}",
        "tax": f"{tax:.{places}f}",
    }


def _lines_of(exchange) -> list[dict]:
    return [
        {name: line[name] for name in ("description", "amount", "tax")} for line in exchange.lines
    ]


def _snapshot(payment, total, tax, lines) -> dict:
    booking = payment.booking
    theater, showtime = booking.theater, booking.showtime
    places = decimals(booking.currency)
    return {
        "seller": {
            "name": theater.legal_name,
            "theater": theater.name,
            "address": theater.address,
            "postal_code": theater.postal_code,
            "city": theater.city,
            "country": theater.country,
            "tax_id": theater.tax_id,
        },
        "buyer": {"name": booking.contact_name, "email": booking.contact_email},
        "booking": booking.reference,
        "movie": showtime.movie.title,
        "screen": showtime.screen.name,
        "starts_at": showtime.starts_at.astimezone(theater.zone).isoformat(),
        "lines": lines,
        "tax_rate": f"{theater.tax_rate.normalize():f}",
        "tax_included": theater.prices_include_tax,
        "tax": f"{tax:.{places}f}",
        "total": f"{total:.{places}f}",
        "currency": booking.currency,
        "paid_by": payment.get_kind_display(),
        "stripe_intent": payment.stripe_intent,
    }
