"""A sea full of small boats, seen from above; one of them goes the other way."""

import math
from random import Random

from ..canvas import Canvas, turned
from ..colours import mix


def small_boats(c: Canvas):
    c.sky("#0f6f78", "#0b5561", "#083f4d")
    c.mist("#3aa6a0", 0.5, top=0, bottom=0.6, seed=3, grid=4)
    c.mist("#052c3a", 0.6, top=0.4, bottom=1, seed=5, grid=4)
    _ripples(c)
    draw = Random(21)
    # A tall sheet keeps the water below clear for the title.
    for row in range(12 if c.right - c.left < 1 else 17):
        y = 0.025 + row * 0.058 + 0.004 * row
        for column in range(math.floor(c.left / 0.075), math.ceil(c.right / 0.075) + 1):
            x = column * 0.075 + (0.0375 if row % 2 else 0)
            if (row, x) != (8, 0.0):
                _dinghy(c, x + draw.uniform(-0.008, 0.008), y, 90 + draw.uniform(-9, 9), draw)
    c.disc(0, 0.52, 0.062, "#0b5561", 0.9)
    c.glow(0, 0.52, 0.16, "#ffe1ad", 0.35)
    _dinghy(c, 0, 0.52, -98, draw, hull="#e8402d", size=0.044)


def _ripples(c):
    draw = Random(9)
    for _ in range(round(420 * (c.right - c.left))):
        x, y = draw.uniform(c.left, c.right), draw.random()
        half = draw.uniform(0.004, 0.02)
        curve = [(x - half, y), (x, y - half * 0.25), (x + half, y)]
        c.line(curve, 0.0012, "#c9f0e4", draw.uniform(0.04, 0.2))


def _dinghy(c, x, y, heading, draw, *, hull="", size=0.031):
    hull = hull or draw.choice(["#f6ecd6", "#f6ecd6", "#efe0c2", "#fbf5e6", "#e3d2b0"])
    wake = turned([(-2.0, -0.75), (-0.6, 0), (-2.0, 0.75)], by=heading, scale=size, to=(x, y))
    c.line(wake, 0.0015, "#d7f5ec", 0.35)
    shape = [
        (1, 0),
        (0.55, 0.3),
        (-0.2, 0.4),
        (-0.85, 0.3),
        (-0.85, -0.3),
        (-0.2, -0.4),
        (0.55, -0.3),
    ]
    c.polygon(turned(shape, by=heading, scale=size, to=(x + 0.006, y + 0.008)), "#04222c", 0.55)
    c.polygon(turned(shape, by=heading, scale=size, to=(x, y)), hull)
    inner = [(px * 0.72, py * 0.66) for px, py in shape]
    c.polygon(turned(inner, by=heading, scale=size, to=(x, y)), mix(hull, "#5b3a22", 0.62))
    for bench in (-0.35, 0.15):
        plank = [(bench, -0.3), (bench + 0.14, -0.3), (bench + 0.14, 0.3), (bench, 0.3)]
        c.polygon(turned(plank, by=heading, scale=size, to=(x, y)), hull)
