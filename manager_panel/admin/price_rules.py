"""Price rules: what makes a seat cheaper or dearer, theater by theater."""

from django import forms
from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from showtimes.models import PriceRule, Showtime
from showtimes.price_rules import TicketType, Weekday
from showtimes.price_words import in_words
from theaters.models import Screen

from ..rooms.prices import RuleTried
from .dialogs import Dialogs
from .filters import OwnRelated
from .forms import SaysWhy
from .theaters import OfOneTheater


def some_of(choices, *, coerce=str, help_text="None: any."):
    """Boxes to tick, kept as a list."""
    return forms.TypedMultipleChoiceField(
        choices=choices,
        coerce=coerce,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=help_text,
    )


class PriceRuleForm(SaysWhy):
    weekdays = some_of(Weekday.choices, coerce=int, help_text="None: any day.")
    ticket_types = some_of(TicketType.choices)
    screen_kinds = some_of(Screen.Kind.choices)
    formats = some_of(Showtime.Format.choices)


@admin.register(PriceRule)
class PriceRuleAdmin(Dialogs, OfOneTheater):
    form = PriceRuleForm
    change_form_outer_after_template = "manager_panel/price_rule_trial.html"
    custom_urls = [
        ("try/", "new_price_rule_tried", RuleTried.as_view()),
        ("<path:object_id>/try/", "price_rule_tried", RuleTried.as_view()),
    ]
    list_display = ["name", "theater", "position", "does", "active"]
    list_select_related = ["theater", "category", "movie"]
    list_filter = [("theater", OwnRelated), ("movie", AutocompleteSelectFilter), "active"]
    search_fields = ["name", "theater__name"]
    autocomplete_fields = ["theater", "category", "movie"]
    fieldsets = [
        (None, {"fields": ["theater", "name", ("position", "final", "active"), "does"]}),
        ("What it does", {"fields": [("effect", "value")]}),
        (
            "Only if",
            {
                "fields": [
                    "weekdays",
                    ("starts_from", "starts_until"),
                    ("days_before_min", "days_before_max"),
                    "ticket_types",
                    "category",
                    "movie",
                    "screen_kinds",
                    "formats",
                    ("valid_from", "valid_until"),
                ]
            },
        ),
    ]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "does"]

    @display(description="in words")
    def does(self, rule):
        return in_words(rule) if rule.pk else "Saved, it says here what it does."
