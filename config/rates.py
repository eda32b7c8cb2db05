"""How often somebody may do something, as people write it."""

import re

from django.core.exceptions import ImproperlyConfigured

SECONDS = {"s": 1, "m": 60, "h": 3600}


def rate(text: str) -> tuple[int, int]:
    """
    How many, in how many seconds: `10/10m` is (10, 600), `300/h` is (300, 3600). Raises
    ImproperlyConfigured for anything else.
    """
    found = re.fullmatch(r"([1-9]\d{0,8})/(\d{0,5})([smh])", text.strip())
    seconds = found and int(found[2] or 1) * SECONDS[found[3]]
    if not seconds:
        raise ImproperlyConfigured(f"{text!r} is no rate; 10/10m and 300/h are.")
    return int(found[1]), seconds
