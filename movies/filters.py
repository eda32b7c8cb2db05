"""How lists of films are narrowed."""

import django_filters
from django import forms
from django.db.models import BigIntegerField

from .models import Movie


class IdFilter(django_filters.NumberFilter):
    """An id: a whole number that a database could have given out."""

    field_class = forms.IntegerField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, min_value=1, max_value=BigIntegerField.MAX_BIGINT, **kwargs)


class MovieFilter(django_filters.FilterSet):
    """Several filters narrow together; `now_showing=false` is the same as not asking."""

    search = django_filters.CharFilter(
        method="matching", label="Words of the title, the original title or the synopsis."
    )
    genre = django_filters.CharFilter(field_name="genres__slug", label="A genre's slug.")
    language = django_filters.CharFilter(lookup_expr="iexact", label="Spoken; BCP 47, as in de.")
    certificate = django_filters.CharFilter(lookup_expr="iexact", label="As in FSK 12.")
    city = django_filters.CharFilter(method="in_city", label="Shown in this city from now on.")
    theater = IdFilter(method="in_theater", label="Shown in this theater from now on; its id.")
    now_showing = django_filters.BooleanFilter(
        method="showing", label="Only films with a showtime to come that is on sale."
    )
    coming_soon = django_filters.BooleanFilter(
        method="coming", label="Only films that are released after today."
    )
    ordering = django_filters.OrderingFilter(
        fields=["title", "release_date"], label="title, -title, release_date or -release_date."
    )

    class Meta:
        model = Movie
        fields = []

    def matching(self, movies, name, words):
        return movies.matching(words)

    def in_city(self, movies, name, city):
        return movies.now_showing(screen__theater__city__iexact=city)

    def in_theater(self, movies, name, theater):
        return movies.now_showing(screen__theater=theater)

    def showing(self, movies, name, wanted):
        return movies.now_showing() if wanted else movies

    def coming(self, movies, name, wanted):
        return movies.coming_soon() if wanted else movies
