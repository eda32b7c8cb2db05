"""Masked mice on a rope above a cake with a safe in it."""

from random import Random

from ..canvas import Canvas, turned
from .figures import smooth


def marzipan_heist(c: Canvas):
    c.sky("#ff9ab5", "#ffc2cf", "#ffe6d9")
    for index in range(round((c.right - c.left) / 0.075) + 1):
        x = c.left + index * 0.15
        c.polygon([(x, 0), (x + 0.075, 0), (x + 0.075, 1), (x, 1)], "#ffffff", 0.16)
    _confetti(c)
    with c.smaller(0.76, down=0.172):
        _cake(c)
    c.line([(0.215, -0.01), (0.215, 0.45)], 0.003, "#7a4a2a")
    for y, size in ((0.13, 0.046), (0.27, 0.05), (0.42, 0.046)):
        _mouse(c, 0.215, y, size)
    _mouse(c, -0.165, 0.69, 0.042)
    _mouse(c, 0.185, 0.695, 0.036)


def _cake(c):
    c.disc(0, 0.93, 0.36, "#a8446b", 0.35, flat=0.12)
    c.disc(0, 0.915, 0.34, "#f7fbff", flat=0.13)
    c.disc(0, 0.907, 0.31, "#cfe8ee", flat=0.12)
    for half, top, bottom, cake, icing in (
        (0.27, 0.72, 0.905, "#f2c14e", "#fff7ea"),
        (0.2, 0.545, 0.73, "#7ed0b8", "#fff7ea"),
        (0.125, 0.41, 0.555, "#f26d8d", "#fff7ea"),
    ):
        _tier(c, half, top, bottom, cake, icing)
    _safe(c, 0, 0.645)
    _cherry(c)


def _confetti(c):
    draw = Random(77)
    for _ in range(round(110 * (c.right - c.left))):
        x, y, size = draw.uniform(c.left, c.right), draw.random(), draw.uniform(0.004, 0.009)
        colour = draw.choice(["#f26d8d", "#7ed0b8", "#f2c14e", "#ffffff", "#8c6bd6"])
        bit = [(-1, -0.5), (1, -0.5), (1, 0.5), (-1, 0.5)]
        c.polygon(turned(bit, by=draw.uniform(0, 180), scale=size, to=(x, y)), colour)


def _tier(c, half, top, bottom, cake, icing):
    c.rectangle(-half, top, half, bottom, cake, radius=0.015)
    c.rectangle(half * 0.72, top, half, bottom, "#7a2a55", 0.12, radius=0.015)
    for stripe in (0.4, 0.65):
        y = top + (bottom - top) * stripe + 0.02
        c.rectangle(-half, y, half, y + 0.008, "#ffffff", 0.45)
    c.rectangle(-half - 0.008, top - 0.02, half + 0.008, top + 0.022, icing, radius=0.02)
    draw, x = Random(round(half * 1000)), -half + 0.006
    while x < half - 0.01:
        width, length = draw.uniform(0.02, 0.032), draw.uniform(0.02, 0.065)
        c.rectangle(x, top, min(x + width, half), top + 0.02 + length, icing, radius=0.012)
        x += width + 0.008
    for dot in range(int(half * 2 / 0.03)):
        c.disc(-half + 0.015 + dot * 0.03, bottom - 0.006, 0.009, "#fff7ea")


def _safe(c, x, y):
    c.rectangle(x - 0.08, y - 0.075, x + 0.08, y + 0.075, "#4a4f6a", radius=0.012)
    c.rectangle(x - 0.068, y - 0.063, x + 0.068, y + 0.063, "#6f7698", radius=0.008)
    c.disc(x, y, 0.038, "#343851")
    c.disc(x, y, 0.031, "#d9deee")
    for turn in range(0, 360, 30):
        c.line(turned([(0, -0.03), (0, -0.023)], by=turn, to=(x, y)), 0.0025, "#343851")
    for turn in (20, 110):
        c.line(turned([(0, -0.022), (0, 0.022)], by=turn, to=(x, y)), 0.005, "#f26d8d")
    c.disc(x, y, 0.008, "#f26d8d")
    for dx in (-0.058, 0.058):
        for dy in (-0.053, 0.053):
            c.disc(x + dx, y + dy, 0.0035, "#d9deee")


def _cherry(c):
    c.line([(-0.04, 0.355), (-0.03, 0.32), (-0.005, 0.3)], 0.004, "#5a7a2a")
    c.disc(-0.04, 0.372, 0.03, "#d7193f")
    c.disc(-0.05, 0.362, 0.008, "#ffffff", 0.8)


def _mouse(c, x, y, size):
    grey, dark, pink = "#8a7f98", "#3a3148", "#ffb3c6"
    tail = [
        (x, y + size * 0.9),
        (x - size * 0.7, y + size * 1.3),
        (x - size * 0.5, y + size * 1.9),
        (x - size, y + size * 2),
    ]
    c.line(smooth(tail), size * 0.09, pink)
    for side in (-1, 1):
        c.disc(x + side * size * 0.45, y - size * 0.5, size * 0.36, grey)
        c.disc(x + side * size * 0.45, y - size * 0.5, size * 0.22, pink)
        c.disc(x + side * size * 0.3, y + size * 1.2, size * 0.16, pink, flat=0.7)
    c.disc(x, y + size * 0.65, size * 0.48, dark, flat=1.25)
    for stripe in (0.42, 0.7, 0.98):
        c.rectangle(
            x - size * 0.4,
            y + size * stripe,
            x + size * 0.4,
            y + size * (stripe + 0.1),
            "#fff7ea",
            radius=size * 0.05,
        )
    c.disc(x, y, size * 0.52, grey, flat=0.9)
    c.rectangle(
        x - size * 0.53,
        y - size * 0.22,
        x + size * 0.53,
        y + size * 0.08,
        "#1d1828",
        radius=size * 0.12,
    )
    for side in (-1, 1):
        c.disc(x + side * size * 0.22, y - size * 0.07, size * 0.11, "#ffffff")
        c.disc(x + side * size * 0.22, y - size * 0.05, size * 0.055, "#000000")
        c.disc(x + side * size * 0.14, y + size * 0.45, size * 0.13, grey)
    c.disc(x, y + size * 0.22, size * 0.08, "#f26d8d")
