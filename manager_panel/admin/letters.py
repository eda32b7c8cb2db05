"""Mails about bookings: who was written what, and what could not be written."""

from django.contrib import admin
from django.contrib.admin import EmptyFieldListFilter
from unfold.contrib.filters.admin import DropdownFilter

from bookings.models import Letter

from .bookings import THEATER, Sold
from .columns import json_column, time_column
from .filters import Choice, OwnRelated


class Stuck(DropdownFilter):
    """Those that somebody should look at."""

    title = "stuck"
    parameter_name = "stuck"

    def lookups(self, request, model_admin):
        return [("yes", "Cannot be sent, or not for an hour")]

    def queryset(self, request, letters):
        if self.value() != "yes":
            return letters
        return letters.filter(pk__in=Letter.objects.stuck().order_by().values("pk"))


@admin.register(Letter)
class LetterAdmin(Sold):
    theater = f"booking__{THEATER}"
    list_display = ["booking", "kind", "caused", "written", "error"]
    list_select_related = [f"booking__{THEATER}"]
    list_filter = [
        Stuck,
        (f"booking__{THEATER}", OwnRelated),
        ("kind", Choice),
        ("written_at", EmptyFieldListFilter),
        ("error", EmptyFieldListFilter),
    ]
    search_fields = ["booking__reference", "booking__contact_email", "error"]
    date_hierarchy = "created_at"
    fields = [
        ("booking", "kind"),
        ("created_at", "written_at", "dropped_at"),
        ("tries", "next_try_at"),
        "error",
        "shown_details",
    ]
    shown_details = json_column("details")
    caused = time_column("created_at", theater="booking.theater", title="caused")
    written = time_column("written_at", theater="booking.theater", title="written")
