"""Films: what can be shown, who made it, and what the home page says of it."""

from collections.abc import Iterable
from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils import timezone

from accounts.models import Role
from history.doers import told_in_one
from history.remembering import Remembered, RememberedQuerySet, Remembers, tell
from pictures.fields import PictureField
from pictures.models import HasPictures

from .folding import Folded, FoldedField, FoldedQuerySet
from .searching import IN_FILMS, all_in, holding, rank, words_of

# The first film that we know of is from 1888; beyond the other end are typing errors.
RELEASES = [MinValueValidator(date(1888, 1, 1)), MaxValueValidator(date(2200, 12, 31))]
LONGEST = 1000  # minutes
LANGUAGE_TAG = RegexValidator(
    r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", "A BCP 47 tag, as in en or pt-BR."
)
# Django's own URLs may be ftp, too.
ON_THE_WEB = RegexValidator(r"^(?i:https?)://", "An address that begins with http:// or https://.")


class Genre(Remembered):
    """A kind of film, such as drama."""

    remembers = Remembers()

    name = models.CharField(max_length=50, unique=True)
    slug = models.SlugField(unique=True)

    objects = RememberedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class PersonQuerySet(RememberedQuerySet, FoldedQuerySet):
    def matching(self, text: str):
        """People with each word of `text` in their name, the names that begin with it first."""
        words = words_of(text)
        if not words:
            return self.none()
        for word in words:
            self = self.filter(holding(word, ["name_folded"]))
        begins = Q(name_folded__startswith=" ".join(words))
        nearly = ~all_in("name_folded", words)
        return self.order_by(_truth(nearly), _truth(begins).desc(), "name_folded", "pk")


class Person(Remembered, HasPictures, Folded):
    """Somebody who made or played in films."""

    remembers = Remembers(but_not=["name_folded"])

    name = models.CharField(max_length=200)
    name_folded = FoldedField(of="name")
    biography = models.TextField(blank=True)
    portrait = PictureField(upload_to="portraits/", small=100, medium=200, large=400, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "people"

    def __str__(self):
        return self.name

    def films(self):
        """Their credits, each with its film, those of the newest film first."""
        credits = self.credits.select_related("movie")
        return credits.order_by("-movie__release_date", "movie", "order", "pk")


class MovieQuerySet(RememberedQuerySet, FoldedQuerySet):
    def now_showing(self):
        """Films with a showtime on sale that has not started."""
        return self.shown_at(showtimes_to_come())

    def coming_soon(self):
        """Films that are released after today, by UTC's date."""
        return self.filter(release_date__gt=timezone.now().date())

    def released(self):
        """Films that are not coming soon."""
        return self.filter(release_date__lte=timezone.now().date())

    def shown_at(self, showtimes):
        """Films of which one of `showtimes` is a showing."""
        return self.filter(Exists(showtimes.filter(movie=OuterRef("pk"))))

    def not_shown_at(self, showtimes):
        """Films of which none of `showtimes` is a showing."""
        return self.exclude(Exists(showtimes.filter(movie=OuterRef("pk"))))

    def that_may_come_to(self, showtimes):
        """Films of which one of `showtimes` is a showing, or that are on no timetable yet."""
        here = Exists(showtimes.filter(movie=OuterRef("pk")))
        anywhere = Exists(showtimes_to_come().filter(movie=OuterRef("pk")))
        return self.filter(here | ~anywhere)

    def with_when(self):
        """Each with `now_showing` and `coming_soon`."""
        today = timezone.now().date()
        return self.annotate(
            now_showing=Exists(showtimes_to_come().filter(movie=OuterRef("pk"))),
            coming_soon=_truth(Q(release_date__gt=today)),
        )

    def with_details(self):
        """Each with its genres and its credits, in three queries more however many they are."""
        return self.prefetch_related("genres", "credits__person")

    def matching(self, text: str):
        """Films with each word of `text` somewhere (movies.searching), the best matches first."""
        words = words_of(text)
        if not words:
            return self.none()
        for word in words:
            in_credits = Credit.objects.filter(holding(word, ["person__name_folded"]))
            in_films = Movie.objects.filter(holding(word, IN_FILMS))
            found = in_films.order_by().values("pk").union(in_credits.order_by().values("movie"))
            self = self.filter(pk__in=found)
        return self.order_by(rank(words, Credit.objects.all()), "title_folded", "pk")


def _truth(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=models.BooleanField())


def listed_showtimes():
    """
    The showtimes that customers may see. This app does not know the timetable; the relation in the
    database leads there.
    """
    return Movie._meta.get_field("showtimes").related_model.objects.listed()


def showtimes_to_come():
    """Those of them that have not started."""
    return listed_showtimes().upcoming()


def no_ratings() -> dict[str, int]:
    """How many gave 1 to 5, where nobody has."""
    return {str(rating): 0 for rating in range(1, 6)}


# Of a film, what nobody types: it follows from its names, and from what others do.
COUNTED = [
    *("title_folded", "original_title_folded", "synopsis_folded"),
    *("popularity", "rating", "rating_count", "ratings"),
]


class Movie(Remembered, HasPictures, Folded):
    """
    A film. Whether it is now showing or coming soon follows from its showtimes and its date.

    `popularity` counts tickets that were sold lately, and is written by bookings. `rating`,
    `rating_count` and `ratings` sum up what people thought of it, and are written by reviews.
    """

    remembers = Remembers(but_not=COUNTED, lists=["genres"])
    title = models.CharField(max_length=200)
    title_folded = FoldedField(of="title")
    original_title = models.CharField(max_length=200, blank=True)
    original_title_folded = FoldedField(of="original_title")
    synopsis = models.TextField(max_length=10_000, blank=True)
    synopsis_folded = FoldedField(of="synopsis")
    genres = models.ManyToManyField(Genre, related_name="movies", blank=True)
    people = models.ManyToManyField(Person, through="Credit", related_name="movies")
    release_date = models.DateField(validators=RELEASES)
    duration_minutes = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST)]
    )
    language = models.CharField(
        max_length=10, validators=[LANGUAGE_TAG], help_text="Spoken, as a BCP 47 tag: en, pt-BR."
    )
    certificate = models.CharField(
        max_length=20, blank=True, help_text="The age rating as it is printed: FSK 12, PG-13."
    )
    minimum_age = models.PositiveSmallIntegerField(
        default=0,
        validators=[MaxValueValidator(99)],
        help_text="Years; what the certificate demands of those who come in.",
    )
    poster = PictureField(upload_to="posters/", small=200, medium=400, large=800, blank=True)
    backdrop = PictureField(upload_to="backdrops/", small=640, medium=1280, large=1920, blank=True)
    trailer_url = models.URLField(blank=True, validators=[ON_THE_WEB])
    popularity = models.PositiveIntegerField(default=0, editable=False, db_index=True)
    rating = models.DecimalField(max_digits=3, decimal_places=2, null=True, editable=False)
    rating_count = models.PositiveIntegerField(default=0, editable=False)
    ratings = models.JSONField(default=no_ratings, editable=False)

    objects = MovieQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = "film"
        constraints = [
            models.CheckConstraint(condition=Q(duration_minutes__gt=0), name="a_film_takes_time")
        ]

    def __str__(self):
        return self.title

    def replace_credits(self, credits: Iterable[dict]):
        """Let `credits` (person, an id; job; character) be all of them, in this order."""
        before = self._credits_in_words()
        with told_in_one():
            self.credits.all().delete()
            Credit.objects.bulk_create(
                Credit(
                    movie=self,
                    person_id=credit["person"],
                    job=credit["job"],
                    character=credit["character"],
                    order=order,
                )
                for order, credit in enumerate(credits)
            )
        if before != (after := self._credits_in_words()):
            tell(self, credits=[before, after])

    def _credits_in_words(self) -> str | None:
        return "; ".join(map(str, self.credits.select_related("person"))) or None


class Credit(Remembered):
    """What a person did for a film."""

    remembers = Remembers(related=["person", "movie"])

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

    objects = RememberedQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["movie", "person", "job", "character"], name="a_credit_is_named_once"
            )
        ]

    def __str__(self):
        return f"{self.person}, {self.character or self.job}"

    def title_to_remember(self):
        return f"{self}: {self.movie}"


class SlideQuerySet(RememberedQuerySet):
    def for_user(self, user):
        """All of them for an admin; what is on show for anybody else."""
        return self if getattr(user, "role", None) == Role.ADMIN else self.on_show()

    def on_show(self):
        """Active slides whose window is open now."""
        now = timezone.now()
        return self.filter(
            Q(shown_from=None) | Q(shown_from__lte=now),
            Q(shown_until=None) | Q(shown_until__gt=now),
            active=True,
        )


class Slide(Remembered, HasPictures):
    """A picture on the home page that leads to a film or to a link."""

    remembers = Remembers(related=["movie"])

    title = models.CharField(max_length=120)
    text = models.CharField(max_length=300, blank=True)
    image = PictureField(upload_to="slides/", small=640, medium=1280, large=1920)
    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, null=True, blank=True)
    link = models.URLField(blank=True, validators=[ON_THE_WEB])
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
