"""A man stands on the minute hand of a cracked clock as large as a house."""

from ..canvas import Canvas, turned
from .figures import gear, person


def clockmaker(c: Canvas):
    c.sky("#0c1f21", "#12312f", "#091617")
    behind = "#10292a"
    for x, y, radius, teeth, colour in (
        (-0.3, 0.1, 0.2, 26, "#1c4341"),
        (0.33, 0.72, 0.24, 30, "#1a3e3c"),
        (0.36, 0.16, 0.13, 18, "#22504b"),
        (-0.4, 0.74, 0.16, 20, "#20484a"),
        (-0.75, 0.4, 0.3, 34, "#183a39"),
        (0.8, 0.45, 0.3, 34, "#183a39"),
    ):
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
            bar = [
                (middle + top - 0.009, -0.88),
                (middle + top + 0.009, -0.88),
                (middle + bottom + 0.009, -0.75),
                (middle + bottom - 0.009, -0.75),
            ]
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
