"""A miner in a nave that was cut out of salt, arch behind arch, into the light."""

import math
from random import Random

from ..canvas import Canvas
from ..colours import mix
from .figures import person


def salt_cathedral(c: Canvas):
    c.sky("#160a06", "#2a120a", "#160a06")
    for depth in range(9):
        _arch(c, depth, 0.62 * 0.76**depth)
    c.glow(0, 0.6, 0.4, "#fff1cf", 0.85)
    _lake(c)
    _hanging_salt(c)
    person(c, 0, 0.80, 0.125, "#120806", coat=0.4)
    c.glow(0.03, 0.758, 0.075, "#ffe9ad", 0.95)
    c.disc(0.03, 0.758, 0.006, "#fffbe8")


def _arch(c, depth, half):
    colour = mix("#3a170c", "#ffe2a8", (depth / 8) ** 0.8)
    spring = 0.62 - 0.012 * depth
    left = []
    for angle in range(180, 119, -4):
        turn = math.radians(angle)
        left.append((half + 2 * half * math.cos(turn), spring - 2 * half * math.sin(turn) * 0.62))
    right = [(-x, y) for x, y in reversed(left)]
    c.polygon([(-half, 1.02), *left, *right, (half, 1.02)], colour)
    rim = mix("#5a2712", "#fff4d8", (depth / 8) ** 0.7)
    c.line([(-half, 1.02), *left], 0.004, rim)
    c.line([*right, (half, 1.02)], 0.0016, rim)


def _lake(c):
    c.polygon([(-1.6, 1.02), (-0.055, 0.755), (0.055, 0.755), (1.6, 1.02)], "#2b120a", 0.92)
    c.glow(0, 0.78, 0.5, "#ffdf9e", 0.75, flat=0.3)
    draw = Random(4)
    for row in range(46):
        y = 0.77 + 0.23 * (row / 46) ** 1.4
        half = draw.uniform(0.02, 0.06 + row * 0.006)
        x = draw.uniform(-0.04, 0.04) * (1 + row / 9)
        c.line([(x - half, y), (x + half, y)], 0.0012, "#ffe6b0", draw.uniform(0.08, 0.5))


def _hanging_salt(c):
    draw = Random(11)
    for _ in range(150):
        x = draw.uniform(c.left, c.right)
        length = draw.uniform(0.02, 0.09) + 0.16 * min(abs(x), 0.5)
        half = draw.uniform(0.003, 0.012)
        colour = mix("#0d0503", "#3b1a0d", draw.random())
        c.polygon([(x - half, -0.01), (x + half, -0.01), (x, length)], colour)
