"""Films and what the home page says of them. Admins edit them, managers look."""

from django.contrib import admin
from unfold.decorators import display

from movies.models import Credit, Genre, Movie, Person, Slide

from .columns import picture_column
from .filters import OwnRelated
from .pages import Page, Part
from .roles import EDIT, LOOK


class FilmPage(Page):
    admins_may = EDIT
    managers_may = LOOK


def found(rows, text: str):
    """Those of `rows` that a search for `text` finds, in the order that they have."""
    text = text.replace("\x00", "")[:200]
    return rows.filter(pk__in=rows.model.objects.matching(text).order_by()) if text else rows


class CreditPart(Part):
    model = Credit
    fields = ["person", "job", "character", "order"]
    autocomplete_fields = ["person"]


class CreditOfPersonPart(Part):
    model = Credit
    fields = ["movie", "job", "character"]
    autocomplete_fields = ["movie"]
    verbose_name_plural = "films"


@admin.register(Genre)
class GenreAdmin(FilmPage):
    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Person)
class PersonAdmin(FilmPage):
    list_display = ["portrait_picture", "name"]
    list_display_links = ["portrait_picture", "name"]
    search_fields = ["name"]
    inlines = [CreditOfPersonPart]
    portrait_picture = picture_column("portrait")

    def get_search_results(self, request, queryset, search_term):
        """As the API finds people, accents and small errors forgiven; in the order of the list."""
        return found(queryset, search_term), False


@admin.register(Movie)
class MovieAdmin(FilmPage):
    list_display = [
        "poster_picture",
        "title",
        "genre_names",
        "release_date",
        "duration",
        "language",
        "certificate",
        "stars",
        "popularity",
    ]
    list_display_links = ["poster_picture", "title"]
    list_filter = [("genres", OwnRelated), "language", "certificate"]
    search_fields = ["title", "original_title", "people__name", "synopsis"]
    date_hierarchy = "release_date"
    autocomplete_fields = ["genres"]
    inlines = [CreditPart]
    fieldsets = [
        (None, {"fields": ["title", "original_title", "synopsis", "genres"]}),
        (
            "Showing",
            {
                "fields": [
                    "release_date",
                    "duration_minutes",
                    "language",
                    ("certificate", "minimum_age"),
                ]
            },
        ),
        ("Pictures", {"fields": ["poster", "backdrop", "trailer_url"]}),
    ]
    poster_picture = picture_column("poster")

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("genres")

    def get_search_results(self, request, queryset, search_term):
        """As the API finds films, accents and small errors forgiven; in the order of the list."""
        return found(queryset, search_term), False

    @display(description="genres")
    def genre_names(self, movie):
        return ", ".join(genre.name for genre in movie.genres.all())

    @display(description="duration", ordering="duration_minutes")
    def duration(self, movie):
        return f"{movie.duration_minutes} min"

    @display(description="rating", ordering="rating")
    def stars(self, movie):
        return f"{movie.rating:.1f} ({movie.rating_count})" if movie.rating_count else None


@admin.register(Credit)
class CreditAdmin(FilmPage):
    list_display = ["person", "job", "character", "movie"]
    list_select_related = ["person", "movie"]
    list_filter = ["job"]
    search_fields = ["person__name", "character", "movie__title"]
    autocomplete_fields = ["person", "movie"]


@admin.register(Slide)
class SlideAdmin(FilmPage):
    list_display = [
        "image_picture",
        "title",
        "position",
        "movie",
        "shown_from",
        "shown_until",
        "active",
    ]
    list_display_links = ["image_picture", "title"]
    list_select_related = ["movie"]
    list_filter = ["active"]
    search_fields = ["title", "text", "movie__title"]
    autocomplete_fields = ["movie"]
    fieldsets = [
        (None, {"fields": ["title", "text", "image"]}),
        ("Leads to", {"fields": ["movie", "link"]}),
        ("On show", {"fields": ["active", "position", "shown_from", "shown_until"]}),
    ]
    image_picture = picture_column("image")
