"""Which films sell: counted from tickets, written where lists of films can order by it."""

from datetime import timedelta

from django.core.cache import cache
from django.db.models import Count
from django.utils import timezone

from movies.models import Movie

from .models import Booking, Ticket

LATELY = timedelta(days=14)
EVERY = timedelta(minutes=10)
LAST_COUNTED = "popularity-was-counted"


def count_popularity() -> int:
    """
    Write each film's `popularity`: its valid tickets of bookings that were confirmed in the last
    fourteen days. Returns how many films have changed; the others are not written.
    """
    sold = sold_lately()
    films = Movie.objects.only("popularity").order_by("pk")
    changed = [film for film in films if film.popularity != sold.get(film.pk, 0)]
    for film in changed:
        film.popularity = sold.get(film.pk, 0)
    return Movie.objects.bulk_update(changed, ["popularity"], batch_size=500)


def sold_lately() -> dict[int, int]:
    """How many tickets of each film, by its id; films without any are left out."""
    tickets = Ticket.objects.valid().filter(
        booking__status=Booking.Status.CONFIRMED,
        booking__confirmed_at__gte=timezone.now() - LATELY,
    )
    by_film = tickets.order_by().values_list("booking__showtime__movie")
    return dict(by_film.annotate(Count("pk")))


def count_popularity_now_and_then() -> int:
    """The same, at most every ten minutes as far as the cache remembers."""
    if not cache.add(LAST_COUNTED, True, EVERY.total_seconds()):
        return 0
    return count_popularity()
