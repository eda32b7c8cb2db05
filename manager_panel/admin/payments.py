"""Money: what was asked for, what came, what went back. To look at: Stripe and the jobs write."""

from django import forms
from django.contrib import admin, messages
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget

from payments.models import Dispute, Invoice, InvoiceSeries, Payment, Refund
from theaters.models import Theater

from .accounting import ForTheAccountant
from .bookings import Sold
from .columns import json_column, label_column, money_column, time_column
from .dialogs import DialogForm, Dialogs
from .filters import Choice, OwnRelated, Whether
from .pages import ToLookAt
from .parts import Part

THEATER_OF_BOOKING = "booking__showtime__screen__theater"
STRIPE = "Stripe"


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
        ("flag", Whether),
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
        ("Paid out separately", {"fields": [("stripe_account", "shown_fee")]}),
        (
            "History",
            {"fields": [("created_at", "processing_since"), ("succeeded_at", "honoured_at")]},
        ),
    ]
    shown_amount = money_column("amount", title="amount")
    shown_fee = money_column("application_fee", title="kept by the chain")
    state = label_column("status")
    created = time_column("created_at", theater="booking.theater", title="created")

    @display(description="buys")
    def buys(self, payment):
        return "Other seats" if payment.exchange_id else "The booking"

    @display(description="fine", ordering="flag", boolean=True)
    def flagged(self, payment):
        return not payment.flag


class Attention(DropdownFilter):
    """Those that nothing but a human brings on."""

    title = "attention"
    parameter_name = "attention"

    def lookups(self, request, model_admin):
        return [("yes", "Needs attention"), ("chain", "The chain gave the theater's part")]

    def queryset(self, request, refunds):
        if self.value() == "chain":
            return refunds.given_by_the_chain()
        if self.value() != "yes":
            return refunds
        return refunds.filter(pk__in=Refund.objects.needing_attention().values("pk"))


class SettleForm(DialogForm):
    note = forms.CharField(
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text="As the customer reads it: in cash, by a transfer, on which day.",
    )


@admin.register(Refund)
class RefundAdmin(Dialogs, Sold):
    """
    Those that failed, and what is due at the box office, wait here for somebody: to be sent once
    more, or to be given back otherwise.
    """

    theater = f"payment__{THEATER_OF_BOOKING}"
    list_display = ["booking", "customer", "paid_by", "shown_amount", "reason", "state", "created"]
    list_select_related = [f"payment__{THEATER_OF_BOOKING}", "payment__booking__user"]
    list_filter = [
        Attention,
        (f"payment__{THEATER_OF_BOOKING}", OwnRelated),
        ("status", Choice),
        ("reason", Choice),
    ]
    search_fields = [
        "payment__booking__reference",
        "payment__booking__contact_name",
        "payment__booking__contact_email",
        "=stripe_refund",
    ]
    date_hierarchy = "created_at"
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "payment",
                    ("customer", "paid_by"),
                    "shown_amount",
                    "reason",
                    "status",
                    "failure",
                ]
            },
        ),
        ("Given back otherwise", {"fields": ["note", ("settled_by", "settled_at")]}),
        (
            STRIPE,
            {
                "fields": [
                    ("stripe_refund", "from_theater"),
                    ("tries", "next_try_at"),
                    ("attempt", "instead_of"),
                ]
            },
        ),
        (
            "History",
            {
                "fields": [
                    ("created_at", "succeeded_at"),
                    ("failed_at", "finished_at"),
                    "credit_note",
                ]
            },
        ),
    ]
    shown_amount = money_column("amount", title="amount")
    state = label_column("status")
    created = time_column("created_at", theater="payment.booking.theater", title="created")

    actions_detail = ["try_again", "settle_otherwise"]

    def changelist_view(self, request, extra_context=None):
        """Where people look for what needs them, they also hear of accounts that Stripe refuses."""
        if request.method == "GET" and request.GET.get("attention") == "yes":
            for theater in Theater.objects.managed_by(request.user).refused_by_stripe():
                why = f"Nobody can pay online at {theater}: {theater.stripe_refusal}"
                messages.error(request, why)
        return super().changelist_view(request, extra_context)

    @display(description="booking", ordering="payment__booking__reference")
    def booking(self, refund):
        return refund.payment.booking

    @display(description="customer")
    def customer(self, refund):
        booking = refund.payment.booking
        return booking.contact_name or booking.contact_email or booking.user

    @display(description="paid by")
    def paid_by(self, refund):
        return refund.payment.get_kind_display()

    def get_fieldsets(self, request, obj=None):
        """Stripe has no part in what was paid at the box office."""
        shown = super().get_fieldsets(request, obj)
        if obj is None or obj.payment.kind == Payment.Kind.STRIPE:
            return shown
        return [fieldset for fieldset in shown if fieldset[0] != STRIPE]

    def get_actions_detail(self, request, object_id):
        """What may be done with this one now."""
        refund = self.find(request, object_id)
        waiting = Refund.objects.needing_attention()
        if refund is None or not waiting.filter(pk=refund.pk).exists():
            return []
        buttons = super().get_actions_detail(request, object_id)
        if refund.status == Refund.Status.FAILED:
            return buttons
        return [button for button in buttons if not button.action_name.endswith("try_again")]

    @action(
        description="Try again",
        permissions=["view"],
        dialog={
            "title": "Try again",
            "description": "Ask Stripe once more to give this money back.",
            "form_class": DialogForm,
            "form_submit_text": "Try again",
        },
    )
    def try_again(self, request, form, object_id):
        refund = self.own(request, object_id)
        return self.done(request, refund, refund.try_again, said="It is sent once more.")

    @action(
        description="Settled otherwise",
        permissions=["view"],
        dialog={
            "title": "Settled otherwise",
            "description": "The money has gone back by other means: it counts as given back.",
            "form_class": SettleForm,
            "form_submit_text": "It is settled",
        },
    )
    def settle_otherwise(self, request, form, object_id):
        refund = self.own(request, object_id)
        note = form.cleaned_data["note"]
        said = "It counts as given back."
        return self.done(request, refund, refund.settle, by=request.user, note=note, said=said)


@admin.register(Invoice)
class InvoiceAdmin(ForTheAccountant, Sold):
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
