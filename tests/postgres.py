"""A PostgreSQL for the tests: the one we are given, or one of our own, thrown away afterwards."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

UNSAFE_BUT_FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
SECONDS_TO_START = 20
# Its "immediate shutdown" puts nothing in order, as in a crash; its "fast" one ends transactions.
# https://www.postgresql.org/docs/current/server-shutdown.html
IMMEDIATE, FAST = signal.SIGQUIT, signal.SIGINT


class NoPostgreSQL(Exception):
    """There is no server to test on, and no program to start one; says what would help."""


@contextmanager
def server() -> Iterator[str]:
    """
    The URL of a PostgreSQL server where we may create databases.

    It is TEST_DATABASE_URL, or DATABASE_URL when that is PostgreSQL, or a server of our own, or
    the one that answers on this machine. Raises NoPostgreSQL.
    """
    given = os.environ.get("TEST_DATABASE_URL") or os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres:", "postgresql:", "psql:", "pgsql:")):
        yield given
    elif programs := programs_folder():
        with throw_away_server(programs) as url:
            yield url
    elif local_server_answers():
        yield "postgres:///postgres"
    else:
        raise NoPostgreSQL("install Debian's package postgresql, or set TEST_DATABASE_URL")


def programs_folder() -> Path | None:
    """Where initdb is: on the PATH, or where Debian keeps it, the newest version first."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    kept = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest_first = sorted(kept, key=lambda path: float(path.parts[4]), reverse=True)
    return newest_first[0].parent if newest_first else None


def local_server_answers() -> bool:
    """Is there a server at libpq's own defaults (PGHOST …), and may we create databases there?"""
    may_create = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    try:
        with psycopg.connect(dbname="postgres", connect_timeout=2) as connection:
            return connection.execute(may_create).fetchone()[0]
    except psycopg.Error:
        return False


@contextmanager
def throw_away_server(programs: Path) -> Iterator[str]:
    """The URL of the database of a server of our own."""
    with server_of_our_own(programs, UNSAFE_BUT_FAST) as ours:
        yield ours.url


@contextmanager
def server_of_our_own(programs: Path, options: Sequence[str]) -> Iterator["Server"]:
    """A server that has started, and of which nothing is left afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="marquee-pg-"))
    ours = Server(programs, folder, options)
    try:
        make_cluster(programs, folder, ours.as_owner)
        ours.start()
        yield ours
    finally:
        ours.stop(IMMEDIATE)
        shutil.rmtree(folder, ignore_errors=True)


class Server:
    """
    A server of our own in `folder`, which can be stopped and started.

    It listens on a Unix socket only: it needs no free port, and no other machine can reach it.
    """

    def __init__(self, programs: Path, folder: Path, options: Sequence[str]):
        self.url = f"postgres://postgres@/postgres?host={quote(str(folder))}"
        self.folder = folder
        self.process = None
        self.as_owner = {
            "cwd": folder,
            "stdin": subprocess.DEVNULL,
            **somebody_unprivileged(folder),
        }
        options = [*options, "listen_addresses=", "max_connections=300"]
        self.command = [
            programs / "postgres",
            *("-D", folder / "data", "-k", folder),
            *(word for option in options for word in ("-c", option)),
        ]

    def start(self):
        """Returns when it answers. In its own session: a Ctrl-C reaches it through us."""
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=log, start_new_session=True, **self.as_owner
            )
        wait_until_it_answers(self.process, self.folder)

    def stop(self, how: signal.Signals):
        """Returns when it has stopped: IMMEDIATE or FAST."""
        if self.process:
            self.process.send_signal(how)
            self.process.wait()


def somebody_unprivileged(folder: Path) -> dict:
    """How to start programs as the owner of `folder`: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    shutil.chown(folder, "nobody")
    return {"user": "nobody", "group": folder.stat().st_gid, "extra_groups": []}


def make_cluster(programs: Path, folder: Path, as_owner: dict):
    """Make the files of a server whose only user, `postgres`, needs no password."""
    options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
    command = [programs / "initdb", "--no-sync", *options, folder / "data"]
    try:
        subprocess.run(command, capture_output=True, text=True, check=True, **as_owner)
    except OSError as error:
        raise NoPostgreSQL(f"initdb cannot be started: {error}") from error
    except subprocess.CalledProcessError as error:
        raise NoPostgreSQL(f"initdb failed: {error.stderr}") from error


def wait_until_it_answers(process: subprocess.Popen, folder: Path):
    """Raises NoPostgreSQL, with the server's log, when it stops or stays silent."""
    give_up_at = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < give_up_at:
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise NoPostgreSQL(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")
