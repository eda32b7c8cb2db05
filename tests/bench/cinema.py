"""
A cinema that has been open for a while. Nothing is measured on tables that are nearly empty:
PostgreSQL plans for what it finds, and keeps the plans of its foreign keys for a connection's life.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from movies.models import Credit, Genre, Movie, Person
from showtimes.models import Showtime
from theaters.layouts import Place, seats_of
from theaters.models import Screen, Seat, Theater

from . import sales

CUSTOMERS, FILMS, SCREENS = 1_000, 24, 7
LARGE = 10_000
ROWS = ["s" * 20] * 10 + ["g" * 20] * 5
SEATS, SEATS_A_HOLD = 300, 3
SLOT, LENGTH = timedelta(hours=3), timedelta(minutes=140)


@dataclass
class Cinema:
    """
    What the cases need: a showtime to come of which two thirds are sold, one of which nothing is,
    three seats of the former of which one is sold, customers, and seats that nobody has had.
    """

    showtime: Showtime
    empty: Showtime
    half_taken: list[Seat]
    customers: Iterator[User]
    free: Iterator[tuple[Showtime, list[Seat]]]


def open_cinema(*, bookings: int, holds: int) -> Cinema:
    """A cinema with `bookings` (rounded up to whole showtimes), and with seats for `holds` more."""
    sold = -(-bookings // sales.BOOKINGS)
    spare = holds * SEATS_A_HOLD // SEATS + 3
    customers = make_customers()
    showtimes = make_showtimes(make_films(), make_screens(), sold=sold, total=sold + spare)
    with transaction.atomic():
        sales.sell(showtimes.pop(), customers[0])
        sales.copy(showtimes[:sold], customers)
        take_stock()
    connection.close()
    last = showtimes[sold - 1]
    border = sales.BOOKINGS * sales.SEATS - 1
    half_taken = list(last.screen.seats.order_by("pk")[border : border + SEATS_A_HOLD])
    *spare, empty = showtimes[sold:]
    return Cinema(last, empty, half_taken, cycle(customers), free_seats(spare))


def take_stock():
    """Let the database look at its tables; before the commit, while autovacuum cannot see them."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def free_seats(showtimes: list[Showtime]) -> Iterator[tuple[Showtime, list[Seat]]]:
    """Three seats after three seats of showtimes that nobody has booked yet."""
    for showtime in showtimes:
        seats = list(showtime.screen.seats.select_related("category"))
        for first in range(0, SEATS, SEATS_A_HOLD):
            yield showtime, seats[first : first + SEATS_A_HOLD]


def make_customers() -> list[User]:
    """People who cannot sign in: their tokens are made for them."""
    return User.objects.bulk_create(
        User(username=f"customer{n}", email=f"customer{n}@example.com", password="!")
        for n in range(CUSTOMERS)
    )


def make_films() -> list[Movie]:
    """Films with a poster and three genres each."""
    genres = [Genre.objects.create(name=f"Genre {n}", slug=f"genre-{n}") for n in range(8)]
    films = Movie.objects.bulk_create(
        Movie(
            title=f"Film {n}",
            synopsis="A keeper hears a voice on a frequency that was shut down long ago. " * 5,
            release_date=date(2026, 1, 1),
            duration_minutes=118,
            language="de",
            certificate="FSK 12",
            minimum_age=12,
            poster=f"posters/{n:032x}.webp",
        )
        for n in range(FILMS)
    )
    for n, film in enumerate(films):
        film.genres.set(genres[(n + step) % len(genres)] for step in range(3))
    return films


def make_catalogue():
    """Ten thousand films more, with an actor each. One of them is called The Lighthouse."""
    words = "amber basalt cedar delta ember fjord granite harbour island jasmine".split()
    titles = [f"{words[n % 10]} {words[n // 10 % 10]} {n}".title() for n in range(LARGE - 1)]
    films = Movie.objects.bulk_create(
        Movie(
            title=title,
            synopsis="A voice on the radio that was shut down long ago. " * 5,
            release_date=date(2020, 1, 1),
            duration_minutes=90,
            language="en",
        )
        for title in [*titles, "The Lighthouse"]
    )
    people = Person.objects.bulk_create(Person(name=f"Ada {n} Byron") for n in range(LARGE))
    Credit.objects.bulk_create(
        Credit(movie=film, person=person, job=Credit.Job.ACTOR)
        for film, person in zip(films, people, strict=True)
    )
    take_stock()


def crowd(number: int):
    """`number` showtimes more, in thirty other theaters, from a month ago to a month ahead."""
    films = list(Movie.objects.all())
    screens = [
        theater.screens.create(name=f"Hall {n}")
        for theater in (make_theater(f"house-{n}") for n in range(30))
        for n in range(SCREENS)
    ]
    first = timezone.now().replace(microsecond=0) - SLOT * (number // len(screens) // 2)
    with transaction.atomic():
        Showtime.objects.bulk_create(
            (
                Showtime(
                    movie=films[n % FILMS],
                    screen=screens[n % len(screens)],
                    starts_at=first + SLOT * (n // len(screens)),
                    ends_at=first + SLOT * (n // len(screens)) + LENGTH,
                    language="de",
                    status=Showtime.Status.ON_SALE,
                )
                for n in range(number)
            ),
            batch_size=1000,
        )
        take_stock()


def make_theater(slug: str) -> Theater:
    """A theater that adds a fee to each ticket."""
    return Theater.objects.create(
        name=slug.capitalize(),
        slug=slug,
        address="Kantstr. 1",
        city="Berlin",
        postal_code="10623",
        country="DE",
        timezone="Europe/Berlin",
        currency="EUR",
        legal_name="Lux Kino GmbH",
        invoice_prefix=slug.replace("-", "").upper(),
        booking_fee=Decimal(1),
        tax_rate=Decimal(19),
    )


def make_house(slug: str, rows: list[str], showtimes: int) -> list[Showtime]:
    """A theater of one hall with simple seats, and its showtimes from tomorrow on, all on sale."""
    theater = make_theater(slug)
    seat = Place(theater.seat_categories.create(name="Seat", default_price=10))
    screen = theater.screens.create(name="Hall")
    Seat.objects.bulk_create(seats_of(screen, rows, {"s": seat}))
    tomorrow = timezone.now().replace(microsecond=0) + timedelta(days=1)
    made = Showtime.objects.bulk_create(
        Showtime(
            movie=Movie.objects.first(),
            screen=screen,
            starts_at=tomorrow + SLOT * n,
            ends_at=tomorrow + SLOT * n + LENGTH,
            language="de",
            status=Showtime.Status.ON_SALE,
        )
        for n in range(showtimes)
    )
    take_stock()
    return made


def make_screens() -> list[Screen]:
    """Screens of 300 seats in two categories."""
    theater = make_theater("lux")
    categories = theater.seat_categories
    silver = categories.create(name="Silver", default_price=10)
    gold = categories.create(name="Gold", default_price=14, rank=1)
    screens = [theater.screens.create(name=f"Screen {n}") for n in range(SCREENS)]
    legend = {"s": Place(silver), "g": Place(gold)}
    for screen in screens:
        Seat.objects.bulk_create(seats_of(screen, ROWS, legend))
    return screens


def make_showtimes(films, screens, *, sold: int, total: int) -> list[Showtime]:
    """On every screen one after another; four fifths of the first `sold` are over."""
    first_to_come = sold // SCREENS * 4 // 5
    next_start = timezone.now().replace(microsecond=0) + SLOT / 2
    starts = [next_start + SLOT * (n // SCREENS - first_to_come) for n in range(total)]
    return Showtime.objects.bulk_create(
        Showtime(
            movie=films[n % FILMS],
            screen=screens[n % SCREENS],
            starts_at=start,
            ends_at=start + LENGTH,
            language="de",
            status=Showtime.Status.ON_SALE,
        )
        for n, start in enumerate(starts)
    )
