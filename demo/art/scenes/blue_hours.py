"""Paris after sunset: two lit windows across a street, and two who look."""

from random import Random

from ..canvas import Canvas, circle
from .figures import crescent, person, stars


def blue_hours(c: Canvas):
    c.sky("#0a1440", "#1d2f7d", "#5a4a9c", "#e08a86", "#f7c493", top=0, bottom=0.78)
    stars(c, 120, bottom=0.3, seed=5)
    crescent(c, 0.02, 0.16, 0.045, "#fdf3d7")
    c.glow(0.04, 0.16, 0.2, "#f3e6ff", 0.35)
    _tower(c, -0.02, 0.74)
    for layer, shade in enumerate(("#4a4488", "#35356f", "#232857")):
        _roofs(c, 0.66 + 0.055 * layer, shade, seed=layer + 1)
    _house(c, c.left - 0.02, -0.135, 0.25, who=-1)
    _house(c, 0.15, c.right + 0.02, 0.19, who=1)
    c.line([(-0.135, 0.42), (-0.05, 0.455), (0.06, 0.45), (0.15, 0.4)], 0.0016, "#0a0f2c")


def _tower(c, x, foot):
    left = [(x - 0.006 - 0.07 * (t / 20) ** 2.6, foot - 0.34 * (1 - t / 20)) for t in range(21)]
    right = [(2 * x - px, y) for px, y in reversed(left)]
    c.polygon([(x, foot - 0.37), *left, *right], "#6a4f92")
    c.polygon([(x, foot - 0.1), *circle(x, foot, 0.042, start=180, end=360, steps=16)], "#e59c8e")
    for y in (foot - 0.2, foot - 0.115):
        c.rectangle(x - 0.026, y, x + 0.026, y + 0.006, "#5c4486")


def _roofs(c, y, shade, *, seed):
    draw, x = Random(seed), c.left - 0.05
    while x < c.right:
        width, top = draw.uniform(0.07, 0.13), y - draw.uniform(0, 0.05)
        c.polygon(
            [
                (x, 1),
                (x, top),
                (x + 0.012, top - 0.03),
                (x + width - 0.012, top - 0.03),
                (x + width, top),
                (x + width, 1),
            ],
            shade,
        )
        for _ in range(2):
            pot = x + draw.uniform(0.015, width - 0.03)
            c.rectangle(pot, top - draw.uniform(0.045, 0.06), pot + 0.012, top, shade)
        for _ in range(4):
            wx, wy = x + draw.uniform(0.01, width - 0.02), top + draw.uniform(0.01, 0.1)
            if draw.random() < 0.5:
                c.rectangle(wx, wy, wx + 0.006, wy + 0.011, "#ffd28a", 0.8)
        x += width


def _house(c, left, right, top, *, who):
    wall, line = "#0c1233", "#1b2452"
    c.rectangle(left, top, right, 1.02, wall)
    c.rectangle(left - 0.01, top - 0.012, right + 0.01, top, "#161d47")
    roof = [(left, top - 0.012), (left + 0.03, top - 0.1), (right - 0.03, top - 0.1), (right, top)]
    c.polygon(roof, "#10163c")
    for y in (top + 0.19, top + 0.38, top + 0.57, top + 0.76):
        c.rectangle(left - 0.006, y, right + 0.006, y + 0.006, line)
    column = right - 0.075 if who < 0 else left + 0.075
    xs = [column - who * -0.105 * step for step in range(8)]
    for row in range(5):
        for x in xs:
            if left + 0.03 < x < right - 0.03:
                _window(c, x, top + 0.035 + 0.19 * row, lit=row == 1 and x == column, who=who)


def _window(c, x, y, *, lit, who):
    half, height = 0.034, 0.125
    glass = "#ffc46b" if lit else "#1d2960"
    if lit:
        c.glow(x, y + height / 2, 0.16, "#ffb45a", 0.7)
    c.rectangle(x - half - 0.005, y - 0.005, x + half + 0.005, y + height, "#232d66")
    c.rectangle(x - half, y, x + half, y + height, glass)
    if lit:
        c.polygon([(x - half, y), (x - half + 0.018, y), (x - half, y + height)], "#f7e1b0", 0.9)
        c.polygon([(x + half, y), (x + half - 0.018, y), (x + half, y + height)], "#f7e1b0", 0.9)
        person(c, x, y + height + 0.03, 0.125, "#2a1430", coat=0.8 if who < 0 else 0)
    c.line([(x, y), (x, y + height)], 0.002, "#0c1233", 0.0 if lit else 1)
    for bar in range(8):
        bx = x - half + bar * half * 2 / 7
        c.line([(bx, y + height - 0.035), (bx, y + height)], 0.0018, "#060a20")
    c.line([(x - half, y + height - 0.035), (x + half, y + height - 0.035)], 0.003, "#060a20")
