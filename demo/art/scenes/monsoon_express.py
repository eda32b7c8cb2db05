"""A festive engine comes out of the rain towards a crowd of umbrellas."""

import math
from random import Random

from ..canvas import Canvas, circle, turned
from ..colours import mix


def monsoon_express(c: Canvas):
    c.sky("#e01e6a", "#f2542d", "#f9a826")
    rays, centre = 36, (0, 0.47)
    for ray in range(0, rays, 2):
        fan = [centre, *circle(*centre, 1.9, start=ray * 10, end=ray * 10 + 10, steps=2)]
        c.polygon(fan, "#ffd23f", 0.5)
    c.glow(0, 0.44, 0.5, "#fff3b0", 0.9)
    _palms(c)
    with c.smaller(0.9, down=0.112):
        _engine(c)
    draw = Random(12)
    for _ in range(round(170 * (c.right - c.left))):
        x, y, length = draw.uniform(c.left, c.right + 0.2), draw.random(), draw.uniform(0.02, 0.05)
        c.line([(x, y), (x - length * 0.3, y + length)], 0.0014, "#ffffff", draw.uniform(0.2, 0.6))
    _umbrellas(c)
    _garland(c)


def _palms(c):
    for side in (-1, 1):
        for x, top in ((0.27, 0.33), (0.55, 0.28), (0.85, 0.36)):
            x *= side
            c.line([(x - side * 0.03, 0.85), (x - side * 0.015, 0.6), (x, top)], 0.011, "#0d5c54")
            for turn in range(0, 360, 45):
                leaf = [(0, 0), (0.06, -0.03), (0.13, 0.02), (0.06, -0.008)]
                if turn % 180 != 90:
                    c.polygon(turned(leaf, by=turn, to=(x, top)), "#0f7a68")


def _engine(c):
    for side in (-1, 1):
        c.polygon(
            [(0.03 * side, 0.6), (0.05 * side, 0.6), (0.33 * side, 1), (0.24 * side, 1)], "#5b1730"
        )
    c.rectangle(-0.17, 0.26, 0.17, 0.68, "#0d3b66", radius=0.05)
    c.rectangle(-0.155, 0.275, 0.155, 0.42, "#145a8d", radius=0.04)
    for left, right in ((-0.135, -0.015), (0.015, 0.135)):
        c.rectangle(left, 0.3, right, 0.39, "#bdf0ff", radius=0.012)
        c.polygon(
            [(left + 0.02, 0.39), (left + 0.06, 0.3), (left + 0.08, 0.3), (left + 0.04, 0.39)],
            "#ffffff",
            0.6,
        )
    c.polygon(
        [(-0.17, 0.44), (0, 0.53), (0.17, 0.44), (0.17, 0.5), (0, 0.595), (-0.17, 0.5)], "#ffd23f"
    )
    c.polygon(
        [(-0.17, 0.462), (0, 0.553), (0.17, 0.462), (0.17, 0.482), (0, 0.575), (-0.17, 0.482)],
        "#e01e6a",
    )
    for x in (-0.115, 0.115):
        c.disc(x, 0.575, 0.036, "#ffd23f")
        c.disc(x, 0.575, 0.028, "#fffbe0")
        c.glow(x, 0.575, 0.13, "#fffbe0", 0.8)
    c.disc(0, 0.25, 0.04, "#ffd23f")
    c.disc(0, 0.25, 0.03, "#fffbe0")
    c.glow(0, 0.25, 0.15, "#fffbe0", 0.85)
    c.rectangle(-0.2, 0.64, 0.2, 0.69, "#b8123f", radius=0.01)
    c.polygon([(-0.18, 0.69), (0.18, 0.69), (0.1, 0.77), (-0.1, 0.77)], "#072a4a")
    for slat in range(-4, 5):
        c.line([(slat * 0.04, 0.69), (slat * 0.023, 0.77)], 0.005, "#ffd23f")
    _mandala(c, 0, 0.465)


def _mandala(c, x, y):
    for petals, radius, size, colour in (
        (16, 0.058, 0.013, "#f2542d"),
        (10, 0.038, 0.012, "#ffd23f"),
    ):
        for petal in range(petals):
            px, py = turned([(0, -radius)], by=petal * 360 / petals, to=(x, y))[0]
            c.disc(px, py, size, colour)
    c.disc(x, y, 0.028, "#e01e6a")
    c.disc(x, y, 0.016, "#fffbe0")


def _umbrellas(c):
    draw = Random(8)
    colours = ["#e01e6a", "#0f7a68", "#5b2a86", "#f9a826", "#145a8d", "#d7263d", "#ff7b9c"]
    for row in range(4):
        x = c.left - draw.uniform(0, 0.08)
        while x < c.right + 0.08:
            size, y = draw.uniform(0.052, 0.075), 0.79 + 0.055 * row + draw.uniform(-0.01, 0.01)
            _umbrella(c, x, y, size, draw.choice(colours))
            x += size * draw.uniform(1.2, 1.6)


def _umbrella(c, x, y, size, colour):
    c.rectangle(x - size * 0.45, y + size * 0.1, x + size * 0.45, 1.02, mix(colour, "#1a0b1e", 0.8))
    dome = circle(x, y, size, start=180, end=360)
    scallops = [
        point
        for step in range(4)
        for point in circle(x + size * (0.75 - step * 0.5), y, size / 4, start=0, end=-180, steps=8)
    ]
    c.polygon([*dome, *scallops], colour)
    for part in (-0.5, 0.0, 0.5):
        c.line(
            [(x, y - size), (x + part * size * 0.6, y - size * 0.55), (x + part * size, y)],
            0.0016,
            mix(colour, "#000000", 0.35),
        )
    c.polygon([(x, y - size), *circle(x, y, size, start=190, end=235, steps=8)], "#ffffff", 0.18)
    c.line([(x, y - size), (x, y - size * 1.14)], 0.003, "#2a0f1e")


def _garland(c):
    draw, swag = Random(2), 0.165
    count = round((c.right - c.left) / 0.012)
    for index in range(count + 1):
        x = c.left + index * 0.012
        y = 0.012 + 0.035 * abs(math.sin(math.pi * x / swag))
        for _ in range(2):
            colour = draw.choice(["#ff8c1a", "#ffb01a", "#ffd23f", "#f2691d"])
            c.disc(x + draw.uniform(-0.004, 0.004), y + draw.uniform(-0.006, 0.006), 0.0095, colour)
