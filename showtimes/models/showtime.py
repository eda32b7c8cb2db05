"""A showing of a film: its place in the timetable, its sale, and the taking of its seats."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from history.remembering import Remembered, Remembers
from movies.models import Movie
from theaters.admission import Admission
from theaters.models import Screen, Seat, Theater

from .queryset import ShowtimeQuerySet
from .sale import CLOSED_SENTENCES, SalesClosed, Status, closed_because
from .taken_seat import SeatsRemoved, SeatsTaken, TakenSeat

MOST_MINUTES = 240


class Showtime(Remembered):
    """
    One showing of a film. `starts_at` is when the adverts begin, `ends_at` when the screen is clean
    again; both in UTC. How it gets its place on the screen: showtimes.planning.
    """

    remembers = Remembers(
        theater="screen.theater_id",
        related=["movie", "screen__theater"],
        but_not=["ends_at", "moved_at", "cancelled_at", "emptied_at"],
    )
    Status = Status

    class Format(models.TextChoices):
        TWO_D = "2d", "2D"
        THREE_D = "3d", "3D"
        IMAX = "imax", "IMAX"
        IMAX_3D = "imax_3d", "IMAX 3D"
        DOLBY = "dolby", "Dolby Cinema"
        FILM_70MM = "70mm", "70 mm"

    # Without indexes of their own: those below begin with the same columns, and know when.
    movie = models.ForeignKey(
        Movie, on_delete=models.PROTECT, related_name="showtimes", db_index=False
    )
    screen = models.ForeignKey(
        Screen, on_delete=models.PROTECT, related_name="showtimes", db_index=False
    )
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField()
    advert_minutes = models.PositiveSmallIntegerField(
        default=20,
        validators=[MaxValueValidator(MOST_MINUTES)],
        help_text="Before the film; with trailers.",
    )
    cleaning_minutes = models.PositiveSmallIntegerField(
        default=15,
        validators=[MaxValueValidator(MOST_MINUTES)],
        help_text="After the film, until the screen is free again.",
    )
    preview = models.BooleanField(
        default=False, help_text="May be shown before the film's release date."
    )
    moved_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When its film, screen or start was last changed.",
    )
    language = models.CharField(max_length=10, help_text="Heard, as a BCP 47 tag.")
    subtitles = models.CharField(max_length=10, blank=True, help_text="Read, as a BCP 47 tag.")
    format = models.CharField(max_length=10, choices=Format, default=Format.TWO_D)
    sales_from = models.DateTimeField(null=True, blank=True)
    sales_until = models.DateTimeField(
        null=True, blank=True, help_text="Empty: until the showtime starts."
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancellation_reason = models.CharField(
        max_length=300, blank=True, editable=False, help_text="As customers read it."
    )
    emptied_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When, after it was cancelled, nobody had a seat of it any more.",
    )

    objects = ShowtimeQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["movie", "starts_at"], name="showtimes_of_a_movie"),
            models.Index(fields=["screen", "starts_at"], name="showtimes_of_a_screen"),
            models.Index(
                fields=["cancelled_at"],
                condition=Q(status="cancelled", emptied_at=None),
                name="showtimes_to_empty",
            ),
        ]
        # On PostgreSQL migration 0002 adds no_two_showtimes_overlap_on_one_screen.
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(sales_from=None)
                | Q(sales_until=None)
                | Q(sales_until__gt=F("sales_from")),
                name="sales_end_after_they_begin",
            ),
        ]

    def __str__(self):
        start = self.starts_at.astimezone(self.theater.zone)
        return f"{self.movie}, {start:%a %d %b %H:%M}, {self.screen}"

    @property
    def theater(self) -> Theater:
        return self.screen.theater

    @property
    def admission(self) -> Admission:
        """From when until when its tickets are let in, as its theater has it."""
        return self.theater.admission(self.starts_at, self.ends_at)

    @property
    def place(self) -> tuple:
        """What customers book: a film, on a screen, at a time."""
        return self.movie_id, self.screen_id, self.starts_at

    @property
    def has_place(self) -> bool:
        """Whether all of the place is known; a form may have been filled in badly."""
        return None not in self.place

    def clean(self):
        """
        Work out when it ends, and what language it is in unless that is said. A film that becomes
        longer later moves no showtime.

        Raises Django's ValidationError, with the field's name, for a new place in the past or
        before the film's release, and for sales that make no sense.
        """
        saved = Showtime.objects.select_related("screen").filter(pk=self.pk)
        before = saved.first() if self.pk else None
        self._check_sales(before)
        if not self.has_place:
            return
        self.language = self.language or self.movie.language
        if before is None or before.place != self.place:
            self._check_its_place(before)
        if before is None or before.preview != self.preview or before.place != self.place:
            self._check_release()
        if before is None or before.place != self.place or before._extra != self._extra:
            self.ends_at = self.starts_at + self.length

    @property
    def length(self) -> timedelta:
        """How long the screen is busy: adverts, film and cleaning."""
        return timedelta(minutes=self.movie.duration_minutes + sum(self._extra))

    @property
    def _extra(self) -> tuple[int, int]:
        return self.advert_minutes, self.cleaning_minutes

    def _check_sales(self, before):
        start, begin, end = self.starts_at, self.sales_from, self.sales_until
        if begin and end and end <= begin:
            _refuse("sales_until", "Sales end after they begin.", "sales_end_too_early")
        if start and begin and begin >= start:
            _refuse("sales_from", "Sales begin before the showtime starts.", "sales_begin_too_late")
        if start and end and end > start:
            _refuse("sales_until", "Sales end when the showtime starts.", "sales_end_too_late")
        is_new = before is None or before.sales_until != end
        if end and is_new and end <= timezone.now():
            _refuse("sales_until", "That is in the past.", "in_the_past")

    def _check_its_place(self, before):
        if before and before.screen.theater_id != self.screen.theater_id:
            _refuse("screen", "A showtime stays in its theater; plan another one.", "elsewhere")
        if self.starts_at <= timezone.now():
            _refuse("starts_at", "That is in the past.", "in_the_past")

    def _check_release(self):
        day = self.starts_at.astimezone(self.theater.zone).date()
        if not self.preview and day < self.movie.release_date:
            _refuse(
                "starts_at",
                f"{self.movie} is released on {self.movie.release_date}; mark it as a preview.",
                "before_release",
            )

    def closed_because(self) -> str:
        """Why no seat is sold now, as a stable word; empty while sales are open."""
        return closed_because(
            status=self.status,
            starts_at=self.starts_at,
            sales_from=self.sales_from,
            sales_until=self.sales_until,
        )

    def check_sales_are_open(self):
        """Raises SalesClosed, with the reason, unless seats are sold now."""
        if reason := self.closed_because():
            raise SalesClosed(CLOSED_SENTENCES[reason])

    def check_is_not_cancelled(self):
        """Raises SalesClosed if the house has cancelled it."""
        if self.status == Status.CANCELLED:
            raise SalesClosed(CLOSED_SENTENCES[self.status])

    def take(
        self,
        seats: Iterable[Seat],
        holder: UUID,
        until: datetime | None,
        *,
        reason: str = TakenSeat.Reason.BOOKING,
    ) -> "Showtime":
        """
        Keep `seats` for `holder` until `until` (UTC; None: for good): all of them or none.

        What the holder has already is kept on; what has lapsed is taken over. Raises SeatsTaken,
        which names the seats that somebody else has, SeatsRemoved for those that a new layout of
        the screen has not, and SalesClosed if the showtime is not any more where it was when it
        was read. Answers the showtime as it stays until the transaction ends. Two callers who want
        different seats never wait for each other.
        """
        seats = sorted(seats, key=lambda seat: seat.pk)
        # Without a savepoint of its own: who loses a seat gives up the whole transaction.
        with transaction.atomic(savepoint=False):
            now = self._keep_in_place(seats)
            rows = self._lock_all(seats, holder, until, reason)
            lost = {row.seat_id for row in rows if row.is_live and row.holder != holder}
            lost |= {seat.pk for seat in seats} - {row.seat_id for row in rows}
            if lost:
                raise SeatsTaken(seat for seat in seats if seat.pk in lost)
            self._take_over(rows, holder, until, reason)
        return now

    def lock(self, seats: Iterable[Seat], *, holder: UUID):
        """Lock `seats`, and what `holder` has, in the order of `take`; within a transaction."""
        wanted = [seat.pk for seat in seats]
        rows = self.taken_seats.filter(Q(seat__in=wanted) | Q(holder=holder)).order_by("seat_id")
        list(rows.select_for_update().values_list("pk", flat=True))

    def _keep_in_place(self, seats) -> "Showtime":
        """Nobody moves the showtime or takes `seats` out of the hall until this is over."""
        try:
            now, kept = Showtime.objects.in_place_with(self.pk, seats)
        except Showtime.DoesNotExist:
            raise SalesClosed("This showtime is gone.") from None
        if now.status == Status.CANCELLED:
            raise SalesClosed(CLOSED_SENTENCES[now.status])
        if now.place != self.place:
            raise SalesClosed("This showtime has just been changed. Please look again.")
        if removed := [seat for seat in seats if seat.pk not in kept]:
            raise SeatsRemoved(removed)
        return now

    def _lock_all(self, seats, holder, until, reason) -> list[TakenSeat]:
        """
        The rows of `seats`, locked: new ones for `holder` where there was none. A seat without a
        row was taken when we came, and let go before we could look whose it was; twice.
        """
        # By the column, not by the seat: that would join the seats, and lock them too.
        wanted = [seat.pk for seat in seats]
        rows = self.taken_seats.filter(seat__in=wanted).order_by("seat_id").select_for_update()
        if until is None and len(found := list(rows.filter(holder=holder))) == len(seats):
            # Sold after they were held, as a rule: they are ours already. Those of others are not
            # locked before our own are inserted: they would wait for us while we wait for them.
            return found
        # Always in the order of the seats: two who want A and B never hold one each.
        new = [
            TakenSeat(showtime=self, seat_id=pk, holder=holder, held_until=until, reason=reason)
            for pk in wanted
        ]
        for _ in range(2):
            # one_taker_per_seat lets a row in where there is none; elsewhere it is left out.
            TakenSeat.objects.bulk_create(new, ignore_conflicts=True)
            found = list(rows.all())
            if len(found) == len(seats):
                break
        return found

    def _take_over(self, rows, holder, until, reason):
        """Make `rows`, which are ours or have lapsed, say what a new one would."""
        others = [row.pk for row in rows if (row.holder, row.held_until) != (holder, until)]
        if others:
            self.taken_seats.filter(pk__in=others).update(
                holder=holder, held_until=until, reason=reason
            )


def _refuse(field: str, sentence: str, code: str):
    raise ValidationError({field: ValidationError(sentence, code=code)})
