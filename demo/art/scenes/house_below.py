"""A house on a hill, and its reflection in the earth, where the lights are on."""

import math
from random import Random

from ..canvas import Canvas


def house_below(c: Canvas):
    c.sky("#9aa7ab", "#c4c9c4", "#dcd8c8", top=0, bottom=0.5)
    c.sky("#3c0508", "#7c0c10", "#1c0305", top=0.5, bottom=1)
    c.glow(0, 0.36, 0.42, "#f4efdc", 0.8)
    c.glow(0, 0.64, 0.5, "#e0231d", 0.6)
    _mansion(c, up=1, wall="#12171a", glass="#2b3438", lit="#ffdf8a")
    _mansion(c, up=-1, wall="#160203", glass="#ff5a2e", lit="#0d0102")
    for side in (1, -1):
        _dead_tree(c, 0.262 * side, 0.5, 0.1, -90, seed=3 + side, colour="#161c1f")
        _dead_tree(c, 0.262 * side, 0.505, 0.1, 90, seed=3 + side, colour="#1a0203")
    hill = [
        (c.left, 0.512),
        (-0.4, 0.505),
        (-0.2, 0.493),
        (0.2, 0.493),
        (0.4, 0.505),
        (c.right, 0.512),
    ]
    c.polygon([*hill, (c.right, 0.52), (c.left, 0.52)], "#0b0d0e")
    c.mist("#e6e6de", 0.65, top=0.4, bottom=0.53, seed=14, grid=6)


def _mansion(c, *, up, wall, glass, lit):
    def y(height):
        return 0.5 - up * height

    def block(left, bottom, right, top, colour=wall):
        c.rectangle(left, min(y(bottom), y(top)), right, max(y(bottom), y(top)), colour)

    block(-0.15, 0, 0.15, 0.15)
    c.polygon([(-0.17, y(0.145)), (-0.09, y(0.225)), (0.1, y(0.225)), (0.17, y(0.145))], wall)
    block(-0.125, 0.14, -0.055, 0.26)
    c.polygon([(-0.14, y(0.255)), (-0.09, y(0.37)), (-0.04, y(0.255))], wall)
    c.line([(-0.09, y(0.36)), (-0.09, y(0.41))], 0.003, wall)
    c.polygon([(0.0, y(0.19)), (0.05, y(0.275)), (0.1, y(0.19))], wall)
    for x in (0.02, 0.12):
        block(x, 0.2, x + 0.02, 0.285)
    c.polygon([(-0.19, y(0.062)), (0.19, y(0.062)), (0.17, y(0.078)), (-0.17, y(0.078))], wall)
    windows = [(x, h) for x in (-0.11, -0.06, 0.03, 0.08, 0.12) for h in (0.088, 0.02)]
    for x, h in [*windows, (-0.09, 0.17), (-0.09, 0.22), (0.05, 0.195)]:
        colour = lit if (x, h) == (-0.09, 0.22) else glass
        block(x - 0.011, h, x + 0.011, h + 0.034, colour)
        c.line([(x, y(h)), (x, y(h + 0.034))], 0.0018, wall)
        c.line([(x - 0.011, y(h + 0.017)), (x + 0.011, y(h + 0.017))], 0.0018, wall)
    if up > 0:
        c.glow(-0.09, y(0.237), 0.06, "#ffdf8a", 0.7)


def _dead_tree(c, x, y, length, angle, *, seed, colour, depth=0):
    draw = Random(seed + depth * 31 + round(angle))
    end = x + length * math.cos(math.radians(angle)), y + length * math.sin(math.radians(angle))
    c.line([(x, y), end], 0.009 * 0.62**depth, colour)
    if depth < 6:
        for turn in (draw.uniform(12, 36), draw.uniform(-36, -12)):
            shorter = length * draw.uniform(0.66, 0.84)
            _dead_tree(c, *end, shorter, angle + turn, seed=seed, colour=colour, depth=depth + 1)
