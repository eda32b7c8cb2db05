"""The settings of the bench: those of the tests, a scratch database, and a view to compare with."""

import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES, LOGGING, THROTTLE_RATES, VAR_DIR

DEBUG = False
ROOT_URLCONF = "tests.bench.urls"
IS_SQLITE = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
# Not the one of the tests: they may be running.
DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "bench.sqlite3" if IS_SQLITE else "marquee_bench"}
# A line of the log costs what it costs in production, but is not shown.
LOGGING["handlers"]["console"]["stream"] = open(os.devnull, "w")  # noqa: SIM115
# All requests come from one address, far faster than people book.
THROTTLE_RATES = {name: (10**9, seconds) for name, (_, seconds) in THROTTLE_RATES.items()}
