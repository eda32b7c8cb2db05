"""The routes and words of the systems that Marquee replaces, walked from their one table."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone
from rest_framework.test import APIClient

from config.api import JSONParser
from config.legacy_urls import FIELDS, PARAMETERS, ROUTES

from .conftest import PASSWORD

METHODS = ["get", "post", "put", "patch", "delete"]
# What differs from one answer to the next: when, which secret, which draw.
EACH_TIME = re.compile(
    r'"(access|refresh|reference|access_key|created_at|held_until|client_secret|pay_url|id)":'
    r'("[^"]*"|\d+)'
)


@pytest.fixture
def ids(movie, theater, showtime, booking, payment):
    """What stands for `<id>` below each canonical address."""
    return {
        "api/movies/": movie.pk,
        "api/theaters/": theater.pk,
        "api/showtimes/": showtime.pk,
        "api/bookings/": booking["reference"],
        "api/payments/": payment["id"],
    }


@pytest.fixture
def people(client_of, alice, bob, manager, admin):
    return [client_of(user) for user in (None, alice, bob, manager, admin)]


@pytest.fixture
def body(showtime, seats, booking):
    """One body that each address takes what it knows from."""
    return {
        "username": "alice",
        "password": PASSWORD,
        "showtime": showtime.pk,
        "seats": [seats[5].pk],
        "contact": {"name": "Guest", "email": "guest@example.com"},
        "booking": booking["reference"],
        "refresh": "no token",
    }


def ask(client, method, path, body):
    """The status and the body of an answer, whose effects are taken back."""
    with transaction.atomic():
        answer = getattr(client, method)(path, None if method == "get" else body)
        transaction.set_rollback(True)
    return answer.status_code, EACH_TIME.sub(r'"\1":…', answer.content.decode())


@pytest.mark.parametrize("slash", ["/", ""])
@pytest.mark.parametrize("old", [old for old in ROUTES if old != "api/shows/<id>/book/"])
def test_an_old_route_answers_as_its_canonical_one(old, slash, ids, people, body):
    new = ROUTES[old]
    key = next((ids[start] for start in ids if new.startswith(start)), None)
    path = "/" + old.replace("<id>", str(key)).rstrip("/") + slash
    canonical = "/" + new.replace("{id}", str(key))
    if new == "api/seats/":
        path, canonical = (f"{one}?showtime={body['showtime']}" for one in (path, canonical))
    for client in people:
        for method in METHODS:
            answer = ask(client, method, path, body)
            assert answer == ask(client, method, canonical, body), method
            assert answer[0] not in (301, 302, 308)


def test_the_routes_are_compared_with_ones_that_exist(ids, me):
    for new in ROUTES.values():
        key = next((ids[start] for start in ids if new.startswith(start)), None)
        assert me.get("/" + new.replace("{id}", str(key))).status_code != 404, new


def test_an_old_route_that_leads_nowhere_is_a_404_in_the_one_shape(client, db):
    for path in ("/movies/x/", "/api/thater/999999", "/reserve/AAAAAAAA/", "/showtime/%00/"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "not_found"), path


def test_old_routes_stay_out_of_the_schema(client):
    paths = client.get("/api/schema/", headers={"Accept": "application/json"}).json()["paths"]
    assert not {f"/{old}".replace("<", "{").replace(">", "}") for old in ROUTES} & set(paths)
    assert "/api/showtimes/{id}/book/" not in paths


def test_the_storefronts_pages_stay_free(client):
    for path in ("/", "/film/1/", "/cinema/1/", "/sign-in/", "/sign-up/", "/showing/1/"):
        assert client.get(path)["Content-Type"].startswith("text/html"), path


def test_the_guide_names_every_old_route_and_word():
    guide = (Path(__file__).parent.parent / "docs/api-guide.md").read_text()
    words = [*ROUTES, *PARAMETERS, *(old for names in FIELDS.values() for old in names)]
    assert [word for word in words if f"`{word}`" not in guide] == []


@pytest.mark.parametrize("slash", ["/", ""])
@pytest.mark.parametrize("choice", [{"seat_number": "A1"}, {"seats": ["A1", "b2"]}])
def test_seats_are_booked_by_their_labels(me, showtime, choice, slash):
    answer = me.post(f"/api/shows/{showtime.pk}/book{slash}", choice)
    assert answer.status_code == 201
    lines = [line["description"] for line in answer.json()["lines"] if line["kind"] == "seat"]
    assert [line.split(",")[0] for line in lines] == (
        ["Seat A1"] if "seat_number" in choice else ["Seat A1", "Seat B2"]
    )
    again = me.post(f"/api/shows/{showtime.pk}/book/", choice)
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "seats_taken")


@pytest.mark.parametrize(
    ("choice", "attr", "code"),
    [
        ({"seat_number": "Z9"}, "seat_number", "not_of_this_screen"),
        ({"seats": ["A1", "Z9"]}, "seats", "not_of_this_screen"),
        ({"seats": ["A1", "a1"]}, "seats", "repeated"),
        ({"seats": []}, "seats", "empty"),
        ({"seats": ["A1"], "seat_number": "A2"}, "seats", "required"),
        ({"seats": ["\x00"]}, "seats.0", "null_characters_not_allowed"),
        ({}, "seats", "required"),
    ],
)
def test_a_label_that_is_no_seat_is_a_400(me, showtime, choice, attr, code):
    answer = me.post(f"/api/shows/{showtime.pk}/book/", choice)
    assert answer.status_code == 400
    error = answer.json()["errors"][0]
    assert (error["attr"], error["code"]) == (attr, code)


def test_a_guest_books_by_label_and_says_whom_to_write_to(showtime):
    path, guest = f"/api/shows/{showtime.pk}/book/", APIClient()
    assert guest.post(path, {"seat_number": "A1"}).json()["errors"][0]["attr"] == "contact"
    contact = {"name": "Guest", "email": "guest@example.com"}
    held = guest.post(path, {"seat_number": "A1", "contact": contact})
    assert held.status_code == 201
    assert held.json()["access_key"]


def test_nobody_books_a_showtime_that_is_not_there(me, showtime):
    assert me.post("/api/shows/999999/book/", {"seat_number": "A1"}).status_code == 404
    assert me.post(f"/api/shows/{10**30}/book/", {"seat_number": "A1"}).status_code == 404


def test_deleting_a_reservation_lets_its_seats_go(me, booking, showtime):
    assert me.delete(f"/api/reservations/{booking['reference']}").status_code == 204
    assert me.get(f"/api/showtimes/{showtime.pk}/availability/").json() == {"taken": []}
    assert me.get(f"/reserve/{booking['reference']}").json()["status"] == "cancelled"


def test_deleting_a_purchase_cancels_and_refunds_and_keeps_the_payment(
    me, paid, showtime, seats, client_of, bob
):
    booking = paid(me, showtime, seats[:2])
    [payment] = me.get("/purchase/").json()["results"]
    assert client_of(bob).delete(f"/purchase/{payment['id']}/").status_code == 404
    assert me.delete(f"/purchase/{payment['id']}/").status_code == 204
    cancelled = me.get(f"/api/bookings/{booking['reference']}/").json()
    assert cancelled["status"] == "cancelled"
    assert cancelled["amount_due_back"] == booking["total"]
    assert me.get(f"/purchase/{payment['id']}/").json()["status"] == "succeeded"
    again = me.delete(f"/purchase/{payment['id']}/")
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "booking_closed")


def test_a_purchase_is_not_deleted_after_the_theaters_cutoff(me, paid, showtime, seats, theater):
    paid(me, showtime, seats[:1])
    [payment] = me.get("/purchase/").json()["results"]
    showtime.starts_at = timezone.now() + timedelta(minutes=theater.cancellation_cutoff_minutes - 1)
    showtime.save(update_fields=["starts_at"])
    late = me.delete(f"/purchase/{payment['id']}/")
    assert (late.status_code, late.json()["errors"][0]["code"]) == (409, "too_late_to_cancel")


def test_a_seat_map_is_found_with_a_slash_behind_the_id(client, showtime):
    expected = client.get(f"/api/seats/?showtime={showtime.pk}").json()
    for path in ("/api/seats/", "/api/seats", "/seats/", "/seats"):
        assert client.get(f"{path}?showtime={showtime.pk}/").json() == expected


@pytest.mark.parametrize(("old", "new"), PARAMETERS.items())
def test_an_old_parameter_is_read_as_the_new_one(client, showtime, theater, old, new):
    def ids(query):
        return [one["id"] for one in client.get(f"/api/showtimes/?{query}").json()["results"]]

    assert ids(f"{old}={theater.pk}") == ids(f"{new}={theater.pk}") == [showtime.pk]
    assert ids(f"{old}={theater.pk + 1}") == []


@pytest.mark.parametrize(
    ("address", "old", "new"),
    [(address, *names) for address, fields in FIELDS.items() for names in fields.items()],
)
def test_an_old_field_is_read_as_the_new_one(address, old, new):
    def read(body):
        request = RequestFactory().post(f"/{address}", body, content_type="application/json")
        return JSONParser().parse(request, parser_context={"request": request})

    assert read({old: 1}) == {new: 1}
    assert read({old: 1, new: 2}) == {old: 1, new: 2}


def test_old_fields_take_effect(client, alice, me, showtime, seats):
    answer = client.post(
        "/login/",
        {"email": "alice@example.com", "password": PASSWORD},
        content_type="application/json",
    )
    assert answer.status_code == 200
    held = me.post("/reserve/", {"showtime_id": showtime.pk, "seat_ids": [seats[0].pk]})
    assert held.status_code == 201
