"""Customers over HTTP who hold seats, let them go or pay, and who ask again when need be."""

import json
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from bookings.models import Booking, Letter
from payments.models import Invoice, Payment
from tests.site import within

BUYERS, WATCHERS = 12, 4
FIRST = 6
# Nobody answered: the connection broke.
LOST = 0


@dataclass
class Answer:
    """What came back, and when; nothing but LOST if the connection broke."""

    status: int
    headers: dict = field(default_factory=dict)
    body: bytes = b""
    at: float = field(default_factory=time.monotonic)

    def json(self):
        return json.loads(self.body) if self.body else None


@dataclass
class Wish:
    """One customer's request to hold seats, which is sent until it is answered."""

    body: dict
    key: str
    answers: list[Answer]

    @property
    def email(self) -> str:
        return self.body["contact"]["email"]

    @property
    def outcome(self) -> int:
        return self.answers[-1].status


class Customers:
    """Those of one showtime, and its watchers; `answers` are all that they got."""

    def __init__(self, site: str, showtime, seats, stripe, dice: random.Random):
        self.place = urlsplit(site).netloc
        self.stripe = stripe
        self.showtime = showtime.pk
        self.seats = [seat.pk for seat in seats]
        self.dice = dice
        self.stop = threading.Event()
        self.answers: list[Answer] = []
        self.wishes: list[Wish] = []
        self.paid: list[str] = []

    @contextmanager
    def at_work(self) -> Iterator["Customers"]:
        """Everybody goes on and on while the block runs, and finishes what they are at."""
        with ThreadPoolExecutor(BUYERS + WATCHERS) as pool:
            jobs = [pool.submit(self.keep_on, self.book) for _ in range(BUYERS)]
            jobs += [pool.submit(self.keep_on, self.watch) for _ in range(WATCHERS)]
            try:
                yield self
            finally:
                self.stop.set()
        for job in jobs:
            job.result()

    def keep_on(self, act):
        while not self.stop.is_set():
            act()

    def book(self):
        """Hold two seats; the first pay, and most think better of it later."""
        wish = self.hold(self.dice.sample(self.seats, 2))
        if wish.outcome != 201:
            return
        booking = wish.answers[-1].json()
        access = {"Access-Key": booking["access_key"]}
        what = self.dice.random()
        if len(self.paid) < FIRST or what > 0.95:
            self.pay(booking["reference"], access)
        elif what < 0.8:
            self.send("DELETE", f"/api/bookings/{booking['reference']}/", headers=access)

    def pay(self, reference: str, access: dict):
        """As Stripe's page does; whether our site hears of it is not the customer's business."""
        for _ in range(100):
            answer = self.send("POST", "/api/payments/", {"booking": reference}, access)
            if answer.status == 201:
                assert self.stripe.confirm(answer.json())["status"] == "succeeded"
                self.paid.append(reference)
                return
            time.sleep(0.1)

    def hold(self, seats: list[int]) -> Wish:
        """Ask until there is an answer, always with the same key: one wish is one booking."""
        contact = {"name": "Guest", "email": f"{uuid.uuid4().hex}@example.com"}
        wish = Wish(
            {"showtime": self.showtime, "seats": seats, "contact": contact}, str(uuid.uuid4()), []
        )
        self.wishes.append(wish)
        for _ in range(100):
            answer = self.send("POST", "/api/bookings/", wish.body, {"Idempotency-Key": wish.key})
            wish.answers.append(answer)
            if answer.status not in (LOST, 503):
                break
            time.sleep(0.1)
        return wish

    def watch(self):
        """Look at what is shown and try a password, as others do meanwhile."""
        for path in (
            f"/api/seats/?showtime={self.showtime}",
            f"/api/showtimes/{self.showtime}/availability/",
            "/api/movies/",
        ):
            self.send("GET", path)
        name = uuid.uuid4().hex
        self.send("POST", "/api/auth/login/", {"username": name, "password": "wrong"})
        time.sleep(0.05)

    def check_wishes(self):
        """Who was told that seats are held has one booking; who was refused, or gave up, none."""
        made = Counter(Booking.objects.values_list("contact_email", flat=True))
        assert made == Counter(wish.email for wish in self.wishes if wish.outcome == 201)

    def check_payments(self):
        """Whoever paid has tickets, one paper and one letter, at the latest when the jobs look."""
        assert self.paid, "nobody paid"
        within(15, lambda: not Payment.objects.open().filter(booking__reference__in=self.paid))
        bought = Booking.objects.filter(status="confirmed")
        assert sorted(bought.values_list("reference", flat=True)) == sorted(self.paid)
        papers = Invoice.objects.values_list("booking__reference", flat=True)
        assert sorted(papers) == sorted(self.paid)
        letters = Letter.objects.filter(kind="confirmed")
        assert letters.count() == len(self.paid)

    def send(self, method: str, path: str, body=None, headers=None) -> Answer:
        headers = {"Content-Type": "application/json", **(headers or {})}
        data = None if body is None else json.dumps(body)
        connection = HTTPConnection(self.place, timeout=20)
        try:
            connection.request(method, path, data, headers)
            got = connection.getresponse()
            answer = Answer(got.status, dict(got.headers), got.read())
        except (HTTPException, OSError):
            answer = Answer(LOST)
        finally:
            connection.close()
        self.answers.append(answer)
        return answer
