"""Scenes under a wide sky, and under the ground."""

import math
from random import Random

from ..canvas import Canvas, turned
from ..colours import mix
from .figures import below, person, pine, stars, swell


def salt_cathedral(c: Canvas):
    """A miner in a nave that was cut out of salt, arch behind arch, into the light."""
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


def halflight(c: Canvas):
    """A lighthouse over the sea; its light finds a rowing boat."""
    c.sky("#050b1e", "#0b2038", "#1d4a5e", "#c98d62", top=0.0, bottom=0.68)
    stars(c, 260, bottom=0.42, seed=2)
    c.mist("#9fb9c4", 0.4, top=0.2, bottom=0.62, seed=8, grid=4)
    _beams(c)
    _lighthouse(c)
    shades = ["#173b4b", "#123140", "#0e2735", "#0a1d2a", "#07151f", "#040d15"]
    for layer, shade in enumerate(shades):
        y = 0.665 + 0.052 * layer + 0.006 * layer**2
        crest = swell(c, y, 0.006 + 0.0022 * layer, 0.045 + 0.02 * layer, phase=layer * 1.9)
        below(c, crest, shade)
        c.line(crest, 0.0013, "#d8c6a0", 0.35 - 0.05 * layer)
        if layer == 2:
            _boat(c, -0.16, 0.775)
    c.glow(0.1, 0.3, 0.13, "#fff3c4", 1)


def _beams(c):
    lamp = (0.1, 0.3)
    c.soft([lamp, (c.left - 0.1, 0.56), (c.left - 0.1, 0.8)], "#ffeebb", 0.62, blur=0.012)
    c.soft([lamp, (c.right + 0.1, 0.14), (c.right + 0.1, 0.26)], "#ffeebb", 0.5, blur=0.012)


def _lighthouse(c):
    rock = [(-0.06, 0.7), (-0.02, 0.66), (0.02, 0.635), (0.07, 0.62), (0.16, 0.622), (0.2, 0.645)]
    rock += [(0.27, 0.66), (0.36, 0.69), (0.36, 0.8), (-0.06, 0.8)]
    c.polygon(rock, "#07111a")
    for band in range(6):
        top, bottom = 0.335 + band * 0.0495, 0.335 + (band + 1) * 0.0495
        half, lower = 0.022 + 0.0028 * band, 0.022 + 0.0028 * (band + 1)
        tower = [(0.1 - half, top), (0.1 + half, top), (0.1 + lower, bottom), (0.1 - lower, bottom)]
        c.polygon(tower, "#a8352c" if band % 2 else "#e6dcc8")
        shade = [(0.1 + half * 0.2, top), (0.1 + half, top), (0.1 + lower, bottom)]
        c.polygon([*shade, (0.1 + lower * 0.2, bottom)], "#05101c", 0.6)
    c.rectangle(0.068, 0.328, 0.132, 0.338, "#07111a")
    c.rectangle(0.08, 0.278, 0.12, 0.33, "#ffeeb4")
    for x in (0.08, 0.0933, 0.1067, 0.12):
        c.line([(x, 0.278), (x, 0.33)], 0.002, "#07111a")
    c.polygon([(0.074, 0.28), (0.126, 0.28), (0.1, 0.248)], "#07111a")
    c.line([(0.1, 0.25), (0.1, 0.228)], 0.002, "#07111a")


def _boat(c, x, y):
    c.glow(x, y - 0.005, 0.09, "#ffe9b0", 0.6, flat=0.5)
    hull = [(-0.042, -0.012), (0.044, -0.015), (0.03, 0.008), (-0.028, 0.008)]
    c.polygon([(x + dx, y + dy) for dx, dy in hull], "#050b12")
    c.line([(x - 0.004, y - 0.014), (x - 0.04, y + 0.012)], 0.002, "#050b12")
    c.polygon([(x - 0.01, y - 0.01), (x - 0.004, y - 0.04), (x + 0.012, y - 0.01)], "#050b12")
    c.disc(x - 0.001, y - 0.044, 0.0065, "#050b12")


def small_boats(c: Canvas):
    """A sea full of small boats, seen from above; one of them goes the other way."""
    c.sky("#0f6f78", "#0b5561", "#083f4d")
    c.mist("#3aa6a0", 0.5, top=0, bottom=0.6, seed=3, grid=4)
    c.mist("#052c3a", 0.6, top=0.4, bottom=1, seed=5, grid=4)
    _ripples(c)
    draw = Random(21)
    # A tall sheet keeps the water below clear for the title.
    for row in range(12 if c.right - c.left < 1 else 17):
        y = 0.025 + row * 0.058 + 0.004 * row
        for column in range(math.floor(c.left / 0.075), math.ceil(c.right / 0.075) + 1):
            x = column * 0.075 + (0.0375 if row % 2 else 0)
            if (row, x) != (8, 0.0):
                _dinghy(c, x + draw.uniform(-0.008, 0.008), y, 90 + draw.uniform(-9, 9), draw)
    c.disc(0, 0.52, 0.062, "#0b5561", 0.9)
    c.glow(0, 0.52, 0.16, "#ffe1ad", 0.35)
    _dinghy(c, 0, 0.52, -98, draw, hull="#e8402d", size=0.044)


def _ripples(c):
    draw = Random(9)
    for _ in range(round(420 * (c.right - c.left))):
        x, y = draw.uniform(c.left, c.right), draw.random()
        half = draw.uniform(0.004, 0.02)
        curve = [(x - half, y), (x, y - half * 0.25), (x + half, y)]
        c.line(curve, 0.0012, "#c9f0e4", draw.uniform(0.04, 0.2))


def _dinghy(c, x, y, heading, draw, *, hull="", size=0.031):
    hull = hull or draw.choice(["#f6ecd6", "#f6ecd6", "#efe0c2", "#fbf5e6", "#e3d2b0"])
    wake = turned([(-2.0, -0.75), (-0.6, 0), (-2.0, 0.75)], by=heading, scale=size, to=(x, y))
    c.line(wake, 0.0015, "#d7f5ec", 0.35)
    shape = [
        (1, 0),
        (0.55, 0.3),
        (-0.2, 0.4),
        (-0.85, 0.3),
        (-0.85, -0.3),
        (-0.2, -0.4),
        (0.55, -0.3),
    ]
    c.polygon(turned(shape, by=heading, scale=size, to=(x + 0.006, y + 0.008)), "#04222c", 0.55)
    c.polygon(turned(shape, by=heading, scale=size, to=(x, y)), hull)
    inner = [(px * 0.72, py * 0.66) for px, py in shape]
    c.polygon(turned(inner, by=heading, scale=size, to=(x, y)), mix(hull, "#5b3a22", 0.62))
    for bench in (-0.35, 0.15):
        plank = [(bench, -0.3), (bench + 0.14, -0.3), (bench + 0.14, 0.3), (bench, 0.3)]
        c.polygon(turned(plank, by=heading, scale=size, to=(x, y)), hull)


def winter_tracks(c: Canvas):
    """Somebody in red, alone on a field of snow; the tracks come out of the forest."""
    c.sky("#c3ced6", "#e4eaee", top=0, bottom=0.3)
    c.sky("#eef2f5", "#f7f9fa", "#dfe7ee", top=0.29, bottom=1)
    draw = Random(6)
    for layer, (shade, foot) in enumerate(
        (("#a9b6bf", 0.285), ("#5c6b75", 0.3), ("#151d23", 0.315))
    ):
        x = c.left - 0.02
        while x < c.right + 0.02:
            height = draw.uniform(0.05, 0.13) + 0.02 * layer
            pine(c, x, foot + draw.uniform(0, 0.012), height, shade, seed=draw.randrange(999))
            x += draw.uniform(0.012, 0.034)
        c.mist("#eef2f5", 0.55, top=foot - 0.08, bottom=foot + 0.04, seed=layer, grid=6)
    _drifts(c)
    _tracks(c)
    shadow = [(0.1, 0.742), (0.104, 0.746), (0.34, 0.83), (0.31, 0.845), (0.095, 0.747)]
    c.soft(shadow, "#5f7f9e", 0.65, blur=0.004)
    person(c, 0.1, 0.745, 0.082, "#b3171c", coat=0.7)
    c.disc(0.1, 0.745 - 0.082 * 0.91, 0.0062, "#2a1a18")


def _drifts(c):
    for index, y in enumerate((0.4, 0.52, 0.66, 0.84)):
        crest = swell(c, y, 0.012, 0.16 + 0.05 * index, phase=index * 2.2)
        below(c, crest, "#c9d6e2" if index % 2 else "#ffffff", 0.3)


def _tracks(c):
    steps = 64
    for step in range(steps):
        t = step / (steps - 1)
        x = -0.12 + 0.42 * t - 0.2 * t * t + 0.05 * math.sin(t * 7) * (1 - t)
        y = 0.325 + 0.415 * t**1.5
        side = (0.002 + 0.005 * t) * (1 if step % 2 else -1)
        c.disc(x + side, y, 0.0012 + 0.0036 * t, "#7f98af", 0.85, flat=0.55)
