"""A car goes home fast, into a striped sun, under the mountains."""

import math
from random import Random

from ..canvas import Canvas
from ..colours import mix
from .figures import stars


def redline_sierra(c: Canvas):
    c.sky("#1a0633", "#5b0f5f", "#d3274f", "#ff8a3d", top=0, bottom=0.62)
    stars(c, 160, bottom=0.25, seed=40)
    _striped_sun(c, 0, 0.4, 0.25)
    _sierra(c, 0.5, 0.16, "#5a1250", "#7d1b58", seed=5)
    _sierra(c, 0.565, 0.1, "#2b0838", "#43104a", seed=9)
    c.sky("#2a0d2e", "#120616", "#08030b", top=0.59, bottom=1)
    _road(c)
    _car(c, 0, 0.77)


def _striped_sun(c, x, y, radius):
    c.glow(x, y, radius * 1.9, "#ff5e62", 0.8)
    for slice_ in range(60):
        top = -1 + slice_ / 30
        band = (top + 0.15) * 6
        if top > -0.15 and band % 1 < 0.12 + 0.06 * band:
            continue
        colour = mix("#fff06a", "#ff2e7e", slice_ / 60)
        edges = [math.sqrt(max(0, 1 - h * h)) * radius for h in (top, top + 1 / 30)]
        ys = y + top * radius, y + (top + 1 / 30) * radius + 0.0006
        c.polygon(
            [
                (x - edges[0], ys[0]),
                (x + edges[0], ys[0]),
                (x + edges[1], ys[1]),
                (x - edges[1], ys[1]),
            ],
            colour,
        )


def _sierra(c, base, height, dark, light, *, seed):
    draw, x = Random(seed), c.left - 0.1
    while x < c.right + 0.1:
        half, peak = draw.uniform(0.06, 0.13), base - height * draw.uniform(0.35, 1)
        top = x + half * draw.uniform(0.7, 1.2)
        c.polygon([(x - half * 0.4, 0.62), (top, peak), (x + half * 2.4, 0.62)], dark)
        c.polygon(
            [
                (x - half * 0.4, 0.62),
                (top, peak),
                (top - half * 0.2, (peak + 0.62) / 2),
                (top + half * 0.1, 0.62),
            ],
            light,
        )
        x += half * 1.1


def _road(c):
    for line in range(-16, 17):
        c.line([(line * 0.06, 0.595), (line * 0.42, 1)], 0.0012, "#ff2e7e", 0.3)
    for step in range(10):
        y = 0.595 + 0.405 * (step / 10) ** 2
        c.line([(c.left, y), (c.right, y)], 0.0012, "#ff2e7e", 0.3)
    c.polygon([(-0.022, 0.594), (0.022, 0.594), (0.42, 1), (-0.42, 1)], "#0b0610")
    for side in (-1, 1):
        c.polygon(
            [(side * 0.021, 0.594), (side * 0.024, 0.594), (side * 0.43, 1), (side * 0.395, 1)],
            "#ff355e",
        )
    for step in range(7):
        near, far = ((step + 0.55) / 7) ** 2, (step / 7) ** 2
        c.polygon(
            [
                (-0.012 * far - 0.001, 0.595 + 0.405 * far),
                (0.012 * far + 0.001, 0.595 + 0.405 * far),
                (0.012 * near, 0.595 + 0.405 * near),
                (-0.012 * near, 0.595 + 0.405 * near),
            ],
            "#ffd76a",
        )
    c.glow(0, 0.595, 0.3, "#ffb15e", 0.7, flat=0.08)


def _car(c, x, y):
    c.disc(x, y + 0.075, 0.17, "#000000", 0.7, flat=0.1)
    for side in (-1, 1):
        streak = [
            (x + side * 0.1, y + 0.012),
            (x + side * 0.135, y + 0.03),
            (x + side * 0.5, 1.05),
            (x + side * 0.34, 1.05),
        ]
        c.soft(streak, "#ff2340", 0.55, blur=0.006)
        c.rectangle(
            x + side * 0.105 - 0.024,
            y + 0.04,
            x + side * 0.105 + 0.024,
            y + 0.084,
            "#050307",
            radius=0.008,
        )
    c.polygon(
        [
            (x - 0.095, y - 0.03),
            (x - 0.068, y - 0.092),
            (x + 0.068, y - 0.092),
            (x + 0.095, y - 0.03),
        ],
        "#3a0a1a",
    )
    c.polygon(
        [
            (x - 0.08, y - 0.034),
            (x - 0.06, y - 0.082),
            (x + 0.06, y - 0.082),
            (x + 0.08, y - 0.034),
        ],
        "#ff7d4d",
    )
    c.polygon(
        [
            (x - 0.08, y - 0.034),
            (x - 0.06, y - 0.082),
            (x - 0.01, y - 0.082),
            (x - 0.045, y - 0.034),
        ],
        "#ffd08a",
    )
    c.rectangle(x - 0.15, y - 0.034, x + 0.15, y + 0.062, "#c3122f", radius=0.02)
    c.rectangle(x - 0.15, y - 0.034, x + 0.15, y - 0.02, "#ff5d5d", radius=0.007)
    c.rectangle(x - 0.14, y, x + 0.14, y + 0.03, "#1a060c", radius=0.006)
    for side in (-1, 1):
        c.rectangle(
            x + side * 0.1 - 0.036,
            y + 0.005,
            x + side * 0.1 + 0.036,
            y + 0.025,
            "#ff3b3b",
            radius=0.004,
        )
        c.rectangle(
            x + side * 0.1 - 0.03,
            y + 0.011,
            x + side * 0.1 + 0.03,
            y + 0.019,
            "#ffe3d0",
            radius=0.003,
        )
        c.glow(x + side * 0.1, y + 0.015, 0.13, "#ff2340", 0.85, flat=0.7)
    c.rectangle(x - 0.03, y + 0.034, x + 0.03, y + 0.052, "#f2e8d0", radius=0.003)
    c.rectangle(x - 0.165, y - 0.058, x + 0.165, y - 0.047, "#2a0612", radius=0.004)
    for side in (-1, 1):
        c.rectangle(x + side * 0.12 - 0.004, y - 0.05, x + side * 0.12 + 0.004, y - 0.03, "#2a0612")
