"""Scenes of streets, stations and houses."""

import math
from random import Random

from ..canvas import Canvas, circle, turned
from ..colours import mix
from .figures import crescent, gear, person, stars


def blue_hours(c: Canvas):
    """Paris after sunset: two lit windows across a street, and two who look."""
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
        c.polygon([(x, 1), (x, top), (x + 0.012, top - 0.03), (x + width - 0.012, top - 0.03),
                   (x + width, top), (x + width, 1)], shade)  # fmt: skip
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


def clockmaker(c: Canvas):
    """A man stands on the minute hand of a cracked clock as large as a house."""
    c.sky("#0c1f21", "#12312f", "#091617")
    behind = "#10292a"
    for x, y, radius, teeth, colour in (
        (-0.3, 0.1, 0.2, 26, "#1c4341"), (0.33, 0.72, 0.24, 30, "#1a3e3c"),
        (0.36, 0.16, 0.13, 18, "#22504b"), (-0.4, 0.74, 0.16, 20, "#20484a"),
        (-0.75, 0.4, 0.3, 34, "#183a39"), (0.8, 0.45, 0.3, 34, "#183a39"),
    ):  # fmt: skip
        gear(c, x, y, radius, teeth, colour, behind, turn=x * 90)
    c.glow(0, 0.4, 0.5, "#e9b765", 0.5)
    _dial(c)
    _hands(c)


def _dial(c):
    x, y, radius = 0, 0.4, 0.275
    c.disc(0.012, y + 0.018, radius * 1.08, "#030a0a", 0.6)
    for part, colour in ((1.08, "#5a3d1c"), (1.06, "#c2934a"), (1.02, "#7a5426"), (1.0, "#efe2c4")):
        c.disc(x, y, radius * part, colour)
    c.glow(x, y, radius, "#fff9e6", 0.8)
    c.ring(x, y, radius * 0.95, 0.0025, "#3a2a18")
    c.ring(x, y, radius * 0.72, 0.0018, "#3a2a18")
    for minute in range(60):
        length = 0.05 if minute % 5 else 0.075
        tick = [(-0.006, 0.945), (0.006, 0.945), (0.006, 0.945 - length), (-0.006, 0.945 - length)]
        c.polygon(turned(tick, by=minute * 6, scale=radius, to=(x, y)), "#3a2a18")
    for hour in range(12):
        _numeral(c, hour, x, y, radius)
    crack = [(0.09, 0.14), (0.06, 0.2), (0.085, 0.25), (0.045, 0.3), (0.06, 0.345), (0.03, 0.38)]
    c.line(crack, 0.0028, "#2a1c10")
    c.line([(0.085, 0.25), (0.13, 0.285), (0.14, 0.33)], 0.0018, "#2a1c10")


def _numeral(c, hour, x, y, radius):
    strokes = {0: "XII", 1: "I", 2: "II", 3: "III", 4: "IV", 5: "V", 6: "VI", 7: "VII"}
    strokes |= {8: "VIII", 9: "IX", 10: "X", 11: "XI"}
    word = strokes[hour]
    widths = [{"I": 0.036, "V": 0.085, "X": 0.085}[letter] for letter in word]
    place = -sum(widths) / 2
    for letter, width in zip(word, widths, strict=True):
        middle, half = place + width / 2, width * 0.36
        slants = {"I": [(0, 0)], "V": [(-half, 0), (half, 0)], "X": [(-half, half), (half, -half)]}
        for top, bottom in slants[letter]:
            bar = [(middle + top - 0.009, -0.88), (middle + top + 0.009, -0.88),
                   (middle + bottom + 0.009, -0.75), (middle + bottom - 0.009, -0.75)]  # fmt: skip
            c.polygon(turned(bar, by=hour * 30, scale=radius, to=(x, y)), "#3a2a18")
        place += width


def _hands(c):
    hour = [
        (-0.012, 0.03),
        (-0.012, -0.1),
        (-0.03, -0.13),
        (0, -0.185),
        (0.03, -0.13),
        (0.012, -0.1),
    ]
    minute = [(-0.008, 0.05), (-0.008, -0.22), (0, -0.262), (0.008, -0.22), (0.008, 0.05)]
    for shape, turn in ((hour, -52), (minute, 90)):
        c.polygon(turned([*shape, (0.01, 0.03)], by=turn, to=(0.006, 0.41)), "#6b5a3c", 0.4)
        c.polygon(turned(shape, by=turn, to=(0, 0.4)), "#17110b")
    c.disc(0, 0.4, 0.02, "#17110b")
    c.disc(0, 0.4, 0.008, "#c2934a")
    person(c, 0.16, 0.393, 0.105, "#17110b", coat=0.6)
    c.rectangle(0.146, 0.288, 0.174, 0.291, "#17110b")
    c.rectangle(0.151, 0.274, 0.169, 0.29, "#17110b")


def house_below(c: Canvas):
    """A house on a hill, and its reflection in the earth, where the lights are on."""
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


def monsoon_express(c: Canvas):
    """A festive engine comes out of the rain towards a crowd of umbrellas."""
    c.sky("#e01e6a", "#f2542d", "#f9a826")
    rays, centre = 36, (0, 0.47)
    for ray in range(0, rays, 2):
        fan = [centre, *circle(*centre, 1.9, start=ray * 10, end=ray * 10 + 10, steps=2)]
        c.polygon(fan, "#ffd23f", 0.5)
    c.glow(0, 0.44, 0.5, "#fff3b0", 0.9)
    _palms(c)
    with c.smaller(0.9, down=0.112):
        _engine(c)
    draw = Random(12)
    for _ in range(round(170 * (c.right - c.left))):
        x, y, length = draw.uniform(c.left, c.right + 0.2), draw.random(), draw.uniform(0.02, 0.05)
        c.line([(x, y), (x - length * 0.3, y + length)], 0.0014, "#ffffff", draw.uniform(0.2, 0.6))
    _umbrellas(c)
    _garland(c)


def _palms(c):
    for side in (-1, 1):
        for x, top in ((0.27, 0.33), (0.55, 0.28), (0.85, 0.36)):
            x *= side
            c.line([(x - side * 0.03, 0.85), (x - side * 0.015, 0.6), (x, top)], 0.011, "#0d5c54")
            for turn in range(0, 360, 45):
                leaf = [(0, 0), (0.06, -0.03), (0.13, 0.02), (0.06, -0.008)]
                if turn % 180 != 90:
                    c.polygon(turned(leaf, by=turn, to=(x, top)), "#0f7a68")


def _engine(c):
    for side in (-1, 1):
        c.polygon(
            [(0.03 * side, 0.6), (0.05 * side, 0.6), (0.33 * side, 1), (0.24 * side, 1)], "#5b1730"
        )
    c.rectangle(-0.17, 0.26, 0.17, 0.68, "#0d3b66", radius=0.05)
    c.rectangle(-0.155, 0.275, 0.155, 0.42, "#145a8d", radius=0.04)
    for left, right in ((-0.135, -0.015), (0.015, 0.135)):
        c.rectangle(left, 0.3, right, 0.39, "#bdf0ff", radius=0.012)
        c.polygon(
            [(left + 0.02, 0.39), (left + 0.06, 0.3), (left + 0.08, 0.3), (left + 0.04, 0.39)],
            "#ffffff",
            0.6,
        )
    c.polygon(
        [(-0.17, 0.44), (0, 0.53), (0.17, 0.44), (0.17, 0.5), (0, 0.595), (-0.17, 0.5)], "#ffd23f"
    )
    c.polygon(
        [(-0.17, 0.462), (0, 0.553), (0.17, 0.462), (0.17, 0.482), (0, 0.575), (-0.17, 0.482)],
        "#e01e6a",
    )
    for x in (-0.115, 0.115):
        c.disc(x, 0.575, 0.036, "#ffd23f")
        c.disc(x, 0.575, 0.028, "#fffbe0")
        c.glow(x, 0.575, 0.13, "#fffbe0", 0.8)
    c.disc(0, 0.25, 0.04, "#ffd23f")
    c.disc(0, 0.25, 0.03, "#fffbe0")
    c.glow(0, 0.25, 0.15, "#fffbe0", 0.85)
    c.rectangle(-0.2, 0.64, 0.2, 0.69, "#b8123f", radius=0.01)
    c.polygon([(-0.18, 0.69), (0.18, 0.69), (0.1, 0.77), (-0.1, 0.77)], "#072a4a")
    for slat in range(-4, 5):
        c.line([(slat * 0.04, 0.69), (slat * 0.023, 0.77)], 0.005, "#ffd23f")
    _mandala(c, 0, 0.465)


def _mandala(c, x, y):
    for petals, radius, size, colour in (
        (16, 0.058, 0.013, "#f2542d"),
        (10, 0.038, 0.012, "#ffd23f"),
    ):
        for petal in range(petals):
            px, py = turned([(0, -radius)], by=petal * 360 / petals, to=(x, y))[0]
            c.disc(px, py, size, colour)
    c.disc(x, y, 0.028, "#e01e6a")
    c.disc(x, y, 0.016, "#fffbe0")


def _umbrellas(c):
    draw = Random(8)
    colours = ["#e01e6a", "#0f7a68", "#5b2a86", "#f9a826", "#145a8d", "#d7263d", "#ff7b9c"]
    for row in range(4):
        x = c.left - draw.uniform(0, 0.08)
        while x < c.right + 0.08:
            size, y = draw.uniform(0.052, 0.075), 0.79 + 0.055 * row + draw.uniform(-0.01, 0.01)
            _umbrella(c, x, y, size, draw.choice(colours))
            x += size * draw.uniform(1.2, 1.6)


def _umbrella(c, x, y, size, colour):
    c.rectangle(x - size * 0.45, y + size * 0.1, x + size * 0.45, 1.02, mix(colour, "#1a0b1e", 0.8))
    dome = circle(x, y, size, start=180, end=360)
    scallops = [point for step in range(4) for point in
                circle(x + size * (0.75 - step * 0.5), y, size / 4, start=0, end=-180, steps=8)]  # fmt: skip
    c.polygon([*dome, *scallops], colour)
    for part in (-0.5, 0.0, 0.5):
        c.line(
            [(x, y - size), (x + part * size * 0.6, y - size * 0.55), (x + part * size, y)],
            0.0016,
            mix(colour, "#000000", 0.35),
        )
    c.polygon([(x, y - size), *circle(x, y, size, start=190, end=235, steps=8)], "#ffffff", 0.18)
    c.line([(x, y - size), (x, y - size * 1.14)], 0.003, "#2a0f1e")


def _garland(c):
    draw, swag = Random(2), 0.165
    count = round((c.right - c.left) / 0.012)
    for index in range(count + 1):
        x = c.left + index * 0.012
        y = 0.012 + 0.035 * abs(math.sin(math.pi * x / swag))
        for _ in range(2):
            colour = draw.choice(["#ff8c1a", "#ffb01a", "#ffd23f", "#f2691d"])
            c.disc(x + draw.uniform(-0.004, 0.004), y + draw.uniform(-0.006, 0.006), 0.0095, colour)
