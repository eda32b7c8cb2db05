"""A showtime to fight for, in a cinema that may be open: customers never see it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from movies.models import Movie
from showtimes.contention import tried_twice
from showtimes.models import Showtime
from theaters.layouts import Place, seats_of
from theaters.models import Screen, Seat, Theater

NAME = "Scratch of prove_no_double_sale"
# A language for private use, by which what we made is found again (RFC 5646, section 2.2.7).
MARK = "x-proof"
SEATS = 24
IN_A_FAR_FUTURE = datetime(2199, 1, 1, 20, tzinfo=UTC)


@contextmanager
def scratch_showtime() -> Iterator[tuple[Showtime, list[int]]]:
    """
    A showtime and the ids of some of its seats, for as long as the context lasts. What was left by
    a run that was killed is removed, too.

    It is planned for a hall that there is, or for one of its own in a cinema without any. For the
    database it is only planned, so that nobody is shown it and nobody can book it; for those who
    have this object it is on sale.
    """
    remove_scratch()
    try:
        showtime = _plan(_a_hall() or _make_hall())
        showtime.status = Showtime.Status.ON_SALE
        yield showtime, list(_seats(showtime.screen))
    finally:
        remove_scratch()


@tried_twice
@transaction.atomic
def remove_scratch():
    """Remove all that a proof made, and whatever refers to it."""
    _remove(Showtime.objects.filter(language=MARK))
    _remove(Movie.objects.filter(language=MARK))
    _remove(Theater.objects.filter(slug=MARK))


def _remove(rows: QuerySet):
    # Bookings and tickets are protected, for whatever else there is: last come, first go.
    for relation in rows.model._meta.get_fields(include_hidden=True):
        refers = relation.auto_created and (relation.one_to_many or relation.one_to_one)
        if refers and not relation.concrete and relation.related_model is not rows.model:
            them = relation.related_model._base_manager
            _remove(them.filter(**{f"{relation.field.name}__in": rows}))
    rows.delete()


def _plan(screen: Screen) -> Showtime:
    movie = Movie.objects.order_by("pk").first() or Movie.objects.create(
        title=NAME, release_date=IN_A_FAR_FUTURE, duration_minutes=90, language=MARK
    )
    planned = Showtime.objects.create(
        movie=movie,
        screen=screen,
        starts_at=IN_A_FAR_FUTURE,
        ends_at=IN_A_FAR_FUTURE + timedelta(hours=2),
        language=MARK,
        status=Showtime.Status.PLANNED,
    )
    return Showtime.objects.select_related("movie", "screen__theater").get(pk=planned.pk)


def _a_hall() -> Screen | None:
    """One with enough seats, where it matters to nobody which seats are left."""
    enough = Count("seats", filter=Q(seats__active=True, seats__kind=Seat.Kind.STANDARD))
    halls = Screen.objects.alias(enough=enough).filter(enough__gte=SEATS)
    return halls.filter(theater__refuses_lonely_seats=False).order_by("pk").first()


@transaction.atomic
def _make_hall() -> Screen:
    theater = Theater.objects.create(
        name=NAME,
        slug=MARK,
        address=NAME,
        city=NAME,
        country="DE",
        timezone="UTC",
        currency="EUR",
        legal_name=NAME,
        invoice_prefix="XPROOF",
    )
    category = theater.seat_categories.create(name="Seat", default_price=10)
    screen = theater.screens.create(name="Hall")
    Seat.objects.bulk_create(seats_of(screen, ["s" * SEATS], {"s": Place(category)}))
    return screen


def _seats(screen: Screen) -> QuerySet:
    seats = screen.seats.filter(active=True, kind=Seat.Kind.STANDARD)
    return seats.order_by("pk").values_list("pk", flat=True)[:SEATS]
