"""The emulator as a process: how the other test_stripe_emulator files start it, and how it ends."""

import atexit
import os
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
import stripe

ROOT = Path(__file__).resolve().parent.parent
SECRET_KEY = "sk_test_51Marquee0Secret"
PUBLISHABLE_KEY = "pk_test_51Marquee0Public"
WEBHOOK_SECRET = "whsec_a_cinema_at_night"


def command(arguments=("-m", "stripe_emulator"), **settings):
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("STRIPE_", "DJANGO_"))},
        "STRIPE_SECRET_KEY": SECRET_KEY,
        "STRIPE_PUBLISHABLE_KEY": PUBLISHABLE_KEY,
        "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "EMULATOR_PORT": "0",
        "EMULATOR_WEBHOOK_URL": "",
        "PYTHONUNBUFFERED": "1",
        **settings,
    }
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


class Emulator:
    """A running emulator: the real SDK at `.stripe`, plain HTTP at `.http(…)`."""

    def __init__(self, process):
        self.process = process
        self.lines = []
        self.session = requests.Session()
        first = process.stdout.readline()
        match = re.search(r"http://127\.0\.0\.1:(\d+)", first)
        if match is None:
            process.kill()
            pytest.fail(first + process.stdout.read())
        self.url = match[0]
        threading.Thread(target=self._listen, daemon=True).start()
        self.stripe = self.sdk()

    def _listen(self):
        for line in self.process.stdout:
            self.lines.append(line)

    def sdk(self, key=SECRET_KEY, retries=2):
        return stripe.StripeClient(
            key, base_addresses={"api": self.url}, max_network_retries=retries
        )

    def http(self, method, path, form=None, *, key=SECRET_KEY, **more):
        """One request as curl would send it; `form` is already flat, as names and strings."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        headers |= more.pop("headers", {})
        place = "params" if method == "GET" else "data"
        return self.session.request(
            method,
            self.url + path,
            headers=headers,
            allow_redirects=False,
            timeout=30,
            **{place: form},
            **more,
        )

    def control(self, path, /, **params):
        """Turn one of the emulator's own controls; what it answers."""
        answer = self.session.post(
            f"{self.url}/_emulator/{path}", json=params, auth=(SECRET_KEY, ""), timeout=60
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def intent(self, **params):
        return self.stripe.v1.payment_intents.create(
            {"amount": 1250, "currency": "eur", "description": "Metropolis, 2 seats", **params}
        )

    def confirm(self, intent, payment_method, **form):
        form = {"payment_method": payment_method, **form}
        return self.http("POST", f"/v1/payment_intents/{intent.id}/confirm", form)

    def paid(self, **params):
        return self.intent(**{"confirm": True, "payment_method": "pm_card_visa", **params})


@cache
def shared_emulator():
    """One emulator without webhooks for all tests of this run; they tell their intents apart."""
    process = command()
    atexit.register(process.kill)
    return Emulator(process)


@contextmanager
def running_emulator(arguments=("-m", "stripe_emulator"), **settings):
    process = command(arguments, **settings)
    try:
        yield Emulator(process)
    finally:
        process.terminate()
        process.wait(10)


class Receiver:
    """A webhook endpoint on a real socket. `answers` are given first, then 200 for ever."""

    def __init__(self, port=0):
        self.received = []
        self.answers = []
        self.seconds_to_answer = 0
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.received.append((time.time(), dict(self.headers), body))
                time.sleep(receiver.seconds_to_answer)
                self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/webhook/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def events(self):
        """What arrived, each checked by the SDK against the secret."""
        return [
            stripe.Webhook.construct_event(body, headers["Stripe-Signature"], WEBHOOK_SECRET)
            for _, headers, body in list(self.received)
        ]

    def about(self, object_id):
        """The events about one payment, in the order they came. Another's may still be coming."""
        return [
            event
            for event in self.events()
            if object_id in (event.data.object.id, getattr(event.data.object, "payment_intent", 0))
        ]

    def types(self, object_id):
        """The types of the events about one payment, in the order they came."""
        return [event.type for event in self.about(object_id)]


def together(number, do):
    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(do, range(number)))


def eventually(condition, seconds=30):
    """What `condition` returns as soon as it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if result := condition():
            return result
        time.sleep(0.02)
    return condition()


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("STRIPE_SECRET_KEY", "sk_live_abc"),
        ("STRIPE_SECRET_KEY", "rk_live_abc"),
        ("STRIPE_PUBLISHABLE_KEY", "pk_live_abc"),
    ],
)
def test_a_live_key_is_refused_at_the_door(name, key):
    process = command(**{name: key})
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"{name} is a live key" in output


def test_webhooks_without_a_secret_to_sign_with_are_refused():
    process = command(EMULATOR_WEBHOOK_URL="http://127.0.0.1:9/", STRIPE_WEBHOOK_SECRET="")
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "STRIPE_WEBHOOK_SECRET" in output


def test_a_port_that_is_taken_is_named():
    port = shared_emulator().url.rpartition(":")[2]
    process = command(EMULATOR_PORT=port)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert output.startswith(f"stripe_emulator: port {port}: ")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_listens_on_loopback_only_and_ends_cleanly_with_connections_open(number):
    with running_emulator() as emulator:
        assert emulator.http("GET", "/health").json()["status"] == "ok"
        rebound = emulator.http("GET", "/health", headers={"Host": "evil.example"})
        assert rebound.status_code == 400
        port = int(emulator.url.rpartition(":")[2])
        listening = Path("/proc/net/tcp").read_text()
        assert f"0100007F:{port:04X}" in listening
        assert f"00000000:{port:04X}" not in listening
        emulator.process.send_signal(number)
        assert emulator.process.wait(20) == 0


def test_the_management_command_becomes_the_emulator(tmp_path):
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), "stripe_emulator", "--port", "0"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        emulator = Emulator(process)
        assert requests.get(emulator.url + "/health").status_code == 200
    finally:
        process.terminate()
        assert process.wait(20) == 0
