"""Reports: somebody orders one, the jobs make it, and those of its theaters may have the file."""

import uuid
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.files.storage import storages
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from rest_framework import status
from rest_framework.exceptions import APIException

from accounts.models import Role
from history.remembering import Remembered, RememberedQuerySet, Remembers
from movies.models import Movie
from payments.models.claims import Claimable, ClaimQuerySet
from theaters.models import Theater, cinema_date, cinema_day

KEPT = timedelta(days=14)
MOST_TRIES = 3
# Whoever works on a report says so more often than this.
ALIVE = timedelta(minutes=2)
# A sale that was made a moment before the day ended may be committed a moment after.
GRACE = timedelta(minutes=15)
A_DAY = timedelta(days=1)
WEDNESDAY = 2


class NothingToTryAgain(APIException):
    """The report did not fail, or somebody else tries it again already."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "nothing_to_try_again"
    default_detail = "This report is being made, or is ready."


def where_files_are():
    """A folder that no address leads to."""
    return storages["reports"]


def named_by_nobody(report, name: str) -> str:
    """What a stranger cannot guess, and cannot influence."""
    return f"{uuid.uuid4().hex}.{report.format}"


class ReportQuerySet(RememberedQuerySet, ClaimQuerySet):
    def managed_by(self, user):
        """Those of which `user` manages every theater; all of them for an admin."""
        if getattr(user, "role", None) == Role.ADMIN:
            return self
        own = Theater.objects.managed_by(user)
        others = Report.theaters.through.objects.exclude(theater__in=own)
        return self.filter(theaters__in=own).exclude(pk__in=others.values("report")).distinct()

    def to_make(self):
        """Those that wait for a worker, or whose worker has not been heard of for a while."""
        return self.filter(status__in=[Report.Status.WAITING, Report.Status.WORKING])

    def too_old(self):
        """Those that were ordered so long ago that nobody needs them; not those that repeat."""
        return self.filter(ordered_at__lt=timezone.now() - KEPT, repeats="").exclude(
            status=Report.Status.WORKING
        )


class Report(Remembered, Claimable):
    """
    Figures of `theaters` on the cinema days from `first` to `last`, as a file. One that `repeats`
    is ordered again, for the days that follow, when `next_last` is over.

    waiting → working → done or failed; what failed may be tried again.
    """

    class Kind(models.TextChoices):
        SHOWTIMES = "showtimes", "Sales by showtime"
        FILMS = "films", "Sales by film"
        DAYS = "days", "Sales by day"
        SCREENS = "screens", "Sales by screen"
        SELLERS = "sellers", "Sales by seller"
        PAYMENTS = "payments", "Sales by way to pay"
        STATEMENT = "statement", "Money statement of each showtime"
        DISTRIBUTOR = "distributor", "Distributor's return"

    class Format(models.TextChoices):
        XLSX = "xlsx", "Spreadsheet (XLSX)"
        CSV = "csv", "CSV"

    class Repeats(models.TextChoices):
        NEVER = "", "Only this once"
        WEEKLY = "weekly", "Every Thursday, of the week before (Thursday to Wednesday)"
        MONTHLY = "monthly", "On the 1st, of the month before"

    class Status(models.TextChoices):
        WAITING = "waiting"
        WORKING = "working"
        DONE = "done"
        FAILED = "failed"

    # Who ordered what; how far it is, the jobs know.
    remembers = Remembers(
        theater="only_theater",
        but_not=[
            *("status", "progress", "error", "rows", "file", "done_at"),
            *("tries", "next_try_at", "next_last", "ordered_at"),
        ],
        lists=["theaters"],
    )

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.SHOWTIMES)
    theaters = models.ManyToManyField(Theater, related_name="+")
    movie = models.ForeignKey(
        Movie,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="film",
        help_text="Of a distributor's return: only this one. Empty: all films.",
    )
    first = models.DateField("from", help_text="A cinema day ends at three in the night.")
    last = models.DateField("to", help_text="This day, too.")
    format = models.CharField(max_length=4, choices=Format, default=Format.XLSX)
    repeats = models.CharField(max_length=7, choices=Repeats, default=Repeats.NEVER, blank=True)
    next_last = models.DateField("next one up to", null=True, blank=True, editable=False)
    follows = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        related_name="followed_by",
        null=True,
        blank=True,
        editable=False,
        help_text="The one that repeats, of which this is one.",
    )
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reports", editable=False
    )
    ordered_at = models.DateTimeField(default=timezone.now, editable=False)

    status = models.CharField(max_length=7, choices=Status, default=Status.WAITING, editable=False)
    progress = models.PositiveSmallIntegerField(
        default=0, editable=False, validators=[MaxValueValidator(100)], help_text="Per cent."
    )
    error = models.CharField(max_length=300, blank=True, editable=False)
    rows = models.PositiveIntegerField(null=True, blank=True, editable=False)
    file = models.FileField(
        storage=where_files_are, upload_to=named_by_nobody, blank=True, editable=False
    )
    done_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-ordered_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")), name="a_report_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(repeats="", next_last=None)
                | ~Q(repeats="") & Q(next_last__isnull=False),
                name="a_report_that_repeats_knows_when",
            ),
        ]

    def __str__(self):
        days = f"{self.first:%d %b %Y}"
        if self.last != self.first:
            days += f" – {self.last:%d %b %Y}"
        return f"{self.get_kind_display()}, {days}"

    @property
    def only_theater(self) -> int | None:
        """The id of the theater it is about, where that is one."""
        keys = list(self.theaters.order_by().values_list("pk", flat=True)[:2]) if self.pk else []
        return keys[0] if len(keys) == 1 else None

    @property
    def file_name(self) -> str:
        """What the file is called on somebody's disk."""
        return f"{self.kind}-{self.first}-{self.last}.{self.format}"

    @property
    def kept_until(self) -> datetime:
        return self.ordered_at + KEPT

    @property
    def is_on_its_way(self) -> bool:
        return self.status in (self.Status.WAITING, self.Status.WORKING)

    def say(self, progress: int) -> bool:
        """So many per cent are done, and its worker lives. False if nobody wants it any more."""
        return bool(
            Report.objects.filter(pk=self.pk, status=self.Status.WORKING).update(
                progress=progress, next_try_at=timezone.now() + ALIVE
            )
        )

    def begin(self) -> bool:
        """A worker begins with it. False, and it has failed, if that was tried often enough."""
        if self.tries >= MOST_TRIES:
            self.fail("Making it was begun several times, and never finished.")
            return False
        return bool(
            Report.objects.to_make()
            .filter(pk=self.pk)
            .update(status=self.Status.WORKING, progress=0, next_try_at=timezone.now() + ALIVE)
        )

    def finish(self, file, rows: int):
        """Its `file` is ready. The file of one that was deleted meanwhile is deleted, too."""
        self.file.save(self.file_name, file, save=False)
        ready = {"file": self.file.name, "rows": rows, "progress": 100, "error": ""}
        done = Report.objects.filter(pk=self.pk, status=self.Status.WORKING).update(
            status=self.Status.DONE, done_at=timezone.now(), **ready
        )
        if not done:
            self.file.storage.delete(self.file.name)

    def fail(self, why: str):
        """It could not be made, as `why` says to people."""
        Report.objects.to_make().filter(pk=self.pk).update(
            status=self.Status.FAILED, error=why[:300]
        )

    def try_again(self):
        """Have it made once more. Raises NothingToTryAgain."""
        failed = Report.objects.filter(pk=self.pk, status=self.Status.FAILED)
        if not failed.update(
            status=self.Status.WAITING, tries=0, progress=0, error="", next_try_at=timezone.now()
        ):
            raise NothingToTryAgain

    def next_period(self) -> tuple[date, date] | None:
        """The next days that it repeats for; they end with `next_last`."""
        if not self.next_last:
            return None
        if self.repeats == self.Repeats.WEEKLY:
            return self.next_last - timedelta(days=6), self.next_last
        return self.next_last.replace(day=1), self.next_last

    def is_due_again(self, now: datetime) -> bool:
        """Whether the next days are over at all of its theaters."""
        zones = {theater.timezone for theater in self.theaters.all()}
        return all(now >= cinema_day(self.next_last, zone)[1] + GRACE for zone in zones)

    @transaction.atomic
    def order_again(self, theaters) -> "Report":
        """
        Order the next one, of `theaters`; must hold the lock of this row. If these are not all of
        its own, whoever ordered it does not see it any more: from now on the new one repeats.
        """
        first, last = self.next_period()
        after = {"repeats": self.repeats, "next_last": next_end(self.repeats, last + A_DAY)}
        never = {"repeats": Report.Repeats.NEVER, "next_last": None}
        is_whole = set(theaters) == set(self.theaters.all())
        Report.objects.filter(pk=self.pk).update(**(after if is_whole else never))
        one = Report.objects.create(
            kind=self.kind,
            movie=self.movie,
            first=first,
            last=last,
            format=self.format,
            follows=self,
            ordered_by=self.ordered_by,
            **({} if is_whole else after),
        )
        one.theaters.set(theaters)
        return one


def first_end(repeats: str, theaters) -> date | None:
    """The last day of the first week or month that is not over at one of `theaters`."""
    now = timezone.now()
    days = [cinema_date(now, theater.timezone) for theater in theaters]
    return next_end(repeats, min(days, default=now.date()))


def next_end(repeats: str, day: date) -> date | None:
    """The last day of the week (Thursday to Wednesday), or the month, that `day` is in."""
    if repeats == Report.Repeats.WEEKLY:
        return day + timedelta(days=(WEDNESDAY - day.weekday()) % 7)
    if repeats == Report.Repeats.MONTHLY:
        return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return None
