"""Settings of the emulator's own little Django project: no database, nothing kept on disk."""

import os
from secrets import token_urlsafe

API_VERSION = "2026-10-28.endive"

EMULATOR_PORT = int(os.environ.get("EMULATOR_PORT") or 12111)
EMULATOR_WEBHOOK_URL = os.environ.get("EMULATOR_WEBHOOK_URL", "")
STRIPE_SECRET_KEY = os.environ.get("STRIPE_SECRET_KEY") or "sk_test_emulator"
STRIPE_PUBLISHABLE_KEY = os.environ.get("STRIPE_PUBLISHABLE_KEY") or "pk_test_emulator"
# Who takes the money, as the pay page says where nothing says it better.
EMULATOR_MERCHANT = os.environ.get("EMULATOR_MERCHANT") or "Marquee"
# Connected accounts that exist from the start, separated by commas.
EMULATOR_ACCOUNTS = os.environ.get("EMULATOR_ACCOUNTS", "")
STRIPE_WEBHOOK_SECRET = os.environ.get("STRIPE_WEBHOOK_SECRET", "")

SECRET_KEY = token_urlsafe(32)
DEBUG = False
# Only loopback names, so that a web page elsewhere cannot reach us by rebinding its own name.
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ROOT_URLCONF = "stripe_emulator.urls"
APPEND_SLASH = False
USE_TZ = True
TIME_ZONE = "UTC"

INSTALLED_APPS = ["stripe_emulator"]
MIDDLEWARE = [
    "stripe_emulator.conversation.Conversation",
    "stripe_emulator.faults.Faults",
]
TEMPLATES = [
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True},
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(message)s", "datefmt": "%H:%M:%S"}},
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "line",
        },
    },
    "loggers": {
        "stripe_emulator": {"handlers": ["stdout"], "level": "INFO"},
        # Refusals are ordinary answers here and are logged with the request already.
        "django.request": {"handlers": ["stdout"], "level": "ERROR", "propagate": False},
        "django.security": {"handlers": ["stdout"], "level": "ERROR", "propagate": False},
    },
}
