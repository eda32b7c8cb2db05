"""Rows that are edited on the page of what they belong to."""

from unfold.admin import TabularInline
from unfold.forms import PaginationInlineFormSet

from .choices import Chosen, OwnChoices
from .roles import ByRole


class Rows(PaginationInlineFormSet):
    """Rows of one page, which know what they belong to and what they lead to."""

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        if self.instance.pk:
            setattr(form.instance, self.fk.name, self.instance)
        for name, field in form.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            there = form.instance._state.fields_cache.get(name)
            if isinstance(widget, Chosen) and there:
                widget.known = {str(there.pk): str(there)}
        return form


class Part(ByRole, OwnChoices, TabularInline):
    """Rows on the page of what they belong to. Who may do what is asked of their own page."""

    formset = Rows
    extra = 0
    tab = True
    hide_title = True
    show_change_link = True

    def may(self, request, verb):
        return self.admin_site.get_model_admin(self.model).may(request, verb)

    def get_queryset(self, request):
        """Those that are chosen from a list come along."""
        return super().get_queryset(request).select_related(*self.autocomplete_fields or [None])
