"""The pictures of the demo: each is drawn here, and then goes the way of every upload."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import BytesIO

from django.core.files import File
from PIL import Image

from movies.models import Movie, Slide
from pictures.fields import PictureField
from theaters.models import Theater

from .art.fronts import front
from .art.posters import backdrop, poster, slide
from .films import FILMS, Film
from .slides import SLIDES
from .theaters import HOUSES, House

# By the slug of a film or a theater, and by what it is: poster, backdrop, slide or front.
Drawn = dict[tuple[str, str], File]
WITH_SLIDE = {slug for slug, _, _ in SLIDES}


def draw_all(today: date) -> Drawn:
    """
    Draw posters, backdrops, slides and fronts, ready to be saved. Pillow lets go of the
    interpreter's lock, so two at a time are faster than one.
    """
    with ThreadPoolExecutor(max_workers=2) as workers:
        films = [workers.submit(draw_film, film, today) for film in FILMS]
        houses = [workers.submit(draw_house, house) for house in HOUSES]
        return {key: file for done in films + houses for key, file in done.result().items()}


def draw_film(film: Film, today: date) -> Drawn:
    released = today + timedelta(days=film.release)
    wide = backdrop(film)
    upright = poster(film, released=released, today=today)
    drawn = {
        (film.slug, "poster"): _upload(upright, Movie.poster.field),
        (film.slug, "backdrop"): _upload(wide, Movie.backdrop.field),
    }
    if film.slug in WITH_SLIDE:
        drawn[film.slug, "slide"] = _upload(slide(wide), Slide.image.field)
    return drawn


def draw_house(house: House) -> Drawn:
    picture = front(house.place["name"], **house.front)
    return {(house.place["slug"], "front"): _upload(picture, Theater.image.field)}


def _upload(picture: Image.Image, field: PictureField) -> File:
    file = BytesIO()
    picture.save(file, "JPEG", quality=95)
    return field.prepare(File(file, name="drawn.jpg"))
