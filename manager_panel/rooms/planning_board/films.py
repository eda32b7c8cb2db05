"""The films to choose from: those that run now first, and those that fit into a gap."""

from collections.abc import Callable

from django.db.models import Exists, F, OuterRef

from movies.models import Movie
from pictures.fields import PictureLinks
from showtimes.models import Showtime
from theaters.models import Theater

MOST = 60


def films(theater: Theater, link: Callable[[str], str], *, words="", longest=None) -> list[dict]:
    """
    At most MOST films that match `words` and are not longer than `longest` minutes. Those that
    this theater has on its timetable come first, then those that run elsewhere, the popular first.
    """
    rows = Movie.objects.matching(words) if words else Movie.objects.all()
    if longest is not None:
        rows = rows.filter(duration_minutes__lte=longest)
    here = Showtime.objects.filter(movie=OuterRef("pk"), screen__theater=theater).upcoming()
    rows = rows.with_when().annotate(here=Exists(here))
    rows = rows.order_by(
        F("here").desc(), F("now_showing").desc(), "coming_soon", "-popularity", "title", "pk"
    )
    pictures = PictureLinks(link)
    return [_film(movie, pictures) for movie in rows[:MOST]]


def _film(movie, pictures) -> dict:
    return {
        "id": movie.pk,
        "title": movie.title,
        "minutes": movie.duration_minutes,
        "language": movie.language,
        "certificate": movie.certificate,
        "released": movie.release_date.isoformat(),
        "when": _when(movie),
        "poster": (pictures(movie.poster.name) or {}).get("small", ""),
    }


def _when(movie) -> str:
    if movie.here:
        return "here"
    return "now" if movie.now_showing else "soon" if movie.coming_soon else "other"


def on_the_timetable(theater: Theater) -> list[dict]:
    """The films to come at `theater`, by title: for bulk prices."""
    showtimes = Showtime.objects.filter(movie=OuterRef("pk"), screen__theater=theater).upcoming()
    rows = Movie.objects.filter(Exists(showtimes)).order_by("title", "pk")
    return [{"id": pk, "title": title} for pk, title in rows.values_list("pk", "title")]
