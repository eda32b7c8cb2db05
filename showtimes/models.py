"""The timetable: which film runs on which screen when, what it costs, and which seats are gone."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.core.validators import MinValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from rest_framework import status
from rest_framework.exceptions import APIException

from movies.models import Movie
from theaters.models import Screen, Seat, SeatCategory, Theater, cinema_date, cinema_day


class SeatsTaken(APIException):
    """Somebody else has one of the seats. `seats` are those that were lost."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "seats_taken"
    default_detail = "Taken by somebody else: A1, A2."
    sentence = "Taken by somebody else: {labels}."

    def __init__(self, seats: Iterable[Seat]):
        self.seats = sorted(seats, key=lambda seat: seat.pk)
        self.answer = {"seats": [seat.pk for seat in self.seats]}
        labels = ", ".join(seat.label for seat in self.seats)
        super().__init__(self.sentence.format(labels=labels))


class SeatsRemoved(SeatsTaken):
    """The seats were taken out of the hall meanwhile. `seats` are those that are gone."""

    default_code = "seats_removed"
    default_detail = "No longer in the hall: A1, A2."
    sentence = "No longer in the hall: {labels}."


class SalesClosed(APIException):
    """The showtime is not sold now; the detail says why."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "sales_closed"
    default_detail = "This showtime has already started."


class ShowtimeQuerySet(models.QuerySet):
    def listed(self):
        """Those that customers may see: neither planned only nor cancelled."""
        return self.filter(status=Showtime.Status.ON_SALE)

    def upcoming(self):
        """Those that have not started."""
        return self.filter(starts_at__gt=timezone.now())

    def managed_by(self, user):
        """Those in the theaters that `user` manages."""
        return self.filter(screen__theater__in=Theater.objects.managed_by(user))

    def announced(self):
        """Those that have an address: listed, or cancelled after they were."""
        return self.exclude(status=Showtime.Status.PLANNED)

    def on_cinema_day(self, day: date):
        """Those of the cinema day `day`, each theater by its own clock. Asks for the time zones."""
        return self._within(lambda zone: cinema_day(day, zone))

    def today(self):
        """Those of the cinema day that it is now at each theater. Asks for the time zones."""
        now = timezone.now()
        return self._within(lambda zone: cinema_day(cinema_date(now, zone), zone))

    def _within(self, span_in):
        matches = Q(pk=None)
        for zone in Theater.objects.order_by().values_list("timezone", flat=True).distinct():
            begins, ends = span_in(zone)
            matches |= Q(screen__theater__timezone=zone, starts_at__gte=begins, starts_at__lt=ends)
        return self.filter(matches)

    def cinema_days(self) -> list[date]:
        """The cinema days on which these are, by their theaters' clocks, in order."""
        starts = self.order_by().values_list("starts_at", "screen__theater__timezone")
        return sorted({cinema_date(start, zone) for start, zone in starts})

    def overlapping(self, screen: Screen, begins: datetime, ends: datetime):
        """Those that occupy `screen` at some time between `begins` and `ends`."""
        return self.filter(screen=screen, starts_at__lt=ends, ends_at__gt=begins).exclude(
            status=Showtime.Status.CANCELLED
        )


class Showtime(models.Model):
    """
    One showing of a film. `starts_at` is when the adverts begin, `ends_at` when the screen is clean
    again; both in UTC.
    """

    class Status(models.TextChoices):
        PLANNED = "planned"
        ON_SALE = "on_sale"
        CANCELLED = "cancelled"

    class Format(models.TextChoices):
        TWO_D = "2d", "2D"
        THREE_D = "3d", "3D"
        IMAX = "imax", "IMAX"
        IMAX_3D = "imax_3d", "IMAX 3D"
        DOLBY = "dolby", "Dolby Cinema"
        FILM_70MM = "70mm", "70 mm"

    movie = models.ForeignKey(Movie, on_delete=models.PROTECT, related_name="showtimes")
    screen = models.ForeignKey(Screen, on_delete=models.PROTECT, related_name="showtimes")
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField()
    language = models.CharField(max_length=10, help_text="Heard, as a BCP 47 tag.")
    subtitles = models.CharField(max_length=10, blank=True, help_text="Read, as a BCP 47 tag.")
    format = models.CharField(max_length=10, choices=Format, default=Format.TWO_D)
    sales_from = models.DateTimeField(null=True, blank=True)
    sales_until = models.DateTimeField(
        null=True, blank=True, help_text="Empty: until the showtime starts."
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)

    objects = ShowtimeQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["movie", "starts_at"], name="showtimes_of_a_movie"),
            models.Index(fields=["screen", "starts_at"], name="showtimes_of_a_screen"),
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

    def closed_because(self) -> str:
        """Why no seat is sold now, as a stable word; empty while sales are open."""
        now = timezone.now()
        if self.status == self.Status.CANCELLED:
            return "cancelled"
        if self.status == self.Status.PLANNED or (self.sales_from and now < self.sales_from):
            return "not_yet_on_sale"
        if now >= self.starts_at:
            return "started"
        if self.sales_until and now >= self.sales_until:
            return "sales_ended"
        return ""

    def check_sales_are_open(self):
        """Raises SalesClosed, with the reason, unless seats are sold now."""
        if reason := self.closed_because():
            raise SalesClosed(CLOSED_SENTENCES[reason])

    def prices(self) -> dict[int, Decimal]:
        """What a seat of each category costs, in the theater's currency, by the category's id."""
        categories = self.theater.seat_categories.values_list("pk", "default_price")
        return dict(categories) | dict(self.own_prices.values_list("category_id", "amount"))

    def check_free(self, seats: Iterable[Seat]):
        """
        Raises SeatsTaken if one of `seats` is gone. A look without a lock: in a crowd most are too
        late, and are told at once. Whether the others get their seats, `take` decides.
        """
        lost = set(self.taken_seats.live().filter(seat__in=seats).values_list("seat_id", flat=True))
        if lost:
            raise SeatsTaken(seat for seat in seats if seat.pk in lost)

    def take(self, seats: Iterable[Seat], holder: UUID, until: datetime | None):
        """
        Keep `seats` for `holder` until `until` (UTC; None: for good): all of them or none.

        What the holder has already is kept on; what has lapsed is taken over. Raises SeatsTaken,
        which names the seats that somebody else has, or SeatsRemoved for those that a new layout
        of the screen has not. Two callers who want different seats never wait for each other.
        """
        seats = sorted(seats, key=lambda seat: seat.pk)
        with transaction.atomic():
            self._keep_in_place(seats)
            # By the column, not by the seat: that would join the seats, and lock them too.
            rows = self.taken_seats.filter(seat__in=seats).order_by("seat_id").select_for_update()
            rows = self._check_free(seats, rows, holder)
            self.taken_seats.filter(pk__in=[row.pk for row in rows]).update(
                holder=holder, held_until=until, reason=TakenSeat.Reason.BOOKING
            )
            known = {row.seat_id for row in rows}
            self._insert([seat for seat in seats if seat.pk not in known], holder, until)

    def _keep_in_place(self, seats):
        kept = Seat.objects.filter(pk__in=[seat.pk for seat in seats]).kept_in_place()
        if removed := [seat for seat in seats if seat.pk not in kept]:
            raise SeatsRemoved(removed)

    def _check_free(self, seats, rows, holder) -> list["TakenSeat"]:
        rows = list(rows)
        lost = {row.seat_id for row in rows if row.is_live and row.holder != holder}
        if lost:
            raise SeatsTaken(seat for seat in seats if seat.pk in lost)
        return rows

    def _insert(self, seats, holder, until):
        # Always in the order of the seats: two who want A and B never hold one each.
        rows = [
            TakenSeat(showtime=self, seat=seat, holder=holder, held_until=until) for seat in seats
        ]
        try:
            with transaction.atomic():
                TakenSeat.objects.bulk_create(rows)
        except IntegrityError as error:
            # one_taker_per_seat: somebody was faster between our look and our insert.
            self._check_free(seats, self.taken_seats.filter(seat__in=seats), holder)
            raise SeatsTaken(seats) from error


CLOSED_SENTENCES = {
    "cancelled": "This showtime is cancelled.",
    "not_yet_on_sale": "This showtime is not on sale yet.",
    "started": "This showtime has already started.",
    "sales_ended": "Online sales for this showtime have ended.",
}


class Price(models.Model):
    """What a category costs at one showtime, where that is not the category's default."""

    showtime = models.ForeignKey(Showtime, on_delete=models.CASCADE, related_name="own_prices")
    category = models.ForeignKey(SeatCategory, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=10, decimal_places=3, validators=[MinValueValidator(0)])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["showtime", "category"], name="one_price_per_category_and_showtime"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="price_is_not_negative"),
        ]

    def __str__(self):
        return f"{self.category.name}: {self.amount}"


class TakenSeatQuerySet(models.QuerySet):
    def live(self):
        """Those that count: for good, or held until a time that has not come."""
        return self.filter(Q(held_until=None) | Q(held_until__gt=timezone.now()))

    def held_by(self, holder: UUID):
        """Those of one holder, live or lapsed."""
        return self.filter(holder=holder)

    def let_go(self):
        """
        Give these seats back; must run in a transaction. They are locked in the order of `take`,
        so that the two never wait for each other in a circle.
        """
        rows = list(self.order_by("seat_id").select_for_update().values_list("pk", flat=True))
        TakenSeat.objects.filter(pk__in=rows).delete()


class TakenSeat(models.Model):
    """
    A seat that is not for sale at a showtime. No row means free, and so does a row whose
    `held_until` has passed. Who sits there is not known here: `holder` is somebody else's id.
    """

    class Reason(models.TextChoices):
        BOOKING = "booking"
        BLOCKED = "blocked"

    showtime = models.ForeignKey(Showtime, on_delete=models.PROTECT, related_name="taken_seats")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    holder = models.UUIDField(db_index=True)
    held_until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=10, choices=Reason, default=Reason.BOOKING)

    objects = TakenSeatQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["showtime", "seat"], name="one_taker_per_seat")
        ]

    def __str__(self):
        return f"{self.seat} at {self.showtime}"

    @property
    def is_live(self) -> bool:
        """Whether the seat is gone now."""
        return self.held_until is None or self.held_until > timezone.now()
