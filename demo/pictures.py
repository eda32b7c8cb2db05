"""The files of the demo: every picture is drawn here and kept where uploads are kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from .art.fronts import front
from .art.posters import backdrop, poster, slide
from .films import FILMS, Film
from .theaters import HOUSES, House

QUALITY = 84


def draw_all(today: date):
    """
    Draw posters, backdrops, slides and fronts, over those of an earlier demo. Pillow lets go of
    the interpreter's lock, so two at a time are faster than one.
    """
    jobs = [(draw_film, film, today) for film in FILMS]
    jobs += [(draw_house, house) for house in HOUSES]
    with ThreadPoolExecutor(max_workers=2) as workers:
        for done in [workers.submit(*job) for job in jobs]:
            done.result()


def draw_film(film: Film, today: date):
    released = today + timedelta(days=film.release)
    wide = backdrop(film)
    _keep(poster(film, released=released, today=today), poster_name(film.slug))
    _keep(wide, backdrop_name(film.slug))
    _keep(slide(wide), slide_name(film.slug))


def draw_house(house: House):
    _keep(front(house.place["name"], **house.front), front_name(house))


def poster_name(slug: str) -> str:
    return f"posters/{slug}.jpg"


def backdrop_name(slug: str) -> str:
    return f"backdrops/{slug}.jpg"


def slide_name(slug: str) -> str:
    return f"slides/{slug}.jpg"


def front_name(house: House) -> str:
    return f"theaters/{house.place['slug']}.jpg"


def _keep(picture: Image.Image, name: str):
    file = BytesIO()
    picture.save(file, "JPEG", quality=QUALITY, optimize=True)
    default_storage.delete(name)
    default_storage.save(name, ContentFile(file.getvalue()))
