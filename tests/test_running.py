"""What `make` promises before anything starts, and the PostgreSQL that the tests bring along."""

import os
import socket
import subprocess
from pathlib import Path

import psycopg
import pytest

from tests import postgres, run

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def nothing_given(monkeypatch):
    for name in ("TEST_DATABASE_URL", "DATABASE_URL", "PGHOST", "PGPORT"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.skipif(not postgres.programs_folder(), reason="there is no initdb here")
def test_a_server_of_our_own_is_thrown_away(nothing_given):
    with postgres.server() as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE cinema")
        [folder] = connection.execute("SHOW data_directory").fetchone()
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert not Path(folder).parent.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


@pytest.mark.skipif(not postgres.programs_folder(), reason="there is no initdb here")
def test_a_server_of_our_own_is_thrown_away_when_the_tests_are_interrupted(nothing_given):
    with pytest.raises(KeyboardInterrupt), postgres.server() as url:
        raise KeyboardInterrupt
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_a_server_that_we_are_given_is_used(nothing_given, scheme):
    nothing_given.setenv("DATABASE_URL", f"{scheme}://cinema@db/marquee")
    with postgres.server() as url:
        assert url == f"{scheme}://cinema@db/marquee"


def test_a_server_for_tests_comes_before_that_of_the_site(nothing_given):
    nothing_given.setenv("DATABASE_URL", "postgres://cinema@db/marquee")
    nothing_given.setenv("TEST_DATABASE_URL", "postgres://tests@db/marquee")
    with postgres.server() as url:
        assert url == "postgres://tests@db/marquee"


@pytest.mark.parametrize(("ci", "exit_code"), [("", 0), ("true", 1)])
def test_a_missing_postgresql_is_said_and_fails_on_ci(nothing_given, tmp_path, ci, exit_code):
    (tmp_path / "initdb").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "initdb").chmod(0o755)
    nothing_given.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    nothing_given.setenv("CI", ci)
    with pytest.raises(postgres.NoPostgreSQL) as why, postgres.server():
        pass
    turn = run.without_postgresql(why.value)
    assert turn.line.startswith("NOT TESTED")
    assert "initdb" in turn.line
    assert turn.exit_code == exit_code


def test_a_port_in_use_is_said_before_anything_starts():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = subprocess.run(
            ["make", "run"],
            cwd=ROOT,
            env={**os.environ, "PORT": str(port)},
            capture_output=True,
            text=True,
        )
    assert answer.returncode == 2
    assert f"Port {port} is in use." in answer.stderr
    assert "Preparing" not in answer.stdout
