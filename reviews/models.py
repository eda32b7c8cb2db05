"""What people thought of a film."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from bookings.models import Booking, Ticket
from movies.models import Movie


class ReviewQuerySet(models.QuerySet):
    def with_verified(self):
        """Each with `verified`: its author has a ticket for a showing that is over."""
        seen = Ticket.objects.valid().filter(
            booking__status=Booking.Status.CONFIRMED,
            booking__user=OuterRef("user"),
            booking__showtime__movie=OuterRef("movie"),
            booking__showtime__ends_at__lte=timezone.now(),
        )
        return self.annotate(verified=Exists(seen))


class Review(models.Model):
    """One person's opinion of one film: 1 (poor) to 5 (superb), and why."""

    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, related_name="reviews")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reviews"
    )
    rating = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True, max_length=5000)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["movie", "user"], name="one_review_per_person_and_movie"
            ),
            models.CheckConstraint(
                condition=Q(rating__gte=1, rating__lte=5), name="rating_is_one_to_five"
            ),
        ]

    def __str__(self):
        return f"{self.rating} for {self.movie} by {self.user}"
