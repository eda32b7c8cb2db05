"""What the posters show: one function a film, drawing on a canvas of any shape."""

from .aphelion_nine import aphelion_nine
from .blue_hours import blue_hours
from .clockmaker import clockmaker
from .halflight import halflight
from .house_below import house_below
from .marzipan_heist import marzipan_heist
from .monsoon_express import monsoon_express
from .paper_cranes import paper_cranes
from .redline_sierra import redline_sierra
from .salt_cathedral import salt_cathedral
from .small_boats import small_boats
from .winter_tracks import winter_tracks

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
