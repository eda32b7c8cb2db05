"""What a price rule would change that is not saved yet."""

from showtimes.price_rules import PriceRule
from showtimes.price_words import in_words

from .preview import preview
from .questions import Questions
from .tried import PricesTried


class RuleTried(PricesTried):
    """Prices with the rule, and without it."""

    template_name = "manager_panel/rule_tried.html"
    noun = "rule"

    def found(self, form, heard):
        rule = form.instance
        theater = rule.theater if rule.pk else form.cleaned_data.get("theater")
        if theater is None:
            return {"theater": None}
        if form.errors:
            return preview(Questions(theater, heard))
        rule.theater = theater
        found = preview(Questions(theater, heard), rule=rule)
        return found | {"in_words": in_words(rule), "after": _before(rule, found["rules_tried"])}


def _before(tried: PriceRule, rules: list[PriceRule]) -> PriceRule | None:
    """The rule after which `tried` comes."""
    if tried not in rules:
        return None
    place = rules.index(tried)
    return rules[place - 1] if place else None
