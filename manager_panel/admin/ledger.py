"""The ledger: money that moved. The database refuses to change it, for admins as well."""

from django.contrib import admin

from payments.models import LedgerEntry

from .bookings import Sold
from .columns import money_column, time_column
from .filters import Choice, OwnRelated


@admin.register(LedgerEntry)
class LedgerEntryAdmin(Sold):
    theater = "theater"
    list_display = ["booking", "kind", "shown_amount", "shown_fee", "shown_tax", "moved"]
    list_select_related = ["booking", "theater"]
    list_filter = [("theater", OwnRelated), ("kind", Choice)]
    ordering = ["-pk"]
    search_fields = ["booking__reference", "=stripe_dispute"]
    date_hierarchy = "at"
    fields = [
        ("booking", "kind"),
        ("shown_amount", "shown_fee", "shown_tax"),
        ("payment", "refund", "stripe_dispute"),
        "at",
    ]
    shown_amount = money_column("amount", title="amount")
    shown_fee = money_column("fee", title="fees in it")
    shown_tax = money_column("tax", title="tax in it")
    moved = time_column("at", theater="theater", title="moved")
