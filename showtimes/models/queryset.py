"""Which showtimes: by who asks, by day, by what is done with them."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Case, DateTimeField, ExpressionWrapper, F, Q, QuerySet, When
from django.db.models.functions import ExtractHour, TruncDate
from django.db.models.lookups import LessThan
from django.utils import timezone

from history.remembering import RememberedQuerySet
from theaters.models import DAY_STARTS_AT, Screen, Seat, Theater, cinema_date, cinema_day

from .sale import Status

# `cinema_days` looks so far ahead.
HORIZON = timedelta(days=60)
# A film, adverts and cleaning last less than this, as their validators say.
LONGEST_SHOWING = timedelta(days=2)
# Both in one statement, since every hold asks; the seats in the order in which all lock them.
IN_PLACE_WITH = """
    SELECT showtime.id, showtime.status, showtime.starts_at, showtime.ends_at, showtime.moved_at,
           showtime.movie_id, showtime.screen_id, seat.id AS seat
    FROM showtimes_showtime showtime, theaters_seat seat
    WHERE showtime.id = %s AND seat.id = ANY(%s) AND seat.active
    ORDER BY seat.id
    FOR KEY SHARE
"""


def zones_of(theaters: QuerySet) -> list[str]:
    """The time zones of `theaters`, each once. One query."""
    return list(theaters.order_by().values_list("timezone", flat=True).distinct())


class ShowtimeQuerySet(RememberedQuerySet):
    def listed(self):
        """Those that customers may see: neither planned only nor cancelled."""
        return self.filter(status=Status.ON_SALE)

    def announced(self):
        """Those that have an address: listed, or cancelled after they were."""
        return self.exclude(status=Status.PLANNED)

    def upcoming(self):
        """Those that have not started."""
        return self.filter(starts_at__gt=timezone.now())

    def managed_by(self, user):
        """Those in the theaters that `user` manages."""
        return self.filter(screen__theater__in=Theater.objects.managed_by(user))

    def visible_to(self, user):
        """Those that are announced, and what `user` plans in the theaters they manage."""
        if not getattr(user, "is_staff", False):
            return self.announced()
        own = Theater.objects.managed_by(user)
        return self.filter(~Q(status=Status.PLANNED) | Q(screen__theater__in=own))

    def put_on_sale(self) -> int:
        """Planned ones become visible, and are sold from now or from `sales_from` on; how many."""
        return self.filter(status=Status.PLANNED).update(status=Status.ON_SALE)

    def take_off_sale(self) -> int:
        """Nothing more is sold of them. Tickets that were sold stay good. Returns how many."""
        return self.filter(status=Status.ON_SALE).update(status=Status.PLANNED)

    def to_empty(self):
        """Cancelled ones of which somebody may still have a seat."""
        return self.filter(status=Status.CANCELLED, emptied_at=None)

    def in_place(self, pk: int):
        """
        The showtime, which nobody moves or deletes until the transaction ends; raises DoesNotExist.
        Two who keep the same one in place do not wait for each other.

        It is the lock of a foreign key, which comes too late by itself: Django's foreign keys are
        only looked at when a transaction commits.
        """
        if connection.vendor != "postgresql":
            return self.get(pk=pk)
        table = self.model._meta.db_table
        rows = self.raw(f"SELECT * FROM {table} WHERE id = %s FOR KEY SHARE", [pk])
        for showtime in rows:
            return showtime
        raise self.model.DoesNotExist

    def in_place_with(self, pk: int, seats: Iterable[Seat]):
        """
        The showtime as `in_place` gives it, with the columns of its place and its sale, and the ids
        of those of `seats` that are in use, and stay so until the transaction ends. One query.
        """
        seats = [seat.pk for seat in seats]
        if connection.vendor != "postgresql":
            used = Seat.objects.filter(pk__in=seats, active=True)
            return self.get(pk=pk), set(used.values_list("pk", flat=True))
        rows = list(self.raw(IN_PLACE_WITH, [pk, seats]))
        # Without any seat there is no row, which says nothing about the showtime.
        showtime = rows[0] if rows else self.in_place(pk)
        return showtime, {row.seat for row in rows}

    def overlapping(self, screen: Screen, begins: datetime, ends: datetime):
        """Those that occupy `screen` at some time between `begins` and `ends`."""
        return self.filter(screen=screen, starts_at__lt=ends, ends_at__gt=begins).exclude(
            status=Status.CANCELLED
        )

    def within(self, begins: datetime, ends: datetime):
        """Those that run at some time between `begins` and `ends`."""
        # Said of the start too, since an index on it serves that.
        return self.filter(
            starts_at__lt=ends, ends_at__gt=begins, starts_at__gt=begins - LONGEST_SHOWING
        )

    def on_cinema_day(self, day: date, zones: Iterable[str] | None = None):
        """
        Those of the cinema day `day`, each theater by its own clock. Asks for the time zones of all
        theaters unless `zones` are those that matter.
        """
        return self._within(lambda zone: cinema_day(day, zone), zones)

    def today(self, zones: Iterable[str] | None = None):
        """Those of the cinema day that it is now at each theater; `zones` as above."""
        now = timezone.now()
        return self._within(lambda zone: cinema_day(cinema_date(now, zone), zone), zones)

    def _within(self, span_in: Callable, zones: Iterable[str] | None):
        zones = zones_of(Theater.objects.all()) if zones is None else zones
        spans = {zone: span_in(zone) for zone in zones}
        if not spans:
            return self.none()
        first, last = min(begins for begins, _ in spans.values()), max(e for _, e in spans.values())
        # Said again for all zones together, since an index on the start serves that.
        showtimes = self.filter(starts_at__gte=first, starts_at__lt=last)
        if len(spans) == 1:
            return showtimes
        matches = Q(pk=None)
        for zone, (begins, ends) in spans.items():
            matches |= Q(screen__theater__timezone=zone, starts_at__gte=begins, starts_at__lt=ends)
        return showtimes.filter(matches)

    def cinema_days(self, zones: Iterable[str]) -> list[date]:
        """
        The cinema days, in order, on which some of these start between now and HORIZON, by their
        theaters' clocks; `zones` are all of them.
        """
        days = [
            When(screen__theater__timezone=zone, then=_cinema_day_of_the_start(zone))
            for zone in zones
        ]
        if not days:
            return []
        day = days[0].result if len(days) == 1 else Case(*days)
        soon = self.upcoming().filter(starts_at__lt=timezone.now() + HORIZON)
        return sorted(soon.order_by().annotate(day=day).values_list("day", flat=True).distinct())


def _cinema_day_of_the_start(zone: str) -> Case:
    """In SQL what `cinema_date` says of `starts_at`."""
    # Twelve hours before the small hours it is the day before, also when clocks change.
    earlier = ExpressionWrapper(F("starts_at") - timedelta(hours=12), output_field=DateTimeField())
    tz = ZoneInfo(zone)
    in_the_small_hours = LessThan(ExtractHour("starts_at", tzinfo=tz), DAY_STARTS_AT.hour)
    return Case(
        When(in_the_small_hours, then=TruncDate(earlier, tzinfo=tz)),
        default=TruncDate("starts_at", tzinfo=tz),
    )
