"""What we hold about a person's reviews, for their own eyes."""

from .models import Review


def reviews(user) -> list[dict]:
    """All reviews that `user` wrote."""
    return [
        {
            "movie": review.movie.title,
            "rating": review.rating,
            "text": review.text,
            "created_at": review.created_at,
            "updated_at": review.updated_at,
        }
        for review in Review.objects.filter(user=user).select_related("movie")
    ]
