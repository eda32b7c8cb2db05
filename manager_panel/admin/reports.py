"""Reports: ordered here, made by the jobs, and fetched here by those who manage their theaters."""

from datetime import timedelta

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelectWidget

from manager_panel.models import Report, first_end, next_end
from manager_panel.rooms.dashboard.periods import today_at
from manager_panel.rooms.statement import statement_page
from movies.models import Movie
from showtimes.models import Showtime
from theaters.models import Theater

from .columns import COLOURS, local
from .dialogs import DialogForm, Dialogs
from .filters import Choice, OwnRelated
from .forms import SaysWhy
from .pages import OfOwnTheaters
from .roles import EDIT

__all__ = ["ReportAdmin"]
MOST_DAYS = 3 * 366
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
WEEK = timedelta(days=7)


class ReportForm(SaysWhy):
    """Orders a report; of one that was ordered, only whether it repeats can change."""

    class Meta:
        labels = {"kind": "Report"}

    def clean(self):
        chosen = super().clean()
        first, last = chosen.get("first"), chosen.get("last")
        if first and last and first > last:
            self.add_error("last", "This day is before the first.")
        elif first and last and (last - first).days >= MOST_DAYS:
            self.add_error("last", "A report covers three years at most.")
        elif first and first.year < 2000 or last and last.year > 2100:
            raise ValidationError("There is nothing to report that far away.")
        if chosen.get("kind", Report.Kind.DISTRIBUTOR) != Report.Kind.DISTRIBUTOR:
            chosen["movie"] = None
        return chosen


@admin.register(Report)
class ReportAdmin(Dialogs, OfOwnTheaters):
    admins_may = managers_may = EDIT
    theater = "theaters"
    form = ReportForm
    list_display = ["title", "where", "state", "download", "repeats_when", "ordered_by", "ordered"]
    list_select_related = ["ordered_by"]
    list_filter = [
        ("theaters", OwnRelated),
        ("kind", Choice),
        ("status", Choice),
        ("repeats", Choice),
    ]
    search_fields = ["theaters__name", "movie__title", "ordered_by__full_name"]
    date_hierarchy = "ordered_at"
    add_fieldsets = [
        (None, {"fields": ["kind", "theaters", ("first", "last"), "movie"]}),
        ("File", {"fields": ["format", "repeats"]}),
    ]
    fieldsets = [
        (None, {"fields": ["made"]}),
        ("What was ordered", {"fields": ["kind", "where", ("first", "last"), "movie", "format"]}),
        ("Again", {"fields": ["repeats", "next_last"]}),
        ("By", {"fields": [("orderer", "ordered")]}),
    ]
    actions_detail = ["try_again"]
    # The page of a report that was ordered has no such fields to choose from.
    conditional_fields = {"movie": "typeof kind === 'undefined' || kind === 'distributor'"}

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("theaters")

    def belonging_to(self, rows, user):
        return rows.managed_by(user)

    def theaters_of(self, row):
        return list(row.theaters.all())

    def get_fieldsets(self, request, obj=None):
        return self.fieldsets if obj else self.add_fieldsets

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        one_button = {"show_save_and_add_another": False, "show_save_and_continue": False}
        context = one_button | (extra_context or {})
        return super().changeform_view(request, object_id, form_url, context)

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        shown = {name for _, part in self.fieldsets for name in _flat(part["fields"])}
        may_stop = obj.repeats or not obj.follows_id
        return sorted(shown - ({"repeats"} if may_stop else set()))

    def get_changeform_initial_data(self, request):
        """The cinema week that is over, at all theaters of whoever asks."""
        own = list(Theater.objects.managed_by(request.user))
        last = next_end(Report.Repeats.WEEKLY, today_at(own)) - WEEK
        begin = {"first": last - WEEK + timedelta(days=1), "last": last}
        begin["theaters"] = [theater.pk for theater in own] if len(own) <= 10 else []
        return begin | super().get_changeform_initial_data(request)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offers the films that were shown in one's own theaters, the newest first."""
        if db_field.name == "movie":
            own = Theater.objects.managed_by(request.user)
            shown = Showtime.objects.filter(movie=OuterRef("pk"), screen__theater__in=own)
            films = Movie.objects.filter(Exists(shown)).order_by("-release_date", "title")
            kwargs |= {"queryset": films, "empty_label": "All films"}
            kwargs["widget"] = UnfoldAdminSelectWidget()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def response_add(self, request, obj, post_url_continue=None):
        """On to its own page, which says how far it is."""
        page = reverse("admin:manager_panel_report_change", args=[obj.pk])
        return HttpResponseRedirect(page)

    def save_model(self, request, obj, form, change):
        """It repeats from the week, or the month, on that is not over."""
        if not change:
            obj.ordered_by = request.user
        if not change or "repeats" in form.changed_data:
            theaters = form.cleaned_data.get("theaters") or obj.theaters.all()
            obj.next_last = first_end(obj.repeats, theaters)
        obj.save(update_fields=["repeats", "next_last"] if change else None)

    def get_urls(self):
        inside = self.admin_site.admin_view
        own = [
            path("<path:object_id>/progress/", inside(self.progress), name="report_progress"),
            path("<path:object_id>/file/", inside(self.file), name="report_file"),
            path("statement/<int:showtime>/", inside(statement_page), name="statement"),
        ]
        return own + super().get_urls()

    def progress(self, request, object_id):
        """How far it is: what the page asks for again and again, until it is ready."""
        return TemplateResponse(
            request, "manager_panel/report_made.html", _made(self.own(request, object_id))
        )

    def file(self, request, object_id):
        """The file, for whoever may see the report."""
        report = self.own(request, object_id)
        if report.status != Report.Status.DONE or not report.file:
            raise Http404
        try:
            file = report.file.open("rb")
        except FileNotFoundError as error:
            raise Http404 from error
        answer = FileResponse(
            file, as_attachment=True, filename=report.file_name, content_type=TYPES[report.format]
        )
        answer["Cache-Control"] = "private, no-store"
        return answer

    def get_actions_detail(self, request, object_id):
        """What failed may be tried again."""
        report = self.find(request, object_id)
        if report is None or report.status != Report.Status.FAILED:
            return []
        return super().get_actions_detail(request, object_id)

    @action(
        description="Try again",
        permissions=["view"],
        dialog={
            "title": "Try again",
            "description": "Have this report made once more.",
            "form_class": DialogForm,
            "form_submit_text": "Try again",
        },
    )
    def try_again(self, request, form, object_id):
        report = self.own(request, object_id)
        return self.done(request, report, report.try_again, said="It is made once more.")

    @display(description="report", ordering="kind")
    def title(self, report):
        return str(report)

    @display(description="theaters")
    def where(self, report):
        return ", ".join(sorted(theater.name for theater in report.theaters.all()))

    @display(description="status", ordering="status", label=COLOURS)
    def state(self, report):
        words = report.get_status_display()
        return report.status, f"{words}, {report.progress} %" if report.progress % 100 else words

    @display(description="file")
    def download(self, report):
        if report.status != Report.Status.DONE:
            return None
        words = '<a class="text-link" href="{}" download aria-label="Download {}">{}</a>'
        link = reverse("admin:report_file", args=[report.pk])
        return format_html(words, link, report.file_name, report.format.upper())

    @display(description="ordered by")
    def orderer(self, report):
        return str(report.ordered_by)

    @display(description="ordered", ordering="ordered_at")
    def ordered(self, report):
        theaters = list(report.theaters.all())
        return local(report.ordered_at, self.common_zone(theaters))

    @display(description="again", ordering="repeats")
    def repeats_when(self, report):
        return report.repeats.capitalize() or None

    @display(description="file")
    def made(self, report):
        return render_to_string("manager_panel/report_made.html", _made(report))


def _flat(fields) -> list[str]:
    return [name for one in fields for name in ([one] if isinstance(one, str) else one)]


def _again(report: Report) -> str:
    """The way to a form that is filled in like this one."""
    like = {
        "kind": report.kind,
        "theaters": ",".join(str(theater.pk) for theater in report.theaters.all()),
        "first": report.first.isoformat(),
        "last": report.last.isoformat(),
        "format": report.format,
    }
    film = {"movie": report.movie_id} if report.movie_id else {}
    return reverse("admin:manager_panel_report_add", query=like | film)


def _made(report: Report) -> dict:
    return {
        "again_url": _again(report),
        "report": report,
        "progress_url": reverse("admin:report_progress", args=[report.pk]),
        "file_url": reverse("admin:report_file", args=[report.pk]),
    }
