"""Films and what the home page says of them. Admins edit them, managers look."""

from django.contrib import admin
from django.db.models import Count, Max
from django.utils import timezone
from unfold.decorators import display

from movies.models import Credit, Genre, Movie, Person, Slide

from . import film_words as words
from .columns import local, picture_column, shown_in_sizes
from .filters import OwnRelated
from .forms import SaysWhy
from .pages import Page
from .parts import Part
from .roles import EDIT, LOOK

# The highest place that fits its column.
MOST_CREDITS = 32767


class FilmForm(SaysWhy):
    class Meta:
        labels = words.LABELS
        help_texts = words.HELP


class SlideForm(SaysWhy):
    class Meta:
        labels = words.SLIDE_LABELS
        help_texts = words.SLIDE_HELP


class CreditForm(SaysWhy):
    """Who is added without a place comes last."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "order" in self.fields and not self.instance.pk:
            self.fields["order"].required = False
            self.initial["order"] = None

    def clean_order(self):
        order = self.cleaned_data["order"]
        if order is not None:
            return order
        film = Credit.objects.filter(movie=self.instance.movie_id)
        last = film.aggregate(last=Max("order"))["last"] if self.instance.movie_id else None
        return min(last + 1, MOST_CREDITS) if last is not None else 0


class FilmPage(Page):
    admins_may = EDIT
    managers_may = LOOK
    change_form_outer_after_template = "manager_panel/film_form.html"


def found(rows, text: str):
    """Those of `rows` that a search for `text` finds, in the order that they have."""
    text = text.replace("\x00", "")[:200]
    return rows.filter(pk__in=rows.model.objects.matching(text).order_by()) if text else rows


class CreditPart(Part):
    model = Credit
    form = CreditForm
    fields = ["person", "job", "character", "order"]
    autocomplete_fields = ["person"]
    ordering_field = "order"
    # Each is six fields, and of these no more than a thousand may be sent.
    per_page = 60
    verbose_name_plural = "cast and crew"

    def get_formset(self, request, obj=None, **kwargs):
        """Dragged, each counts from the top of its page: on several pages places are typed."""
        if obj and obj.credits.count() > self.per_page:
            self.ordering_field = None
        return super().get_formset(request, obj, **kwargs)


class CreditOfPersonPart(Part):
    model = Credit
    fields = ["movie", "job", "character"]
    autocomplete_fields = ["movie"]
    verbose_name_plural = "films"


@admin.register(Genre)
class GenreAdmin(FilmPage):
    list_display = ["name", "film_count", "slug"]
    search_fields = ["name"]
    ordering = ["name"]
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(films=Count("movies"))

    @display(description="films", ordering="films")
    def film_count(self, genre):
        return genre.films


@admin.register(Person)
class PersonAdmin(FilmPage):
    list_display = ["portrait_picture", "name"]
    list_display_links = ["name"]
    search_fields = ["name"]
    inlines = [CreditOfPersonPart]
    fields = ["name", "portrait", "biography"]
    portrait_picture = picture_column("portrait")

    def get_search_results(self, request, queryset, search_term):
        """As the API finds people, accents and small errors forgiven; in the order of the list."""
        return found(queryset, search_term), False


@admin.register(Movie)
class MovieAdmin(FilmPage):
    form = FilmForm
    list_display = [
        "poster_picture",
        "title",
        "on_show",
        "lacks",
        "release_date",
        "duration",
        "certificate",
        "stars",
        "popularity",
    ]
    list_display_links = ["title"]
    list_filter = [
        words.OnShow,
        words.Lacking,
        ("genres", OwnRelated),
        "language",
        "certificate",
    ]
    search_fields = ["title", "original_title", "people__name", "synopsis"]
    date_hierarchy = "release_date"
    ordering = ["-release_date", "title"]
    autocomplete_fields = ["genres"]
    inlines = [CreditPart]
    readonly_fields = ["on_show", "to_look_at", "poster_shown", "backdrop_shown"]
    fieldsets = [
        (None, {"fields": ["title", "original_title", "synopsis", "genres"]}),
        (
            "On show",
            {
                "fields": [
                    ("release_date", "on_show"),
                    ("duration_minutes", "language"),
                    ("certificate", "minimum_age"),
                    "to_look_at",
                ],
                "description": (
                    "Whether it is now showing or coming soon follows from its release date and "
                    "from the timetables: nobody has to switch it."
                ),
            },
        ),
        (
            "Pictures",
            {"fields": ["poster", "poster_shown", "backdrop", "backdrop_shown", "trailer_url"]},
        ),
    ]
    poster_picture = picture_column("poster")
    poster_shown = shown_in_sizes("poster", words.POSTER_SIZES)
    backdrop_shown = shown_in_sizes("backdrop", words.BACKDROP_SIZES)

    def get_queryset(self, request):
        return super().get_queryset(request).with_when()

    def get_search_results(self, request, queryset, search_term):
        """As the API finds films, accents and small errors forgiven; in the order of the list."""
        return found(queryset, search_term), False

    @display(description="on show", label=words.COLOURS)
    def on_show(self, movie):
        return words.when_of(movie) if movie.pk else "Once it is saved"

    @display(description="missing")
    def lacks(self, movie):
        return ", ".join(words.lacks_of(movie)) or None

    @display(description="to look at")
    def to_look_at(self, movie):
        return words.told(words.lacks_of(movie)) if movie.pk else "Once it is saved."

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
    form = SlideForm
    list_display = ["image_picture", "title", "state", "leads_to", "begins", "ends", "position"]
    list_display_links = ["title"]
    list_select_related = ["movie"]
    list_filter = ["active"]
    search_fields = ["title", "text", "movie__title"]
    ordering_field = "position"
    autocomplete_fields = ["movie"]
    readonly_fields = ["preview", "state"]
    fieldsets = [
        (None, {"fields": ["title", "text", "image", "preview"]}),
        (
            "Leads to",
            {"fields": ["movie", "link"], "description": "A film or an address, not both."},
        ),
        (
            "On show",
            {"fields": [("active", "state"), "position", ("shown_from", "shown_until")]},
        ),
    ]
    image_picture = picture_column("image")

    @display(description="now", label=words.COLOURS)
    def state(self, slide):
        return words.state_of(slide) if slide.pk else "Once it is saved"

    @display(description="leads to")
    def leads_to(self, slide):
        return slide.movie or slide.link or "nowhere"

    @display(description="from", ordering="shown_from")
    def begins(self, slide):
        return local(slide.shown_from, timezone.get_current_timezone()) or None

    @display(description="until", ordering="shown_until")
    def ends(self, slide):
        return local(slide.shown_until, timezone.get_current_timezone()) or None

    @display(description="as on the home page")
    def preview(self, slide):
        return words.as_on_the_home_page(slide)
