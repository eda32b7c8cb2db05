"""Seats that are kept back from sale: typed as they are called, given back by deleting."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from showtimes.models import SalesClosed, SeatBlock, SeatsTaken, with_seats_now
from theaters.seat_labels import seats_called, short_labels

from .columns import local
from .filters import Choice, OwnRelated
from .forms import SaysWhy
from .lists import List
from .pages import OfOwnTheaters
from .roles import EDIT
from .showtimes import When

WRITTEN = ("kind", "note", "freed_minutes_before")


class BlockForm(SaysWhy):
    """Blocks the seats while it is checked: only then is it known whether they can be had."""

    places = forms.CharField(
        label="Seats",
        max_length=2000,
        widget=UnfoldAdminTextInputWidget,
        help_text="As they are called: A1 A2 B4-B8. Those that are taken out are free at once.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_new = self.instance._state.adding
        if not self.is_new:
            self.initial["places"] = short_labels(self.instance.places)

    def clean(self):
        cleaned = super().clean()
        showtime = cleaned.get("showtime") or getattr(self.instance, "showtime", None)
        if showtime and cleaned.get("places"):
            try:
                cleaned["seats"] = seats_called(
                    cleaned["places"], showtime.screen.seats.filter(active=True)
                )
            except ValidationError as error:
                self.add_error("places", error)
        return cleaned

    def _post_clean(self):
        super()._post_clean()
        if self.errors:
            return
        try:
            self._block()
        except (SeatsTaken, SalesClosed) as refusal:
            self.add_error("places", str(refusal.detail))
        except ValidationError as error:
            self.add_error(None, error)

    def _block(self):
        block, seats = self.instance, self.cleaned_data["seats"]
        if self.is_new:
            block.created_by = self.by
            block.put_on(seats)
        else:
            block.change(seats=seats, **{name: self.cleaned_data[name] for name in WRITTEN})


class WhenShown(When):
    ends_at = "showtime__ends_at"


class WithSeats(List):
    """A list of blocks, each with its seats as they are now."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = with_seats_now(self.result_list)


@admin.register(SeatBlock)
class SeatBlockAdmin(OfOwnTheaters):
    theater = "showtime__screen__theater"
    admins_may = managers_may = EDIT
    form = BlockForm
    list_display = ["called", "kind", "showtime", "freed", "state", "note"]
    list_select_related = ["showtime__movie", "showtime__screen__theater"]
    list_filter = [
        WhenShown,
        ("showtime__screen__theater", OwnRelated),
        ("showtime", AutocompleteSelectFilter),
        ("kind", Choice),
    ]
    search_fields = ["note", "showtime__movie__title", "showtime__screen__name"]
    ordering = ["showtime__starts_at", "created_at", "pk"]
    autocomplete_fields = ["showtime"]
    fields = ["showtime", "places", "kind", "note", "freed_minutes_before", "freed", "state"]

    def get_changelist(self, request, **kwargs):
        return WithSeats

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.by = request.user
        return form

    def get_fields(self, request, obj=None):
        return self.fields if obj else self.fields[:-2]

    def get_readonly_fields(self, request, obj=None):
        return ["freed", "state", *["showtime"] * bool(obj)]

    def save_model(self, request, obj, form, change):
        """The form has done it, so that it could say why not."""

    def delete_model(self, request, obj):
        obj.lift()

    def delete_queryset(self, request, queryset):
        for block in queryset:
            block.lift()

    @display(description="seats")
    def called(self, block):
        return short_labels(block.places)

    @display(description="freed")
    def freed(self, block):
        return local(block.freed_at, block.theater.zone) or "never"

    @display(description="now", label={"all blocked": "success", "freed": "info"})
    def state(self, block):
        [block] = [block] if hasattr(block, "seats_now") else with_seats_now([block])
        gone = [seat for seat in block.seats_now if not seat.blocked]
        if not gone:
            return "all blocked"
        return "freed" if len(gone) == len(block.seats_now) else f"freed: {short_labels(gone)}"
