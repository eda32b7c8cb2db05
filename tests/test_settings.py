"""A laptop needs no environment; production starts only when it is safe to."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config.install import made_per_install

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "ALLOWED_HOSTS": "cinema.example",
    "SITE_URL": "https://cinema.example",
    "SECRET_KEY": "a-key-of-the-cinema",
    "TICKET_SIGNING_KEY": "another-key-of-the-cinema",
    "STRIPE_SECRET_KEY": "sk_live_1",
    "STRIPE_PUBLISHABLE_KEY": "pk_live_1",
    "STRIPE_WEBHOOK_SECRET": "whsec_1,whsec_2",
}


@pytest.fixture
def install(tmp_path):
    """A fresh install: the settings without anybody's `.env` and secrets."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    return tmp_path


@pytest.fixture
def start(install):
    """Start a process with an environment; it prints a setting."""

    def start(environment, setting="IN_PRODUCTION"):
        return subprocess.run(
            [sys.executable, "-c", f"from config import settings; print(settings.{setting})"],
            cwd=install,
            env={"PATH": os.environ["PATH"], **environment},
            capture_output=True,
            text=True,
        )

    return start


def without(name):
    return {key: value for key, value in PRODUCTION.items() if key != name}


def test_a_laptop_needs_no_environment(start):
    answer = start({})
    assert (answer.stdout, answer.returncode) == ("False\n", 0)


def test_production_starts_when_everything_is_said(start):
    answer = start(PRODUCTION)
    assert (answer.stdout, answer.returncode) == ("True\n", 0)


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "ALLOWED_HOSTS"])
def test_production_refuses_to_start_without(start, name):
    answer = start(without(name))
    assert answer.returncode != 0
    assert f"{name} must be set in production." in answer.stderr


def test_staff_need_a_second_factor_in_production_unless_it_says_otherwise(start):
    setting = "STAFF_SECOND_FACTOR"
    assert start({}, setting).stdout == "False\n"
    assert start(PRODUCTION, setting).stdout == "True\n"
    assert start(PRODUCTION | {setting: "off"}, setting).stdout == "False\n"


def test_an_empty_value_is_a_missing_one(start):
    assert "SECRET_KEY must be set" in start(PRODUCTION | {"SECRET_KEY": ""}).stderr


def test_debug_that_is_turned_off_means_production(start):
    assert "SECRET_KEY must be set" in start({"DEBUG": "off"}).stderr


def test_production_refuses_the_emulator(start):
    answer = start(PRODUCTION | {"STRIPE_API_BASE": "http://127.0.0.1:12111/"})
    assert answer.returncode != 0
    assert "STRIPE_API_BASE must not be the emulator in production." in answer.stderr


def test_a_secret_key_of_stripe_means_stripe_itself(start):
    answer = start({"STRIPE_SECRET_KEY": "sk_test_1"}, "STRIPE_API_BASE")
    assert answer.stdout == "https://api.stripe.com\n"


def test_without_a_key_it_is_the_emulator(start):
    answer = start({"EMULATOR_PORT": "12345"}, "STRIPE_API_BASE")
    assert answer.stdout == "http://127.0.0.1:12345\n"


def test_a_rate_can_be_another_one(start):
    answer = start({"THROTTLE_LOGIN_ACCOUNT": "50/2h"}, "THROTTLE_RATES['login_account']")
    assert answer.stdout == "(50, 7200)\n"
    answer = start({"THROTTLE_LOGIN_ACCOUNT": "often"})
    assert "'often' is no rate; 10/10m and 300/h are." in answer.stderr


def test_no_proxy_is_believed_unless_it_is_said(start):
    setting = "REST_FRAMEWORK['NUM_PROXIES']"
    assert start({}, setting).stdout == "0\n"
    assert start({"NUM_PROXIES": "2"}, setting).stdout == "2\n"


def test_two_webhook_secrets_are_two(start):
    assert start(PRODUCTION, "STRIPE_WEBHOOK_SECRETS").stdout == "['whsec_1', 'whsec_2']\n"


def test_an_env_file_is_read_and_the_environment_comes_first(install, start):
    (install / ".env").write_text("PORT=8100\nEMULATOR_PORT=8200\n")
    assert start({"EMULATOR_PORT": "8300"}, "PORT").stdout == "8100\n"
    assert start({"EMULATOR_PORT": "8300"}, "EMULATOR_PORT").stdout == "8300\n"


def test_the_secrets_of_an_install_are_the_same_in_every_process(start):
    first, second = start({}, "SECRET_KEY"), start({}, "SECRET_KEY")
    assert len(first.stdout) > 40
    assert first.stdout == second.stdout


def test_no_two_installs_share_a_secret(tmp_path):
    one, two = (made_per_install("KEY", tmp_path / name) for name in ("one", "two"))
    assert one != two


def test_no_two_secrets_of_an_install_are_the_same(tmp_path):
    assert made_per_install("KEY", tmp_path) != made_per_install("OTHER", tmp_path)


def test_a_secret_is_readable_by_its_owner_only(install, start):
    start({})
    secrets = install / "var" / "secrets"
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets.iterdir()} == {0o600}


def test_processes_that_start_at_once_agree_on_a_secret(tmp_path):
    script = (
        "import sys; from pathlib import Path; from config.install import made_per_install\n"
        "sys.stdin.read(1); print(made_per_install('KEY', Path(sys.argv[1])))"
    )
    ready, go = os.pipe()
    crowd = [
        subprocess.Popen(
            [sys.executable, "-c", script, tmp_path],
            cwd=ROOT,
            stdin=ready,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    os.close(ready)
    os.close(go)
    said = {process.communicate()[0] for process in crowd}
    assert len(said) == 1
    assert len(said.pop()) > 40
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
