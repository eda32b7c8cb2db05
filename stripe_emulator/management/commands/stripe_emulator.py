import os
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

PROJECT = Path(__file__).resolve().parents[3]


class Command(BaseCommand):
    help = "Run the Stripe emulator: Stripe's API, a pay page and webhooks, on this machine only."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=settings.EMULATOR_PORT)
        parser.add_argument("--webhook-url", default=settings.EMULATOR_WEBHOOK_URL)

    def handle(self, *, port, webhook_url, **options):
        """Become `python -m stripe_emulator`, which knows nothing of our settings or database."""
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")]),
            "EMULATOR_PORT": str(port),
            "EMULATOR_WEBHOOK_URL": webhook_url or "",
            "STRIPE_SECRET_KEY": settings.STRIPE_SECRET_KEY,
            "STRIPE_PUBLISHABLE_KEY": settings.STRIPE_PUBLISHABLE_KEY,
            "STRIPE_WEBHOOK_SECRET": next(iter(settings.STRIPE_WEBHOOK_SECRETS), ""),
        }
        self.stdout.flush()
        os.execve(sys.executable, [sys.executable, "-m", "stripe_emulator"], environment)
