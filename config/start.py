"""`make run`: the site, its jobs and the Stripe emulator, until Ctrl-C or one of them ends."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import environ
from django.conf import settings
from honcho.manager import Manager

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable


def main():
    """Prepare the database, start everything, and say where it is."""
    on_a_laptop()
    check_ports_are_free()
    print("Preparing the database ...", flush=True)
    manage("migrate", "--verbosity", "0")
    logins = manage("load_demo")
    threading.Thread(target=announce, args=[logins], daemon=True).start()
    sys.exit(run_together(processes()))


def on_a_laptop():
    """DEBUG is on, unless the environment or `.env` says otherwise."""
    os.chdir(ROOT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    environ.Env.read_env(ROOT / ".env")
    os.environ.setdefault("DEBUG", "on")


def emulator_is_in_use() -> bool:
    return bool(settings.STRIPE_PAY_PAGE)


def check_ports_are_free():
    """Leave, naming the port, if something listens where we want to."""
    ports = [settings.PORT] + [settings.EMULATOR_PORT] * emulator_is_in_use()
    for port in ports:
        if not 0 < port < 65536:
            sys.exit(f"There is no port {port}: choose one from 1 to 65535.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                sys.exit(
                    f"Port {port} is in use. Stop what uses it, or choose: "
                    "PORT=… EMULATOR_PORT=… make run"
                )


def manage(*command: str) -> str:
    """What a management command prints. Leaves with its exit code if it fails."""
    done = subprocess.run([PYTHON, "manage.py", *command], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout


def processes() -> dict[str, str]:
    """What runs, by name, as shell commands."""
    gunicorn = "gunicorn config.wsgi --config python:config.gunicorn"
    bind = f"--bind 127.0.0.1:{settings.PORT} --graceful-timeout 3 --reload"
    commands = {
        "site": f"exec {PYTHON} -m {gunicorn} {bind}",
        "jobs": f"exec {PYTHON} manage.py run_jobs",
    }
    if emulator_is_in_use():
        commands["emulator"] = f"exec {PYTHON} manage.py stripe_emulator"
    return commands


def run_together(commands: dict[str, str]) -> int:
    """Run `commands` until Ctrl-C or until one ends, which is an error. Returns the exit code."""
    os.environ["PYTHONUNBUFFERED"] = "1"
    manager = Manager()
    for name, command in commands.items():
        manager.add_process(name, command)
    signal.signal(signal.SIGHUP, hang_up)
    manager.loop()
    return manager.returncode or 1


def hang_up(*_):
    """The terminal was closed: nothing can be printed there, and nothing may live on."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.kill(os.getpid(), signal.SIGTERM)


def announce(logins: str):
    """As soon as the site answers: where everything is, and who can sign in."""
    site = f"http://127.0.0.1:{settings.PORT}"
    while not answers(f"{site}/health/ready"):
        time.sleep(0.2)
    places = {"Marquee": f"{site}/", "API": f"{site}/api/docs/", "Admin": f"{site}/admin/"}
    if emulator_is_in_use():
        places["Stripe"] = f"{settings.EMULATOR_URL}/ (emulator)"
    lines = "\n".join(f"{name:8} {place}" for name, place in places.items())
    print(f"\n{lines}\n\n{logins.strip()}\n\nCtrl-C stops all of it.\n", flush=True)


def answers(address: str) -> bool:
    """Whether somebody answers there with a 200."""
    try:
        with urlopen(address, timeout=5):
            return True
    except (URLError, OSError):
        return False


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
