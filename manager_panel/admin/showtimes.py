"""The timetable: showtimes, what they cost, and the seats that are gone."""

from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import action, display

from manager_panel.rooms import planning_board
from showtimes.models import Price, SeatBlock, Showtime, TakenSeat
from showtimes.planning import (
    FOLLOWING,
    HasBlocks,
    HasBookings,
    ScreenNotFree,
    remove,
    settle,
)
from showtimes.sales import with_sales
from theaters.models import Screen

from ..rooms.showtime_page import ADDRESSES
from .choices import understood
from .columns import label_column, money_column, time_column
from .dialogs import Dialogs
from .filters import Choice, OfFilm, OwnRelated
from .forms import SaysWhy
from .lists import List
from .pages import OfOwnTheaters, ToLookAt
from .parts import Part
from .roles import EDIT

MINUTES = ("advert_minutes", "cleaning_minutes")


class ShowtimeForm(SaysWhy):
    """Says beside its fields what planning refuses; what it accepted keeps its place."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in {"language", *MINUTES} & set(self.fields):
            self.fields[name].required = False

    def clean(self):
        cleaned = super().clean()
        for name in MINUTES:
            if cleaned.get(name) is None:
                cleaned[name] = getattr(self.instance, name)
        return cleaned

    def _post_clean(self):
        super()._post_clean()
        if self.errors or not self.instance.has_place:
            return
        try:
            settle(self.instance)
        except (ScreenNotFree, HasBookings) as refusal:
            shown = "starts_at" if "starts_at" in self.fields else None
            self.add_error(shown, str(refusal.detail))
        except HasBlocks as refusal:
            self.add_error("screen", str(refusal.detail))


class PriceForm(SaysWhy):
    def clean(self):
        cleaned = super().clean()
        category = cleaned.get("category") or getattr(self.instance, "category", None)
        showtime = cleaned.get("showtime") or getattr(self.instance, "showtime", None)
        screen = getattr(showtime, "screen", None)
        if category and screen and category.theater_id != screen.theater_id:
            self.add_error("category", f"{category} is not a category of {screen.theater}.")
        if screen:
            self.add_money_error("amount", screen.theater.currency)
        return cleaned


class PricePart(Part):
    model = Price
    form = PriceForm
    fields = ["category", "amount"]
    verbose_name_plural = "prices, where they are not the category's own"
    tab = False
    show_change_link = False

    def get_formset(self, request, obj=None, **kwargs):
        """Offers the categories of the showtime's theater; all of one's own before it has one."""
        formset = super().get_formset(request, obj, **kwargs)
        field = formset.form.base_fields.get("category")
        if obj and field:
            field.queryset = field.queryset.filter(theater=obj.screen.theater_id)
        if field:
            # Read once for all rows.
            field.choices = list(field.choices)
        return formset


class When(DropdownFilter):
    """What is still to come, unless somebody asks for more."""

    title = "time"
    parameter_name = "when"
    all_option = None
    ends_at = "ends_at"

    def lookups(self, request, model_admin):
        return [("", "Running and coming"), ("past", "Past"), ("all", "All")]

    def queryset(self, request, showtimes):
        if self.value() == "all":
            return showtimes
        past = Q((f"{self.ends_at}__lte", timezone.now()))
        return showtimes.filter(past if self.value() == "past" else ~past)


class WithSales(List):
    """A list of showtimes, each with its `figures`."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = with_sales(self.result_list)


@admin.register(Showtime)
class ShowtimeAdmin(Dialogs, OfOwnTheaters):
    theater = "screen__theater"
    admins_may = managers_may = EDIT
    form = ShowtimeForm
    follows = FOLLOWING
    list_display = ["starts", "film", "screen", "format", "language", "seats_left", "state"]
    list_select_related = ["movie", "screen__theater"]
    list_filter = [
        When,
        ("screen__theater", OwnRelated),
        ("screen", OwnRelated),
        ("movie", OfFilm),
        ("status", Choice),
        ("format", Choice),
    ]
    search_fields = ["movie__title", "screen__name", "screen__theater__name"]
    date_hierarchy = "starts_at"
    autocomplete_fields = ["movie", "screen"]
    inlines = [PricePart]
    actions = ["put_on_sale", "take_off_sale"]
    actions_submit_line = ["save_and_put_on_sale"]
    actions_row = ["seats_and_bookings"]
    actions_detail = ["seats_and_bookings", "cancel_for_good"]
    custom_urls = ADDRESSES
    fieldsets = [
        (None, {"fields": ["movie", "screen", "starts_at", "preview"]}),
        ("On the screen", {"fields": [("advert_minutes", "cleaning_minutes"), "ends"]}),
        ("Version", {"fields": [("format", "language", "subtitles")]}),
        (
            "Sale",
            {"fields": ["status", "sales_from", "sales_until", "kept_back", "money_statement"]},
        ),
    ]
    starts = time_column("starts_at", theater="theater", title="starts")
    ends = time_column("ends_at", theater="theater", title="screen is clean at")
    state = label_column("status")

    @display(description="film", ordering="movie__title")
    def film(self, showtime):
        return showtime.movie

    @display(description="money")
    def money_statement(self, showtime):
        if not showtime.pk:
            return None
        words = '<a class="text-link" href="{}">Money statement</a>'
        return format_html(words, reverse("admin:statement", args=[showtime.pk]))

    def get_actions_submit_line(self, request, object_id):
        """The button to put it on sale, while it is planned."""
        buttons = super().get_actions_submit_line(request, object_id)
        known = understood(self.opts.pk, object_id)
        planned = Showtime.objects.filter(status=Showtime.Status.PLANNED)
        return buttons if known and planned.filter(pk=object_id).exists() else []

    def get_actions_detail(self, request, object_id):
        """The way to its seats; and to where it is cancelled, until it is."""
        showtime = self.find(request, object_id)
        if showtime is None:
            return []
        buttons = super().get_actions_detail(request, object_id)
        is_cancelled = showtime.status == Showtime.Status.CANCELLED
        return [one for one in buttons if not is_cancelled or one.method != self.cancel_for_good]

    @action(
        description="Seats and bookings",
        permissions=["change"],
        url_path="who-sits-where",
        icon="event_seat",
    )
    def seats_and_bookings(self, request, object_id):
        showtime = self.own(request, object_id)
        return HttpResponseRedirect(reverse("admin:showtime_page", args=[showtime.pk]))

    @action(
        description="Cancel this showtime",
        permissions=["change"],
        url_path="cancel-for-good",
        icon="event_busy",
    )
    def cancel_for_good(self, request, object_id):
        """To where it is said what that takes, how it is done, and how far it has come."""
        showtime = self.own(request, object_id)
        page = reverse("admin:showtime_page", args=[showtime.pk], query={"do": "cancel"})
        return HttpResponseRedirect(page)

    def get_changelist(self, request, **kwargs):
        return WithSales

    def get_urls(self):
        return [*planning_board.routes(self.admin_site.admin_view), *super().get_urls()]

    def get_readonly_fields(self, request, obj=None):
        """
        A status is changed by an action, which knows where it comes from. What customers have seats
        for stays: the film, the screen, and when it starts.
        """
        sold = obj and obj.taken_seats.live().booked().exists()
        place = ["movie", "screen", "starts_at"]
        return (
            ["ends", "kept_back", "money_statement"] + ["status"] * bool(obj) + place * bool(sold)
        )

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if help_text := HELP.get(db_field.name):
            kwargs["help_text"] = help_text
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "status":
            statuses = [Showtime.Status.PLANNED, Showtime.Status.ON_SALE]
            kwargs["choices"] = [(status.value, status.label) for status in statuses]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def zone(self, request, object_id=None):
        """A start is typed by the clocks of the screen that is chosen in the same form."""
        chosen = request.POST.get("screen", "")
        if chosen and understood(Screen._meta.pk, chosen):
            screens = self.admin_site.get_model_admin(Screen).get_queryset(request)
            if screen := screens.filter(pk=chosen).first():
                return screen.theater.zone
        return super().zone(request, object_id)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        obj.blocks.follow()

    def get_search_results(self, request, queryset, search_term):
        """Where seats are to be blocked, what is over is not offered."""
        found, doubles = super().get_search_results(request, queryset, search_term)
        if request.GET.get("model_name") == SeatBlock._meta.model_name:
            found = found.filter(ends_at__gt=timezone.now())
        return found, doubles

    def get_deleted_objects(self, objs, request):
        """What stands in the way is what customers have or had, not the seats that are blocked."""
        listed, counts, forbidden, _ = super().get_deleted_objects(objs, request)
        sold = [one for one in objs if one.bookings.exists() or one.taken_seats.live().booked()]
        forbidden.discard(TakenSeat._meta.verbose_name)
        return listed, counts, forbidden, [str(one) for one in sold]

    def delete_model(self, request, obj):
        remove(obj)

    def delete_queryset(self, request, queryset):
        for showtime in queryset:
            remove(showtime)

    def delete_view(self, request, object_id, extra_context=None):
        return self._or_says_why(request, super().delete_view, object_id, extra_context)

    def changelist_view(self, request, extra_context=None):
        return self._or_says_why(request, super().changelist_view, extra_context)

    def _or_says_why(self, request, view, *args):
        """The answer of `view`; if somebody booked just now, what is to be deleted stays."""
        try:
            return view(request, *args)
        except HasBookings as refusal:
            messages.error(request, str(refusal.detail))
            return HttpResponseRedirect(request.get_full_path())

    @display(description="seats kept back")
    def kept_back(self, showtime):
        """The blocks of this showtime, and the way to another one."""
        if not showtime.pk:
            return None
        links = [
            (reverse("admin:showtimes_seatblock_change", args=[block.pk]), block.in_short())
            for block in showtime.blocks.prefetch_related("seats")
        ]
        add = reverse("admin:showtimes_seatblock_add", query={"showtime": showtime.pk})
        links.append((add, "Block seats"))
        return format_html_join(mark_safe("<br>"), '<a href="{}" class="underline">{}</a>', links)

    @display(description="seats left")
    def seats_left(self, showtime):
        return f"{showtime.figures.seats_left} of {showtime.figures.seats_total}"

    @admin.action(description="Put on sale", permissions=["change"])
    def put_on_sale(self, request, showtimes):
        """Planned showtimes become visible, and are sold from now or from `sales_from` on."""
        rows = showtimes.put_on_sale()
        self._report(request, rows, "put on sale; only what is planned can be")

    @admin.action(description="Take off sale", permissions=["change"])
    def take_off_sale(self, request, showtimes):
        """Nothing more is sold of them. Tickets that were sold stay good."""
        rows = showtimes.take_off_sale()
        self._report(request, rows, "taken off sale; only what is on sale can be")

    @admin.action(description="Save and put on sale", permissions=["change"])
    def save_and_put_on_sale(self, request, showtime):
        self.put_on_sale(request, Showtime.objects.filter(pk=showtime.pk))

    def _report(self, request, rows, what):
        level = messages.SUCCESS if rows else messages.WARNING
        self.message_user(request, f"{rows} showtime{'s' * (rows != 1)} {what}.", level)


HELP = {
    "starts_at": "When the adverts begin, by the clocks of the theater.",
    "language": "Heard, as a BCP 47 tag: en, pt-BR. Empty: the film's own.",
}


@admin.register(Price)
class PriceAdmin(OfOwnTheaters):
    theater = "showtime__screen__theater"
    admins_may = managers_may = EDIT
    form = PriceForm
    list_display = ["category", "price", "showtime"]
    list_select_related = ["category__theater", "showtime__movie", "showtime__screen__theater"]
    list_filter = [("showtime__screen__theater", OwnRelated)]
    search_fields = ["showtime__movie__title", "category__name"]
    autocomplete_fields = ["showtime", "category"]
    ordering = ["-showtime__starts_at", "category__rank"]
    price = money_column("amount", currency="showtime.theater.currency", title="price")


@admin.register(TakenSeat)
class TakenSeatAdmin(ToLookAt, OfOwnTheaters):
    """To look at only: seats are taken, blocked and given back by what is done, not by rows."""

    theater = "showtime__screen__theater"
    list_display = ["seat", "showtime", "reason", "held", "gone"]
    list_select_related = ["seat", "showtime__movie", "showtime__screen__theater"]
    list_filter = [("showtime__screen__theater", OwnRelated), ("reason", Choice)]
    search_fields = ["=holder", "seat__row", "showtime__movie__title", "showtime__screen__name"]
    ordering = ["-pk"]
    fields = ["showtime", "seat", "reason", "held", "holder"]
    held = time_column("held_until", theater="showtime.theater", title="held until")

    @display(description="gone", boolean=True)
    def gone(self, taken):
        return taken.is_live
