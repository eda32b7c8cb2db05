"""What films and slides are called in the admin, whether they are on show, and what they lack."""

from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from unfold.contrib.filters.admin import DropdownFilter

from movies.models import Movie, Slide

from .columns import Label, local

COLOURS = {"now": "success", "soon": "info", "off": "warning"}
# How large the storefront shows them, and the other pages of the panel.
POSTER_SIZES = {
    "small": ("In lists", 72, 108),
    "medium": ("On the home page", 150, 225),
    "large": ("On its own page", 240, 360),
}
BACKDROP_SIZES = {"medium": ("Behind its title", 480, 270)}
LABELS = {
    "duration_minutes": "Minutes",
    "minimum_age": "Admits from the age of",
    "certificate": "Certificate",
    "language": "Language",
    "release_date": "Release date",
    "trailer_url": "Trailer",
}
HELP = {
    "title": "As it is advertised here.",
    "original_title": "If it is another one; found by search, too.",
    "synopsis": "Two or three sentences that make one want to see it; nothing of the end.",
    "release_date": "Until then it is coming soon, and only previews are shown.",
    "duration_minutes": "Without adverts; showtimes that are planned later take so long.",
    "minimum_age": "Years; 0 admits everybody. From 14 on there are no children's tickets.",
    "poster": "Upright, 2:3, best 800 × 1200 pixels or more; any picture up to 10 MiB.",
    "backdrop": "Wide, 16:9, best 1920 × 1080 pixels or more, without letters.",
    "trailer_url": "Where it can be watched, as in https://…",
}
SLIDE_LABELS = {
    "movie": "Film",
    "shown_from": "From",
    "shown_until": "Until",
    "active": "Switched on",
}
SLIDE_HELP = {
    "title": "A headline: five words are read, ten are not.",
    "text": "One sentence below it.",
    "image": "Wide, 16:9, best 1920 × 1080 pixels; the words cover its lower third.",
    "movie": "Who chooses the slide comes to this film.",
    "link": "Or to this address, as in https://…",
    "position": "The lowest is the first.",
    "shown_from": "Empty: from now on.",
    "shown_until": "Empty: until it is switched off.",
}


def when_of(film: Movie) -> Label:
    """Whether it is on show; `film` comes from `with_when`."""
    if film.now_showing:
        return Label("now", "Now showing")
    return Label("soon", "Coming soon") if film.coming_soon else Label("off", "Not showing")


def lacks_of(film: Movie) -> list[str]:
    """What somebody should look at before customers do; `film` comes from `with_when`."""
    lacks = {
        "no poster": not film.poster,
        "no backdrop": not film.backdrop,
        "no synopsis": not film.synopsis,
        "no certificate": not film.certificate,
        "released, and on no timetable": not (film.now_showing or film.coming_soon),
        "on sale before its release": film.now_showing and film.coming_soon,
    }
    return [words for words, holds in lacks.items() if holds]


def state_of(slide: Slide) -> Label:
    """Whether the home page shows `slide` now."""
    now = timezone.now()
    if not slide.active:
        return Label("off", "Switched off")
    if slide.shown_until and slide.shown_until <= now:
        return Label("off", "Ended")
    if slide.shown_from and slide.shown_from > now:
        return Label("soon", f"From {local(slide.shown_from, timezone.get_current_timezone())}")
    return Label("now", "On show")


def as_on_the_home_page(slide: Slide) -> str:
    """The slide as the storefront shows it on a wide screen; its words follow what is typed."""
    picture = slide.image.urls["medium"] if slide.image else ""
    image = (
        format_html('<img data-shows="image" src="{}" alt="">', picture)
        if picture
        else mark_safe('<img data-shows="image" alt="" hidden>')
    )
    return format_html(
        '<div class="slide-preview">{}<div><b data-says="title">{}</b><p data-says="text">{}</p>'
        "</div></div>",
        image,
        slide.title or "Its title",
        slide.text,
    )


def told(lacks: list[str]) -> str:
    """A box with what a film lacks; that nothing is missing, if so."""
    if not lacks:
        return format_html('<div class="example">Nothing is missing.</div>')
    items = format_html_join("", "<li>{}</li>", ((one.capitalize() + ".",) for one in lacks))
    return format_html('<div class="example warns"><ul>{}</ul></div>', items)


class OnShow(DropdownFilter):
    """Films by whether they are on a timetable, or will be released."""

    title = "on show"
    parameter_name = "on_show"

    def lookups(self, request, model_admin):
        return [("now", "Now showing"), ("soon", "Coming soon"), ("neither", "Not showing")]

    def queryset(self, request, films):
        wanted = {
            "now": Q(now_showing=True),
            "soon": Q(coming_soon=True),
            "neither": Q(now_showing=False, coming_soon=False),
        }
        return films.filter(wanted[self.value()]) if self.value() in wanted else films


class Lacking(DropdownFilter):
    """Films without something that customers look for."""

    title = "what is missing"
    parameter_name = "lacking"

    def lookups(self, request, model_admin):
        return [(name, f"No {name}") for name in ("poster", "backdrop", "synopsis", "certificate")]

    def queryset(self, request, films):
        known = dict(self.lookup_choices)
        return films.filter(**{self.value(): ""}) if self.value() in known else films
