"""How the timetable is narrowed."""

from datetime import UTC, datetime

import django_filters
from django.core.validators import MaxValueValidator, MinValueValidator

from movies.filters import IdFilter

from .models import Showtime

# Days and moments beyond these are typing errors, and some are beyond what a clock can count.
FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC)
DAYS = [MinValueValidator(FIRST.date()), MaxValueValidator(LAST.date())]
MOMENTS = [MinValueValidator(FIRST), MaxValueValidator(LAST)]


class ShowtimeFilter(django_filters.FilterSet):
    """Several filters narrow together."""

    movie = IdFilter(label="A film's id.")
    theater = IdFilter(field_name="screen__theater", label="A theater's id.")
    screen = IdFilter(label="A screen's id.")
    city = django_filters.CharFilter(
        field_name="screen__theater__city", lookup_expr="iexact", label="As in Berlin."
    )
    date = django_filters.DateFilter(
        method="on_day",
        validators=DAYS,
        label="A cinema day (03:00 to 02:59) by each theater's own clock.",
    )
    language = django_filters.CharFilter(lookup_expr="iexact", label="Heard; BCP 47, as in de.")
    format = django_filters.ChoiceFilter(choices=Showtime.Format, label="As in 2d or imax.")

    class Meta:
        model = Showtime
        fields = []

    def on_day(self, showtimes, name, day):
        return showtimes.on_cinema_day(day)


class TimetableFilter(ShowtimeFilter):
    """The list of showtimes: of a day, of a span of time, or else all that are to come."""

    vars()["from"] = django_filters.IsoDateTimeFilter(
        field_name="starts_at",
        lookup_expr="gte",
        validators=MOMENTS,
        label="Starts then or later; ISO 8601.",
    )
    to = django_filters.IsoDateTimeFilter(
        field_name="starts_at",
        lookup_expr="lt",
        validators=MOMENTS,
        label="Starts before then; ISO 8601.",
    )

    def filter_queryset(self, queryset):
        chosen = self.form.cleaned_data
        if not any(chosen[name] for name in ("date", "from", "to")):
            queryset = queryset.upcoming()
        return super().filter_queryset(queryset)
