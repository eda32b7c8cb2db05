"""What may be uploaded as a picture, and what is kept of it: its pixels, as WebP."""

from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files import File
from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
# WebP ends at 16383 pixels a side; nobody shows a picture that is so much taller than wide.
TALLEST = 3
# A method above 2 takes twice the time to save a twentieth of the bytes.
WEBP = {"format": "WEBP", "quality": 82, "method": 2}
ERRORS = {
    "invalid_image": "This is not a JPEG, PNG, WebP, AVIF or GIF picture, or it is damaged.",
    "image_too_large": "A picture may be 10 MiB large at most.",
    "too_many_pixels": "A picture may have 50 megapixels at most.",
}


def renditions(file: File, widths: list[int]) -> list[bytes]:
    """
    The picture in `file` (the first one, if it moves) as a WebP file for each of `widths`, the
    largest first: upright, at most so many pixels wide and never larger than it came, with its
    transparency and without anything else that the file told. Raises ValidationError with a code
    of ERRORS.
    """
    if file.size > MAX_BYTES:
        raise _refused("image_too_large")
    try:
        picture = _pixels(file, widest=widths[0])
        return [_as_webp(picture, width) for width in widths]
    except Image.DecompressionBombError as error:
        raise _refused("too_many_pixels") from error
    except ValidationError:
        raise
    except Exception as error:  # whatever Pillow's parsers stumble over
        raise _refused("invalid_image") from error


def _pixels(file: File, *, widest: int) -> Image.Image:
    file.seek(0)
    picture = Image.open(file, formats=FORMATS)
    # So far only the header was read.
    if picture.width * picture.height > MAX_PIXELS:
        raise _refused("too_many_pixels")
    # A JPEG can be read at a half, a quarter or an eighth of its size.
    picture.draft("RGB", (TALLEST * widest, TALLEST * widest))
    picture = _eight_bits(ImageOps.exif_transpose(picture))
    # Pillow would write what it finds here (EXIF, XMP, a colour profile) into the next file.
    picture.info = {}
    return picture


def _eight_bits(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("RGB")
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    return picture if picture.mode == mode else picture.convert(mode)


def _as_webp(picture: Image.Image, width: int) -> bytes:
    """Shrinks `picture` on the way: the next size is made from this one."""
    picture.thumbnail((width, TALLEST * width), Image.Resampling.LANCZOS)
    file = BytesIO()
    picture.save(file, **WEBP)
    return file.getvalue()


def _refused(code: str) -> ValidationError:
    return ValidationError(ERRORS[code], code=code)
