"""Money: what was asked for, what came, what went back. To look at: Stripe and the jobs write."""

from django.contrib import admin
from django.contrib.admin import EmptyFieldListFilter
from unfold.decorators import display

from payments.models import Dispute, Invoice, InvoiceSeries, Payment, Refund

from .bookings import Sold
from .columns import json_column, label_column, money_column, time_column
from .filters import Choice, OwnRelated
from .pages import Part, ToLookAt

THEATER_OF_BOOKING = "booking__showtime__screen__theater"


class RefundPart(ToLookAt, Part):
    model = Refund
    fields = ["shown_amount", "reason", "status", "failure", "created_at"]
    shown_amount = money_column("amount", title="amount")


class DisputePart(ToLookAt, Part):
    model = Dispute
    fields = ["shown_amount", "reason", "status", "evidence_due_by", "closed_at"]
    shown_amount = money_column("amount", title="amount")


@admin.register(Payment)
class PaymentAdmin(Sold):
    theater = THEATER_OF_BOOKING
    list_display = ["booking", "kind", "shown_amount", "state", "created", "flagged"]
    list_select_related = [THEATER_OF_BOOKING]
    list_filter = [
        (THEATER_OF_BOOKING, OwnRelated),
        ("status", Choice),
        ("kind", Choice),
        ("flag", EmptyFieldListFilter),
    ]
    search_fields = ["booking__reference", "booking__contact_email", "=stripe_intent"]
    date_hierarchy = "created_at"
    inlines = [RefundPart, DisputePart]
    fieldsets = [
        (
            None,
            {"fields": ["booking", "buys", "kind", "shown_amount", "status", "flag", "failure"]},
        ),
        ("Stripe", {"fields": ["stripe_intent", ("tries", "next_try_at")]}),
        (
            "History",
            {"fields": [("created_at", "processing_since"), ("succeeded_at", "honoured_at")]},
        ),
    ]
    shown_amount = money_column("amount", title="amount")
    state = label_column("status")
    created = time_column("created_at", theater="booking.theater", title="created")

    @display(description="buys")
    def buys(self, payment):
        return "Other seats" if payment.exchange_id else "The booking"

    @display(description="fine", ordering="flag", boolean=True)
    def flagged(self, payment):
        return not payment.flag


@admin.register(Refund)
class RefundAdmin(Sold):
    theater = f"payment__{THEATER_OF_BOOKING}"
    list_display = ["booking", "shown_amount", "reason", "state", "created"]
    list_select_related = [f"payment__{THEATER_OF_BOOKING}"]
    list_filter = [
        (f"payment__{THEATER_OF_BOOKING}", OwnRelated),
        ("status", Choice),
        ("reason", Choice),
    ]
    search_fields = ["payment__booking__reference", "=stripe_refund"]
    date_hierarchy = "created_at"
    fieldsets = [
        (None, {"fields": ["payment", "shown_amount", "reason", "status", "failure"]}),
        ("Stripe", {"fields": ["stripe_refund", ("tries", "next_try_at")]}),
        ("History", {"fields": [("created_at", "finished_at")]}),
    ]
    shown_amount = money_column("amount", title="amount")
    state = label_column("status")
    created = time_column("created_at", theater="payment.booking.theater", title="created")

    @display(description="booking", ordering="payment__booking__reference")
    def booking(self, refund):
        return refund.payment.booking


@admin.register(Invoice)
class InvoiceAdmin(Sold):
    list_display = ["number", "kind", "theater", "booking", "shown_total", "issued"]
    list_select_related = ["theater", "booking", "payment__booking"]
    list_filter = [("theater", OwnRelated), ("kind", Choice)]
    search_fields = ["number", "booking__reference", "booking__contact_email"]
    date_hierarchy = "issued_at"
    fields = [
        "number",
        "kind",
        "theater",
        "booking",
        "payment",
        "shown_total",
        "issued_at",
        "shown_snapshot",
    ]
    shown_total = money_column("total", title="total")
    shown_snapshot = json_column("snapshot")
    issued = time_column("issued_at", theater="theater", title="issued")


@admin.register(InvoiceSeries)
class InvoiceSeriesAdmin(Sold):
    list_display = ["theater", "year", "kind", "last_number"]
    list_select_related = ["theater"]
    list_filter = [("theater", OwnRelated), ("kind", Choice)]
    search_fields = ["theater__name", "theater__invoice_prefix"]
    ordering = ["-year", "theater"]
    fields = ["theater", "year", "kind", "last_number"]
