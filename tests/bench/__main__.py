"""Choose the database, and measure there in a process whose settings name it."""

import os
import signal
import subprocess
import sys

from tests import postgres
from tests.run import ROOT, SQLITE, leave, wait_for

from .options import read_options


def main(arguments: list[str]) -> int:
    """Measure on PostgreSQL, on SQLite without one or with --sqlite; return the exit code."""
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGHUP, leave)
    if read_options(arguments).sqlite:
        return bench(SQLITE, arguments)
    try:
        with postgres.server() as url:
            return bench(url, arguments)
    except postgres.NoPostgreSQL as reason:
        print(f"On SQLite, for there is no PostgreSQL here: {reason}", flush=True)
        return bench(SQLITE, arguments)


def bench(url: str, arguments: list[str]) -> int:
    """Run the bench on the server or beside the file of `url`; return the exit code."""
    env = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.bench.settings"}
    command = [sys.executable, "-m", "tests.bench.run", *arguments]
    return wait_for(subprocess.Popen(command, cwd=ROOT, env=env))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
