"""Price rules: what makes a seat cheaper or dearer, theater by theater."""

from django import forms
from django.contrib import admin
from django.db.models import Max
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from showtimes.models import PriceRule, Showtime
from showtimes.price_rules import TicketType, Weekday
from showtimes.price_words import in_words
from theaters.models import Screen

from ..rooms.prices import RuleTried
from .dialogs import Dialogs
from .filters import OfFilm, OwnRelated
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


LABELS = {
    "name": "Name, as customers read it",
    "position": "Place in the order",
    "final": "The last: no rule after it counts",
    "active": "Switched on",
    "effect": "It changes the price by",
    "value": "How much",
    "starts_from": "Starts at this time or later",
    "starts_until": "Starts before",
    "days_before_min": "Booked at least so many days before",
    "days_before_max": "Booked at most so many days before",
    "category": "Seats of the category",
    "movie": "Film",
    "valid_from": "Showtimes from this day on",
    "valid_until": "Showtimes until this day",
}
HELP = {
    "position": "The lowest is the first; each works on the price that those before it leave.",
    "final": "If it holds, those after it are left out.",
    "active": "Switched off, it is kept and changes nothing.",
    "value": "20 % off is -20; 3.00 more is 3. As a fixed price: the price.",
    "starts_from": "Of the showtime, by the theater's clock.",
    "starts_until": "May be after midnight, up to 03:00.",
    "days_before_min": "2 for an early bird.",
    "days_before_max": "0 for who books on the day.",
    "valid_from": "Empty: since ever.",
    "valid_until": "Empty: for ever.",
}
# Room for one that comes between two others.
STEP = 10
HIGHEST = 32767


class PriceRuleForm(SaysWhy):
    class Meta:
        labels = LABELS
        help_texts = HELP

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
    list_filter = [("theater", OwnRelated), ("movie", OfFilm), "active"]
    search_fields = ["name", "theater__name"]
    autocomplete_fields = ["theater", "category", "movie"]
    fieldsets = [
        (None, {"fields": ["theater", "name", ("position", "final", "active"), "does"]}),
        ("What it does", {"fields": [("effect", "value")]}),
        (
            "Only if",
            {
                "description": "All of it must hold. What is left empty always does.",
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
                ],
            },
        ),
    ]

    def get_changeform_initial_data(self, request):
        """A new rule comes after those that the theater has."""
        given = super().get_changeform_initial_data(request)
        rules = PriceRule.objects.managed_by(request.user).filter(theater=given.get("theater"))
        last = rules.aggregate(last=Max("position"))["last"] or 0
        return {"position": min(last + STEP, HIGHEST)} | given

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "does"]

    @display(description="in words")
    def does(self, rule):
        return in_words(rule) if rule.pk else "See below: “What it would change”."
