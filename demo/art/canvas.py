"""A sheet to draw on: the same scene fits a tall poster and a wide backdrop."""

import math
from contextlib import contextmanager
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .colours import mix, rgba

SUPERSAMPLING = 2
# Pillow's radial gradient is 255 in the corners; in the middle of an edge it is this.
EDGE = 181
FALLOFF = [round(255 * max(0, 1 - step / EDGE) ** 2) for step in range(256)]


class Canvas:
    """
    Lengths are in heights of the sheet. The origin is where the subject of the scene stands: at
    the top, `focus` to the right of the middle. `left` and `right` are the edges, seen from there.
    """

    def __init__(self, size: tuple[int, int], *, focus: float = 0.0):
        self.size = size
        width, height = (length * SUPERSAMPLING for length in size)
        self.scale = height
        self.origin, self.top = width / 2 + focus * height, 0.0
        self.left, self.right = -self.origin / height, (width - self.origin) / height
        self.image = Image.new("RGB", (width, height))
        self.pen = ImageDraw.Draw(self.image, "RGBA")

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The pixel at (`x`, `y`)."""
        return self.origin + x * self.scale, self.top + y * self.scale

    @contextmanager
    def smaller(self, scale: float, *, down: float):
        """Draw at `scale` and so much lower, until the block ends. Not for whole skies."""
        before = self.scale, self.top
        self.scale, self.top = self.scale * scale, self.top + down * self.scale
        yield
        self.scale, self.top = before

    def sky(self, *stops, top: float = 0.0, bottom: float = 1.0):
        """Fill from `top` to `bottom` with colours that run into each other, evenly spaced."""
        steps = 256
        strip = Image.new("RGB", (1, steps))
        for step in range(steps):
            place = step / (steps - 1) * (len(stops) - 1)
            index = min(int(place), len(stops) - 2)
            strip.putpixel((0, step), mix(stops[index], stops[index + 1], place - index)[:3])
        first, last = round(top * self.scale), round(bottom * self.scale)
        size = (self.image.width, last - first)
        self.image.paste(strip.resize(size, Image.Resampling.BILINEAR), (0, first))

    def polygon(self, points, colour, alpha: float = 1.0):
        self.pen.polygon([self.at(*point) for point in points], fill=rgba(colour, alpha))

    def rectangle(self, left, top, right, bottom, colour, alpha: float = 1.0, radius: float = 0):
        box = [*self.at(left, top), *self.at(right, bottom)]
        self.pen.rounded_rectangle(box, radius * self.scale, fill=rgba(colour, alpha))

    def disc(self, x, y, radius, colour, alpha: float = 1.0, *, flat: float = 1.0):
        """A disc, or with `flat` below 1 an ellipse that is so much lower than wide."""
        box = [*self.at(x - radius, y - radius * flat), *self.at(x + radius, y + radius * flat)]
        self.pen.ellipse(box, fill=rgba(colour, alpha))

    def ring(self, x, y, radius, width, colour, alpha: float = 1.0, *, flat: float = 1.0):
        box = [*self.at(x - radius, y - radius * flat), *self.at(x + radius, y + radius * flat)]
        self.pen.ellipse(box, outline=rgba(colour, alpha), width=round(width * self.scale))

    def line(self, points, width, colour, alpha: float = 1.0):
        points = [self.at(*point) for point in points]
        width = max(1, round(width * self.scale))
        self.pen.line(points, fill=rgba(colour, alpha), width=width, joint="curve")

    def glow(self, x, y, radius, colour, alpha: float = 1.0, *, flat: float = 1.0):
        """Light that fades out towards `radius`."""
        mask = Image.radial_gradient("L").point([round(value * alpha) for value in FALLOFF])
        width, height = round(2 * radius * self.scale), round(2 * radius * flat * self.scale)
        left, top = self.at(x - radius, y - radius * flat)
        self._paste(colour, mask.resize((width, height)), round(left), round(top))

    def soft(self, points, colour, alpha: float = 1.0, *, blur: float):
        """A polygon with an edge that is about `blur` wide."""
        coarse = 8
        mask = Image.new("L", (self.image.width // coarse, self.image.height // coarse))
        pixels = [(x / coarse, y / coarse) for x, y in (self.at(*point) for point in points)]
        ImageDraw.Draw(mask).polygon(pixels, fill=round(255 * alpha))
        mask = mask.filter(ImageFilter.GaussianBlur(blur * self.scale / coarse))
        self._paste(colour, mask.resize(self.image.size), 0, 0)

    def mist(self, colour, alpha: float, *, top: float, bottom: float, seed: int, grid: int = 5):
        """Clouds between `top` and `bottom`, thickest in the middle; higher `grid`, finer."""
        rows = round(grid * 3 * (bottom - top)) + 2
        columns = round(grid * (self.right - self.left)) + 2
        noise = Image.frombytes("L", (columns, rows), Random(seed).randbytes(columns * rows))
        size = (self.image.width, round((bottom - top) * self.scale))
        clouds = noise.resize(size, Image.Resampling.BICUBIC)
        fade = Image.linear_gradient("L").resize((size[0], size[1] // 2))
        band = Image.new("L", size)
        band.paste(fade, (0, 0))
        band.paste(fade.transpose(Image.Transpose.FLIP_TOP_BOTTOM), (0, size[1] // 2))
        mask = ImageChops.multiply(clouds, band).point([round(v * alpha) for v in range(256)])
        self._paste(colour, mask, 0, round(top * self.scale))

    def stamp(self, mask: Image.Image, x: float, y: float, colour):
        """Fill `mask`, a picture in grey that is this canvas's pixels large, around (x, y)."""
        left, top = self.at(x, y)
        corner = round(left - mask.width / 2), round(top - mask.height / 2)
        self._paste(colour, mask, *corner)

    def _paste(self, colour, mask, left, top):
        self.image.paste(rgba(colour)[:3], (left, top, left + mask.width, top + mask.height), mask)

    def finished(self, *, grain: float = 0.05, vignette: float = 0.35, seed: int = 1):
        """The picture in its true size, with film grain and darker corners."""
        picture = self.image.reduce(SUPERSAMPLING)
        if vignette:
            edge = [round(min(255, max(0, value - 90) * 1.5) * vignette) for value in range(256)]
            mask = Image.radial_gradient("L").point(edge).resize(picture.size)
            picture.paste((0, 0, 0), (0, 0, *picture.size), mask)
        return with_grain(picture, strength=grain, seed=seed)


def with_grain(picture: Image.Image, *, strength: float, seed: int) -> Image.Image:
    """`picture` with noise like that of film; 0.05 is a fine one."""
    tile = 256
    noise = Image.frombytes("L", (tile, tile), Random(seed).randbytes(tile * tile))
    noise = noise.filter(ImageFilter.GaussianBlur(0.7))
    noise = noise.point([round(128 + (value - 128) * strength) for value in range(256)])
    sheet = Image.new("L", picture.size)
    for x in range(0, picture.width, tile):
        for y in range(0, picture.height, tile):
            sheet.paste(noise, (x, y))
    return ImageChops.add(picture, Image.merge("RGB", [sheet] * 3), 1, -128)


def circle(x, y, radius, *, start: float = 0, end: float = 360, steps: int = 40):
    """Points on a circle from the angle `start` to `end`, in degrees clockwise from the right."""
    angles = [math.radians(start + (end - start) * step / steps) for step in range(steps + 1)]
    return [(x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles]


def turned(points, *, by: float, around=(0.0, 0.0), scale: float = 1.0, to=(0.0, 0.0)):
    """`points` scaled and turned clockwise by `by` degrees around `around`, then moved by `to`."""
    cosine, sine = math.cos(math.radians(by)) * scale, math.sin(math.radians(by)) * scale
    shifted = [(x - around[0], y - around[1]) for x, y in points]
    return [
        (around[0] + to[0] + x * cosine - y * sine, around[1] + to[1] + x * sine + y * cosine)
        for x, y in shifted
    ]
