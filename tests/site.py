"""Marquee as it runs in production: gunicorn, with workers, on a port of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2
SECONDS_TO_START, SECONDS_TO_STOP = 60, 10
# A crowd comes from one address, far faster than one address books.
ENVIRONMENT = {
    "THROTTLE_BOOKING_ADDRESS": "1000000/m",
    "LOG_LEVEL": "ERROR",
    "EMAIL_URL": "dummymail://",
}


@dataclass
class Site:
    port: int
    web: subprocess.Popen

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> list[int]:
        """The process ids of gunicorn's workers."""
        boss = self.web.pid
        return [int(pid) for pid in Path(f"/proc/{boss}/task/{boss}/children").read_text().split()]


@contextmanager
def running(
    log: Path,
    application: str = "config.wsgi",
    *,
    database: str = "",
    port: int | None = None,
    **settings: str,
) -> Iterator[Site]:
    """
    The site on `database`, or on that which this process is connected to; `settings` are more of
    its environment. What it has to say is written to `log`. Raises RuntimeError, with the log, when
    it does not start.
    """
    port = port or a_free_port()
    gunicorn = [
        *("-m", "gunicorn", application, "--config", "python:config.gunicorn"),
        *("--workers", str(WORKERS), "--bind", f"127.0.0.1:{port}"),
    ]
    with process(gunicorn, log, database or database_url(), **settings) as web:
        site = Site(port, web)
        wait_until_it_answers(site, log)
        yield site


@contextmanager
def jobs_running(log: Path, *, database: str) -> Iterator[subprocess.Popen]:
    """What happens by itself, as in production but five times a second."""
    with process(["manage.py", "run_jobs", "--every", "0.2"], log, database) as jobs:
        yield jobs


@contextmanager
def process(
    command: list[str], log: Path, database: str, **settings: str
) -> Iterator[subprocess.Popen]:
    """A Python of its own with our settings, and with `settings`; it ends when the block does."""
    environment = os.environ | ENVIRONMENT | {"DATABASE_URL": database} | settings
    for name in ("DJANGO_SETTINGS_MODULE", "DEBUG"):
        environment.pop(name, None)
    with log.open("w") as output:
        started = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield started
    finally:
        stop(started)


def within(seconds: float, look):
    """The first true answer of `look`; an assertion fails after `seconds`."""
    give_up_at = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < give_up_at, f"not within {seconds} s"
        time.sleep(0.05)
    return found


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def database_url() -> str:
    """DATABASE_URL, with the name of the scratch database that we are connected to."""
    name = connection.settings_dict["NAME"]
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def wait_until_it_answers(site: Site, log: Path):
    give_up_at = time.monotonic() + SECONDS_TO_START
    while site.web.poll() is None and time.monotonic() < give_up_at:
        try:
            with urlopen(f"{site.address}/health/ready", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"The site did not start:\n{log.read_text()}")


def stop(process: subprocess.Popen):
    """As systemd does; what does not end is killed, with all its workers."""
    process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
