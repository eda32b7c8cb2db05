"""Films: what can be shown, who made it, and what the home page says of it."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils import timezone

from pictures.fields import PictureField
from pictures.models import HasPictures


class Genre(models.Model):
    """A kind of film, such as drama."""

    name = models.CharField(max_length=50, unique=True)
    slug = models.SlugField(unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Person(HasPictures):
    """Somebody who made or played in films."""

    name = models.CharField(max_length=200)
    biography = models.TextField(blank=True)
    portrait = PictureField(upload_to="portraits/", small=100, medium=200, large=400, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "people"

    def __str__(self):
        return self.name


class MovieQuerySet(models.QuerySet):
    def now_showing(self, **where):
        """Films with a showtime on sale that has not started, narrowed by the showtime's fields."""
        return self.filter(Exists(_coming_showtimes(**where)))

    def coming_soon(self):
        """Films that are released after today, by UTC's date."""
        return self.filter(release_date__gt=timezone.now().date())

    def with_when(self):
        """Each with `now_showing` and `coming_soon`."""
        today = timezone.now().date()
        return self.annotate(
            now_showing=Exists(_coming_showtimes()),
            coming_soon=ExpressionWrapper(
                Q(release_date__gt=today), output_field=models.BooleanField()
            ),
        )

    def matching(self, words: str):
        """Films with each of `words` in the title, the original title or the synopsis."""
        for word in words.split():
            self = self.filter(
                Q(title__icontains=word)
                | Q(original_title__icontains=word)
                | Q(synopsis__icontains=word)
            )
        return self


def _coming_showtimes(**where):
    # This app does not know the timetable; the relation in the database leads there.
    showtimes = Movie._meta.get_field("showtimes").related_model.objects
    return showtimes.listed().upcoming().filter(movie=OuterRef("pk"), **where)


class Movie(HasPictures):
    """A film. Whether it is now showing or coming soon follows from its showtimes and its date."""

    title = models.CharField(max_length=200)
    original_title = models.CharField(max_length=200, blank=True)
    synopsis = models.TextField(blank=True)
    genres = models.ManyToManyField(Genre, related_name="movies", blank=True)
    people = models.ManyToManyField(Person, through="Credit", related_name="movies")
    release_date = models.DateField()
    duration_minutes = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    language = models.CharField(max_length=10, help_text="Spoken, as a BCP 47 tag: en, pt-BR.")
    certificate = models.CharField(
        max_length=20, blank=True, help_text="The age rating as it is printed: FSK 12, PG-13."
    )
    minimum_age = models.PositiveSmallIntegerField(
        default=0, help_text="Years; what the certificate demands of those who come in."
    )
    poster = PictureField(upload_to="posters/", small=200, medium=400, large=800, blank=True)
    backdrop = PictureField(upload_to="backdrops/", small=640, medium=1280, large=1920, blank=True)
    trailer_url = models.URLField(blank=True)

    objects = MovieQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(duration_minutes__gt=0), name="a_film_takes_time")
        ]

    def __str__(self):
        return self.title


class Credit(models.Model):
    """What a person did for a film."""

    class Job(models.TextChoices):
        DIRECTOR = "director"
        WRITER = "writer"
        PRODUCER = "producer"
        COMPOSER = "composer"
        CINEMATOGRAPHER = "cinematographer"
        ACTOR = "actor"

    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, related_name="credits")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="credits")
    job = models.CharField(max_length=20, choices=Job)
    character = models.CharField(max_length=200, blank=True, help_text="Whom an actor plays.")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["movie", "person", "job", "character"], name="a_credit_is_named_once"
            )
        ]

    def __str__(self):
        return f"{self.person}, {self.character or self.job}"


class SlideQuerySet(models.QuerySet):
    def on_show(self):
        """Active slides whose window is open now."""
        now = timezone.now()
        return self.filter(
            Q(shown_from=None) | Q(shown_from__lte=now),
            Q(shown_until=None) | Q(shown_until__gt=now),
            active=True,
        )


class Slide(HasPictures):
    """A picture on the home page that leads to a film or to a link."""

    title = models.CharField(max_length=120)
    text = models.CharField(max_length=300, blank=True)
    image = PictureField(upload_to="slides/", small=640, medium=1280, large=1920)
    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, null=True, blank=True)
    link = models.URLField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    shown_from = models.DateTimeField(null=True, blank=True)
    shown_until = models.DateTimeField(null=True, blank=True)
    active = models.BooleanField(default=True)

    objects = SlideQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(movie=None) | Q(link=""), name="a_slide_leads_to_one_place"
            ),
            models.CheckConstraint(
                condition=Q(shown_from=None)
                | Q(shown_until=None)
                | Q(shown_until__gt=F("shown_from")),
                name="a_slide_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return self.title
