"""Colours as people write them, and what lies between two of them."""

from PIL import ImageColor


def rgba(colour, alpha: float = 1.0) -> tuple[int, int, int, int]:
    """`colour` (as in #c0ffee, or a tuple) with `alpha` between 0, invisible, and 1."""
    red, green, blue = (ImageColor.getrgb(colour) if isinstance(colour, str) else colour)[:3]
    return red, green, blue, round(255 * alpha)


def mix(one, other, part: float) -> tuple[int, int, int, int]:
    """The colour between `one` (part 0) and `other` (part 1)."""
    pairs = zip(rgba(one)[:3], rgba(other)[:3], strict=True)
    return *(round(a + (b - a) * part) for a, b in pairs), 255
