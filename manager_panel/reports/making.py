"""The jobs behind reports: making what was ordered, ordering again what repeats, sweeping."""

import logging

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import outbox
from theaters.models import Theater

from ..models import Report
from . import sales
from .distributors import distributors_return
from .files import WRITERS
from .table import Table

log = logging.getLogger(__name__)

TABLES = {
    Report.Kind.SHOWTIMES: sales.by_showtime,
    Report.Kind.FILMS: sales.by_film,
    Report.Kind.DAYS: sales.by_day,
    Report.Kind.SCREENS: sales.by_screen,
    Report.Kind.SELLERS: sales.by_seller,
    Report.Kind.PAYMENTS: sales.by_payment,
    Report.Kind.STATEMENT: sales.statement,
    Report.Kind.DISTRIBUTOR: distributors_return,
}
# Reading is most of the work; the rest is writing the file.
READ = 90


class NotWanted(Exception):
    """Somebody deleted the report while it was made."""


def make_reports() -> int:
    """Make one report that was ordered: money is not kept waiting by a second one."""
    return sum(_made(report) for report in Report.objects.to_make().claim(1))


def _made(report: Report) -> bool:
    """Whether it was. One that cannot be made says so, and somebody may try it again."""
    if not report.begin():
        return False
    try:
        table = table_of(report)
        with WRITERS[report.format](table) as file:
            report.finish(File(file), len(table.rows))
    except NotWanted:
        return False
    except Exception:
        log.exception("Report %s cannot be made", report.pk)
        report.fail("Something went wrong while it was made. The log of the jobs says what.")
        return False
    _tell(report)
    return True


def table_of(report: Report) -> Table:
    """What `report` says. Raises NotWanted if it was deleted meanwhile."""

    def say(done: int, of: int):
        if not report.say(READ * done // of):
            raise NotWanted

    theaters = list(report.theaters.order_by("name", "pk"))
    more = {"movie": report.movie} if report.kind == Report.Kind.DISTRIBUTOR else {}
    table = TABLES[report.kind](theaters, report.first, report.last, say, **more)
    table.title, table.about = str(report), _about(report, theaters)
    return table


def _about(report: Report, theaters: list[Theater]) -> list[tuple[str, str]]:
    film = [("Film", report.movie.title)] if report.movie else []
    return [
        ("Theaters", "; ".join(map(_in_full, theaters))),
        *film,
        ("Cinema days", f"{report.first} – {report.last}, each from 03:00 to 02:59"),
        ("As of", f"{timezone.now():%Y-%m-%d %H:%M} UTC"),
    ]


def _in_full(theater: Theater) -> str:
    """As on its invoices, as far as somebody has said it."""
    place = ", ".join(filter(None, [theater.name, theater.city]))
    seller = " ".join(filter(None, [theater.legal_name, theater.tax_id]))
    return f"{place} ({seller})" if seller else place


def order_reports_again() -> int:
    """Order what repeats and is due; beside other workers."""
    done = 0
    for key in Report.objects.exclude(repeats="").values_list("pk", flat=True):
        while _ordered_again(key):
            done += 1
    return done


@transaction.atomic
def _ordered_again(key: int) -> bool:
    locked = Report.objects.select_for_update(skip_locked=True, of=("self",))
    report = locked.exclude(repeats="").select_related("ordered_by").filter(pk=key).first()
    if report is None or not report.is_due_again(timezone.now()):
        return False
    own = Theater.objects.managed_by(report.ordered_by).filter(pk__in=report.theaters.all())
    if not own or not report.ordered_by.is_active:
        # Whoever ordered it works there no more, or the theaters are gone.
        Report.objects.filter(pk=key).update(repeats="", next_last=None)
        return False
    report.order_again(own)
    return True


def _tell(report: Report):
    """Whoever ordered a report that repeats hears by mail that the next one is ready."""
    person = report.ordered_by
    if not report.follows_id or not person.email or not person.is_active:
        return
    if not Report.objects.managed_by(person).filter(pk=report.pk).exists():
        return
    page = reverse("admin:manager_panel_report_change", args=[report.pk])
    words = f"{report} is ready:\n\n{settings.SITE_URL}{page}\n"
    try:
        outbox.put(
            to=person.email,
            sender="Marquee",
            reply_to="",
            subject=f"Report: {report}",
            text=words,
            html="",
            papers={},
        )
    except ValidationError as error:
        log.warning("Nobody is told of report %s: %s", report.pk, error)


def sweep_reports() -> int:
    """Delete reports that are old, with their files."""
    return Report.objects.too_old().delete()[0]
