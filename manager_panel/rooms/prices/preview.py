"""The answer to questions about prices: with a rule or a code that is tried, and without it."""

from bookings.promo_code_trial import PromoCodeTrial
from showtimes.price_rules import PriceRule
from showtimes.price_trial import PriceTrial, rules_of

from .bill import bill
from .questions import Questions
from .week import week


def preview(
    asked: Questions, *, rule: PriceRule | None = None, code: PromoCodeTrial | None = None
) -> dict:
    """What the templates of this room show about what was `asked`. A constant number of queries."""
    theater = asked.theater
    found = {"theater": theater, "asked": asked, "rules_tried": [], "tried": rule or code}
    if not asked.can_be_answered:
        return found
    answered, booked_on = asked.is_valid(), asked.day_of_booking()
    trial = now = PriceTrial(rules_of(theater), asked.categories, booked_on)
    if rule:
        trial = PriceTrial(rules_of(theater, tried=rule), asked.categories, booked_on)
        found["rules_tried"] = trial.rules
    found["week"] = week(asked, trial, now=now, code=code)
    if answered:
        found["bill"] = bill(asked, trial, tried=rule, code=code)
        found["bill_before"] = bill(asked, now) if rule or code else None
    return found
