"""Scenes of space, paper, sugar and speed."""

import math
from random import Random

from ..canvas import Canvas, circle, turned
from ..colours import mix
from .figures import stars


def aphelion_nine(c: Canvas):
    """A ringed planet, lit from one side, and an astronaut who drifts."""
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
    smooth = _smooth(at(tether))
    c.line(smooth, 0.0022, "#cfd6e6", 0.8)
    c.polygon(at([(-0.34, -0.4), (0.34, -0.4), (0.38, 0.25), (-0.38, 0.25)]), "#8d95a8")
    for limb in ([(-0.2, -0.3), (-0.7, -0.05), (-0.62, 0.1), (-0.2, 0.0)],
                 [(0.2, -0.3), (0.78, -0.42), (0.8, -0.26), (0.2, 0.0)],
                 [(-0.24, 0.2), (-0.02, 0.2), (-0.16, 0.62), (-0.42, 0.95), (-0.56, 0.84), (-0.38, 0.55)],
                 [(0.02, 0.2), (0.24, 0.2), (0.36, 0.6), (0.3, 1.02), (0.12, 1.0), (0.14, 0.6)]):  # fmt: skip
        c.polygon(at(limb), "#e6e9f2")
    c.polygon(at([(-0.26, -0.4), (0.26, -0.4), (0.26, 0.28), (-0.26, 0.28)]), "#f4f5fa")
    c.polygon(at([(-0.12, -0.2), (0.12, -0.2), (0.12, 0.02), (-0.12, 0.02)]), "#5a6a8c")
    (hx, hy), (vx, vy) = at([(0, -0.62), (-0.05, -0.62)])
    c.disc(hx, hy, 0.0275, "#f4f5fa")
    c.disc(vx, vy, 0.0195, "#1b1430")
    c.disc(vx - 0.006, vy - 0.006, 0.006, "#ffb168")


def _smooth(points):
    """A curve through `points` (Catmull-Rom)."""
    padded, curve = [points[0], *points, points[-1]], []
    for a, b, d, e in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for step in range(14):
            t = step / 14
            curve.append(tuple(
                0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t**2 + (3 * q - p - 3 * r + s) * t**3)
                for p, q, r, s in zip(a, b, d, e, strict=True)
            ))  # fmt: skip
    return curve


def paper_cranes(c: Canvas):
    """A red sun, a gate in the sea, and folded cranes on their way up."""
    c.sky("#f3e4c4", "#f6d9ad", "#efb88a", top=0, bottom=0.72)
    c.disc(0.04, 0.36, 0.215, "#d9382e")
    for index, y in enumerate((0.43, 0.47, 0.5, 0.525, 0.545)):
        c.rectangle(-0.24 + 0.03 * index, y, 0.33, y + 0.004 + 0.0025 * index, "#f4d2a4")
    for x, top, half, shade in (
        (-0.62, 0.57, 0.4, "#c77f70"),
        (0.5, 0.555, 0.36, "#bd7468"),
        (-0.3, 0.61, 0.16, "#8f5560"),
    ):
        c.polygon(
            [
                (x - half, 0.7),
                (x - half * 0.3, top + 0.03),
                (x, top),
                (x + half * 0.35, top + 0.035),
                (x + half, 0.7),
            ],
            shade,
        )
    c.sky("#3f6f8c", "#1d3f63", "#0f2747", top=0.68, bottom=1)
    c.polygon([(-0.12, 0.68), (0.2, 0.68), (0.32, 1), (-0.24, 1)], "#e2553f", 0.16)
    _gate(c, 0.04, 0.71)
    _scales(c)
    for x, y, size, turn in ((-0.17, 0.19, 0.105, -14), (0.13, 0.3, 0.14, -6), (-0.2, 0.42, 0.07, -22),
                             (0.26, 0.13, 0.055, -18), (0.0, 0.15, 0.045, -8), (0.6, 0.22, 0.11, -16), (-0.55, 0.2, 0.12, -10)):  # fmt: skip
        _crane(c, x, y, size, turn)


def _gate(c, x, foot):
    red = "#8f1f24"
    for side in (-1, 1):
        c.polygon(
            [
                (x + side * 0.062, 0.57),
                (x + side * 0.075, 0.57),
                (x + side * 0.085, foot + 0.01),
                (x + side * 0.069, foot + 0.01),
            ],
            red,
        )
    c.polygon(
        [
            (x - 0.125, 0.548),
            (x - 0.06, 0.556),
            (x + 0.06, 0.556),
            (x + 0.125, 0.548),
            (x + 0.118, 0.571),
            (x - 0.118, 0.571),
        ],
        "#47141a",
    )
    c.rectangle(x - 0.112, 0.571, x + 0.112, 0.58, red)
    c.rectangle(x - 0.1, 0.603, x + 0.1, 0.613, red)
    c.rectangle(x - 0.008, 0.571, x + 0.008, 0.605, red)
    for side in (-1, 1):
        c.polygon(
            [
                (x + side * 0.068, foot),
                (x + side * 0.086, foot),
                (x + side * 0.09, foot + 0.09),
                (x + side * 0.072, foot + 0.09),
            ],
            red,
            0.35,
        )


def _scales(c):
    """Waves as Japanese cloth has them: rows of circles in circles."""
    size = 0.05
    for row in range(9):
        y = 0.8 + row * size * 0.5
        x = c.left - size + (size if row % 2 else 0)
        while x < c.right + size * 2:
            deep = mix("#1f4a6e", "#0b1f3c", row / 8)
            for part, colour in (
                (1, "#e9dcc0"),
                (0.92, deep),
                (0.66, "#e9dcc0"),
                (0.58, deep),
                (0.32, "#e9dcc0"),
                (0.24, deep),
            ):
                c.disc(x, y + size, size * part, colour)
            x += size * 2


def _crane(c, x, y, size, turn):
    def part(points, colour):
        c.polygon(turned(points, by=turn, scale=size, to=(x, y)), colour)

    part([(-0.1, 0.1), (-1.15, -0.25), (-0.95, -0.1), (0.05, 0.3)], "#d8c8aa")
    part([(0.1, 0.05), (-0.35, -1.05), (-0.35, 0.12)], "#fffaf0")
    part([(0.1, 0.05), (-0.35, -1.05), (0.32, -0.35)], "#e6d8bc")
    part([(-0.4, 0.1), (0.3, 0.0), (0.1, 0.42)], "#f7eedc")
    part([(0.1, 0.42), (0.3, 0.0), (0.42, 0.12)], "#cbb892")
    part([(0.18, 0.12), (0.98, -0.5), (0.86, -0.3), (0.36, 0.22)], "#fff6e6")
    part([(0.98, -0.5), (1.3, -0.34), (0.86, -0.3)], "#d9382e")
    part([(0.0, 0.1), (0.62, -0.95), (0.34, 0.1)], "#ffffff")
    part([(0.34, 0.1), (0.62, -0.95), (0.52, 0.02)], "#d6c4a0")


def marzipan_heist(c: Canvas):
    """Masked mice on a rope above a cake with a safe in it."""
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
    c.line(_smooth(tail), size * 0.09, pink)
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


def redline_sierra(c: Canvas):
    """A car goes home fast, into a striped sun, under the mountains."""
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
        c.polygon([(-0.012 * far - 0.001, 0.595 + 0.405 * far), (0.012 * far + 0.001, 0.595 + 0.405 * far),
                   (0.012 * near, 0.595 + 0.405 * near), (-0.012 * near, 0.595 + 0.405 * near)], "#ffd76a")  # fmt: skip
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
