"""
Who may call what: one row for each route and method, one column for each kind of person.

A new route needs a row: the test at the end names those that are missing. Where a body is needed
to be let in, `BODIES` has it; mostly none is sent, and 400 means: may, but has said nothing.
Whatever a request changes is taken back before the next person comes.
"""

import re

import pytest
from django.db import transaction
from drf_spectacular.generators import EndpointEnumerator

from .conftest import PEOPLE

# PEOPLE, in the fixtures of all tests, says who they are, and `cinema` what `{movie}` stands for.
TABLE = """
                                              nobody owner other manager elsewhere admin
POST   auth/register/                           400   400   400   400   400   400
POST   auth/login/                              400   400   400   400   400   400
POST   auth/refresh/                            400   400   400   400   400   400
POST   auth/logout/                             400   400   400   400   400   400
GET    auth/me/                                 401   200   200   200   200   200
PATCH  auth/me/                                 401   200   200   200   200   200
DELETE auth/me/                                 401   400   400   400   400   400
GET    auth/me/export/                          401   200   200   200   200   200
POST   auth/password/change/                    401   400   400   400   400   400
POST   auth/password/reset/                     400   400   400   400   400   400
POST   auth/password/reset/confirm/             400   400   400   400   400   400
POST   auth/email/confirm/                      400   400   400   400   400   400
POST   auth/email/confirm/resend/               401   202   202   202   202   202

GET    movies/                                  200   200   200   200   200   200
POST   movies/                                  401   403   403   403   403   400
GET    movies/{movie}/                          200   200   200   200   200   200
PUT    movies/{movie}/                          401   403   403   403   403   400
PATCH  movies/{movie}/                          401   403   403   403   403   200
DELETE movies/{movie}/                          401   403   403   403   403   409
GET    movies/{movie}/showtimes/                200   200   200   200   200   200
GET    movies/{movie}/reviews/                  200   200   200   200   200   200
POST   movies/{movie}/reviews/                  401   400   400   400   400   400

GET    reviews/{review}/                        200   200   200   200   200   200
PATCH  reviews/{review}/                        401   200   403   403   403   403
DELETE reviews/{review}/                        401   204   403   403   403   403
POST   reviews/{review}/hide/                   401   403   403   403   403   200
POST   reviews/{review}/unhide/                 401   403   403   403   403   200

GET    genres/                                  200   200   200   200   200   200
POST   genres/                                  401   403   403   403   403   400
GET    genres/{genre}/                          200   200   200   200   200   200
PUT    genres/{genre}/                          401   403   403   403   403   400
PATCH  genres/{genre}/                          401   403   403   403   403   200
DELETE genres/{genre}/                          401   403   403   403   403   204
GET    people/                                  200   200   200   200   200   200
POST   people/                                  401   403   403   403   403   400
GET    people/{person}/                         200   200   200   200   200   200
PUT    people/{person}/                         401   403   403   403   403   400
PATCH  people/{person}/                         401   403   403   403   403   200
DELETE people/{person}/                         401   403   403   403   403   204
GET    slides/                                  200   200   200   200   200   200
POST   slides/                                  401   403   403   403   403   400
GET    slides/{slide}/                          200   200   200   200   200   200
PUT    slides/{slide}/                          401   403   403   403   403   400
PATCH  slides/{slide}/                          401   403   403   403   403   200
DELETE slides/{slide}/                          401   403   403   403   403   204

GET    theaters/                                200   200   200   200   200   200
POST   theaters/                                401   403   403   403   403   400
GET    theaters/{theater}/                      200   200   200   200   200   200
PUT    theaters/{theater}/                      401   403   403   400   403   400
PATCH  theaters/{theater}/                      401   403   403   200   403   200
DELETE theaters/{theater}/                      401   403   403   403   403   409
GET    theaters/{theater}/showtimes/            200   200   200   200   200   200
GET    amenities/                               200   200   200   200   200   200
POST   amenities/                               401   403   403   403   403   400
GET    amenities/{amenity}/                     200   200   200   200   200   200
PUT    amenities/{amenity}/                     401   403   403   403   403   400
PATCH  amenities/{amenity}/                     401   403   403   403   403   200
DELETE amenities/{amenity}/                     401   403   403   403   403   204

GET    theaters/{theater}/screens/              200   200   200   200   200   200
POST   theaters/{theater}/screens/              401   403   403   400   403   400
GET    screens/{screen}/                        200   200   200   200   200   200
PUT    screens/{screen}/                        401   403   403   400   403   400
PATCH  screens/{screen}/                        401   403   403   200   403   200
DELETE screens/{screen}/                        401   403   403   409   403   409
GET    theaters/{theater}/seat-categories/      200   200   200   200   200   200
POST   theaters/{theater}/seat-categories/      401   403   403   400   403   400
GET    seat-categories/{category}/              200   200   200   200   200   200
PUT    seat-categories/{category}/              401   403   403   400   403   400
PATCH  seat-categories/{category}/              401   403   403   200   403   200
DELETE seat-categories/{category}/              401   403   403   409   403   409
GET    screens/{screen}/layout/                 200   200   200   200   200   200
PUT    screens/{screen}/layout/                 401   403   403   400   403   400

GET    theaters/{theater}/price-rules/          401   403   403   200   404   200
POST   theaters/{theater}/price-rules/          401   403   403   400   404   400
GET    price-rules/{price_rule}/                401   403   403   200   404   200
PATCH  price-rules/{price_rule}/                401   403   403   200   404   200
DELETE price-rules/{price_rule}/                401   403   403   204   404   204

GET    showtimes/                               200   200   200   200   200   200
POST   showtimes/                               401   403   403   400   400   400
GET    showtimes/{showtime}/                    200   200   200   200   200   200
PUT    showtimes/{showtime}/                    401   403   403   400   403   400
PATCH  showtimes/{showtime}/                    401   403   403   200   403   200
DELETE showtimes/{showtime}/                    401   403   403   409   403   409
GET    showtimes/{showtime}/cancel/             401   403   403   200   403   200
POST   showtimes/{showtime}/cancel/             401   403   403   400   403   400
GET    showtimes/{showtime}/availability/       200   200   200   200   200   200
GET    showtimes/{showtime}/best-seats/?count=2 200   200   200   200   200   200
POST   showtimes/{showtime}/best-seats/         400   400   400   400   400   400
GET    showtimes/{showtime}/blocks/             401   403   403   200   404   200
POST   showtimes/{showtime}/blocks/             401   403   403   400   404   400
GET    blocks/{block}/                          401   403   403   200   404   200
PATCH  blocks/{block}/                          401   403   403   200   404   200
DELETE blocks/{block}/                          401   403   403   204   404   204
GET    seats/?showtime={showtime}               200   200   200   200   200   200

POST   bookings/quote/                          400   400   400   400   400   400
POST   bookings/                                400   400   400   400   400   400
POST   showtimes/{showtime}/book/               400   400   400   400   400   400
POST   bookings/claim/                          401   409   409   409   409   409
GET    bookings/                                401   200   200   200   200   200
GET    bookings/{held}/                         404   200   404   200   404   200
DELETE bookings/{held}/                         404   204   404   204   404   204
DELETE bookings/{booking}/                      404   409   404   409   404   409
GET    bookings/{booking}/cancel/               404   200   404   200   404   200
POST   bookings/{booking}/cancel/               404   200   404   200   404   200
GET    bookings/{booking}/timeline/             404   200   404   200   404   200
GET    bookings/{booking}/exchange/             404   200   404   200   404   200
POST   bookings/{booking}/exchange/             404   400   404   400   404   400
DELETE bookings/{booking}/exchange/             404   409   404   409   404   409
POST   bookings/{booking}/exchange/quote/       404   400   404   400   404   400
GET    bookings/{booking}/tickets.pdf           404   200   404   200   404   200
GET    tickets/{ticket}/                        404   200   404   200   404   200
GET    tickets/{ticket}/qr.png                  404   200   404   200   404   200

GET    payments/                                401   200   200   200   200   200
POST   payments/                                404   409   404   409   404   409
GET    payments/{payment}/                      404   200   404   200   404   200
DELETE payments/{payment}/                      404   204   404   204   404   204
POST   payments/webhook/                        400   400   400   400   400   400
GET    invoices/                                401   200   200   200   200   200
GET    invoices/{invoice}/                      404   200   404   200   404   200
GET    invoices/{invoice}.pdf                   404   200   404   200   404   200
GET    theaters/{theater}/invoices.csv?month=2026-11 401 403 403 200  404   200

GET    schema/                                  200   200   200   200   200   200
GET    docs/                                    200   200   200   200   200   200
GET    redoc/                                   200   200   200   200   200   200
"""
BODIES = {
    "POST payments/": {"booking": "{booking}"},
}
# A list shows its reader's own: how many rows `owner`, `other` and `manager` find.
OWN = ["bookings/ 2 0 0", "payments/ 1 0 0", "invoices/ 1 0 0"]


def rows():
    for line in TABLE.strip().splitlines()[1:]:
        if line.strip():
            method, path, *statuses = line.split()
            yield pytest.param(method, path, [int(s) for s in statuses], id=f"{method} {path}")


def ask(client, method, path, body) -> int:
    with transaction.atomic():
        status = getattr(client, method.lower())(f"/api/{path}", body).status_code
        transaction.set_rollback(True)
    return status


def filled(text: str, cinema) -> str:
    return re.sub(r"{(\w+)}", lambda name: str(getattr(cinema, name[1])), text)


@pytest.mark.parametrize(("method", "path", "statuses"), list(rows()))
def test_who_may(method, path, statuses, people, cinema):
    sent = BODIES.get(f"{method} {path}", {})
    body = {name: filled(value, cinema) for name, value in sent.items()} or None
    got = {who: ask(people[who], method, filled(path, cinema), body) for who in PEOPLE}
    assert got == dict(zip(PEOPLE, statuses, strict=True))


@pytest.mark.parametrize("row", OWN)
def test_a_list_shows_its_readers_own(row, people, cinema):
    path, *expected = row.split()
    found = [people[who].get(f"/api/{path}").json()["count"] for who in ("owner", "other")]
    found.append(people["manager"].get(f"/api/{path}").json()["count"])
    assert found == [int(number) for number in expected]


def test_a_guests_key_opens_their_booking_and_no_other(people, cinema, alice):
    nobody = people["nobody"]
    held = alice.bookings.get(reference=cinema.held)
    key = {"Access-Key": held.access_key}
    assert nobody.get(f"/api/bookings/{cinema.held}/", headers=key).status_code == 200
    for path in ("bookings/{booking}/", "payments/{payment}/", "invoices/{invoice}.pdf"):
        answer = nobody.get(f"/api/{filled(path, cinema)}", headers=key)
        assert answer.status_code == 404, path
    assert nobody.get("/api/payments/", headers=key).json()["count"] == 0


class Every(EndpointEnumerator):
    """Every address of the API, in the schema or not. The rooms of the admin have a table there."""

    def should_include_endpoint(self, path, callback):
        return hasattr(callback, "cls") and path.startswith("/api/")


def pattern(method: str, path: str) -> str:
    return f"{method} {re.sub(r'{.*?}', '{}', path.partition('?')[0])}"


def test_every_route_has_a_row():
    routes = {
        pattern(method, path.removeprefix("/api/"))
        for path, _, method, _ in Every().get_api_endpoints()
        if method not in ("OPTIONS", "HEAD")
    }
    known = {pattern(*row.values[:2]) for row in rows()}
    assert not routes - known, "no row for these"
    assert not known - routes, "rows for no route"
