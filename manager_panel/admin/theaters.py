"""Places: managers run the screens, the seats and their categories; admins, whole theaters."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminColorInputWidget

from accounts.models import Role
from showtimes.layouts.changes import SeatsSold, check_nobody_has
from showtimes.models import TakenSeat
from theaters.models import Amenity, Screen, Seat, SeatCategory, Theater

from ..rooms.prices import PricesOfMine, PricesRoom, RulesInOrder
from ..rooms.seat_map_editor import SeatMapCheck, SeatMapRoom, SeatMapSave
from ..rooms.theater_profile import TheaterTried
from .columns import money_column, picture_column
from .dialogs import Dialogs
from .filters import Choice, OwnRelated, Whether
from .forms import SaysWhy
from .pages import OfOwnTheaters, Page
from .parts import Part
from .roles import EDIT, LOOK
from .theater_fields import FOR_MANAGERS, HELP, LABELS, THE_PROFILE, TOLD
from .theater_people import StaffPart
from .theater_told import ToldOfTheater


class TheaterForm(SaysWhy):
    class Meta:
        labels = LABELS
        help_texts = HELP

    def clean(self):
        cleaned = super().clean()
        currency = cleaned.get("currency") or self.instance.currency
        if currency:
            self.add_money_error("booking_fee", currency)
            self.add_money_error("application_fee_per_ticket", currency)
        if self.instance.pk and currency != self.instance.currency:
            self._check_the_prices(currency)
        if "stripe_account" in self.changed_data:
            self.instance.stripe_refusal = ""
        return cleaned

    def _check_the_prices(self, currency):
        try:
            self.instance.check_prices_are_payable_in(currency)
        except ValidationError as error:
            self.add_error("currency", error)


class CategoryForm(SaysWhy):
    class Meta:
        widgets = {"colour": UnfoldAdminColorInputWidget}

    def clean(self):
        cleaned = super().clean()
        theater = cleaned.get("theater") or getattr(self.instance, "theater", None)
        if theater and theater.currency:
            self.add_money_error("default_price", theater.currency)
        return cleaned


class SeatForm(SaysWhy):
    """Refuses, as the API does, what would take a seat from somebody who has booked it."""

    # Where a seat is on the plan may change. What it is, while somebody has it, may not.
    IS = {"row", "number", "category", "kind", "active"}

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk and self.IS & set(self.changed_data):
            try:
                check_nobody_has([self.instance])
            except SeatsSold as error:
                raise ValidationError(str(error.detail)) from error
        self._check_the_place_is_free(cleaned)
        return cleaned

    def _check_the_place_is_free(self, cleaned):
        screen = cleaned.get("screen") or getattr(self.instance, "screen", None)
        there = Seat.objects.filter(screen=screen, x=cleaned.get("x"), y=cleaned.get("y"))
        other = there.filter(active=True).exclude(pk=self.instance.pk).first()
        if other and cleaned.get("active"):
            raise ValidationError(f"{other} is on this place.")

    def clean_category(self):
        category = self.cleaned_data["category"]
        screen = self.cleaned_data.get("screen") or getattr(self.instance, "screen", None)
        if screen and category.theater_id != screen.theater_id:
            raise ValidationError(f"{category} is not a category of {screen.theater}.")
        return category


class CategoryPart(Part):
    model = SeatCategory
    form = CategoryForm
    fields = ["name", "colour", "default_price", "rank"]


class ScreenPart(Part):
    model = Screen
    fields = ["name", "kind"]


@admin.register(Amenity)
class AmenityAdmin(Page):
    admins_may = EDIT
    managers_may = LOOK
    list_display = ["name"]
    search_fields = ["name"]


@admin.register(Theater)
class TheaterAdmin(ToldOfTheater, Dialogs, OfOwnTheaters):
    admins_may = EDIT
    managers_may = frozenset({"view", "change"})
    form = TheaterForm
    follows = ("stripe_refusal",)
    list_display = ["small_image", "name", "city", "country", "timezone", "currency", "payable"]
    list_display_links = ["name"]
    list_filter = [("country", Choice), "currency", ("stripe_refusal", Whether)]
    search_fields = ["name", "city", "address", "legal_name", "invoice_prefix"]
    change_form_outer_after_template = "manager_panel/theater_form.html"
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["amenities", "managers"]
    inlines = [StaffPart, ScreenPart, CategoryPart]
    actions_detail = actions_row = ["look_at_prices"]
    custom_urls = [
        ("prices/", "prices_of_mine", PricesOfMine.as_view()),
        ("<path:object_id>/prices/", "prices", PricesRoom.as_view()),
        ("<path:object_id>/prices/order/", "prices_order", RulesInOrder.as_view()),
        ("try/", "new_theater_tried", TheaterTried.as_view()),
        ("<path:object_id>/try/", "theater_tried", TheaterTried.as_view()),
    ]
    fieldsets = THE_PROFILE
    small_image = picture_column("image")

    @action(description="Prices", permissions=["change"], url_path="to-prices", icon="sell")
    def look_at_prices(self, request, object_id):
        theater = self.own(request, object_id)
        return HttpResponseRedirect(reverse("admin:prices", args=[theater.pk]))

    def belonging_to(self, rows, user):
        return rows.managed_by(user)

    def theaters_of(self, row):
        return [row]

    def get_fieldsets(self, request, obj=None):
        """What is for admins to say, such as who manages it, managers read in words."""
        if request.user.role == Role.ADMIN:
            return self.fieldsets
        return [(title, FOR_MANAGERS.get(title, part)) for title, part in self.fieldsets]

    def get_readonly_fields(self, request, obj=None):
        if request.user.role != Role.ADMIN:
            return [*TOLD, *(name for name in Theater.OF_THE_CHAIN if name != "managers")]
        return [*TOLD, *(obj.fixed_fields() if obj else [])]

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "managers":
            field.queryset = field.queryset.filter(role=Role.MANAGER)
        return field


class OfOneTheater(OfOwnTheaters):
    """Rows of a theater, or of a screen, that stay where they are."""

    admins_may = managers_may = EDIT
    stays_with = "theater"

    def get_readonly_fields(self, request, obj=None):
        return [self.stays_with] if obj else []

    def get_changeform_initial_data(self, request):
        """Who runs one theater need not choose it."""
        given = super().get_changeform_initial_data(request)
        own = list(Theater.objects.managed_by(request.user)[:2])
        only = {"theater": own[0].pk} if self.stays_with == "theater" and len(own) == 1 else {}
        return only | given


@admin.register(Screen)
class ScreenAdmin(Dialogs, OfOneTheater):
    list_display = ["name", "theater", "kind", "seat_count", "layout_version"]
    list_select_related = ["theater"]
    list_filter = [("theater", OwnRelated), ("kind", Choice)]
    search_fields = ["name", "theater__name", "theater__city"]
    autocomplete_fields = ["theater"]
    fields = ["theater", "name", "kind"]
    actions_detail = actions_row = ["edit_the_plan"]
    custom_urls = [
        ("<path:object_id>/seat-map/", "seat_map", SeatMapRoom.as_view()),
        ("<path:object_id>/seat-map/check/", "seat_map_check", SeatMapCheck.as_view()),
        ("<path:object_id>/seat-map/save/", "seat_map_save", SeatMapSave.as_view()),
    ]

    @action(
        description="Edit the plan",
        permissions=["change"],
        url_path="plan",
        icon="chair",
        variant=ActionVariant.PRIMARY,
    )
    def edit_the_plan(self, request, object_id):
        screen = self.own(request, object_id)
        return HttpResponseRedirect(reverse("admin:seat_map", args=[screen.pk]))

    def get_queryset(self, request):
        seats = Seat.objects.filter(screen=OuterRef("pk"), active=True).order_by()
        counted = seats.values("screen").annotate(count=Count("pk")).values("count")
        return super().get_queryset(request).annotate(seat_count=Subquery(counted))

    @display(description="seats", ordering="seat_count")
    def seat_count(self, screen):
        return screen.seat_count or 0


@admin.register(SeatCategory)
class SeatCategoryAdmin(OfOneTheater):
    form = CategoryForm
    list_display = ["name", "theater", "price", "rank", "colour_patch"]
    list_select_related = ["theater"]
    list_filter = [("theater", OwnRelated)]
    search_fields = ["name", "theater__name"]
    autocomplete_fields = ["theater"]
    fields = ["theater", "name", "colour", "default_price", "rank"]
    price = money_column("default_price", currency="theater.currency", title="price")

    @display(description="colour")
    def colour_patch(self, category):
        return format_html('<span style="color: {}">■</span> {}', category.colour, category.colour)


@admin.register(Seat)
class SeatAdmin(OfOneTheater):
    theater = "screen__theater"
    stays_with = "screen"
    form = SeatForm
    list_display = ["label", "screen", "category", "kind", "active"]
    list_select_related = ["screen__theater", "category__theater"]
    list_filter = [
        ("screen", OwnRelated),
        ("category", OwnRelated),
        ("kind", Choice),
        "active",
    ]
    search_fields = ["row", "=number", "screen__name", "screen__theater__name"]
    autocomplete_fields = ["screen"]
    ordering = ["screen__theater", "screen", "y", "x"]
    fields = ["screen", ("row", "number"), ("x", "y"), "category", "kind", "active"]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not obj.active:
            TakenSeat.objects.blocked().filter(seat=obj).let_go()
        if form.changed_data:
            self._layouts_changed([obj.screen_id])

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        self._layouts_changed([obj.screen_id])

    def delete_queryset(self, request, queryset):
        screens = set(queryset.order_by().values_list("screen", flat=True))
        super().delete_queryset(request, queryset)
        self._layouts_changed(screens)

    def _layouts_changed(self, screens):
        Screen.objects.filter(pk__in=screens).count_a_layout_change()
