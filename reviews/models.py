"""What people thought of a film."""

from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from rest_framework import status
from rest_framework.exceptions import APIException, NotFound

from accounts.models import Role
from bookings.models import Booking, Ticket
from history.remembering import Remembered, RememberedQuerySet, Remembers
from movies.models import Movie, no_ratings
from showtimes.contention import tried_twice
from showtimes.models import Showtime


class AlreadyReviewed(APIException):
    """One review a person and film: change the one that is there."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "already_reviewed"
    default_detail = "You have reviewed this film already."


class NotReleased(APIException):
    """Nobody can have seen it: it is neither released nor has it been shown."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "not_released"
    default_detail = "This film cannot be reviewed before it is released or shown."


class ReviewQuerySet(RememberedQuerySet):
    def visible(self):
        """Those that everybody may read."""
        return self.filter(hidden_at=None)

    def for_user(self, user):
        """What `user` may read: what is visible, and their own. All of them for an admin."""
        if getattr(user, "role", None) == Role.ADMIN:
            return self
        return self.visible() | self.filter(user=user) if user.pk else self.visible()

    def with_verified(self):
        """Each with `verified`: its author has a ticket for a showing that is over."""
        seen = Ticket.objects.valid().filter(
            booking__status=Booking.Status.CONFIRMED,
            booking__user=OuterRef("user"),
            booking__showtime__movie=OuterRef("movie"),
            booking__showtime__ends_at__lte=timezone.now(),
        )
        return self.annotate(verified=Exists(seen))

    @tried_twice
    @transaction.atomic
    def write(self, *, movie: Movie, user, rating: int, text: str = "") -> "Review":
        """A new review. Raises NotReleased, AlreadyReviewed, Busy."""
        check_may_be_reviewed(movie)
        _lock(movie.pk)
        try:
            with transaction.atomic():
                review = self.create(movie=movie, user=user, rating=rating, text=text)
        except IntegrityError as error:
            raise AlreadyReviewed from error
        _sum_up(movie.pk)
        return review


class Review(Remembered):
    """
    One person's opinion of one film: 1 (poor) to 5 (superb), and why.

    Admins may hide one; its author still sees it. Every change of a review, by these methods,
    changes the rating of its film in the same transaction.
    """

    # What customers write is theirs; that the house hid it, or took it away, is remembered.
    remembers = Remembers(
        related=["movie"],
        but_not=["movie", "user", "rating", "text", "created_at", "updated_at"],
    )
    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, related_name="reviews")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="reviews",
        null=True,
        help_text="Empty: an account that is no more. What it thought still counts.",
    )
    rating = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True, max_length=5000)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_reason = models.CharField(max_length=200, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["movie", "-created_at"], name="reviews_of_a_movie")]
        constraints = [
            models.UniqueConstraint(
                fields=["movie", "user"], name="one_review_per_person_and_movie"
            ),
            models.CheckConstraint(
                condition=Q(rating__gte=1, rating__lte=5), name="rating_is_one_to_five"
            ),
        ]

    def __str__(self):
        return f"{self.rating} for {self.movie} by {self.user or 'nobody any more'}"

    def title_to_remember(self):
        return f"review {self.pk} of {self.movie}"

    @property
    def hidden(self) -> bool:
        """Whether only its author and admins can read it."""
        return self.hidden_at is not None

    def change(self, **values):
        """Write the author's new `rating` or `text`. Raises Busy."""
        self._change(**values, updated_at=timezone.now())

    def hide(self, reason: str = ""):
        """Let only its author and admins read it, and let it count no more. Raises Busy."""
        self._change(hidden_at=timezone.now(), hidden_reason=reason)

    def unhide(self):
        """Let everybody read it again. Raises Busy."""
        self._change(hidden_at=None, hidden_reason="")

    @tried_twice
    @transaction.atomic
    def _change(self, **values):
        _lock(self.movie_id)
        if not Review.objects.filter(pk=self.pk).update(**values):
            raise NotFound
        _sum_up(self.movie_id)
        for name, value in values.items():
            setattr(self, name, value)

    @tried_twice
    @transaction.atomic
    def delete(self, **kwargs):
        """Take it away for good, from the film's rating too. Raises Busy."""
        _lock(self.movie_id)
        deleted = super().delete(**kwargs)
        _sum_up(self.movie_id)
        return deleted


def check_may_be_reviewed(movie: Movie):
    """Raises NotReleased unless `movie` is released, by UTC's date, or was shown before."""
    now = timezone.now()
    shown = Showtime.objects.listed().filter(movie=movie, starts_at__lte=now)
    if movie.release_date > now.date() and not shown.exists():
        raise NotReleased


def _lock(movie: int):
    """Nobody else writes reviews of the film until the transaction ends. Raises NotFound."""
    rows = Movie.objects.select_for_update(no_key=True).filter(pk=movie)
    if not rows.values_list("pk"):
        raise NotFound


def _sum_up(movie: int):
    """Write what the visible reviews of the film come to. It must be locked."""
    visible = Review.objects.visible().filter(movie=movie).order_by()
    counts = dict(visible.values_list("rating").annotate(Count("pk")))
    number = sum(counts.values())
    total = sum(rating * count for rating, count in counts.items())
    Movie.objects.filter(pk=movie).update(
        rating=_average(total, number) if number else None,
        rating_count=number,
        ratings=no_ratings() | {str(rating): count for rating, count in counts.items()},
    )


def _average(total: int, number: int) -> Decimal:
    return (Decimal(total) / number).quantize(Decimal("0.01"), ROUND_HALF_UP)
