"""Filters that offer what a person may see, and nothing else."""

from django.contrib.admin import EmptyFieldListFilter
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RelatedDropdownFilter,
)

__all__ = ["Choice", "OfFilm", "OwnRelated", "Whether"]

Choice = ChoicesDropdownFilter
# Of a field in which there is something, or nothing: what that means.
MEANS = {
    "admitted_at": "admitted",
    "closed_at": "closed",
    "disputed_at": "disputed",
    "error": "with an error",
    "flag": "flagged",
    "hidden_at": "hidden",
    "processed_at": "processed",
    "settled_at": "settled",
    "stripe_refusal": "refused by Stripe",
    "written_at": "written",
}


class Whether(EmptyFieldListFilter):
    """Rows with something in a field, or without: yes or no."""

    def __init__(self, field, *args, **kwargs):
        super().__init__(field, *args, **kwargs)
        self.title = MEANS[field.name]

    def choices(self, changelist):
        for words, choice in zip(["All", "No", "Yes"], super().choices(changelist), strict=True):
            yield choice | {"display": words}


class OfFilm(AutocompleteSelectFilter):
    """Rows about one film."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = "film"


class OwnRelated(RelatedDropdownFilter):
    """Offers the rows that the list of the related model shows this person."""

    def field_choices(self, field, request, model_admin):
        related = model_admin.admin_site.get_model_admin(field.remote_field.model)
        return [(row.pk, str(row)) for row in related.get_queryset(request)]
