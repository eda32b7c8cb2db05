"""`make test`: the whole suite on SQLite, then again on PostgreSQL. Arguments go to pytest."""

import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
SQLITE = f"sqlite:///{ROOT / 'db.sqlite3'}"
SECONDS_TO_CLEAN_UP = 20
EVERY_CORE = ["-n", "auto"]
# The emulator is a process of its own without a database: once is enough.
WITHOUT_A_DATABASE = "tests/test_stripe_emulator_*.py"


@dataclass
class Turn:
    """One run of the suite on one database, in a line that people and CI understand."""

    database: str
    line: str
    exit_code: int


def main(arguments: list[str]) -> int:
    """Run the suite on each database, say what came of it, and return the exit code."""
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGHUP, leave)
    turns = [suite("SQLite", SQLITE, arguments), on_postgresql(arguments)]
    print(flush=True)
    for turn in turns:
        print(f"{turn.database}: {turn.line}", flush=True)
    return max(turn.exit_code for turn in turns)


def leave(number: int, _frame):
    """End as on Ctrl-C, so that whatever we started is stopped as well."""
    sys.exit(128 + number)


def on_postgresql(arguments: list[str]) -> Turn:
    """The suite on PostgreSQL. Without a server that is only said, except on CI: there it fails."""
    try:
        with postgres.server() as url:
            return suite(
                "PostgreSQL", url, arguments or [*EVERY_CORE, f"--ignore-glob={WITHOUT_A_DATABASE}"]
            )
    except postgres.NoPostgreSQL as reason:
        exit_code = 1 if os.environ.get("CI") == "true" else 0
        return Turn("PostgreSQL", f"NOT TESTED, there is none here: {reason}", exit_code)


def suite(database: str, url: str, arguments: list[str]) -> Turn:
    """Run pytest on the database at `url`, on every core unless `arguments` say what to run."""
    print(f"\n{database}\n", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        exit_code = wait_for(
            subprocess.Popen(
                [sys.executable, "-m", "pytest"]
                + (arguments or EVERY_CORE)
                + [f"--junit-xml={report}"],
                cwd=ROOT,
                env={**os.environ, "DATABASE_URL": url},
            )
        )
        return Turn(database, counts(report, exit_code), exit_code)


def wait_for(process: subprocess.Popen) -> int:
    """Its exit code. When we are interrupted it may clean up first, but does not outlive us."""
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.wait(SECONDS_TO_CLEAN_UP)
        raise
    finally:
        process.terminate()
        process.wait()


def counts(report: Path, exit_code: int) -> str:
    """The totals of a run from its JUnit report."""
    if not report.exists():
        return f"pytest stopped with exit code {exit_code}"
    suite = ElementTree.parse(report).getroot().find("testsuite")
    tests, skipped, *wrong = (
        int(suite.get(name)) for name in ("tests", "skipped", "failures", "errors")
    )
    passed = tests - skipped - sum(wrong)
    return f"{passed} passed, {sum(wrong)} failed, {skipped} skipped"


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        leave(signal.SIGINT, None)
