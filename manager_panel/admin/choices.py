"""What forms offer to choose from: what the list of the other model shows this person."""

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from .forms import AmountField, SaysWhy
from .moments import OF_DAYS_AND_TIMES


def understood(field: models.Field, value: str) -> bool:
    """Whether `value`, from an address or a form, can be one of `field`."""
    try:
        field.run_validators(field.to_python(value))
    except (ValidationError, ValueError, OverflowError):
        return False
    return True


class Chosen(AutocompleteSelect):
    """
    Shows again what was chosen, where that can be a row at all. What is `known`, by its key, need
    not be looked up.
    """

    known = {}

    def optgroups(self, name, value, attrs=None):
        if value and set(value) <= self.known.keys():
            empty = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
            chosen = (self.create_option(name, one, self.known[one], True, 1) for one in value)
            return [(None, [*empty, *chosen], 0)]
        key = self.field.remote_field.model._meta.pk
        known = [one for one in value if not one or understood(key, one)]
        return super().optgroups(name, known, attrs)


class ChosenOnes(Chosen, AutocompleteSelectMultiple):
    """The same for several."""


class OwnChoices:
    """Foreign keys offer, and accept, what the list of the related model shows this person."""

    form = SaysWhy
    formfield_overrides = OF_DAYS_AND_TIMES

    def get_field_queryset(self, db, db_field, request):
        return self.admin_site.get_model_admin(db_field.remote_field.model).get_queryset(request)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "movie":
            kwargs.setdefault("label", "Film")
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = Chosen(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = ChosenOnes(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, models.DateTimeField) and not db_field.help_text:
            kwargs.setdefault("help_text", f"Time zone: {timezone.get_current_timezone_name()}.")
        if isinstance(db_field, models.DecimalField):
            kwargs.setdefault("form_class", AmountField)
        if isinstance(db_field, models.URLField):
            kwargs.setdefault("assume_scheme", "https")
        return super().formfield_for_dbfield(db_field, request, **kwargs)
