"""What the posters show: one function a film, drawing on a canvas of any shape."""

from .city import blue_hours, clockmaker, house_below, monsoon_express
from .fancy import aphelion_nine, marzipan_heist, paper_cranes, redline_sierra
from .land import halflight, salt_cathedral, small_boats, winter_tracks

# By the film's slug.
SCENES = {
    "aphelion-nine": aphelion_nine,
    "the-blue-hours": blue_hours,
    "the-clockmaker-of-gorlitz": clockmaker,
    "halflight": halflight,
    "the-house-below-the-house": house_below,
    "the-great-marzipan-heist": marzipan_heist,
    "monsoon-express": monsoon_express,
    "paper-cranes-at-low-tide": paper_cranes,
    "redline-sierra": redline_sierra,
    "salt-cathedral": salt_cathedral,
    "a-thousand-small-boats": small_boats,
    "winter-tracks": winter_tracks,
}
