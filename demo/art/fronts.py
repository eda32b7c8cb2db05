"""Fronts of theaters by night: a neon sign, a canopy with bulbs, light on a wet street."""

from random import Random

from PIL import Image, ImageFilter

from . import lettering
from .canvas import Canvas
from .colours import mix
from .posters import BACKDROP

STREET = 0.8


def front(name: str, *, sign: str, neon: str, wall: str, light: str) -> Image.Image:
    """The theater `name` from across the street, 1600 × 900; `sign` is what stands on its blade."""
    c = Canvas(BACKDROP)
    c.sky("#070a1c", "#141a3c", mix(wall, "#3a2350", 0.6), top=0, bottom=STREET)
    _neighbours(c, seed=len(name))
    _building(c, wall, light)
    _blade(c, sign, neon)
    _canopy(c, name, neon, light)
    _doors(c, light)
    _street(c)
    return c.finished(grain=0.05, vignette=0.3, seed=3)


def _neighbours(c, *, seed):
    draw, x = Random(seed), c.left
    while x < c.right:
        width, top = draw.uniform(0.16, 0.3), draw.uniform(0.2, 0.42)
        c.rectangle(x, top, x + width - 0.004, STREET, mix("#10142c", "#1c2244", draw.random()))
        for row in range(5):
            for column in range(int(width / 0.055)):
                lit = draw.random() < 0.22
                left, up = x + 0.02 + column * 0.055, top + 0.035 + row * 0.09
                c.rectangle(
                    left, up, left + 0.025, up + 0.045, "#ffce85" if lit else "#0b0e22", 0.8
                )
        x += width


def _building(c, wall, light):
    c.rectangle(-0.52, 0.13, 0.52, STREET, wall)
    c.rectangle(-0.54, 0.105, 0.54, 0.135, mix(wall, "#ffffff", 0.14))
    c.rectangle(-0.3, 0.07, 0.3, 0.106, mix(wall, "#ffffff", 0.08))
    for column in range(9):
        x = -0.44 + column * 0.11
        c.rectangle(x - 0.03, 0.17, x + 0.03, 0.48, mix(wall, "#000000", 0.3), radius=0.03)
        c.rectangle(x - 0.021, 0.19, x + 0.021, 0.46, mix(wall, light, 0.28), 0.9, radius=0.02)
        c.rectangle(x - 0.002, 0.19, x + 0.002, 0.46, mix(wall, "#000000", 0.5))
        for y in (0.28, 0.37):
            c.rectangle(x - 0.021, y, x + 0.021, y + 0.003, mix(wall, "#000000", 0.5))
        c.glow(x, 0.5, 0.12, light, 0.3)


def _blade(c, sign, neon):
    x, top, bottom = -0.36, 0.05, 0.5
    c.glow(x, (top + bottom) / 2, 0.42, neon, 0.65)
    c.rectangle(x - 0.05, top, x + 0.05, bottom, "#11101d", radius=0.05)
    for inset, alpha in ((0.0, 1.0), (0.008, 0.45)):
        box = [*c.at(x - 0.05 + inset, top + inset), *c.at(x + 0.05 - inset, bottom - inset)]
        c.pen.rounded_rectangle(box, (0.05 - inset) * c.scale, outline=neon, width=round(5 * alpha))
    step = (bottom - top - 0.08) / len(sign)
    for index, letter in enumerate(sign):
        height = round(min(step * 1.1, 0.085) * c.scale)
        _lit(c, letter, lettering.ROUND, height, x, top + 0.04 + step * (index + 0.5), neon)


def _lit(c, text, face, size, x, y, neon):
    mask = lettering.cropped(lettering.mask_of(text, face, size))
    margin = size // 2
    wide = Image.new("L", (mask.width + 2 * margin, mask.height + 2 * margin))
    wide.paste(mask, (margin, margin))
    c.stamp(wide.filter(ImageFilter.GaussianBlur(size / 7)), x, y, neon)
    c.stamp(mask, x, y, mix(neon, "#ffffff", 0.75))


def _canopy(c, name, neon, light):
    c.glow(0, 0.6, 0.6, light, 0.6, flat=0.5)
    c.polygon([(-0.42, 0.5), (0.42, 0.5), (0.47, 0.53), (-0.47, 0.53)], "#1a1524")
    c.rectangle(-0.47, 0.525, 0.47, 0.64, "#171320")
    c.rectangle(-0.455, 0.545, 0.455, 0.62, "#fff6e0", radius=0.004)
    for y in (0.57, 0.595):
        c.rectangle(-0.455, y, 0.455, y + 0.0012, "#d8c9a8")
    size = lettering.size_that_fits(
        name.upper(), lettering.CONDENSED, 0.8 * c.scale, most=118, tracking=0.1
    )
    mask = lettering.cropped(lettering.mask_of(name.upper(), lettering.CONDENSED, size, 0.1))
    c.stamp(mask, 0, 0.5825, "#1b1420")
    for row in (0.534, 0.631):
        for bulb in range(61):
            x = -0.46 + bulb * 0.92 / 60
            c.disc(x, row, 0.0042, "#fff3cf" if bulb % 2 else neon)
    c.polygon(
        [(-0.47, 0.64), (0.47, 0.64), (0.42, 0.665), (-0.42, 0.665)], mix(light, "#ffffff", 0.3)
    )


def _doors(c, light):
    c.rectangle(-0.4, 0.665, 0.4, STREET, mix(light, "#7a3a1a", 0.25))
    c.glow(0, 0.72, 0.42, "#fff3d6", 0.9, flat=0.35)
    for door in range(9):
        x = -0.4 + door * 0.1
        c.rectangle(x - 0.004, 0.665, x + 0.004, STREET, "#2a1712")
        if door < 8:
            c.rectangle(x + 0.012, 0.735, x + 0.016, 0.755, "#2a1712")
    for x, poster in ((-0.45, "#b03050"), (0.45, "#2050a0")):
        c.rectangle(x - 0.034, 0.68, x + 0.034, 0.785, light)
        c.rectangle(x - 0.028, 0.686, x + 0.028, 0.779, poster)


def _street(c):
    """The lower fifth: what is above, upside down, blurred and darkened."""
    height = c.image.height
    street = round(STREET * height)
    mirrored = c.image.crop((0, 2 * street - height, c.image.width, street))
    mirrored = mirrored.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    small = mirrored.resize((mirrored.width // 8, mirrored.height // 40))
    wet = small.filter(ImageFilter.GaussianBlur(1.2)).resize(
        mirrored.size, Image.Resampling.BICUBIC
    )
    c.image.paste(Image.blend(wet, Image.new("RGB", wet.size, "#080a14"), 0.42), (0, street))
    c.rectangle(c.left, STREET, c.right, STREET + 0.012, "#20222e")
    draw = Random(5)
    for _ in range(260):
        x, y = draw.uniform(c.left, c.right), STREET + 0.02 + 0.18 * draw.random()
        half = draw.uniform(0.005, 0.04)
        c.line([(x - half, y), (x + half, y)], 0.001, "#ffffff", draw.uniform(0.02, 0.1))
