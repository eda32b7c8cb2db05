"""How lists of theaters are narrowed and sorted."""

import re
from datetime import date

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import BigIntegerField, Exists, F, OuterRef, Q

from .distances import Point
from .models import Amenity, Screen, Theater

# Days beyond these are typing errors, and some are beyond what a calendar can count.
DAYS = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31))]
# The relation in the database leads to the timetable, which this app does not know.
FORMATS = Screen._meta.get_field("showtimes").related_model.Format.choices
DEGREES = re.compile(r"\s*([+-]?\d{1,3}(?:\.\d{1,20})?)\s*", re.ASCII)


class PointField(forms.CharField):
    """Latitude and longitude in degrees with a comma between them."""

    def clean(self, value):
        value = super().clean(value)
        return self._point(value) if value else None

    def _point(self, value) -> Point:
        found = [DEGREES.fullmatch(part) for part in value.split(",")]
        if len(found) == 2 and all(found):
            point = Point(*(float(one[1]) for one in found))
            if abs(point.latitude) <= 90 and abs(point.longitude) <= 180:
                return point
        raise ValidationError(
            "Latitude (-90 to 90) and longitude (-180 to 180), as in 52.5,13.4.", code="invalid"
        )


class PointFilter(django_filters.CharFilter):
    field_class = PointField


class MovieIdFilter(django_filters.NumberFilter):
    """An id: a whole number that a database could have given out."""

    field_class = forms.IntegerField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, min_value=1, max_value=BigIntegerField.MAX_BIGINT, **kwargs)


class TheaterOrdering(django_filters.OrderingFilter):
    """Theaters without coordinates are the last, whichever way; equal ones keep one order."""

    def filter(self, theaters, value):
        if not value:
            return theaters
        return theaters.order_by(*(self.get_ordering_value(one) for one in value), "name", "pk")

    def get_ordering_value(self, param):
        if param.lstrip("-") != "distance":
            return super().get_ordering_value(param)
        distance = F("distance")
        backwards = param.startswith("-")
        return distance.desc(nulls_last=True) if backwards else distance.asc(nulls_last=True)


class TheaterFilterForm(forms.Form):
    def clean(self):
        cleaned = super().clean()
        by_distance = {"distance", "-distance"} & set(cleaned.get("ordering") or [])
        if by_distance and not cleaned.get("near") and "near" not in self.errors:
            self.add_error("near", ValidationError("Distance from where?", code="required"))
        return cleaned


class TheaterFilter(django_filters.FilterSet):
    """
    Several filters narrow together. `movie`, `date` and `format` mean one and the same showtime: of
    that cinema day, or without `date` one to come.
    """

    search = django_filters.CharFilter(
        method="matching", max_length=200, label="Words of the name, the address or the city."
    )
    city = django_filters.CharFilter(lookup_expr="iexact", label="As in Berlin.")
    movie = MovieIdFilter(method="later", label="Shows this film; its id.")
    date = django_filters.DateFilter(
        method="later",
        validators=DAYS,
        label="Shows something on this cinema day (03:00 to 02:59) by its own clock.",
    )
    format = django_filters.ChoiceFilter(
        choices=FORMATS, method="later", label="Shows something in it, as in 2d or imax."
    )
    amenity = django_filters.CharFilter(
        method="offering",
        max_length=200,
        label="Names or ids with commas between them: offers all of these.",
    )
    near = PointFilter(
        method="from_here",
        label="Latitude and longitude in degrees, as in 52.5,13.4: the nearest first, each with "
        "`distance_km`.",
    )
    ordering = TheaterOrdering(
        fields=["name", "city", "distance"],
        label="name, city or distance (with `near`); with a minus the other way round.",
    )

    class Meta:
        model = Theater
        form = TheaterFilterForm
        fields = []

    def filter_queryset(self, queryset):
        return super().filter_queryset(self._showing(queryset))

    def _showing(self, theaters):
        wanted = self.form.cleaned_data
        where = {name: wanted[name] for name in ("movie", "format") if wanted[name]}
        day = wanted["date"]
        return theaters.showing(day=day, **where) if where or day else theaters

    def later(self, theaters, name, value):
        """Narrowed together with the others, by `_showing`."""
        return theaters

    def matching(self, theaters, name, words):
        return theaters.matching(words)

    def offering(self, theaters, name, amenities):
        for one in filter(None, map(str.strip, amenities.split(","))):
            theaters = theaters.filter(Exists(_offered(one)))
        return theaters

    def from_here(self, theaters, name, point):
        nearest_first = F("distance").asc(nulls_last=True)
        return theaters.with_distance(point).order_by(nearest_first, "name", "pk")


def _offered(name_or_id: str):
    known = Q(name__iexact=name_or_id)
    if name_or_id.isdecimal():
        known |= Q(pk=int(name_or_id))
    return Amenity.objects.filter(known, theaters=OuterRef("pk"))
