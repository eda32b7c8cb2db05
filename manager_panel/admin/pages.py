"""What all pages of the admin have in common, and the rule that managers see own theaters only."""

import logging
from datetime import UTC
from functools import wraps
from operator import attrgetter
from zoneinfo import ZoneInfo

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import (
    BadRequest,
    FieldDoesNotExist,
    PermissionDenied,
)
from django.db import DatabaseError, DataError, models
from django.http import Http404, HttpResponseRedirect
from django.utils import timezone
from unfold.admin import ModelAdmin

from accounts.models import Role
from history.remembering import is_told_of
from showtimes.contention import Busy
from theaters.models import Theater

from .choices import OwnChoices, understood
from .deleting import in_numbers
from .lists import CountedTo, List
from .meanwhile import AS_OF, entries_about, knowing, newest
from .roles import LOOK, ByRole
from .row_history import history_page
from .searching import found
from .words import DELETING, FIRST, NOTHING_WAITS, SEARCHES, WHAT

log = logging.getLogger(__name__)
PATTERNS = ("regex", "iregex")


def tried_again(view):
    """
    A form that the database refused (somebody was faster, or too many wanted the same row) is sent
    a second time: now its own checks see what is there, and say it. After that, say that we are
    busy. Nothing of the first attempt is left: each is one transaction.
    """

    @wraps(view)
    def run(self, request, *args, **kwargs):
        if request.method != "POST":
            return view(self, request, *args, **kwargs)
        try:
            return view(self, request, *args, **kwargs)
        except OverflowError as error:
            raise BadRequest("A number is larger than any that we keep.") from error
        except (DatabaseError, Busy) as error:
            log.info("Trying %s again: %s", request.path, error)
        try:
            return view(self, request, *args, **kwargs)
        except (DatabaseError, Busy):
            log.exception("%s was refused twice", request.path)
            messages.error(request, "The database refused that. Nothing was changed; try again.")
            return HttpResponseRedirect(request.get_full_path())

    return run


class ToLookAt:
    """What is shown and never typed, for admins and managers alike. Names all its fields."""

    admins_may = managers_may = LOOK
    fields = fieldsets = None
    paginator = CountedTo

    def get_readonly_fields(self, request, obj=None):
        return flatten_fieldsets(self.fieldsets or [(None, {"fields": self.fields})])


class SavesWhatItShows(admin.ModelAdmin):
    """
    A status that changes while a form is open is not undone by sending the form. `follows` names
    what the model works out from what is typed.
    """

    follows = ()

    def save_model(self, request, obj, form, change):
        shown = {name for name, field in form.fields.items() if not field.disabled}
        shown = shown.union(self.follows) - {obj._meta.pk.name}
        fields = [field.name for field in obj._meta.concrete_fields if field.name in shown]
        obj.save(update_fields=fields if change else None)


class Page(ByRole, OwnChoices, ModelAdmin, SavesWhatItShows):
    """The list and the forms of one model."""

    compressed_fields = False
    list_filter_submit = True
    list_per_page = 50
    show_full_result_count = False
    change_list_template = "manager_panel/change_list.html"
    warn_unsaved_form = True
    list_after_template = "manager_panel/list_empty.html"
    delete_confirmation_template = "manager_panel/delete.html"
    delete_selected_confirmation_template = "manager_panel/delete_selected.html"
    secrets = ()

    def get_changelist(self, request, **kwargs):
        return List

    @property
    def nothing_waits(self) -> str | None:
        """That nobody has to do anything about these rows."""
        return NOTHING_WAITS.get(self.opts.label_lower)

    @property
    def search_help_text(self) -> str | None:
        """What a search looks at."""
        return SEARCHES.get(self.opts.label_lower)

    @property
    def what_it_is(self) -> str | None:
        """What is in the list, where its name says too little."""
        return WHAT.get(self.opts.label_lower)

    @property
    def first_step(self) -> str | None:
        """What to do where there are no rows yet."""
        return FIRST.get(self.opts.label_lower)

    def get_queryset(self, request):
        """What this person may see; related rows that every title needs come along."""
        rows = super().get_queryset(request)
        if not self.has_view_permission(request):
            return rows.none()
        return rows.select_related(*self.list_select_related) if self.list_select_related else rows

    def get_object(self, request, object_id, from_field=None):
        """
        The row, if this person may see it. To those who see others of its kind it is not there:
        Http404, whatever they want of it. To all others the door is closed before anybody looks.
        """
        row = super().get_object(request, object_id, from_field)
        if row is None and self.has_view_permission(request):
            raise Http404
        return row

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise PermissionDenied

    def zone(self, request, object_id=None):
        """The time zone in which the page of `object_id`, or the list, shows times."""
        return UTC

    @tried_again
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        with timezone.override(self.zone(request, object_id)):
            return self._rendered(
                super().changeform_view(request, object_id, form_url, extra_context)
            )

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Who sends a form that others have overtaken is told so, once."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if change and AS_OF in request.POST and is_told_of(self.model):
            return knowing(form, entries_about(self, request, obj), request.POST[AS_OF])
        return form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change and is_told_of(self.model) and self.has_change_permission(request, obj):
            context["as_of"] = newest(entries_about(self, request, obj))
        return super().render_change_form(request, context, add, change, form_url, obj)

    @tried_again
    def changelist_view(self, request, extra_context=None):
        """The list; for filters in the address that make no sense, the list without them."""
        try:
            with timezone.override(self.zone(request)):
                return self._rendered(super().changelist_view(request, extra_context))
        except (ValueError, IndexError, OverflowError, DataError):
            if request.method == "POST" or request.GET.keys() <= {ERROR_FLAG}:
                raise
            return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")

    @tried_again
    def delete_view(self, request, object_id, extra_context=None):
        means = {"means": DELETING.get(self.opts.label_lower)}
        return super().delete_view(request, object_id, (extra_context or {}) | means)

    def history_view(self, request, object_id, extra_context=None):
        """What staff changed of it; of what is not remembered so, what Django's admin noted."""
        with timezone.override(self.zone(request, object_id)):
            if not is_told_of(self.model):
                return self._rendered(super().history_view(request, object_id, extra_context))
            row = self.get_object(request, unquote(object_id))
            if row is None:
                raise PermissionDenied
            return self._rendered(history_page(request, self, row))

    def response_action(self, request, queryset):
        """Rows that were ticked are looked up by ids that can be ids."""
        request.POST = request.POST.copy()
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        ticked = [value for value in ticked if understood(self.opts.pk, value)]
        request.POST.setlist(ACTION_CHECKBOX_NAME, ticked)
        response = super().response_action(request, queryset)
        if getattr(response, "context_data", None) is not None:
            response.context_data["means"] = DELETING.get(self.opts.label_lower)
        return response

    def get_changeform_initial_data(self, request):
        """What the address prefills, without what is no value of its field."""
        initial = super().get_changeform_initial_data(request)
        return {
            name: self._prefilled(name, value)
            for name, value in initial.items()
            if self._can_be(name, value)
        }

    def get_deleted_objects(self, objs, request):
        """What goes along, and what stands in the way, in numbers where nobody reads a list."""
        objs = list(objs)
        return in_numbers(self.model, objs) or super().get_deleted_objects(objs, request)

    def get_search_results(self, request, queryset, search_term):
        # PostgreSQL has no text with a NUL in it.
        text = search_term.replace("\x00", "")
        return found(queryset, self.get_search_fields(request), text), False

    def lookup_allowed(self, lookup, value, request):
        """
        Nobody may guess a secret letter by letter through the address of a list, or keep the
        database busy with a pattern.
        """
        parts = lookup.split("__")
        refused = parts[0] in self.secrets or parts[-1] in PATTERNS
        return not refused and super().lookup_allowed(lookup, value, request)

    def _can_be(self, name, value) -> bool:
        try:
            field = self.opts.get_field(name)
        except FieldDoesNotExist:
            return False
        if field.is_relation:
            field = field.related_model._meta.pk
        values = value if isinstance(value, list) else [value]
        return all(understood(field, value) for value in values)

    def _prefilled(self, name, value):
        field = self.opts.get_field(name)
        return field.to_python(value) if isinstance(field, models.DateField) else value

    def _rendered(self, response):
        """The response, rendered here, while the time zone of the page is the current one."""
        return response.render() if hasattr(response, "render") else response


class OfOwnTheaters(Page):
    """
    Rows that belong to a theater: managers see and touch those of their own. `theater` is the path
    that leads there. Times are those of the theater's clocks.
    """

    theater = "theater"

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if getattr(request.user, "role", None) == Role.ADMIN:
            return rows
        return self.belonging_to(rows, request.user)

    def belonging_to(self, rows, user):
        """Those of `rows` that belong to the theaters that `user` manages."""
        return rows.filter(**{f"{self.theater}__in": Theater.objects.managed_by(user)})

    def theaters_of(self, row) -> list[Theater]:
        """The theaters by whose clocks the page of `row` goes."""
        return [attrgetter(self.theater.replace("__", "."))(row)]

    def zone(self, request, object_id=None):
        """That of the row's theater; else the one that all theaters of this person share; UTC."""
        row = object_id and self.get_object(request, unquote(object_id))
        return self.common_zone(self.theaters_of(row) if row else self._own(request))

    def common_zone(self, theaters):
        """The one time zone of all `theaters`, or UTC."""
        zones = {theater.timezone for theater in theaters}
        return ZoneInfo(zones.pop()) if len(zones) == 1 else UTC

    def _own(self, request):
        return Theater.objects.managed_by(request.user).only("timezone")
