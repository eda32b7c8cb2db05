"""What staff changed: to look at, for managers what was changed at their own theaters."""

from django.apps import apps
from django.contrib import admin
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import display

from accounts.models import Role, User
from history.models import Entry
from history.remembering import is_told_of
from theaters.models import Theater

from .columns import local
from .filters import Choice
from .pages import OfOwnTheaters, ToLookAt
from .told import changes_of, in_short, kind_of, zone_of

VERBS = {"added": "success", "changed": "info", "deleted": "danger"}


class Who(DropdownFilter):
    """Those who work here; for a manager, at the same theaters."""

    title = "who"
    parameter_name = "by"

    def lookups(self, request, model_admin):
        staff = User.objects.exclude(role=Role.CUSTOMER)
        if request.user.role != Role.ADMIN:
            staff = staff.filter(theaters__in=Theater.objects.managed_by(request.user)).distinct()
        return [(one.pk, one.username) for one in staff]

    def queryset(self, request, entries):
        return entries.filter(who=self.value()) if self.value() else entries


class What(DropdownFilter):
    """The sort of thing that was changed."""

    title = "what"
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        models = [model for model in apps.get_models() if is_told_of(model)]
        names = [(one._meta.label_lower, str(one._meta.verbose_name)) for one in models]
        return sorted(names, key=lambda name: name[1])

    def queryset(self, request, entries):
        return entries.filter(kind=self.value()) if self.value() else entries


@admin.register(Entry)
class EntryAdmin(ToLookAt, OfOwnTheaters):
    list_display = ["when", "who_did", "did", "sort", "title", "in_short", "door"]
    list_filter = [What, Who, ("verb", Choice), ("door", Choice)]
    search_fields = ["title", "who_name", "=object_id"]
    date_hierarchy = "at"
    ordering = ["-pk"]
    fields = ["when", ("who_did", "door"), ("verb", "sort", "subject"), "before_and_after"]

    def belonging_to(self, rows, user):
        return rows.of_theaters(Theater.objects.managed_by(user))

    def theaters_of(self, row):
        return Theater.objects.filter(pk=row.theater)

    def zone(self, request, object_id=None):
        """That of its theater, if there is one still; else as every list."""
        row = object_id and self.get_object(request, object_id)
        return row and zone_of(row) or super().zone(request)

    @display(description="when", ordering="at")
    def when(self, entry):
        return local(entry.at, timezone.get_current_timezone())

    @display(description="who", ordering="who_name")
    def who_did(self, entry):
        return entry.who_name or "the system"

    @display(description="did", ordering="verb", label=VERBS)
    def did(self, entry):
        return entry.verb, entry.get_verb_display()

    @display(description="kind")
    def sort(self, entry):
        return kind_of(entry)

    @display(description="before → after")
    def in_short(self, entry):
        return in_short(entry)

    @display(description="what")
    def subject(self, entry):
        """The way to what was changed, unless it is gone."""
        try:
            model = apps.get_model(entry.kind)
        except LookupError:
            return entry.title
        if not model._base_manager.filter(pk=entry.object_id).exists():
            return f"{entry.title} (it is gone)"
        if not self.admin_site.is_registered(model):
            return entry.title
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        page = reverse(name, args=[entry.object_id])
        return format_html('<a class="underline" href="{}">{}</a>', page, entry.title)

    @display(description="before and after")
    def before_and_after(self, entry):
        return render_to_string("manager_panel/changes.html", {"changes": changes_of(entry)})
