"""The history of one row, on its own page: who changed what, the newest first."""

from django.core.paginator import Paginator
from django.template.response import TemplateResponse
from django.utils import timezone

from history.models import Entry

from .columns import local
from .told import changes_of

ON_A_PAGE = 50


def history_page(request, page, row) -> TemplateResponse:
    """The page, in the frame of the admin that `page` belongs to."""
    shown = Paginator(Entry.objects.about(row), ON_A_PAGE).get_page(request.GET.get("p"))
    zone = timezone.get_current_timezone()
    shown.object_list = [
        {"row": one, "when": local(one.at, zone), "changes": changes_of(one)} for one in shown
    ]
    context = {
        **page.admin_site.each_context(request),
        "title": f"What was changed: {row}",
        "page": shown,
        "object": row,
        "opts": page.opts,
    }
    return TemplateResponse(request, "manager_panel/history_of_a_row.html", context)
