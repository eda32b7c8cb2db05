"""The page about the prices of a theater."""

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.views import View

from showtimes.price_rules import PriceRule
from showtimes.price_words import in_words
from theaters.models import Theater

from ..room import Room
from .preview import preview
from .questions import Questions


class PricesRoom(Room):
    """What seats of a theater cost when, and its rules in their order."""

    template_name = "manager_panel/prices.html"
    title = "Prices"
    script = "manager_panel/prices/main.js"
    style = "manager_panel/prices/prices.css"

    def get_context_data(self, **kwargs):
        found = super().get_context_data(**kwargs)
        theater = found["original"]
        rules = PriceRule.objects.filter(theater=theater).order_by("position", "pk")
        rules = list(rules.select_related("theater", "category", "movie"))
        return (
            found
            | preview(Questions(theater, self.request.GET.dict()))
            | {
                "rules": [(rule, in_words(rule)) for rule in rules],
                "houses": Theater.objects.managed_by(self.request.user),
            }
        )


class PricesOfMine(View):
    """The way to the prices of the first of one's theaters; from there it goes on to the others."""

    def get(self, request, model_admin):
        theater = Theater.objects.managed_by(request.user).first()
        if theater is None:
            return HttpResponseRedirect(reverse("admin:theaters_theater_changelist"))
        return HttpResponseRedirect(reverse("admin:prices", args=[theater.pk]))
