"""How promo codes are laid out, what their fields mean, and which of them are running."""

from django.db.models import Q
from django.utils import timezone
from unfold.contrib.filters.admin import DropdownFilter

from bookings.models import PromoCode

from .columns import Label

THE_CODE = [
    (
        "The code and what it gives",
        {
            "fields": ["code", ("percent", "amount", "currency")],
            "description": "Percent or an amount, not both. Off the seats, never off the fee.",
        },
    ),
    (
        "Holds for",
        {
            "fields": ["theaters", "movies", "valid_from", "valid_until"],
            "description": "For whom books between these times, whenever the showtime is.",
        },
    ),
    ("Limits", {"fields": [("max_uses", "max_uses_per_customer", "minimum_tickets")]}),
]
LABELS = {
    "percent": "Percent off",
    "amount": "Or an amount off",
    "max_uses": "Bookings in all",
    "max_uses_per_customer": "Bookings of one customer",
    "minimum_tickets": "Fewest tickets in a booking",
    "movies": "Films",
}
HELP = {
    "code": "What customers type, as in SPRING; capitals make no difference.",
    "percent": "As in 10.",
    "amount": "Off the whole booking, not off each ticket.",
    "currency": "Left empty: that of the theaters.",
    "theaters": "The code holds at these; an admin may leave it empty for all theaters.",
    "movies": "Empty: all films.",
    "max_uses": "Empty: no limit. Holds that are not paid yet count, too.",
    "max_uses_per_customer": "Empty: no limit. By account and by e-mail address.",
    "minimum_tickets": "1 for any booking.",
}


def state_of(code: PromoCode, uses: int) -> Label:
    """Whether `code` gives something now."""
    now = timezone.now()
    if code.valid_until and code.valid_until <= now:
        return Label("void", "Ended")
    if code.max_uses is not None and uses >= code.max_uses:
        return Label("void", "Used up")
    if code.valid_from and code.valid_from > now:
        return Label("later", "Later")
    return Label("running", "Running")


class Validity(DropdownFilter):
    """By the clock: those that hold now, that will, that did."""

    title = "validity"
    parameter_name = "validity"

    def lookups(self, request, model_admin):
        return [("now", "Running"), ("later", "Later"), ("ended", "Ended")]

    def queryset(self, request, codes):
        now = timezone.now()
        ended, later = Q(valid_until__lte=now), Q(valid_from__gt=now)
        wanted = {"now": ~ended & ~later, "later": later, "ended": ended}
        return codes.filter(wanted[self.value()]) if self.value() in wanted else codes
