"""A ringed planet, lit from one side, and an astronaut who drifts."""

import math
from random import Random

from ..canvas import Canvas, circle, turned
from ..colours import mix
from .figures import smooth, stars


def aphelion_nine(c: Canvas):
    c.sky("#02030a", "#070b22", "#140a24")
    c.mist("#3a2a7a", 0.75, top=0.0, bottom=0.7, seed=31, grid=3)
    c.mist("#0f5a78", 0.5, top=0.25, bottom=1.0, seed=33, grid=3)
    stars(c, 700, bottom=1.0, seed=17)
    x, y, radius = -0.03, 0.42, 0.235
    _rings(c, x, y, radius, start=180, end=360)
    _planet(c, x, y, radius)
    _rings(c, x, y, radius, start=0, end=180)
    c.glow(x - 0.19, y - 0.15, 0.3, "#fff0d0", 0.8)
    c.glow(x - 0.19, y - 0.15, 0.09, "#ffffff", 1)
    c.glow(x - 0.19, y - 0.15, 0.7, "#ffd9a0", 0.5, flat=0.012)
    _astronaut(c, 0.19, 0.64)


def _planet(c, x, y, radius):
    c.glow(x, y, radius * 1.35, "#ff9e5e", 0.7)
    c.disc(x, y, radius, "#d9743c")
    for band in range(26):
        height = -0.96 + band * 0.075
        half = math.sqrt(max(0, 1 - height * height)) * radius * 0.995
        shade = mix("#f2b27a", "#8a3421", Random(band).random())
        points = [
            (x - half, y + height * radius),
            (x, y + (height + 0.03) * radius),
            (x + half, y + height * radius),
        ]
        c.line(points, 0.011, shade, 0.55)
    dark = [*circle(x, y, radius * 1.004, start=-62, end=142)]
    inner = circle(x - radius * 0.3, y - radius * 0.24, radius * 1.06, start=118, end=-40)
    c.soft([*dark, *inner], "#06040f", 0.96, blur=0.02)
    c.ring(x, y, radius, 0.002, "#ffe2b8", 0.5)


def _rings(c, x, y, radius, *, start, end):
    for band in range(22):
        size = radius * (1.28 + band * 0.036)
        alpha = 0 if band in (8, 9, 16) else 0.25 + 0.5 * Random(band).random()
        arc = [(px, py * 0.2) for px, py in circle(0, 0, size, start=start, end=end, steps=80)]
        colour = mix("#ffe3b4", "#9a6a6a", band / 22)
        c.line(turned(arc, by=-17, to=(x, y)), 0.0052, colour, alpha)


def _astronaut(c, x, y):
    def at(points, scale=0.085):
        return turned(points, by=24, scale=scale, to=(x, y))

    tether = [(0.05, -0.1), (0.9, -0.9), (0.5, -2.0), (1.6, -2.8), (2.6, -4.6)]
    c.line(smooth(at(tether)), 0.0022, "#cfd6e6", 0.8)
    c.polygon(at([(-0.34, -0.4), (0.34, -0.4), (0.38, 0.25), (-0.38, 0.25)]), "#8d95a8")
    for limb in (
        [(-0.2, -0.3), (-0.7, -0.05), (-0.62, 0.1), (-0.2, 0.0)],
        [(0.2, -0.3), (0.78, -0.42), (0.8, -0.26), (0.2, 0.0)],
        [(-0.24, 0.2), (-0.02, 0.2), (-0.16, 0.62), (-0.42, 0.95), (-0.56, 0.84), (-0.38, 0.55)],
        [(0.02, 0.2), (0.24, 0.2), (0.36, 0.6), (0.3, 1.02), (0.12, 1.0), (0.14, 0.6)],
    ):
        c.polygon(at(limb), "#e6e9f2")
    c.polygon(at([(-0.26, -0.4), (0.26, -0.4), (0.26, 0.28), (-0.26, 0.28)]), "#f4f5fa")
    c.polygon(at([(-0.12, -0.2), (0.12, -0.2), (0.12, 0.02), (-0.12, 0.02)]), "#5a6a8c")
    (hx, hy), (vx, vy) = at([(0, -0.62), (-0.05, -0.62)])
    c.disc(hx, hy, 0.0275, "#f4f5fa")
    c.disc(vx, vy, 0.0195, "#1b1430")
    c.disc(vx - 0.006, vy - 0.006, 0.006, "#ffb168")
