"""Seats that were exchanged for others: rows to look at."""

from django.contrib import admin
from unfold.decorators import display

from bookings.models import Exchange, Swap
from payments.models import Payment

from .bookings import THEATER, Sold
from .columns import COLOURS, Label, json_column, money_column, time_column
from .filters import Choice, OwnRelated
from .pages import ToLookAt
from .parts import Part

IN_ITS_CURRENCY = {"currency": "exchange.booking.currency"}


class SwapPart(ToLookAt, Part):
    model = Swap
    fields = ["old_seat", "new_seat", "shown_price", "shown_paid"]
    verbose_name_plural = "seats"
    shown_price = money_column("price", title="price", **IN_ITS_CURRENCY)
    shown_paid = money_column("paid", title="paid", **IN_ITS_CURRENCY)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("seat", "old_ticket__seat")

    @display(description="old seat")
    def old_seat(self, swap):
        return swap.old_ticket.seat.label

    @display(description="new seat")
    def new_seat(self, swap):
        return swap.seat.label


class DifferencePart(ToLookAt, Part):
    model = Payment
    fields = ["kind", "shown_amount", "status", "failure", "flag"]
    shown_amount = money_column("amount", title="amount")


@admin.register(Exchange)
class ExchangeAdmin(Sold):
    theater = f"booking__{THEATER}"
    list_display = ["booking", "seats", "shown_difference", "state", "asked"]
    list_select_related = [f"booking__{THEATER}"]
    list_filter = [(f"booking__{THEATER}", OwnRelated), ("status", Choice)]
    search_fields = ["booking__reference", "booking__contact_name", "booking__contact_email"]
    date_hierarchy = "created_at"
    inlines = [SwapPart, DifferencePart]
    fieldsets = [
        (None, {"fields": ["booking", "state", ("shown_difference", "shown_tax"), "shown_lines"]}),
        (
            "History",
            {
                "fields": [
                    ("created_at", "held_until"),
                    ("done_at", "cancelled_at", "expired_at"),
                ]
            },
        ),
    ]
    shown_difference = money_column("difference", title="difference")
    shown_tax = money_column("tax", title="tax in it")
    shown_lines = json_column("lines")
    asked = time_column("created_at", theater="theater", title="asked for")

    def get_queryset(self, request):
        return (
            super().get_queryset(request).prefetch_related("swaps__seat", "swaps__old_ticket__seat")
        )

    @display(description="seats")
    def seats(self, exchange):
        return exchange.words

    @display(description="status", ordering="status", label=COLOURS)
    def state(self, exchange):
        return Label(exchange.status_now, Exchange.Status(exchange.status_now).label)


@admin.register(Swap)
class SwapAdmin(Sold):
    theater = f"exchange__booking__{THEATER}"
    list_display = ["exchange", "old_seat", "seat", "shown_price", "shown_paid"]
    list_select_related = [
        f"exchange__booking__{THEATER}",
        "seat",
        "old_ticket__seat",
    ]
    list_filter = [(f"exchange__booking__{THEATER}", OwnRelated)]
    search_fields = ["exchange__booking__reference"]
    ordering = ["-exchange__created_at", "pk"]
    fields = ["exchange", "old_seat", "seat", "shown_price", "shown_paid"]
    shown_price = money_column("price", title="price", **IN_ITS_CURRENCY)
    shown_paid = money_column("paid", title="paid", **IN_ITS_CURRENCY)

    @display(description="old seat")
    def old_seat(self, swap):
        return swap.old_ticket.seat.label
