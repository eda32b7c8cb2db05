"""Invoices and credit notes: numbered without gaps, and never changed."""

from datetime import datetime
from decimal import Decimal

from django.db import connection, models
from django.utils import timezone

from bookings.models import Booking, BookingLine
from theaters.currencies import decimals
from theaters.models import Theater

from ..taxes import Taxed, by_rate, part_of, plain, tax_is_added

# In SQL, since it begins a series, locks it, counts and answers in one statement.
NEXT_NUMBER = """
    INSERT INTO payments_invoiceseries (theater_id, year, kind, last_number) VALUES (%s, %s, %s, 1)
    ON CONFLICT (theater_id, year, kind)
        DO UPDATE SET last_number = payments_invoiceseries.last_number + 1
    RETURNING last_number
"""


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
        with connection.cursor() as cursor:
            cursor.execute(NEXT_NUMBER, [theater.pk, year, kind])
            [number] = cursor.fetchone()
        letter = "C" if kind == Kind.CREDIT_NOTE else ""
        return f"{theater.invoice_prefix}-{year}-{letter}{number:06d}"


class InvoiceQuerySet(models.QuerySet):
    def for_user(self, user, *, access_key: str = ""):
        """Those of the bookings that `user`, or `access_key`, may see."""
        return self.filter(booking__in=Booking.objects.for_user(user, access_key=access_key))

    def issue(self, payment) -> "Invoice":
        """
        The invoice of a payment that bought its booking, or its exchange, as of that moment; must
        run in that transaction.
        """
        currency = payment.currency
        if payment.exchange:
            lines = _lines_of(payment.exchange)
            taxes = [Taxed(lines[0].tax_rate, payment.exchange.difference, payment.exchange.tax)]
        else:
            lines = list(payment.booking.lines.all())
            taxes = by_rate(lines)
        return self._write(
            Kind.INVOICE,
            payment,
            taxes,
            at=payment.honoured_at,
            lines=[_line(line, currency) for line in lines],
            tax_included=not tax_is_added(lines),
        )

    def credit(self, refund) -> "Invoice":
        """
        The credit note of a refund that went through; must run in that transaction. All that was
        given back has the tax of the invoice, to the cent, however many notes it took.
        """
        payment, currency = refund.payment, refund.currency
        # Locked: of two notes at once, the second counts what the first has given back.
        corrected = payment.invoices.select_for_update().get(kind=Kind.INVOICE)
        earlier = payment.invoices.filter(kind=Kind.CREDIT_NOTE)
        before = sum((-note.total for note in earlier), Decimal(0))
        back = part_of(corrected.taxes, before + refund.amount, currency)
        for note in earlier:
            back = [part + credited for part, credited in zip(back, note.taxes, strict=True)]
        reason = refund.get_reason_display()
        return self._write(
            Kind.CREDIT_NOTE,
            payment,
            [-part for part in back],
            at=timezone.now(),
            lines=[
                _printed(reason, -part.gross, -part.tax, part.rate, currency)
                for part in back
                if part.gross
            ],
            tax_included=True,
            corrects=corrected.number,
        )

    def _write(self, kind, payment, taxes, *, at, **printed) -> "Invoice":
        theater = payment.booking.theater
        total = sum((one.gross for one in taxes), Decimal(0))
        return self.create(
            number=InvoiceSeries.next_number(theater, kind, at),
            kind=kind,
            theater=theater,
            booking=payment.booking,
            payment=payment,
            total=total,
            currency=payment.currency,
            issued_at=at,
            snapshot=_snapshot(payment, taxes)
            | {"issued_at": at.astimezone(theater.zone).isoformat(), "corrects": ""}
            | printed,
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
        indexes = [
            models.Index(fields=["theater", "issued_at", "id"], name="invoices_of_a_month"),
            models.Index(fields=["issued_at"], name="invoices_by_when_issued"),
        ]

    def __str__(self):
        return self.number

    @property
    def taxes(self) -> list[Taxed]:
        """What was sold at each rate, the highest first; negative on credit notes."""
        return taxes_of(self.snapshot)

    @property
    def credit_notes(self) -> list[str]:
        """The numbers of those that correct it, the first first."""
        if self.kind == Kind.CREDIT_NOTE:
            return []
        notes = Invoice.objects.filter(payment=self.payment_id, kind=Kind.CREDIT_NOTE)
        return list(notes.order_by("pk").values_list("number", flat=True))


def taxes_of(snapshot: dict) -> list[Taxed]:
    """Those that a snapshot sums up. The first ones knew a single rate."""
    if "taxes" in snapshot:
        return [Taxed.read(one) for one in snapshot["taxes"]]
    rate, gross, tax = (Decimal(snapshot[name]) for name in ("tax_rate", "total", "tax"))
    return [Taxed(rate, gross, tax)]


def _line(line: BookingLine, currency: str) -> dict:
    return _printed(line.description, line.amount, line.tax, line.tax_rate, currency)


def _printed(description: str, amount: Decimal, tax: Decimal, rate: Decimal, currency: str) -> dict:
    places = decimals(currency)
    return {
        "description": description,
        "amount": f"{amount:.{places}f}",
        "tax": f"{tax:.{places}f}",
        "tax_rate": plain(rate),
    }


def _lines_of(exchange) -> list[BookingLine]:
    """The lines of an exchange, each of which changes a line of the booking; not to be saved."""
    rate = exchange.theater.tax_rate
    return [
        BookingLine(
            kind=line["kind"],
            description=line["description"],
            amount=Decimal(line["amount"]),
            tax=Decimal(line["tax"]),
            tax_rate=Decimal(line.get("tax_rate", rate)),
        )
        for line in exchange.lines
    ]


def _snapshot(payment, taxes: list[Taxed]) -> dict:
    booking = payment.booking
    theater, showtime = booking.theater, booking.showtime
    places = decimals(booking.currency)
    tax, total = (sum(getattr(one, name) for one in taxes) for name in ("tax", "gross"))
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
        "language": showtime.movie.language,
        "screen": showtime.screen.name,
        "starts_at": showtime.starts_at.astimezone(theater.zone).isoformat(),
        "taxes": [one.printed(booking.currency) for one in taxes],
        "tax": f"{tax:.{places}f}",
        "total": f"{total:.{places}f}",
        "currency": booking.currency,
        "paid_by": payment.get_kind_display(),
        "stripe_intent": payment.stripe_intent,
    }
