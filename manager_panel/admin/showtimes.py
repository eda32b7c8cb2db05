"""The timetable: showtimes, what they cost, and the seats that are gone."""

from datetime import timedelta

from django.contrib import admin, messages
from django.db.models import Q
from django.utils import timezone
from unfold.contrib.filters.admin import AutocompleteSelectFilter, DropdownFilter
from unfold.decorators import display
from unfold.views import ChangeList

from showtimes.models import Price, Showtime, TakenSeat
from showtimes.sales import with_sales
from theaters.models import Screen

from .columns import label_column, local, money_column, time_column
from .filters import Choice, OwnRelated
from .forms import SaysWhy
from .pages import OfOwnTheaters, Part, ToLookAt, understood
from .roles import EDIT

# Adverts before the film, and cleaning after it.
AROUND_THE_FILM = timedelta(minutes=35)


class ShowtimeForm(SaysWhy):
    """Knows when a showtime ends and what language it is in, and refuses what would overlap."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in {"ends_at", "language"} & set(self.fields):
            self.fields[name].required = False

    def clean(self):
        cleaned = super().clean()
        movie, starts_at = self._value("movie"), cleaned.get("starts_at")
        if movie and not cleaned.get("language"):
            cleaned["language"] = movie.language
        if movie and starts_at and "ends_at" not in self.errors and not cleaned.get("ends_at"):
            runtime = timedelta(minutes=movie.duration_minutes)
            cleaned["ends_at"] = starts_at + runtime + AROUND_THE_FILM
        if starts_at and cleaned.get("ends_at"):
            self._check_the_screen_is_free(starts_at, cleaned["ends_at"])
        return cleaned

    def _check_the_screen_is_free(self, begins, ends):
        if ends <= begins:
            return self.add_error("ends_at", "A showtime ends after it starts.")
        screen = self._value("screen")
        if not screen or self._value("status") == Showtime.Status.CANCELLED:
            return None
        others = Showtime.objects.overlapping(screen, begins, ends).exclude(pk=self.instance.pk)
        other = others.select_related("movie", "screen__theater").first()
        if other:
            until = local(other.ends_at, other.theater.zone)
            self.add_error("starts_at", f"The screen is not free: {other} runs until {until}.")
        return None

    def _value(self, name):
        """What the form says of `name`, or what is so when the form does not show it."""
        if name in self.fields:
            return self.cleaned_data.get(name)
        return getattr(self.instance, name)


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
        return formset


class When(DropdownFilter):
    """What is still to come, unless somebody asks for more."""

    title = "time"
    parameter_name = "when"
    all_option = None

    def lookups(self, request, model_admin):
        return [("", "Running and coming"), ("past", "Past"), ("all", "All")]

    def queryset(self, request, showtimes):
        if self.value() == "all":
            return showtimes
        past = Q(ends_at__lte=timezone.now())
        return showtimes.filter(past if self.value() == "past" else ~past)


class WithSales(ChangeList):
    """A list of showtimes, each with its `figures`."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = with_sales(self.result_list)


@admin.register(Showtime)
class ShowtimeAdmin(OfOwnTheaters):
    theater = "screen__theater"
    admins_may = managers_may = EDIT
    form = ShowtimeForm
    list_display = ["starts", "movie", "screen", "format", "language", "seats_left", "state"]
    list_select_related = ["movie", "screen__theater"]
    list_filter = [
        When,
        ("screen__theater", OwnRelated),
        ("screen", OwnRelated),
        ("movie", AutocompleteSelectFilter),
        ("status", Choice),
        ("format", Choice),
    ]
    search_fields = ["movie__title", "screen__name", "screen__theater__name"]
    date_hierarchy = "starts_at"
    autocomplete_fields = ["movie", "screen"]
    inlines = [PricePart]
    actions = ["put_on_sale", "take_off_sale"]
    actions_submit_line = ["save_and_put_on_sale"]
    fieldsets = [
        (None, {"fields": ["movie", "screen", "starts_at", "ends_at"]}),
        ("Version", {"fields": [("format", "language", "subtitles")]}),
        ("Sale", {"fields": ["status", "sales_from", "sales_until"]}),
    ]
    starts = time_column("starts_at", theater="theater", title="starts")
    state = label_column("status")

    def get_actions_submit_line(self, request, object_id):
        """The button to put it on sale, while it is planned."""
        buttons = super().get_actions_submit_line(request, object_id)
        known = understood(self.opts.pk, object_id)
        planned = Showtime.objects.filter(status=Showtime.Status.PLANNED)
        return buttons if known and planned.filter(pk=object_id).exists() else []

    def get_changelist(self, request, **kwargs):
        return WithSales

    def get_readonly_fields(self, request, obj=None):
        """
        A status is changed by an action, which knows where it comes from. What customers bought
        stays: the film, and the screen that their seats are in.
        """
        sold = obj and obj.bookings.exists()
        return ["status"] * bool(obj) + ["movie", "screen"] * bool(sold)

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

    @display(description="seats left")
    def seats_left(self, showtime):
        return f"{showtime.figures.seats_left} of {showtime.figures.seats_total}"

    @admin.action(description="Put on sale", permissions=["change"])
    def put_on_sale(self, request, showtimes):
        """Planned showtimes become visible, and are sold from now or from `sales_from` on."""
        rows = showtimes.filter(status=Showtime.Status.PLANNED).update(
            status=Showtime.Status.ON_SALE
        )
        self._report(request, rows, "put on sale; only what is planned can be")

    @admin.action(description="Take off sale", permissions=["change"])
    def take_off_sale(self, request, showtimes):
        """Nothing more is sold of them. Tickets that were sold stay good."""
        rows = showtimes.filter(status=Showtime.Status.ON_SALE).update(
            status=Showtime.Status.PLANNED
        )
        self._report(request, rows, "taken off sale; only what is on sale can be")

    @admin.action(description="Save and put on sale", permissions=["change"])
    def save_and_put_on_sale(self, request, showtime):
        self.put_on_sale(request, Showtime.objects.filter(pk=showtime.pk))

    def _report(self, request, rows, what):
        level = messages.SUCCESS if rows else messages.WARNING
        self.message_user(request, f"{rows} showtime{'s' * (rows != 1)} {what}.", level)


HELP = {
    "starts_at": "When the adverts begin, by the clocks of the theater.",
    "ends_at": "When the screen is clean again. Empty: the film and 35 minutes.",
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
