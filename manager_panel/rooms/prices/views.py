"""The page about the prices of a theater, and the answer about a rule that is not saved yet."""

from collections.abc import Mapping

from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.views import View
from django.views.generic.base import TemplateResponseMixin

from showtimes.price_rules import PriceRule
from showtimes.price_trial import PriceTrial, rules_of
from showtimes.price_words import in_words
from theaters.models import Theater

from ..room import Room, Tried
from .bill import bill
from .questions import Questions
from .week import week


def preview(theater: Theater, heard: Mapping[str, str], *, tried: PriceRule | None = None) -> dict:
    """What the templates of this room show about `theater`, in a constant number of queries."""
    asked = Questions(theater, heard)
    found = {"theater": theater, "asked": asked, "tried": tried}
    if not asked.can_be_answered:
        return found
    answered = asked.is_valid()
    booked_on = asked.cleaned_data.get("booked_on")
    now = PriceTrial(rules_of(theater), asked.categories, booked_on)
    trial = now
    if tried is not None:
        trial = PriceTrial(rules_of(theater, tried=tried), asked.categories, booked_on)
        found["tried_in_words"] = in_words(tried)
        found["tried_after"] = _before(tried, trial.rules)
    found["week"] = week(asked, trial, now=now)
    if answered:
        found["bill"] = bill(asked, trial, tried=tried)
        found["bill_before"] = bill(asked, now, tried=None) if tried is not None else None
    return found


def _before(tried: PriceRule, rules: list[PriceRule]) -> PriceRule | None:
    """The rule after which `tried` comes."""
    if tried not in rules:
        return None
    place = rules.index(tried)
    return rules[place - 1] if place else None


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
            | preview(theater, self.request.GET.dict())
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


class RuleTried(TemplateResponseMixin, Tried):
    """
    What the rule in a form would change. The form sends its own fields, and those of `Questions`
    with `ask-` before them.
    """

    template_name = "manager_panel/prices_tried.html"

    def post(self, request, **kwargs):
        form = self.form(request)
        theater = self.row.theater if self.row else self._theater(form)
        return self.render_to_response(self._found(form, theater))

    def _theater(self, form) -> Theater | None:
        """The one that was chosen, if any; raises Http404 for one that is not theirs."""
        form.is_valid()
        if form.data.get("theater") and "theater" not in form.cleaned_data:
            raise Http404
        return form.cleaned_data.get("theater")

    def _found(self, form, theater) -> dict:
        if theater is None:
            return {"theater": None}
        heard = {
            name.removeprefix("ask-"): value
            for name, value in form.data.items()
            if name.startswith("ask-")
        }
        tried = form.instance if form.is_valid() else None
        if tried is not None:
            tried.theater = theater
        found = preview(theater, heard, tried=tried)
        problems = [
            (form[name].label, words) for name, words in form.errors.items() if name in form.fields
        ]
        return found | {"problems": problems, "refused": form.non_field_errors()}
