"""A lighthouse over the sea; its light finds a rowing boat."""

from ..canvas import Canvas
from .figures import below, stars, swell


def halflight(c: Canvas):
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
