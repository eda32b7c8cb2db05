"""The home page's slides: a film, a headline, and a sentence that makes one look closer."""

SLIDES = [
    (
        "aphelion-nine",
        "The farthest point is not the end",
        "Aphelion Nine, in IMAX 3D and Dolby Cinema: the space film that you feel in your seat.",
    ),
    (
        "monsoon-express",
        "All aboard: nine weddings, one train",
        "Monsoon Express has arrived. Bring a handkerchief and dancing shoes.",
    ),
    (
        "salt-cathedral",
        "Two hundred metres under the ground",
        "Salt Cathedral, on the largest screens that we have, now and then on 70 mm.",
    ),
    (
        "redline-sierra",
        "Coming soon: no brakes after midnight",
        "Redline Sierra delivers. Watch this space for tickets.",
    ),
]
