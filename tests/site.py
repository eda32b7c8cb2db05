"""Marquee as it runs in production: gunicorn, with workers, on a port of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2
SECONDS_TO_START, SECONDS_TO_STOP = 60, 10
# A crowd comes from one address, far faster than one address books.
A_CROWD_MAY_COME = {"THROTTLE_BOOKING_ADDRESS": "1000000/m", "LOG_LEVEL": "ERROR"}


@contextmanager
def running(log: Path, application: str = "config.wsgi") -> Iterator[int]:
    """
    The port on which the site answers, on the database that this process is connected to. What it
    has to say is written to `log`. Raises RuntimeError, with the log, when it does not start.
    """
    port = a_free_port()
    environment = os.environ | A_CROWD_MAY_COME | {"DATABASE_URL": database_url()}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [
        *(sys.executable, "-m", "gunicorn", application, "--config", "python:config.gunicorn"),
        *("--workers", str(WORKERS), "--bind", f"127.0.0.1:{port}"),
    ]
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        wait_until_it_answers(process, port, log)
        yield port
    finally:
        stop(process)


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def database_url() -> str:
    """DATABASE_URL, with the name of the scratch database that we are connected to."""
    name = connection.settings_dict["NAME"]
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def wait_until_it_answers(process: subprocess.Popen, port: int, log: Path):
    give_up_at = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < give_up_at:
        try:
            with urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5):
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
