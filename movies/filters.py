"""How lists of films and of people are narrowed."""

from datetime import date

import django_filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import BigIntegerField, Exists, F, OuterRef

from .models import LONGEST, Credit, Movie, Person, Slide, listed_showtimes, showtimes_to_come

# Days beyond these are typing errors, and some are beyond what a clock can count.
DAYS = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31))]
FORMATS = Movie._meta.get_field("showtimes").related_model.Format.choices
# What is asked of a showtime, by the name of the filter.
OF_A_SHOWTIME = {
    "city": "screen__theater__city__iexact",
    "theater": "screen__theater",
    "format": "format",
}


class IdFilter(django_filters.NumberFilter):
    """An id: a whole number that a database could have given out."""

    field_class = forms.IntegerField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, min_value=1, max_value=BigIntegerField.MAX_BIGINT, **kwargs)


class MinutesFilter(django_filters.NumberFilter):
    """A length that a film can have, in whole minutes."""

    field_class = forms.IntegerField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, min_value=0, max_value=LONGEST, **kwargs)


class FilmOrdering(django_filters.OrderingFilter):
    """Films without a rating come last either way; what is equal keeps one order on all pages."""

    columns = {
        "title": "title_folded",
        "release_date": "release_date",
        "rating": "rating",
        "popularity": "popularity",
    }

    def __init__(self, **kwargs):
        super().__init__(fields=list(self.columns), **kwargs)

    def filter(self, movies, names):
        chosen = [self._term(name) for name in names or [] if name]
        return movies.order_by(*chosen, "pk") if chosen else movies

    def _term(self, name):
        column = F(self.columns[name.removeprefix("-")])
        descends = name.startswith("-")
        return column.desc(nulls_last=True) if descends else column.asc(nulls_last=True)


class MovieFilter(django_filters.FilterSet):
    """
    Several filters narrow together. Those that speak of showtimes (`city`, `theater`, `date`,
    `format`, `now_showing=true`) are met by one and the same showtime.
    """

    search = django_filters.CharFilter(
        method="matching",
        max_length=200,
        label=(
            "Words of the title, the original title, the people's names or the synopsis, in any "
            "case and with or without accents. The best matches come first, unless `ordering` "
            "says otherwise."
        ),
    )
    genre = django_filters.CharFilter(
        method="of_genres", label="A genre's slug; several, separated by commas: any of them."
    )
    language = django_filters.CharFilter(lookup_expr="iexact", label="Spoken; BCP 47, as in de.")
    certificate = django_filters.CharFilter(lookup_expr="iexact", label="As in FSK 12.")
    person = IdFilter(method="by_person", label="Somebody in the credits; their id.")
    duration_min = MinutesFilter("duration_minutes", "gte", label="So many minutes or more.")
    duration_max = MinutesFilter("duration_minutes", "lte", label="So many minutes or less.")
    rating_min = django_filters.NumberFilter(
        "rating", "gte", min_value=1, max_value=5, label="Rated so on average, or better; 1 to 5."
    )
    city = django_filters.CharFilter(method="together", label="Shown in this city from now on.")
    theater = IdFilter(method="together", label="Shown in this theater from now on; its id.")
    date = django_filters.DateFilter(
        method="together",
        validators=DAYS,
        label="Shown on this cinema day (03:00 to 02:59), by the theater's own clock.",
    )
    format = django_filters.ChoiceFilter(
        choices=FORMATS, method="together", label="Shown like that from now on, as in 2d or imax."
    )
    now_showing = django_filters.BooleanFilter(
        method="together",
        label=(
            "true: films with a showtime to come that is on sale. false: the others. With `city` "
            "or another filter for showtimes: that are, or are not, shown there."
        ),
    )
    coming_soon = django_filters.BooleanFilter(
        method="coming",
        label=(
            "true: films that are released after today. false: the others. With `city` or "
            "`theater`: those of them that are on sale there already, or nowhere yet."
        ),
    )
    ordering = FilmOrdering(
        label="title, release_date, rating or popularity; with a minus the other way round."
    )

    class Meta:
        model = Movie
        fields = []

    def filter_queryset(self, queryset):
        return self.by_timetable(super().filter_queryset(queryset))

    def together(self, movies, name, value):
        """Left to by_timetable, since one showtime must meet all of them."""
        return movies

    def by_timetable(self, movies):
        """Films with a showtime that is all that was asked for; with none, if that was asked."""
        chosen = self.form.cleaned_data
        where = {lookup: chosen[name] for name, lookup in OF_A_SHOWTIME.items() if chosen[name]}
        showtimes = self.showtimes_of(chosen["date"]).filter(**where)
        if chosen["now_showing"] is False:
            return movies.not_shown_at(showtimes)
        if chosen["now_showing"]:
            return movies.shown_at(showtimes.upcoming())
        if chosen["coming_soon"] and not chosen["date"] and not chosen["format"]:
            return movies.that_may_come_to(showtimes) if where else movies
        return movies.shown_at(showtimes) if where or chosen["date"] else movies

    def showtimes_of(self, day):
        return listed_showtimes().on_cinema_day(day) if day else showtimes_to_come()

    def matching(self, movies, name, words):
        return movies.matching(words)

    def of_genres(self, movies, name, slugs):
        of_film = Movie.genres.through.objects.filter(movie=OuterRef("pk"))
        slugs = [slug.strip() for slug in slugs.split(",")]
        return movies.filter(Exists(of_film.filter(genre__slug__in=slugs)))

    def by_person(self, movies, name, person):
        return movies.filter(Exists(Credit.objects.filter(movie=OuterRef("pk"), person=person)))

    def coming(self, movies, name, wanted):
        return movies.coming_soon() if wanted else movies.released()


class PersonFilter(django_filters.FilterSet):
    """How lists of people are narrowed."""

    search = django_filters.CharFilter(
        method="matching",
        max_length=200,
        label="Words of the name, in any case and with or without accents.",
    )

    class Meta:
        model = Person
        fields = []

    def matching(self, people, name, words):
        return people.matching(words)


class SlideFilter(django_filters.FilterSet):
    """How the list of slides is narrowed."""

    all = django_filters.BooleanFilter(
        method="as_asked", label="true, for admins: also those that are not on show now."
    )

    class Meta:
        model = Slide
        fields = []

    def filter_queryset(self, queryset):
        return queryset if self.form.cleaned_data["all"] else queryset.on_show()

    def as_asked(self, slides, name, value):
        """Left to filter_queryset, which also knows when nobody asked."""
        return slides
