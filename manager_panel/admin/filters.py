"""Filters that offer what a person may see, and nothing else."""

from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

__all__ = ["Choice", "OwnRelated"]

Choice = ChoicesDropdownFilter


class OwnRelated(RelatedDropdownFilter):
    """Offers the rows that the list of the related model shows this person."""

    def field_choices(self, field, request, model_admin):
        related = model_admin.admin_site.get_model_admin(field.remote_field.model)
        return [(row.pk, str(row)) for row in related.get_queryset(request)]
