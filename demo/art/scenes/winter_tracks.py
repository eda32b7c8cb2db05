"""Somebody in red, alone on a field of snow; the tracks come out of the forest."""

import math
from random import Random

from ..canvas import Canvas
from .figures import below, person, pine, swell


def winter_tracks(c: Canvas):
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
