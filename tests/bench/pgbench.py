"""PostgreSQL's own bench, on the database that we are connected to: what its machine can do."""

import os
import re
import shutil
import subprocess
import tempfile

from django.db import connection

from tests import postgres


class NoPgbench(Exception):
    """There is no pgbench here; it comes with PostgreSQL."""


def transactions_a_second(statement: str, clients: int, seconds: float) -> float:
    """How often `clients` get `statement` done in a second. Raises NoPgbench."""
    program = shutil.which("pgbench") or shutil.which("pgbench", path=postgres.programs_folder())
    if not program:
        raise NoPgbench
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(statement)
        script.flush()
        options = ["--no-vacuum", "--protocol=prepared", f"--client={clients}", "--jobs=2"]
        options += [f"--time={max(round(seconds), 1)}", f"--file={script.name}"]
        done = subprocess.run(
            [program, *options], env=os.environ | where(), capture_output=True, text=True
        )
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or not found:
        raise RuntimeError(f"pgbench failed: {done.stderr}")
    return float(found[1])


def where() -> dict[str, str]:
    """libpq's words for the database of this process."""
    names = {
        "PGHOST": "host",
        "PGPORT": "port",
        "PGUSER": "user",
        "PGPASSWORD": "password",
        "PGDATABASE": "dbname",
    }
    known = connection.get_connection_params()
    return {name: str(known[key]) for name, key in names.items() if known.get(key)}
