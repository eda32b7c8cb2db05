"""How the timetable is narrowed."""

from datetime import UTC, datetime
from functools import cached_property

import django_filters
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django_filters.utils import translate_validation

from movies.filters import IdFilter
from theaters.models import Theater

from .models import Showtime
from .models.queryset import zones_of

# Days and moments beyond these are typing errors, and some are beyond what a clock can count.
FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC)
DAYS = [MinValueValidator(FIRST.date()), MaxValueValidator(LAST.date())]
MOMENTS = [MinValueValidator(FIRST), MaxValueValidator(LAST)]
CINEMA_DAY = "A cinema day (03:00 to 02:59) by each theater's own clock, as in 2026-11-21."
YES_OR_NO = [("true", "true"), ("false", "false")]


class ShowtimeFilter(django_filters.FilterSet):
    """
    Several filters narrow together. `of` makes only those that an address names: to make them all
    takes longer than what most lists ask of the database.
    """

    movie = IdFilter(label="A film's id.")
    theater = IdFilter(method="in_theater", label="A theater's id.")
    screen = IdFilter(label="A screen's id.")
    city = django_filters.CharFilter(
        field_name="screen__theater__city", lookup_expr="iexact", label="As in Berlin."
    )
    language = django_filters.CharFilter(lookup_expr="iexact", label="Heard; BCP 47, as in de.")
    format = django_filters.ChoiceFilter(choices=Showtime.Format, label="As in 2d or imax.")
    preview = django_filters.TypedChoiceFilter(
        choices=YES_OR_NO,
        coerce=lambda word: word == "true",
        label="Whether the film is shown before its release.",
    )

    class Meta:
        model = Showtime
        fields = []

    def __init__(self, *args, names=None, **kwargs):
        if names is not None:
            self.base_filters = {name: self.base_filters[name] for name in names}
        super().__init__(*args, **kwargs)

    @classmethod
    def of(cls, request, showtimes):
        """What the address of `request` asks of `showtimes`. Raises ValidationError."""
        names = cls.base_filters.keys() & request.query_params.keys()
        asked = cls(request.query_params, showtimes, request=request, names=names)
        if not asked.is_valid():
            raise translate_validation(asked.errors)
        return asked

    def asked(self, name):
        """The value of the filter `name`, or None."""
        return self.form.cleaned_data.get(name)

    @cached_property
    def screens(self) -> list[tuple]:
        """The theater that is asked for: its time zone, with each of its screens. One query."""
        theater = Theater.objects.filter(pk=self.asked("theater"))
        return list(theater.values_list("timezone", "screens"))

    def zones(self) -> list[str]:
        """The time zones of the theaters that may be meant: one, if a theater is."""
        if self.asked("theater"):
            return list({zone for zone, _ in self.screens})
        return zones_of(Theater.objects.all())

    def in_theater(self, showtimes, name, theater):
        # Not by the theater: PostgreSQL guesses badly how many showtimes it has.
        return showtimes.filter(screen__in=[screen for _, screen in self.screens])


class DayFilter(ShowtimeFilter):
    """One cinema day. The view looks at `day`: it needs the other days too."""

    date = django_filters.DateFilter(
        method="any_day",
        validators=DAYS,
        input_formats=["%Y-%m-%d"],
        label=f"{CINEMA_DAY} Each theater's today when left out.",
    )

    @property
    def day(self):
        """The day that is asked for, or None."""
        return self.asked("date")

    def any_day(self, showtimes, name, day):
        return showtimes


class TimetableFilter(ShowtimeFilter):
    """The list of showtimes: of a day, of a span of time, or else all that are to come."""

    date = django_filters.DateFilter(
        method="on_day", validators=DAYS, input_formats=["%Y-%m-%d"], label=CINEMA_DAY
    )
    vars()["from"] = django_filters.IsoDateTimeFilter(
        field_name="starts_at",
        lookup_expr="gte",
        validators=MOMENTS,
        label="Starts then or later; ISO 8601, UTC unless it has an offset.",
    )
    to = django_filters.IsoDateTimeFilter(
        field_name="starts_at",
        lookup_expr="lt",
        validators=MOMENTS,
        label="Starts before then; ISO 8601, UTC unless it has an offset.",
    )
    status = django_filters.MultipleChoiceFilter(
        choices=Showtime.Status.choices,
        method="in_status",
        label="For managers, several if need be: also what is planned or cancelled in their "
        "theaters. Others see what is on sale.",
    )
    ordering = django_filters.OrderingFilter(
        fields=["starts_at"], label="starts_at (the default) or -starts_at."
    )

    def filter_queryset(self, queryset):
        if not any(self.asked(name) for name in ("date", "from", "to")):
            queryset = queryset.upcoming()
        if not self.asked("status"):
            queryset = queryset.listed()
        queryset = super().filter_queryset(queryset)
        if self.asked("ordering"):
            queryset = queryset.order_by(*queryset.query.order_by, "pk")
        return queryset

    def on_day(self, showtimes, name, day):
        return showtimes.on_cinema_day(day, self.zones())

    def in_status(self, showtimes, name, wanted):
        own = Theater.objects.managed_by(self.request.user)
        on_sale = Showtime.Status.ON_SALE
        seen_by_all = Q(status=on_sale) if on_sale in wanted else Q(pk=None)
        return showtimes.filter(seen_by_all | Q(status__in=wanted, screen__theater__in=own))
