"""Type: lines that fit, letters with air between them, and the small print of posters."""

from functools import cache
from pathlib import Path

import font_amatic_sc
import font_fjallaone
import font_manrope
import font_source_serif_pro
import fontpkg_noto_sans_devanagari as devanagari
from PIL import Image, ImageDraw, ImageFont, features

from .colours import rgba


def _file(package, name: str) -> Path:
    return Path(package.__file__).parent / "files" / name


# All under the SIL Open Font License 1.1.
CONDENSED = _file(font_fjallaone, "FjallaOne-Regular.ttf")
HAND = _file(font_amatic_sc, "AmaticSC-Bold.ttf")
ROUND = _file(font_manrope, "Manrope-ExtraBold.ttf")
ROUND_LIGHT = _file(font_manrope, "Manrope-ExtraLight.ttf")
ROUND_MEDIUM = _file(font_manrope, "Manrope-SemiBold.ttf")
SERIF = _file(font_source_serif_pro, "SourceSerifPro-Black.ttf")
SERIF_REGULAR = _file(font_source_serif_pro, "SourceSerifPro-Semibold.ttf")
SERIF_ITALIC = _file(font_source_serif_pro, "SourceSerifPro-It.ttf")
SERIF_BOLD_ITALIC = _file(font_source_serif_pro, "SourceSerifPro-BoldIt.ttf")
DEVANAGARI = _file(devanagari, "NotoSansDevanagari[wdth,wght].ttf")


@cache
def font(face: Path, size: int) -> ImageFont.FreeTypeFont:
    """`face` at `size` pixels; a variable one as heavy as it gets."""
    found = ImageFont.truetype(face, size)
    if "wght" in face.name:
        found.set_variation_by_axes([900, 100] if _weight_is_first(found) else [100, 900])
    return found


def _weight_is_first(variable) -> bool:
    return b"eight" in variable.get_variation_axes()[0]["name"]


def can_shape() -> bool:
    """Whether scripts whose letters join, such as Devanagari, come out right here."""
    return features.check("raqm")


def width_of(text: str, face: Path, size: int, tracking: float = 0) -> float:
    """In pixels; `tracking` is the air between letters in parts of the size."""
    if not tracking:
        return font(face, size).getlength(text)
    letters = sum(font(face, size).getlength(letter) for letter in text)
    return letters + tracking * size * (len(text) - 1)


def size_that_fits(text: str, face: Path, width: float, *, most: int, tracking: float = 0) -> int:
    """The largest size up to `most` at which `text` is no wider than `width`."""
    return min(most, int(width / width_of(text, face, 100, tracking) * 100))


def mask_of(text: str, face: Path, size: int, tracking: float = 0) -> Image.Image:
    """`text` as a grey picture, its baseline at the same height for the same size and face."""
    ascent, descent = font(face, size).getmetrics()
    width = round(width_of(text, face, size, tracking)) + size // 3
    mask = Image.new("L", (width, ascent + descent))
    pen, x = ImageDraw.Draw(mask), size // 8
    for piece in text if tracking else [text]:
        pen.text((x, 0), piece, font=font(face, size), fill=255)
        x += font(face, size).getlength(piece) + tracking * size
    return mask


def leaning(mask: Image.Image, slant: float) -> Image.Image:
    """`mask` pushed over to the right at its top by `slant` of its height."""
    shift = round(abs(slant) * mask.height)
    size = (mask.width + shift, mask.height)
    return mask.transform(
        size, Image.Transform.AFFINE, (1, slant, -shift, 0, 1, 0), Image.Resampling.BICUBIC
    )


def cropped(mask: Image.Image) -> Image.Image:
    """`mask` without the empty margin around its ink."""
    return mask.crop(mask.getbbox() or (0, 0, 1, 1))


def stamp(picture: Image.Image, mask: Image.Image, corner, colour, alpha: float = 1.0):
    """Fill `mask` with `colour`, or with colours from top to bottom, at `corner`."""
    if alpha < 1:
        mask = mask.point([round(value * alpha) for value in range(256)])
    if isinstance(colour, str):
        picture.paste(
            rgba(colour)[:3], (*corner, corner[0] + mask.width, corner[1] + mask.height), mask
        )
        return
    picture.paste(_fill(colour, mask.size), corner, mask)


def _fill(colours, size) -> Image.Image:
    strip = Image.new("RGB", (1, len(colours)))
    strip.putdata([rgba(colour)[:3] for colour in colours])
    return strip.resize(size, Image.Resampling.BILINEAR)


def small_print(picture, lines: list[list[tuple[str, str]]], *, top, width, colour, size=40):
    """
    Credits as posters have them: tall narrow letters, (what, who) by turns, centred from `top`.
    Returns where it ends.
    """
    for line in lines:
        mask = _credit_line(line, size)
        narrow = min(round(mask.width * 0.58), width)
        mask = mask.resize((narrow, mask.height), Image.Resampling.LANCZOS)
        stamp(picture, mask, ((picture.width - narrow) // 2, top), colour, 0.9)
        top += round(size * 1.12)
    return top


def _credit_line(line, size) -> Image.Image:
    pieces = []
    for what, who in line:
        pieces += [(what.lower(), round(size * 0.56)), (who.upper(), size)]
    pieces = [(text, points) for text, points in pieces if text]
    gap = size * 0.26
    length = sum(width_of(text, CONDENSED, points) + gap for text, points in pieces)
    mask = Image.new("L", (round(length), round(size * 1.3)))
    pen, x = ImageDraw.Draw(mask), 0.0
    for text, points in pieces:
        pen.text((x, size), text, font=font(CONDENSED, points), fill=255, anchor="ls")
        x += width_of(text, CONDENSED, points) + gap
    return mask
