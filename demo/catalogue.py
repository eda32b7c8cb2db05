"""Write the demo's films and theaters into the database. The pictures are drawn by then."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils.text import slugify

from accounts.models import User
from movies.models import Credit, Genre, Movie, Person, Slide
from theaters.layouts import Place, seats_of
from theaters.models import Amenity, Screen, Seat, SeatCategory, Theater

from .films import FILMS, Film
from .pictures import Drawn
from .slides import SLIDES
from .theaters import BERLIN, HOUSES, LEGEND, House

Job = Credit.Job


def load_films(today: date, drawn: Drawn):
    """The films with genres and credits, and the slides of the home page."""
    movies = {}
    for film in FILMS:
        movies[film.slug] = _load_film(film, today, drawn)
        _load_credits(film, movies[film.slug])
    for position, (slug, title, text) in enumerate(SLIDES):
        Slide.objects.create(
            title=title,
            text=text,
            image=drawn[slug, "slide"],
            movie=movies[slug],
            position=position,
        )


def _load_film(film: Film, today: date, drawn: Drawn) -> Movie:
    movie = Movie.objects.create(
        title=film.title,
        original_title=film.original_title,
        synopsis=film.synopsis,
        release_date=today + timedelta(days=film.release),
        duration_minutes=film.duration,
        language=film.language,
        certificate=film.certificate,
        minimum_age=film.minimum_age,
        poster=drawn[film.slug, "poster"],
        backdrop=drawn[film.slug, "backdrop"],
    )
    for name in film.genres:
        genre, _ = Genre.objects.get_or_create(name=name, defaults={"slug": slugify(name)})
        movie.genres.add(genre)
    return movie


def _load_credits(film: Film, movie: Movie):
    crew = [
        (film.director, Job.DIRECTOR, ""),
        (film.writer, Job.WRITER, ""),
        (film.composer, Job.COMPOSER, ""),
        (film.camera, Job.CINEMATOGRAPHER, ""),
    ]
    cast = [(name, Job.ACTOR, character) for name, character in film.cast]
    for order, (name, job, character) in enumerate(crew + cast):
        person = Person.objects.filter(name=name).first() or Person.objects.create(name=name)
        Credit.objects.create(movie=movie, person=person, job=job, character=character, order=order)


def load_theaters(drawn: Drawn):
    """The theaters with their screens, categories and seats; Max manages those in Berlin."""
    manager = User.objects.known_as("max")
    for house in HOUSES:
        theater = Theater.objects.create(**house.place, image=drawn[house.place["slug"], "front"])
        for name in house.amenities:
            theater.amenities.add(Amenity.objects.get_or_create(name=name)[0])
        _load_screens(house, theater)
        if house in BERLIN:
            theater.managers.add(manager)


def _load_screens(house: House, theater: Theater):
    categories = {
        name: SeatCategory.objects.create(
            theater=theater, name=name, colour=colour, default_price=Decimal(price), rank=rank
        )
        for rank, (name, (colour, price)) in enumerate(house.categories.items())
    }
    legend = {
        letter: Place(categories[name], kind)
        for letter, (name, kind) in LEGEND.items()
        if name in categories
    }
    for hall in house.halls:
        screen = Screen.objects.create(
            theater=theater, name=hall.name, kind=hall.kind, layout_version=1
        )
        Seat.objects.bulk_create(seats_of(screen, list(hall.plan), legend))
