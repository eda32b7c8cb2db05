"""
Does a fresh clone sell a ticket? `python -m tests.smoke` starts `make run` in a clone of its own,
on free ports, and is a customer there over HTTP: on SQLite, and on PostgreSQL where there is one.
"""

import io
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import zxingcpp
from PIL import Image
from pypdf import PdfReader

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
A_LAPTOPS = ("PATH", "HOME", "USER", "LANG", "LC_ALL", "TMPDIR", "PYTHON")
A_NETWORKS = ("PIP_", "SSL_", "REQUESTS_CA", "CURL_CA", "HTTP", "http", "NO_PROXY", "no_proxy")
PUBLISHABLE_KEY_OF_THE_EMULATOR = "pk_test_marquee_emulator"
SECRET_KEY_OF_THE_EMULATOR = "sk_test_marquee_emulator"


class Failed(Exception):
    """Something is not as a customer or a developer would expect; says what."""


def check(truth, otherwise: str):
    """Raises Failed, saying `otherwise`, unless `truth` is true."""
    if not truth:
        raise Failed(otherwise)


def say(step: str):
    print(f"  {step}", flush=True)


def within(seconds: float, look, what: str):
    """The first true answer of `look`. Raises Failed, naming `what`, after `seconds`."""
    give_up_at = time.monotonic() + seconds
    while not (found := look()):
        check(time.monotonic() < give_up_at, f"{what}: not within {seconds} s")
        time.sleep(0.2)
    return found


class Person:
    """Somebody with an HTTP client, signed in or not."""

    def __init__(self, site: str):
        self.site = site
        self.token = ""

    def ask(self, method: str, path: str, body=None) -> tuple[int, bytes]:
        """The status and the body of an answer of the site."""
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body).encode()
        return fetch(Request(self.site + path, data, headers, method=method))

    def get(self, path: str, *, expect: int = 200):
        return self.answer(expect, "GET", path)

    def post(self, path: str, body, *, expect: int = 201):
        return self.answer(expect, "POST", path, body)

    def answer(self, expect: int, method: str, path: str, body=None):
        """The JSON, or the bytes, of an answer. Raises Failed when its status is another."""
        status, content = self.ask(method, path, body)
        check(status == expect, f"{method} {path}: {status}, not {expect}: {content[:500]!r}")
        return json.loads(content) if content[:1] in (b"{", b"[") else content

    def sign_up(self):
        name = f"smoke-{secrets.token_hex(4)}"
        password = secrets.token_urlsafe(16)
        account = {"username": name, "email": f"{name}@example.com", "password": password}
        self.post("/api/auth/register/", account)
        credentials = {"username": name, "password": password}
        self.token = self.post("/api/auth/login/", credentials, expect=200)["access"]


def fetch(request: Request) -> tuple[int, bytes]:
    """The status, 0 when nobody answers, and the body."""
    try:
        with urlopen(request, timeout=20) as answer:
            return answer.status, answer.read()
    except HTTPError as refusal:
        return refusal.code, refusal.read()
    except (URLError, OSError):
        return 0, b""


# What a customer does


def a_showing(customer: Person) -> tuple[dict, list]:
    """A showtime that tickets are sold for, as late as there is one, and its free seats."""
    films = customer.get("/api/movies/?now_showing=true")["results"]
    check(films, "no film is on")
    say(f"{len(films)} films are on")
    for film in films:
        dates = customer.get(f"/api/movies/{film['id']}/showtimes/")["dates"]
        for date in reversed(dates):
            day = customer.get(f"/api/movies/{film['id']}/showtimes/?date={date}")
            for showtime in (s for theater in day["theaters"] for s in theater["showtimes"]):
                seats = customer.get(f"/api/seats/?showtime={showtime['id']}")["seats"]
                free = [seat for seat in seats if seat["status"] == "free"]
                if showtime["sales"]["open"] and len(free) >= 4:
                    say(f"{film['title']}, {showtime['starts_at']}: {len(free)} seats are free")
                    return showtime, free
    raise Failed("no film has a showtime with four free seats")


def book(customer: Person, showtime: dict, seats: list) -> dict:
    """A booking of `seats`, held and not yet paid, for what the quote said."""
    choice = {"showtime": showtime["id"], "seats": [seat["id"] for seat in seats]}
    quote = customer.post("/api/bookings/quote/", choice, expect=200)
    booking = customer.post("/api/bookings/", choice)
    check(booking["status"] == "pending", f"the booking is {booking['status']}, not pending")
    check(booking["total"] == quote["total"], f"quoted {quote['total']}, not {booking['total']}")
    say(f"held {len(seats)} seats: {booking['reference']}, {quote['total']} {quote['currency']}")
    return booking


def pay(customer: Person, emulator: str, booking: dict) -> tuple[dict, str]:
    """The booking, paid as Stripe.js does and confirmed by the webhook, and Stripe's intent."""
    payment = customer.post("/api/payments/", {"booking": booking["reference"]})
    check(payment["amount"] == booking["total"], f"to be paid is {payment['amount']}")
    check(payment["publishable_key"] == PUBLISHABLE_KEY_OF_THE_EMULATOR, "another Stripe's key")
    intent = payment["client_secret"].partition("_secret_")[0]
    form = {
        "client_secret": payment["client_secret"],
        "key": payment["publishable_key"],
        "payment_method": "pm_card_visa",
    }
    url = f"{emulator}/v1/payment_intents/{intent}/confirm"
    status, answer = fetch(Request(url, urlencode(form).encode()))
    check(status == 200 and json.loads(answer)["status"] == "succeeded", f"{status}: {answer!r}")
    address = f"/api/bookings/{booking['reference']}/"
    within(30, lambda: customer.get(address)["status"] == "confirmed", "the webhook")
    say("paid, and confirmed by the webhook")
    return customer.get(address), intent


def see_the_papers(customer: Person, stranger: Person, booking: dict):
    """Tickets, their QR codes and the invoice, which nobody else can see."""
    reference = booking["reference"]
    codes = [ticket["code"] for ticket in booking["tickets"]]
    pictures = [f"/api/tickets/{code}/qr.png" for code in codes]
    check([qr_text(customer.get(picture)) for picture in pictures] == codes, "another QR code")
    say(f"{len(codes)} QR codes hold the tickets' codes")
    tickets = f"/api/bookings/{reference}/tickets.pdf"
    check(reference in pdf_text(customer.get(tickets)), "the tickets' PDF is of no booking")
    [number] = [invoice["number"] for invoice in invoices(customer, booking)]
    invoice = f"/api/invoices/{number}.pdf"
    check(number in pdf_text(customer.get(invoice)), "the invoice's PDF has no number")
    say(f"the PDFs of the tickets and of invoice {number} open")
    for path in (f"/api/bookings/{reference}/", *pictures, tickets, invoice):
        stranger.get(path, expect=404)
    say("nobody else sees any of it")


def invoices(customer: Person, booking: dict) -> list:
    return customer.get(f"/api/invoices/?booking={booking['reference']}")["results"]


def qr_text(png: bytes) -> str:
    return zxingcpp.read_barcode(Image.open(io.BytesIO(png))).text


def pdf_text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def give_back(customer: Person, emulator: str, booking: dict, intent: str):
    """Cancel: the seats are free, and the money is back without anybody asking."""
    reference = booking["reference"]
    cancelled = customer.post(f"/api/bookings/{reference}/cancel/", {}, expect=200)
    check(cancelled["status"] == "cancelled", f"the booking is {cancelled['status']}")
    due = cancelled["amount_due_back"]
    url = f"{emulator}/v1/refunds?payment_intent={intent}"
    refunds = Request(url, headers={"Authorization": f"Bearer {SECRET_KEY_OF_THE_EMULATOR}"})

    def money_is_back():
        sent = json.loads(fetch(refunds)[1])["data"]
        return [refund for refund in sent if refund["status"] == "succeeded"]

    within(30, money_is_back, "the refund")
    say(f"cancelled, and {due} {booking['currency']} are back")


def customer_journey(site: str, emulator: str) -> tuple[Person, dict]:
    """Everything that a customer does; returns one, and a booking that they keep."""
    customer, stranger = Person(site), Person(site)
    showtime, free = a_showing(customer)
    customer.sign_up()
    stranger.sign_up()
    booking, intent = pay(customer, emulator, book(customer, showtime, free[:2]))
    see_the_papers(customer, stranger, booking)
    give_back(customer, emulator, booking, intent)
    kept, _ = pay(customer, emulator, book(customer, showtime, free[2:4]))
    return customer, kept


# What a developer does


class Marquee:
    """`make run` in a clone: a site and an emulator on free ports, and what they print."""

    def __init__(self, clone: Path, log: Path, **settings):
        self.clone, self.log = clone, log
        self.ports = free_ports(2)
        self.site, self.emulator = (f"http://127.0.0.1:{port}" for port in self.ports)
        kept = {k: v for k, v in os.environ.items() if k in A_LAPTOPS or k.startswith(A_NETWORKS)}
        names = zip(("PORT", "EMULATOR_PORT"), map(str, self.ports), strict=True)
        self.environment = {**kept, **dict(names), **settings}

    @contextmanager
    def running(self, *, seconds: float) -> Iterator[None]:
        """Started, ready within `seconds`, and stopped as by Ctrl-C."""
        began = time.monotonic()
        with self.log.open("w") as log:
            process = subprocess.Popen(
                ["make", "run"],
                cwd=self.clone,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            within(seconds, lambda: self.is_ready(process), "make run")
            say(f"ready after {time.monotonic() - began:.0f} s")
            yield
        finally:
            self.stop(process)

    def is_ready(self, process: subprocess.Popen) -> bool:
        check(process.poll() is None, "make run stopped by itself")
        return fetch(Request(f"{self.site}/health/ready"))[0] == 200

    def stop(self, process: subprocess.Popen):
        """Ctrl-C. Raises Failed when anything of it lives on, and ends that."""
        began = time.monotonic()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
        try:
            within(20, lambda: process.poll() is not None and self.is_gone(), "to stop everything")
            say(f"stopped within {time.monotonic() - began:.0f} s, no process and no port is left")
        finally:
            for pid in self.processes():
                os.kill(pid, signal.SIGKILL)

    def is_gone(self) -> bool:
        return not self.processes() and are_free(self.ports)

    def processes(self) -> list[int]:
        """What runs inside the clone."""
        return [int(pid.name) for pid in Path("/proc").glob("[0-9]*") if self.is_in_clone(pid)]

    def is_in_clone(self, pid: Path) -> bool:
        try:
            return (pid / "cwd").readlink().is_relative_to(self.clone)
        except OSError:
            return False

    def last_lines(self) -> str:
        return "\n".join(self.log.read_text().splitlines()[-60:]) if self.log.exists() else ""


def free_ports(count: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def are_free(ports: list[int]) -> bool:
    try:
        for port in ports:
            socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def on_sqlite(marquee: Marquee):
    """A first start, a whole journey, and a quick second start that has kept the tickets."""
    with marquee.running(seconds=300):
        customer, booking = customer_journey(marquee.site, marquee.emulator)
    with marquee.running(seconds=15):
        found = customer.get(f"/api/bookings/{booking['reference']}/")
        check(found["tickets"] == booking["tickets"], "the tickets are others after a restart")
        say(f"{booking['reference']} is still there")


def on_postgresql(marquee: Marquee):
    """The same journey where DATABASE_URL says so, on a server that nobody else uses."""
    programs = postgres.programs_folder()
    check(programs or os.environ.get("CI") != "true", "there is no PostgreSQL here")
    if not programs:
        say("not tried: there is no PostgreSQL here")
        return
    with postgres.throw_away_server(programs) as url:
        marquee.environment["DATABASE_URL"] = url
        with marquee.running(seconds=120):
            customer_journey(marquee.site, marquee.emulator)


def main() -> int:
    """Say each step; when one fails say why, and what `make run` printed last. The exit code."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder).resolve() / "marquee"
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        marquee = Marquee(clone, Path(folder, "log"))
        try:
            for journey in (on_sqlite, on_postgresql):
                print(f"Smoke test {journey.__name__.replace('_', ' ')}", flush=True)
                journey(marquee)
        except Failed as reason:
            print(f"FAILED: {reason}\n\nmake run printed:\n{marquee.last_lines()}", flush=True)
            return 1
    print("Smoke test passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
