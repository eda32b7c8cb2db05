"""What Stripe tells us besides payments and refunds: disputes, strays, and the inbox of events."""

from django.contrib import admin
from django.core.paginator import Paginator
from unfold.contrib.filters.admin import AllValuesCheckboxFilter
from unfold.decorators import action, display

from payments.models import Dispute, RefusedWebhook, Stray, WebhookEvent

from .bookings import THEATER, Sold
from .columns import json_column, money_column, time_column
from .filters import Choice, OwnRelated, Whether
from .pages import Page, ToLookAt
from .roles import NOTHING


@admin.register(Dispute)
class DisputeAdmin(Sold):
    theater = f"payment__booking__{THEATER}"
    list_display = ["booking", "shown_amount", "reason", "words", "opened", "due"]
    list_select_related = [f"payment__booking__{THEATER}"]
    list_filter = [
        (f"payment__booking__{THEATER}", OwnRelated),
        ("status", AllValuesCheckboxFilter),
        ("closed_at", Whether),
    ]
    search_fields = ["payment__booking__reference", "=stripe_dispute"]
    date_hierarchy = "opened_at"
    fields = [
        "payment",
        "shown_amount",
        ("reason", "words"),
        "stripe_dispute",
        ("opened_at", "evidence_due_by", "closed_at"),
    ]
    shown_amount = money_column("amount", title="amount")
    opened = time_column("opened_at", theater="payment.booking.theater", title="opened")
    due = time_column("evidence_due_by", theater="payment.booking.theater", title="answer by")

    @display(description="booking", ordering="payment__booking__reference")
    def booking(self, dispute):
        return dispute.payment.booking

    @display(description="status", ordering="status")
    def words(self, dispute):
        return dispute.words


@admin.register(Stray)
class StrayAdmin(ToLookAt, Page):
    managers_may = NOTHING
    list_display = ["stripe_id", "kind", "shown_amount", "why", "seen_at", "settled"]
    list_filter = [("settled_at", Whether), ("kind", Choice)]
    search_fields = ["stripe_id", "why"]
    date_hierarchy = "seen_at"
    fields = ["stripe_id", "kind", "shown_amount", "why", "seen_at", "settled_at"]
    # Who ticks all rows has to read how many these are.
    paginator = Paginator
    actions = ["settle"]
    shown_amount = money_column("amount", title="amount")

    @display(description="settled", ordering="settled_at", boolean=True)
    def settled(self, stray):
        return bool(stray.settled_at)

    @action(description="Somebody has looked into it", permissions=["view"])
    def settle(self, request, queryset):
        queryset.settle()


@admin.register(WebhookEvent)
class WebhookEventAdmin(ToLookAt, Page):
    managers_may = NOTHING
    list_display = ["type", "stripe_id", "received_at", "processed_at", "succeeded"]
    list_filter = [
        ("type", AllValuesCheckboxFilter),
        ("processed_at", Whether),
        ("error", Whether),
    ]
    search_fields = ["stripe_id", "type", "error"]
    date_hierarchy = "received_at"
    fields = ["type", "stripe_id", "received_at", "processed_at", "error", "shown_payload"]
    shown_payload = json_column("payload")

    @display(description="fine", ordering="error", boolean=True)
    def succeeded(self, event):
        return not event.error


@admin.register(RefusedWebhook)
class RefusedWebhookAdmin(ToLookAt, Page):
    managers_may = NOTHING
    list_display = ["day", "why", "count"]
    list_filter = [("why", AllValuesCheckboxFilter)]
    search_fields = ["why"]
    date_hierarchy = "day"
    fields = ["day", "why", "count"]
