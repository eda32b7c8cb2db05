"""`python -m stripe_emulator`: the emulator as a process of its own."""

import os
import sys

import django
from django.conf import settings

os.environ["DJANGO_SETTINGS_MODULE"] = "stripe_emulator.settings"
django.setup()

# Only now: these read the settings as they load.
from stripe_emulator import server  # noqa: E402
from stripe_emulator.api_keys import is_test_key  # noqa: E402


def refusal():
    """Why these settings will not do, or None."""
    for name in ("STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY"):
        if "_live_" in getattr(settings, name):
            return f"{name} is a live key. The emulator must never see one."
        if not is_test_key(getattr(settings, name)):
            return f"{name} is not a test key of Stripe's."
    if settings.EMULATOR_WEBHOOK_URL and not settings.STRIPE_WEBHOOK_SECRET:
        return "EMULATOR_WEBHOOK_URL needs STRIPE_WEBHOOK_SECRET to sign with."
    return None


if reason := refusal():
    sys.exit(f"stripe_emulator: {reason}")
server.serve()
