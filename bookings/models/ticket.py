"""Tickets, and what happened to them at the door."""

import base64
import secrets
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from rest_framework import status
from rest_framework.exceptions import APIException

from showtimes.models import Showtime
from showtimes.price_rules import TicketType
from theaters.currencies import rounded
from theaters.models import Seat, Theater

from .line import BookingLine


class TicketsNotValid(APIException):
    """One of the tickets is void, or was used at the door. None of them was changed."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "tickets_not_valid"
    default_detail = "One of these tickets is void already, or was used."


def new_code() -> str:
    """128 random bits as 26 capitals and figures, which QR codes hold in their small mode."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=")


class TicketQuerySet(models.QuerySet):
    def valid(self):
        """Those that open the door."""
        return self.filter(status=Ticket.Status.VALID)

    def given_back(self):
        """Those that are void, and were not exchanged for others."""
        return self.filter(status=Ticket.Status.VOID).exclude(swaps__exchange__status="done")

    def void(self, tickets: Iterable["Ticket"]):
        """
        Make `tickets` worthless: all of them or none; must run in a transaction. Raises
        TicketsNotValid if one is void already or was used.
        """
        wanted = {ticket.pk for ticket in tickets}
        rows = (
            self.valid()
            .filter(pk__in=wanted, admitted_at=None)
            .update(status=Ticket.Status.VOID, voided_at=timezone.now())
        )
        if rows != len(wanted):
            raise TicketsNotValid

    def call_off(self):
        """Make those that are valid worthless, used or not; must run in a transaction."""
        self.valid().update(status=Ticket.Status.VOID, voided_at=timezone.now())

    def give_back(self, given_back: Iterable):
        """Write down that tickets were cancelled, and what comes back for each (TicketBack)."""
        tickets = []
        for one in given_back:
            one.ticket.due_back = one.back
            tickets.append(one.ticket)
        self.bulk_update(tickets, ["due_back"])

    def issue(self, booking, lines: Sequence[BookingLine]) -> list["Ticket"]:
        """
        The tickets of a booking that was just confirmed, whose `lines` these are: one for each
        seat.

        The discount is spread over the seats by their prices, the fee is the same for each. What
        is paid for the tickets adds up to the total exactly, and so do their shares of the fee.
        """
        seats = [line for line in lines if line.kind == BookingLine.Kind.SEAT]
        fees = divided(fee_with_tax(lines), [Decimal(1)] * len(seats), booking.currency)
        nets = divided(booking.total - sum(fees), [line.amount for line in seats], booking.currency)
        return self.bulk_create(
            Ticket(
                booking=booking,
                seat_id=line.seat_id,
                type=line.type,
                price=line.amount,
                paid=net + fee,
                fee=fee,
            )
            for line, net, fee in zip(seats, nets, fees, strict=True)
        )


def fee_with_tax(lines: Sequence[BookingLine]) -> Decimal:
    """What the fee of a booking with these `lines` comes to, with the tax that is added to it."""
    tax_is_added = any(line.kind == BookingLine.Kind.TAX for line in lines)
    fees = [line for line in lines if line.kind == BookingLine.Kind.FEE]
    return sum((line.amount + (line.tax if tax_is_added else 0) for line in fees), Decimal(0))


def divided(total: Decimal, weights: list[Decimal], currency: str) -> list[Decimal]:
    """`total` in parts that are to each other as `weights` and add up to it exactly."""
    whole = sum(weights)
    weights = weights if whole else [Decimal(1)] * len(weights)
    whole = whole or Decimal(len(weights))
    parts, given, weighed = [], Decimal(0), Decimal(0)
    for weight in weights:
        weighed += weight
        upto = rounded(total * weighed / whole, currency)
        parts.append(upto - given)
        given = upto
    return parts


class Ticket(models.Model):
    """
    The right to sit in one seat at one showtime, for a `type` of person. Its QR code holds `code`.
    `price` is that of the seat; `paid` is this ticket's share of the booking's total, with
    discount, fee and tax; `fee` is what of that is the booking fee, with its tax.
    """

    class Status(models.TextChoices):
        VALID = "valid"
        VOID = "void"

    booking = models.ForeignKey("Booking", on_delete=models.PROTECT, related_name="tickets")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=26, unique=True, default=new_code, editable=False)
    type = models.CharField(max_length=7, choices=TicketType, default=TicketType.ADULT)
    price = models.DecimalField(max_digits=12, decimal_places=3)
    paid = models.DecimalField(max_digits=12, decimal_places=3)
    fee = models.DecimalField(max_digits=12, decimal_places=3, default=0)
    status = models.CharField(max_length=5, choices=Status, default=Status.VALID)
    admitted_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    due_back = models.DecimalField(
        max_digits=12,
        decimal_places=3,
        null=True,
        blank=True,
        help_text="What the customer gets back for it; empty unless it was cancelled.",
    )

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ["booking_id", "pk"]
        indexes = [
            models.Index(
                fields=["voided_at"],
                condition=Q(status="void"),
                name="tickets_by_when_they_went",
            ),
            models.Index(
                fields=["admitted_at"],
                condition=Q(admitted_at__isnull=False),
                name="tickets_by_when_they_came_in",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["booking", "seat"],
                condition=Q(status="valid"),
                name="one_valid_ticket_per_seat_of_a_booking",
            ),
            models.CheckConstraint(
                condition=Q(fee__gte=0) & Q(fee__lte=F("paid") + Decimal("0.0005")),
                name="the_fee_is_a_part_of_what_was_paid",
            ),
        ]

    def __str__(self):
        return self.code

    @property
    def currency(self) -> str:
        return self.booking.currency

    @property
    def theater(self) -> Theater:
        return self.booking.theater


class Scan(models.Model):
    """One scan at a door, whatever came of it. `raw_code` is what the scanner read."""

    class Verdict(models.TextChoices):
        ADMITTED = "admitted"
        ALREADY_ADMITTED = "already_admitted"
        VOID = "void"
        WRONG_THEATER = "wrong_theater"
        WRONG_SHOWTIME = "wrong_showtime"
        TOO_EARLY = "too_early"
        TOO_LATE = "too_late"
        UNKNOWN = "unknown"
        FORGED = "forged"

    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, related_name="scans", null=True, blank=True
    )
    raw_code = models.CharField(max_length=500)
    verdict = models.CharField(max_length=20, choices=Verdict)
    gate = models.CharField(max_length=60, blank=True)
    showtime = models.ForeignKey(
        Showtime, on_delete=models.PROTECT, related_name="scans", null=True, blank=True
    )
    scanned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="scans", null=True
    )
    scanned_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-scanned_at"]
        indexes = [models.Index(fields=["scanned_at"], name="scans_by_when")]

    def __str__(self):
        return f"{self.verdict} at {self.scanned_at:%H:%M}"
