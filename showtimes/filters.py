"""How the timetable is narrowed."""

import django_filters
from django.db.models import BigIntegerField

from .models import Showtime

BIGGEST = BigIntegerField.MAX_BIGINT


class ShowtimeFilter(django_filters.FilterSet):
    """Several filters narrow together."""

    movie = django_filters.NumberFilter(max_value=BIGGEST, label="A film's id.")
    theater = django_filters.NumberFilter(
        field_name="screen__theater", max_value=BIGGEST, label="A theater's id."
    )
    screen = django_filters.NumberFilter(max_value=BIGGEST, label="A screen's id.")
    city = django_filters.CharFilter(
        field_name="screen__theater__city", lookup_expr="iexact", label="As in Berlin."
    )
    date = django_filters.DateFilter(
        method="on_day", label="A cinema day (03:00 to 02:59) by each theater's own clock."
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
        field_name="starts_at", lookup_expr="gte", label="Starts then or later; ISO 8601."
    )
    to = django_filters.IsoDateTimeFilter(
        field_name="starts_at", lookup_expr="lt", label="Starts before then; ISO 8601."
    )

    def filter_queryset(self, queryset):
        chosen = self.form.cleaned_data
        if not any(chosen[name] for name in ("date", "from", "to")):
            queryset = queryset.upcoming()
        return super().filter_queryset(queryset)
