"""`make test`: the whole suite on SQLite, then again on PostgreSQL. Arguments go to pytest."""

import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
SQLITE = f"sqlite:///{ROOT / 'db.sqlite3'}"
SECONDS_TO_CLEAN_UP = 20
SLOWEST = 25
# Who has nothing left to do takes over from others: files with a browser take long.
EVERY_CORE = ["-n", "auto", "--dist", "worksteal"]
# What is tested once, where there are both. The emulator is a process of its own without a
# database; who may what, old addresses, papers and pictures, what is refused before anybody asks
# the database, and the settings are the same before any. The smoke test has the demo on both.
NOT_ON_POSTGRESQL = [
    "tests/test_stripe_emulator_*.py",
    "tests/test_who_may*.py",
    "tests/test_legacy_routes.py",
    "tests/test_papers_*.py",
    "tests/test_ticket_pdf.py",
    "tests/test_invoice_pdf.py",
    "tests/test_pictures.py",
    "tests/test_layouts.py",
    "tests/test_webhook_bad.py",
    "tests/test_schema.py",
    "tests/test_settings.py",
    "tests/test_demo.py",
]
# A browser sees what production has behind it. Random stories, those in every order, every page of
# the admin, and long stories of money take long; PostgreSQL refuses more than SQLite does.
NOT_ON_SQLITE = [
    "tests/test_storefront*.py",
    "tests/test_panel*.py",
    "tests/test_admin.py",
    "tests/test_admin_own_theaters_only.py",
    "tests/test_admin_hostile_input.py",
    "tests/test_dashboard.py",
    "tests/test_properties.py",
    "tests/test_state_machine.py",
    "tests/test_exchange_properties.py",
    "tests/test_money_properties.py",
    "tests/test_webhook_order.py",
    "tests/test_webhook_crash.py",
    "tests/test_stripe_times_out.py",
    "tests/test_books*.py",
    "tests/test_paid_out_separately.py",
    "tests/test_paying_for_other_seats.py",
    "tests/test_prove_no_double_sale.py",
]


@dataclass
class Turn:
    """One run of the suite on one database, in a line that people and CI understand."""

    database: str
    line: str
    exit_code: int
    slowest: str = ""


def main(arguments: list[str]) -> int:
    """Run the suite on each database, say what came of it, and return the exit code."""
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGHUP, leave)
    try:
        with postgres.server() as url:
            turns = [
                suite("SQLite", SQLITE, arguments or all_but(NOT_ON_SQLITE)),
                suite("PostgreSQL", url, arguments or all_but(NOT_ON_POSTGRESQL)),
            ]
    except postgres.NoPostgreSQL as reason:
        turns = [suite("SQLite", SQLITE, arguments or all_but([])), without_postgresql(reason)]
    print(flush=True)
    for turn in turns:
        print(f"{turn.database}: {turn.line}{turn.slowest}", flush=True)
    return max(turn.exit_code for turn in turns)


def leave(number: int, _frame):
    """End as on Ctrl-C, so that whatever we started is stopped as well."""
    sys.exit(128 + number)


def without_postgresql(reason: postgres.NoPostgreSQL) -> Turn:
    """What is said where there is no server. On CI that is a failure."""
    exit_code = 1 if os.environ.get("CI") == "true" else 0
    return Turn("PostgreSQL", f"NOT TESTED, there is none here: {reason}", exit_code)


def all_but(globs: list[str]) -> list[str]:
    """The arguments of a whole suite, on every core, without the files that `globs` name."""
    return [*EVERY_CORE, *(f"--ignore-glob={glob}" for glob in globs)]


def suite(database: str, url: str, arguments: list[str]) -> Turn:
    """Run pytest with `arguments` on the database at `url`."""
    print(f"\n{database}\n", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        exit_code = wait_for(
            subprocess.Popen(
                [sys.executable, "-m", "pytest", *arguments, f"--junit-xml={report}"],
                cwd=ROOT,
                env={**os.environ, "DATABASE_URL": url},
            )
        )
        return Turn(database, counts(report, exit_code), exit_code, slowest_files(report))


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


def slowest_files(report: Path) -> str:
    """Where the time of a run went: the seconds of a core that the slowest files took."""
    if not report.exists():
        return ""
    seconds = Counter()
    for case in ElementTree.parse(report).iter("testcase"):
        seconds[case.get("classname")] += float(case.get("time"))
    slowest = [f"  {taken:5.0f} s  {name}" for name, taken in seconds.most_common(SLOWEST)]
    return "\n".join(["", f"  {seconds.total():5.0f} s  in all", *slowest])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        leave(signal.SIGINT, None)
