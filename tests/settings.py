"""The settings of the tests: a laptop's, whatever the shell says, and no traces left behind."""

import os
import tempfile

for name in ("DEBUG", "ALLOWED_HOSTS", "STRIPE_SECRET_KEY", "STRIPE_API_BASE", "SECRET_KEY"):
    os.environ.pop(name, None)

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = tempfile.mkdtemp(prefix="marquee-media-")
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A test database need not survive a power cut.
    DATABASES["default"]["OPTIONS"] |= {
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    }
    # A file, since threads share it; one for each run, so that runs do not meet.
    DATABASES["default"]["TEST"] = {"NAME": f"{tempfile.mkdtemp(prefix='marquee-')}/test.sqlite3"}
STATIC_ROOT = None
