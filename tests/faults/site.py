"""The site and its jobs as they run in production, each a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request

from tests.smoke import ROOT, fetch, free_ports

WORKERS = 2
# As docs/operations.md says.
GUNICORN = "gunicorn config.wsgi --worker-class gthread --threads 8 --no-control-socket"


class Site:
    def __init__(self, database: str, folder: Path):
        [port] = free_ports(1)
        self.address = f"http://127.0.0.1:{port}"
        self.log = folder / "log"
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": database,
            "EMAIL_URL": "dummymail://",
            "THROTTLE_BOOKING_ADDRESS": "1000000/m",
        }
        self.environment.pop("DEBUG", None)
        self.commands = {
            "web": [*f"-m {GUNICORN} --workers {WORKERS} --bind 127.0.0.1:{port}".split()],
            "jobs": ["manage.py", "run_jobs", "--every", "0.2"],
        }

    @contextmanager
    def running(self) -> Iterator["Site"]:
        with self.log.open("w") as log:
            self.processes = {
                name: subprocess.Popen(
                    [sys.executable, *command],
                    cwd=ROOT,
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
                for name, command in self.commands.items()
            }
        try:
            within(30, self.is_ready)
            yield self
        finally:
            for process in self.processes.values():
                process.terminate()
            for process in self.processes.values():
                process.wait(30)

    def is_ready(self) -> bool:
        return fetch(Request(f"{self.address}/health/ready"))[0] == 200

    def workers(self) -> list[int]:
        """The process ids of gunicorn's workers."""
        boss = self.processes["web"].pid
        return [int(pid) for pid in Path(f"/proc/{boss}/task/{boss}/children").read_text().split()]


def within(seconds: float, look):
    """The first true answer of `look`; an assertion fails after `seconds`."""
    give_up_at = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < give_up_at, f"not within {seconds} s"
        time.sleep(0.05)
    return found
