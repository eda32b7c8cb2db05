"""Mails about bookings: who was written what, and what could not be written."""

from django.contrib import admin
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import display

from bookings.models import Letter

from .bookings import THEATER, Sold
from .columns import json_column, time_column
from .filters import Choice, OwnRelated, Whether


class Attention(DropdownFilter):
    """Those that a person should look at: that cannot be written, or have not left for an hour."""

    title = "attention"
    parameter_name = "attention"

    def lookups(self, request, model_admin):
        return [("yes", "Needs attention")]

    def queryset(self, request, letters):
        if self.value() != "yes":
            return letters
        return letters.filter(pk__in=Letter.objects.stuck().order_by().values("pk"))


@admin.register(Letter)
class LetterAdmin(Sold):
    theater = f"booking__{THEATER}"
    list_display = ["booking", "kind", "caused", "written", "delivery", "error"]
    list_select_related = [f"booking__{THEATER}", "mail"]
    list_filter = [
        Attention,
        (f"booking__{THEATER}", OwnRelated),
        ("kind", Choice),
        ("written_at", Whether),
        ("error", Whether),
    ]
    search_fields = ["booking__reference", "booking__contact_email", "error"]
    date_hierarchy = "created_at"
    fields = [
        ("booking", "kind"),
        ("created_at", "written_at", "dropped_at"),
        ("tries", "next_try_at"),
        ("delivery", "error"),
        "shown_details",
    ]
    shown_details = json_column("details")
    caused = time_column("created_at", theater="booking.theater", title="caused")
    written = time_column("written_at", theater="booking.theater", title="written")

    @display(description="mail")
    def delivery(self, letter):
        """How its mail stands at the mail server; nothing once it is forgotten."""
        mail = letter.mail
        if mail is None:
            return None
        tries = f", tried {mail.number_of_retries} times" if mail.number_of_retries else ""
        return f"{mail.get_status_display()}{tries}"
