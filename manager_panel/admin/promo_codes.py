"""Promo codes: a manager's are for own theaters; those of the whole chain are the admins'."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import display

from accounts.models import Role
from bookings.models import PromoCode
from theaters.models import Theater

from .columns import money
from .filters import OwnRelated
from .forms import SaysWhy
from .pages import OfOwnTheaters
from .roles import EDIT


class PromoCodeForm(SaysWhy):
    def clean_code(self):
        return self.cleaned_data["code"].upper()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("amount") is not None:
            self._check_currency(cleaned)
        return cleaned

    def _check_currency(self, cleaned):
        """An amount is in the currency of the theaters that it is for."""
        known = {theater.currency for theater in cleaned.get("theaters") or []}
        if not cleaned.get("currency") and len(known) == 1:
            cleaned["currency"] = next(iter(known))
        currency = cleaned.get("currency")
        if not currency or known and known != {currency}:
            options = ", ".join(sorted(known)) or "a currency, such as EUR"
            self.add_error("currency", f"An amount is in the currency of its theaters: {options}.")
        else:
            self.add_money_error("amount", currency)


@admin.register(PromoCode)
class PromoCodeAdmin(OfOwnTheaters):
    admins_may = managers_may = EDIT
    form = PromoCodeForm
    list_display = ["code", "off", "theater_names", "valid_from", "valid_until", "max_uses"]
    list_filter = [("theaters", OwnRelated), ("movies", AutocompleteSelectFilter)]
    search_fields = ["code", "theaters__name"]
    autocomplete_fields = ["theaters", "movies"]
    fieldsets = [
        (None, {"fields": ["code", ("percent", "amount", "currency")]}),
        ("Holds for", {"fields": ["theaters", "movies", "valid_from", "valid_until"]}),
        (
            "Limits",
            {"fields": [("max_uses", "max_uses_per_customer", "minimum_tickets")]},
        ),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("theaters")

    def belonging_to(self, rows, user):
        theirs = PromoCode.objects.filter(theaters__in=Theater.objects.managed_by(user))
        return rows.filter(pk__in=theirs.order_by().values("pk"))

    def theaters_of(self, row):
        return row.theaters.all()

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "theaters" and request.user.role != Role.ADMIN:
            field.required = True
        return field

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and self._is_all_theirs(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        return allowed and self._is_all_theirs(request.user, obj)

    def _is_all_theirs(self, user, code) -> bool:
        """Whether no theater that `user` does not manage would feel a change of `code`."""
        others = code and code.theaters.exclude(pk__in=Theater.objects.managed_by(user))
        return not (code and others.exists())

    @display(description="off")
    def off(self, code):
        return money(code.amount, code.currency) or f"{code.percent:f} %"

    @display(description="theaters")
    def theater_names(self, code):
        return ", ".join(theater.name for theater in code.theaters.all()) or "all"
