"""`manage.py run_jobs`: the job worker."""

import logging
import signal
import threading

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils.module_loading import import_string

from payments.jobs import JOBS

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Lapse holds, cancel intents, send refunds, ask Stripe about payments it was silent about. "
        "Several workers may run beside one another."
    )

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="One round, for cron.")
        parser.add_argument("--every", type=float, default=2, help="Seconds between rounds.")

    def handle(self, *, once, every, **options):
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        self.run_all()
        while not once and not stop.wait(every):
            close_old_connections()
            self.run_all()

    def run_all(self):
        """One round of all jobs. A job that fails is logged, and the next one still runs."""
        for job in [*JOBS, *map(import_string, settings.MORE_JOBS)]:
            try:
                if done := job():
                    self.stdout.write(f"{job.__name__}: {done}")
                    self.stdout.flush()
            except Exception:
                log.exception("%s failed", job.__name__)
