"""Posters: a scene, the title on it, a tagline, the small print, and when it comes."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PIL import Image, ImageFilter

from ..films import Film
from . import lettering as type_
from .canvas import Canvas
from .scenes import SCENES

POSTER, BACKDROP, SLIDE = (1000, 1500), (1600, 900), (1600, 700)
# Where the subject stands on wide pictures, so that a page can write on the left of it.
ASIDE = 0.36


@dataclass(frozen=True)
class Design:
    """How the words stand on a poster. Heights are pixels of its 1500, `gap` between lines too."""

    lines: tuple[str, ...]
    face: Path
    top: int
    title: str | tuple[str, ...]
    words: str
    most: int = 190
    width: int = 860
    tracking: float = 0.0
    gap: int = 18
    slant: float = 0.0
    shadow: str = ""
    align: str = "centre"
    tagline_top: int = 70
    tagline_face: Path = type_.ROUND_MEDIUM
    tagline_tracking: float = 0.16
    tagline_size: int = 30
    print_colour: str = ""
    floor: str = ""
    grain: float = 0.07
    vignette: float = 0.35


DESIGNS = {
    "aphelion-nine": Design(
        lines=("APHELION", "NINE"), face=type_.ROUND_LIGHT, top=1120, most=135, width=800,
        tracking=0.28, title="#ffffff", words="#c9cfe6", tagline_top=64,
    ),
    "the-blue-hours": Design(
        lines=("The Blue", "Hours"), face=type_.SERIF_BOLD_ITALIC, top=1000, most=200, gap=6,
        title="#fdf0d2", words="#f4cfa6", tagline_top=52, tagline_face=type_.SERIF_ITALIC,
        tagline_tracking=0, tagline_size=42, shadow="#050a26",
    ),
    "the-clockmaker-of-gorlitz": Design(
        lines=("THE CLOCKMAKER", "OF GÖRLITZ"), face=type_.SERIF, top=1075, most=120, gap=22,
        tracking=0.03, title=("#f7dfae", "#b98238"), words="#d8c9a6", tagline_top=70,
        tagline_face=type_.SERIF_ITALIC, tagline_tracking=0, tagline_size=40,
    ),
    "halflight": Design(
        lines=("HALFLIGHT",), face=type_.CONDENSED, top=118, most=250, tracking=0.04, width=880,
        title=("#ffffff", "#f3d9a0"), words="#e2d8c0", tagline_top=62,
    ),
    "the-house-below-the-house": Design(
        lines=("THE HOUSE", "BELOW", "THE HOUSE"), face=type_.CONDENSED, top=985, most=118, gap=14,
        tracking=0.06, title="#f4e9d8", words="#20272a", tagline_top=48, print_colour="#e8b8a8",
        shadow="#240204", grain=0.12,
    ),
    "the-great-marzipan-heist": Design(
        lines=("The Great", "Marzipan", "Heist"), face=type_.HAND, top=120, most=230, gap=8,
        width=640, title="#8c1d4f", words="#8c1d4f", tagline_top=42, tagline_face=type_.HAND,
        tagline_tracking=0.03, tagline_size=52, align="left", grain=0.03, vignette=0.1,
    ),
    "monsoon-express": Design(
        lines=("MONSOON", "EXPRESS"), face=type_.ROUND, top=150, most=146, gap=14,
        title=("#fff6c2", "#ffd23f"), words="#ffffff", shadow="#8c0f3f", tagline_top=104,
        tagline_size=24, floor="#2c0618", grain=0.04, vignette=0.2,
    ),
    "paper-cranes-at-low-tide": Design(
        lines=("Paper Cranes", "at Low Tide"), face=type_.SERIF, top=1085, most=150, gap=10,
        title="#fff6e2", words="#7d2a26", shadow="#0a1c38", tagline_top=48,
        tagline_face=type_.SERIF_ITALIC, tagline_tracking=0, tagline_size=38, vignette=0.15,
        print_colour="#fff6e2", floor="#081530",
    ),
    "redline-sierra": Design(
        lines=("REDLINE", "SIERRA"), face=type_.CONDENSED, top=110, most=230, gap=16, slant=0.22,
        title=("#ffffff", "#ffe36a", "#ff6a3d", "#ff2e7e"), words="#ffd9a0", shadow="#1a0426",
        tracking=0.02, tagline_top=60, width=800, floor="#08030b",
    ),
    "salt-cathedral": Design(
        lines=("SALT", "CATHEDRAL"), face=type_.SERIF_REGULAR, top=92, most=170, gap=20, width=840,
        tracking=0.1, title=("#fff7e4", "#e8bb74"), words="#f2dcb4", tagline_top=1235,
        tagline_size=24, tagline_tracking=0.12, shadow="#140804", grain=0.1,
    ),
    "a-thousand-small-boats": Design(
        lines=("A Thousand", "Small Boats"), face=type_.SERIF, top=1080, most=135, gap=6,
        title="#fff4dc", words="#fff4dc", floor="#04202a",
        tagline_top=1288, tagline_face=type_.SERIF_ITALIC,
        tagline_tracking=0, tagline_size=34, shadow="#06303c", align="left", vignette=0.2,
    ),
    "winter-tracks": Design(
        lines=("WINTER", "TRACKS"), face=type_.CONDENSED, top=1010, most=150, gap=16, align="left",
        tracking=0.02, title="#14191d", words="#3d4a54", tagline_top=90, print_colour="#3d4a54",
        tagline_size=24, vignette=0.08, grain=0.05,
    ),
}  # fmt: skip


def poster(film: Film, *, released: date, today: date) -> Image.Image:
    """The poster of `film`, 1000 × 1500."""
    design = DESIGNS[film.slug]
    canvas = Canvas(POSTER)
    SCENES[film.slug](canvas)
    picture = canvas.finished(grain=design.grain, vignette=design.vignette)
    _floor(picture, design.floor)
    _title(picture, design)
    if film.slug == "monsoon-express" and type_.can_shape():
        _line(picture, film.original_title, type_.DEVANAGARI, 56, 396, "#ffffff", shadow="#8c0f3f")
    _tagline(picture, film.tagline, design)
    _credits(picture, film, design)
    _release(picture, design, released=released, today=today)
    return picture


def backdrop(film: Film) -> Image.Image:
    """The scene of `film` without words, 1600 × 900."""
    canvas = Canvas(BACKDROP, focus=ASIDE)
    SCENES[film.slug](canvas)
    return canvas.finished(grain=0.05, vignette=0.2)


def slide(wide: Image.Image) -> Image.Image:
    """The part of a backdrop that a slide shows, 1600 × 700."""
    top = (wide.height - SLIDE[1]) // 2
    return wide.crop((0, top, wide.width, top + SLIDE[1]))


def _floor(picture, colour):
    """Darker towards the foot, where there is small print."""
    if colour:
        fade = Image.linear_gradient("L").point([round(v * 0.92) for v in range(256)])
        top = 1150
        fade = fade.resize((picture.width, 190))
        picture.paste(colour, (0, top), fade)
        rest = Image.new("L", (picture.width, picture.height - top - 190), round(255 * 0.92))
        picture.paste(colour, (0, top + 190), rest)


def _title(picture, design):
    top = design.top
    sizes = [
        type_.size_that_fits(
            line, design.face, design.width, most=design.most, tracking=design.tracking
        )
        for line in design.lines
    ]
    for line, size in zip(design.lines, sizes, strict=True):
        size = min(sizes) if design.slant == 0 else size
        mask = type_.cropped(type_.mask_of(line, design.face, size, design.tracking))
        mask = type_.leaning(mask, design.slant) if design.slant else mask
        x = 70 if design.align == "left" else (picture.width - mask.width) // 2
        _stamp(picture, mask, (x, top), design.title, design.shadow)
        top += mask.height + design.gap


def _stamp(picture, mask, corner, colour, shadow=""):
    if shadow:
        margin = 40
        wide = Image.new("L", (mask.width + 2 * margin, mask.height + 2 * margin))
        wide.paste(mask, (margin, margin))
        soft = wide.filter(ImageFilter.GaussianBlur(12)).point(
            [min(255, v * 2) for v in range(256)]
        )
        type_.stamp(picture, soft, (corner[0] - margin, corner[1] - margin + 5), shadow, 0.8)
    type_.stamp(picture, mask, corner, colour)


def _line(picture, text, face, size, top, colour, *, tracking=0.0, align="centre", shadow=""):
    size = type_.size_that_fits(text, face, 860, most=size, tracking=tracking)
    mask = type_.mask_of(text, face, size, tracking)
    x = 66 if align == "left" else (picture.width - mask.width) // 2 + size // 12
    _stamp(picture, mask, (x, top), colour, shadow)


def _tagline(picture, text, design):
    wide = design.tagline_tracking > 0.1
    _line(
        picture, text.upper() if wide else text, design.tagline_face, design.tagline_size,
        design.tagline_top, design.words, tracking=design.tagline_tracking, align=design.align,
    )  # fmt: skip


def _credits(picture, film, design):
    names = [("", name) for name, _ in film.cast[:4]]
    lines = [
        [("", film.studio), ("presents a film by", film.director), ("with", ""), *names],
        [("music", film.composer), ("director of photography", film.camera),
         ("written by", film.writer), ("directed by", film.director)],
    ]  # fmt: skip
    colour = design.print_colour or design.words
    type_.small_print(picture, lines, top=PRINT_TOP, width=860, colour=colour, size=34)


PRINT_TOP, RELEASE_TOP = 1348, 1430


def _release(picture, design, *, released, today):
    words = "NOW IN CINEMAS" if released <= today else f"IN CINEMAS {released.day} {released:%B}"
    colour = design.print_colour or design.words
    _line(picture, words.upper(), type_.CONDENSED, 34, RELEASE_TOP, colour, tracking=0.22)
