"""The requests that are measured. Each is made when it is needed, outside of what is timed."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import stripe
from django.conf import settings
from django.test import Client, RequestFactory

from accounts.models import User
from accounts.tokens import tokens_for
from payments.webhooks import receive
from showtimes.models import Showtime
from theaters.models import Seat

from .cinema import Cinema
from .sales import invoice_for, open_payment, paid_event

OF_HERE = {"SERVER_NAME": "localhost"}
factory = RequestFactory(**OF_HERE)


@dataclass(frozen=True)
class Case:
    """`request` makes the WSGI environ of one more request, which is answered with `status`."""

    name: str
    status: int
    request: Callable[[], dict]


def all_cases(cinema: Cinema) -> list[Case]:
    """The bare view first; the others are compared with it."""
    return [bare(), *looking(cinema), *timetables(cinema), *buying(cinema)]


def bare() -> Case:
    """The view that does nothing."""
    return Case("bare view", 200, lambda: get("/api/bare/"))


def timetables(cinema: Cinema) -> list[Case]:
    """What runs at a theater on a day. It should not matter what runs elsewhere, or ran before."""
    theater = cinema.showtime.theater
    by_film = f"/api/theaters/{theater.pk}/showtimes/"
    day = f"/api/showtimes/?theater={theater.pk}&date={theater.today() + timedelta(days=1)}"
    return [
        Case("timetable of a theater", 200, lambda: get(by_film)),
        Case("showtimes of its next day", 200, lambda: get(day)),
    ]


def looking(cinema: Cinema) -> list[Case]:
    """What everybody asks before they book."""
    seat_map = f"/api/seats/?showtime={cinema.showtime.pk}"
    best = f"/api/showtimes/{cinema.empty.pk}/best-seats/?count=4"
    poll = f"/api/showtimes/{cinema.showtime.pk}/availability/"
    drawn = {"If-None-Match": Client(**OF_HERE).get(seat_map)["ETag"]}
    seen = {"If-None-Match": Client(**OF_HERE).get(poll)["ETag"]}
    films = {"If-None-Match": Client(**OF_HERE).get("/api/movies/")["ETag"]}
    token = {"Authorization": f"Bearer {tokens_for(next(cinema.customers))['access']}"}
    return [
        Case("token only", 200, lambda: get("/api/signed-in/", token)),
        Case("my bookings (20)", 200, lambda: get("/api/bookings/", token)),
        Case("who am I", 200, lambda: get("/api/auth/me/", token)),
        Case("list of films (20)", 200, lambda: get("/api/movies/")),
        Case("films, nothing new", 304, lambda: get("/api/movies/", films)),
        Case("list of showtimes (20)", 200, lambda: get("/api/showtimes/")),
        Case("seat map (300 seats)", 200, lambda: get(seat_map)),
        Case("seat map, nothing new", 304, lambda: get(seat_map, drawn)),
        Case("best seats (4 of 300)", 200, lambda: get(best)),
        Case("poll (200 seats taken)", 200, lambda: get(poll)),
        Case("poll, compressed", 200, lambda: get(poll, {"Accept-Encoding": "gzip"})),
        Case("poll, nothing new", 304, lambda: get(poll, seen)),
    ]


def buying(cinema: Cinema) -> list[Case]:
    """What changes something, or is refused."""

    def paid() -> dict:
        return paid_event(open_payment(*next(cinema.free), next(cinema.customers)))

    def refused() -> dict:
        return book(cinema.showtime, cinema.half_taken, next(cinema.customers))

    known = paid()
    receive(known)
    return [
        Case("hold (3 seats)", 201, lambda: book(*next(cinema.free), next(cinema.customers))),
        Case("refusal (a seat is sold)", 409, refused),
        Case("webhook (3 tickets)", 200, lambda: deliver(paid())),
        Case("webhook, known event", 200, lambda: deliver(known)),
    ]


def papers() -> list[Case]:
    """Papers whose words nobody has printed yet. Typst may work in threads of its own."""

    def invoice(name: str) -> dict:
        paper = invoice_for(name)
        key = paper.booking.access_key
        return get(f"/api/invoices/{paper.number}.pdf?access_key={key}")

    names = {
        "": "Žofie Weiß",
        ", Devanagari": "क्षमा त्रिपाठी",
        ", Arabic": "ندين لبكي",
        ", Japanese": "渡邊 直子の",
    }
    return [
        Case(f"invoice PDF{script}", 200, lambda name=name: invoice(name))
        for script, name in names.items()
    ]


def searching() -> list[Case]:
    """What is asked of a catalogue that is large: a word of one title, and one of every tenth."""
    return [
        Case("search, 10,000 films", 200, lambda: get("/api/movies/?search=lighthouse")),
        Case("search, 1,000 found", 200, lambda: get("/api/movies/?search=harbour")),
    ]


def get(path: str, headers: dict | None = None) -> dict:
    """The environ of a GET by nobody in particular."""
    return factory.get(path, headers=headers).environ


def book(showtime: Showtime, seats: list[Seat], customer: User) -> dict:
    """The environ of a signed-in customer's request for `seats`."""
    body = {"showtime": showtime.pk, "seats": [seat.pk for seat in seats]}
    headers = {"Authorization": f"Bearer {tokens_for(customer)['access']}"}
    return post("/api/bookings/", json.dumps(body), headers)


def deliver(event: dict) -> dict:
    """The environ of a webhook, signed as Stripe signs it."""
    body = json.dumps(event)
    sign = stripe.WebhookSignature.generate_signature_header
    headers = {"Stripe-Signature": sign(body, settings.STRIPE_WEBHOOK_SECRETS[0])}
    return post("/api/payments/webhook/", body, headers)


def post(path: str, body: str, headers: dict) -> dict:
    return factory.post(path, body, content_type="application/json", headers=headers).environ
