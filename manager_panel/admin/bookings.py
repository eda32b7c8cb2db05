"""What was booked, and who came in: rows to look at, since bookings change by what people do."""

from django.contrib import admin
from django.db.models import Count, OuterRef, Q, Subquery
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import display

from bookings.models import Booking, BookingLine, Exchange, Scan, Ticket
from payments.models import Invoice, Payment
from payments.timeline import timeline
from theaters.models import Theater

from .columns import COLOURS, Label, label_column, local, money_column, time_column, told
from .filters import Choice, OwnRelated, Whether
from .pages import OfOwnTheaters, ToLookAt
from .parts import Part

THEATER = "showtime__screen__theater"
LATELY = 500
IN_ITS_CURRENCY = {"currency": "booking.currency"}


class LinePart(ToLookAt, Part):
    model = BookingLine
    fields = ["description", "kind", "shown_amount", "shown_tax"]
    verbose_name_plural = "lines"
    shown_amount = money_column("amount", title="amount", **IN_ITS_CURRENCY)
    shown_tax = money_column("tax", title="tax", **IN_ITS_CURRENCY)


class TicketPart(ToLookAt, Part):
    model = Ticket
    fields = ["seat_label", "shown_price", "shown_paid", "status", "admitted"]
    shown_price = money_column("price", title="price", **IN_ITS_CURRENCY)
    shown_paid = money_column("paid", title="paid", **IN_ITS_CURRENCY)
    admitted = time_column("admitted_at", theater="booking.theater", title="admitted")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("seat")

    @display(description="seat")
    def seat_label(self, ticket):
        return ticket.seat.label


class ExchangePart(ToLookAt, Part):
    model = Exchange
    fields = ["seats", "shown_difference", "state", "asked", "done"]
    verbose_name_plural = "exchanges of seats"
    shown_difference = money_column("difference", title="difference", **IN_ITS_CURRENCY)
    asked = time_column("created_at", theater="theater", title="asked for")
    done = time_column("done_at", theater="theater", title="done")

    def get_queryset(self, request):
        return super().get_queryset(request).with_details()

    @display(description="seats")
    def seats(self, exchange):
        return exchange.words

    @display(description="status")
    def state(self, exchange):
        return Exchange.Status(exchange.status_now).label


class PaymentPart(ToLookAt, Part):
    model = Payment
    fields = ["kind", "shown_amount", "status", "failure", "flag"]
    shown_amount = money_column("amount", title="amount")


class InvoicePart(ToLookAt, Part):
    model = Invoice
    fields = ["number", "kind", "shown_total", "issued_at"]
    shown_total = money_column("total", title="total")


class Sold(ToLookAt, OfOwnTheaters):
    """What was sold stays: nobody adds, changes or deletes it by hand, admins included."""


@admin.register(Booking)
class BookingAdmin(Sold):
    theater = "showtime__screen__theater"
    secrets = ["access_key"]
    list_display = [
        "reference",
        "contact",
        "movie",
        "starts",
        "screen",
        "ticket_count",
        "shown_total",
        "state",
        "created",
    ]
    list_select_related = ["showtime__movie", "showtime__screen__theater", "user"]
    list_filter = [
        ("showtime__screen__theater", OwnRelated),
        ("status", Choice),
        ("disputed_at", Whether),
        ("showtime__screen", OwnRelated),
    ]
    search_fields = [
        "reference",
        "contact_name",
        "contact_email",
        "contact_phone",
        "user__username",
        "showtime__movie__title",
    ]
    date_hierarchy = "created_at"
    inlines = [TicketPart, LinePart, ExchangePart, PaymentPart, InvoicePart]
    fieldsets = [
        (None, {"fields": ["reference", "status", "showtime", "promo_code"]}),
        (
            "Customer",
            {"fields": ["contact_name", ("contact_email", "contact_phone"), "account"]},
        ),
        (
            "Money",
            {
                "fields": [
                    ("shown_subtotal", "shown_discount", "shown_fees"),
                    ("shown_tax", "shown_total"),
                    ("shown_added", "shown_due_back"),
                ]
            },
        ),
        (
            "History",
            {
                "fields": [
                    ("created_at", "held_until"),
                    ("confirmed_at", "cancelled_at", "expired_at"),
                    ("paid_too_late_at", "disputed_at"),
                    "what_happened",
                ]
            },
        ),
    ]
    created = time_column("created_at", theater="theater", title="booked")
    shown_subtotal = money_column("subtotal", title="seats")
    shown_discount = money_column("discount", title="discount")
    shown_fees = money_column("fees", title="fees")
    shown_tax = money_column("tax", title="tax")
    shown_total = money_column("total", title="total")
    shown_added = money_column("amount_added", title="added")
    shown_due_back = money_column("amount_due_back", title="due back")

    def get_queryset(self, request):
        tickets = Ticket.objects.valid().filter(booking=OuterRef("pk")).order_by()
        counted = tickets.values("booking").annotate(count=Count("pk")).values("count")
        return super().get_queryset(request).annotate(ticket_count=Subquery(counted))

    @display(description="status", ordering="status", label=COLOURS)
    def state(self, booking):
        return Label(booking.status_now, Booking.Status(booking.status_now).label)

    @display(description="customer", ordering="contact_name")
    def contact(self, booking):
        return booking.contact_name or booking.contact_email or booking.user

    @display(description="film", ordering="showtime__movie__title")
    def movie(self, booking):
        return booking.showtime.movie

    @display(description="starts", ordering="showtime__starts_at")
    def starts(self, booking):
        return local(booking.showtime.starts_at, booking.theater.zone)

    @display(description="screen", ordering="showtime__screen")
    def screen(self, booking):
        return booking.showtime.screen

    @display(description="tickets", ordering="ticket_count")
    def ticket_count(self, booking):
        return booking.ticket_count or 0

    @display(description="what happened")
    def what_happened(self, booking):
        """Worked out once for a page, which asks for it again and again."""
        if not hasattr(booking, "told"):
            booking.told = told(timeline(booking))
        return booking.told

    @display(description="account")
    def account(self, booking):
        return booking.user and booking.user.username


@admin.register(BookingLine)
class BookingLineAdmin(Sold):
    theater = "booking__showtime__screen__theater"
    list_display = ["booking", "position", "description", "kind", "shown_amount", "shown_tax"]
    list_select_related = ["booking__showtime__screen__theater"]
    list_filter = [("booking__showtime__screen__theater", OwnRelated), ("kind", Choice)]
    search_fields = ["booking__reference", "description"]
    ordering = ["-booking__created_at", "position"]
    fields = ["booking", "position", "kind", "description", "shown_amount", "shown_tax"]
    shown_amount = money_column("amount", title="amount", **IN_ITS_CURRENCY)
    shown_tax = money_column("tax", title="tax", **IN_ITS_CURRENCY)


@admin.register(Ticket)
class TicketAdmin(Sold):
    theater = "booking__showtime__screen__theater"
    list_display = ["seat", "booking", "customer", "showtime", "shown_paid", "state", "admitted"]
    list_select_related = ["seat", "booking__showtime__movie", "booking__showtime__screen__theater"]
    list_filter = [
        ("booking__showtime__screen__theater", OwnRelated),
        ("status", Choice),
        ("admitted_at", Whether),
    ]
    search_fields = [
        "=code",
        "booking__reference",
        "booking__contact_name",
        "booking__contact_email",
    ]
    date_hierarchy = "admitted_at"
    ordering = ["-booking__created_at", "pk"]
    fields = [
        "code",
        "booking",
        "seat",
        "showtime",
        "shown_price",
        "shown_paid",
        "state",
        "admitted",
    ]
    shown_price = money_column("price", title="price", **IN_ITS_CURRENCY)
    shown_paid = money_column("paid", title="paid", **IN_ITS_CURRENCY)
    state = label_column("status")
    admitted = time_column("admitted_at", theater="booking.theater", title="admitted")

    @display(description="customer", ordering="booking__contact_name")
    def customer(self, ticket):
        return ticket.booking.contact_name or ticket.booking.contact_email

    @display(description="showtime", ordering="booking__showtime__starts_at")
    def showtime(self, ticket):
        return ticket.booking.showtime


class Gate(DropdownFilter):
    """Where somebody scanned lately: to name all gates would be to read all scans."""

    title = parameter_name = "gate"

    def lookups(self, request, model_admin):
        scans = model_admin.get_queryset(request).order_by("-scanned_at")
        gates = set(scans.values_list("gate", flat=True)[:LATELY])
        return [(gate, gate) for gate in sorted(gates - {""})]

    def queryset(self, request, scans):
        return scans.filter(gate=self.value()) if self.value() else scans


@admin.register(Scan)
class ScanAdmin(Sold):
    """
    Managers see what happened at their doors and to their tickets; and what nobody can place, if
    they scanned it themselves.
    """

    list_display = ["scanned", "verdict_label", "gate", "showtime", "reference", "scanned_by"]
    list_select_related = [
        "ticket__booking__showtime__screen__theater",
        "showtime__movie",
        "showtime__screen__theater",
        "scanned_by",
    ]
    list_filter = [("showtime__screen__theater", OwnRelated), ("verdict", Choice), Gate]
    search_fields = ["=raw_code", "ticket__booking__reference", "gate", "scanned_by__username"]
    date_hierarchy = "scanned_at"
    fields = ["scanned_at", "verdict", "raw_code", "ticket", "gate", "showtime", "scanned_by"]
    verdict_label = label_column("verdict")

    def belonging_to(self, rows, user):
        theaters = Theater.objects.managed_by(user)
        return rows.filter(
            Q(showtime__screen__theater__in=theaters)
            | Q(ticket__booking__showtime__screen__theater__in=theaters)
            | Q(showtime=None, ticket=None, scanned_by=user)
        )

    def theaters_of(self, row):
        showtime = row.showtime or row.ticket and row.ticket.booking.showtime
        return [showtime.theater] if showtime else []

    @display(description="scanned", ordering="scanned_at")
    def scanned(self, scan):
        return local(scan.scanned_at, self.common_zone(self.theaters_of(scan)))

    @display(description="booking", ordering="ticket__booking__reference")
    def reference(self, scan):
        return scan.ticket and scan.ticket.booking.reference
