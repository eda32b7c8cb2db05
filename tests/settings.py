"""The settings of the tests: a laptop's, whatever the shell says, and no traces left behind."""

import os
import tempfile

for name in (
    *("DEBUG", "ALLOWED_HOSTS", "SECRET_KEY", "HOLD_MINUTES", "MAX_SEATS_PER_BOOKING"),
    *("STAFF_SECOND_FACTOR", "SITE_URL", "EMAIL_URL", "NUM_PROXIES", "REDIS_URL"),
    *("STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_API_BASE"),
):
    os.environ.pop(name, None)

for name in list(os.environ):
    if name.startswith("THROTTLE_"):
        os.environ.pop(name)

# No test is about how fast the machine is: a stall of some seconds is no fight over a lock.
os.environ["LOCK_TIMEOUT_MS"] = "20000"

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, POST_OFFICE, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Gone when the process ends.
scratch = tempfile.TemporaryDirectory(prefix="marquee-tests-")
MEDIA_ROOT = f"{scratch.name}/media"
STORAGES["mail"]["OPTIONS"]["location"] = f"{scratch.name}/mail_papers"
STORAGES["reports"]["OPTIONS"]["location"] = f"{scratch.name}/reports"
# What the jobs deliver is in django.core.mail.outbox, in its order.
POST_OFFICE["THREADS_PER_PROCESS"] = 1
POST_OFFICE["BACKENDS"] = {"default": "django.core.mail.backends.locmem.EmailBackend"}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A test database need not survive a power cut.
    DATABASES["default"]["OPTIONS"] |= {
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    }
    # A file, since threads share it; one for each run, so that runs do not meet.
    DATABASES["default"]["TEST"] = {"NAME": f"{scratch.name}/test.sqlite3"}
STATIC_ROOT = None
# What no webhook told of is found by the jobs at once.
ASK_STRIPE_AFTER = 0
