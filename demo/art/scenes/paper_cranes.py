"""A red sun, a gate in the sea, and folded cranes on their way up."""

from ..canvas import Canvas, turned
from ..colours import mix


def paper_cranes(c: Canvas):
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
    for x, y, size, turn in (
        (-0.17, 0.19, 0.105, -14),
        (0.13, 0.3, 0.14, -6),
        (-0.2, 0.42, 0.07, -22),
        (0.26, 0.13, 0.055, -18),
        (0.0, 0.15, 0.045, -8),
        (0.6, 0.22, 0.11, -16),
        (-0.55, 0.2, 0.12, -10),
    ):
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
