"""People and things that several scenes show, as silhouettes."""

import math
from random import Random

from ..canvas import Canvas, circle, turned


def person(c: Canvas, x, foot, height, colour, *, coat: float = 0.0):
    """Somebody who stands with the feet at (`x`, `foot`); `coat` widens the hem."""
    half = 0.1 + 0.06 * coat
    right = [(0.035, -0.85), (0.06, -0.82), (0.13, -0.79), (0.155, -0.72), (0.165, -0.44)]
    right += [(0.125, -0.42), (0.115, -0.6), (half, -0.28), (0.08, -0.27), (0.075, -0.01)]
    right += [(0.1, 0), (0.02, 0), (0.012, -0.27)]
    left = [(-px, py) for px, py in reversed(right)]
    c.polygon([(x + px * height, foot + py * height) for px, py in [*right, *left]], colour)
    c.disc(x, foot - 0.925 * height, 0.066 * height, colour, flat=1.15)


def stars(c: Canvas, count: int, *, bottom: float, seed: int, colour="#ffffff"):
    """Stars from the top down to `bottom`, fewer towards it; `count` for each height of width."""
    draw = Random(seed)
    for _ in range(round(count * (c.right - c.left))):
        x, y = draw.uniform(c.left, c.right), bottom * draw.random() ** 1.5
        c.disc(x, y, draw.choice([0.0006, 0.0009, 0.0009, 0.0016]), colour, draw.uniform(0.3, 1))


def pine(c: Canvas, x, foot, height, colour, *, seed: int):
    """A fir with ragged branches."""
    draw = Random(seed)
    left, right = [], []
    for step in range(9):
        y = foot - height * (1 - step / 9)
        half = height * 0.028 * (step + 0.4)
        left += [
            (x - half * draw.uniform(0.8, 1.2), y + height * 0.05),
            (x - half * 0.55, y + 0.02),
        ]
        right += [(x + half * draw.uniform(0.8, 1.2), y + height * 0.05), (x + half * 0.55, y)]
    c.polygon([(x, foot - height * 1.03), *right, (x, foot), *reversed(left)], colour)


def swell(c: Canvas, y, height, length, *, phase: float = 0.0, steps: int = 90):
    """Points of a wave's crest from the left edge to the right one."""
    width = c.right - c.left
    xs = [c.left + width * step / steps for step in range(steps + 1)]
    return [
        (x, y + height * (math.sin(x / length + phase) + 0.4 * math.sin(2.3 * x / length + phase)))
        for x in xs
    ]


def below(c: Canvas, crest, colour, alpha: float = 1.0):
    """Fill everything under the points `crest`."""
    c.polygon([*crest, (c.right, 1.02), (c.left, 1.02)], colour, alpha)


def gear(c: Canvas, x, y, radius, teeth, colour, hole, *, turn: float = 0.0):
    """A cogwheel with spokes; `hole` is the colour behind it."""
    points, step = [], 360 / teeth
    for tooth in range(teeth):
        for part, r in ((0, 0.9), (0.2, 1.0), (0.5, 1.0), (0.7, 0.9)):
            angle = math.radians(turn + (tooth + part) * step)
            points.append((x + radius * r * math.cos(angle), y + radius * r * math.sin(angle)))
    c.polygon(points, colour)
    c.disc(x, y, radius * 0.7, hole)
    for spoke in range(5):
        bar = [(-0.05, 0), (0.05, 0), (0.04, 0.75), (-0.04, 0.75)]
        c.polygon(turned(bar, by=turn + spoke * 72, scale=radius, to=(x, y)), colour)
    c.disc(x, y, radius * 0.22, colour)
    c.disc(x, y, radius * 0.1, hole)


def crescent(c: Canvas, x, y, radius, colour, *, bite: float = 0.45):
    """A thin moon, lit from the right."""
    outer = circle(x, y, radius, start=-100, end=100)
    inner = [(x + (px - x) * bite, py) for px, py in reversed(outer)]
    c.polygon([*outer, *inner], colour)


def smooth(points):
    """A curve through `points` (Catmull-Rom)."""
    padded, curve = [points[0], *points, points[-1]], []
    for a, b, d, e in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for step in range(14):
            t = step / 14
            curve.append(
                tuple(
                    0.5
                    * (
                        2 * q
                        + (r - p) * t
                        + (2 * p - 5 * q + 4 * r - s) * t**2
                        + (3 * q - p - 3 * r + s) * t**3
                    )
                    for p, q, r, s in zip(a, b, d, e, strict=True)
                )
            )
    return curve
