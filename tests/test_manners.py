"""What all of the API has in common: strict parameters, who may keep an answer, other origins."""

import pytest
from rest_framework.test import APIClient


@pytest.fixture
def anyone(db):
    return APIClient()


@pytest.mark.parametrize(
    ("query", "attr"),
    [
        ("movies/?now_showing=maybe", "now_showing"),
        ("movies/?coming_soon=2", "coming_soon"),
        ("movies/?ordering=nonsense", "ordering"),
        ("movies/?page_size=abc", "page_size"),
        ("movies/?page_size=0", "page_size"),
        ("movies/?page_size=-1", "page_size"),
        ("movies/?page_size=101", "page_size"),
        ("movies/?page_size=1e3", "page_size"),
        ("movies/?page_size=%D9%A3", "page_size"),
        ("movies/?page_size=" + "9" * 5000, "page_size"),
        ("movies/?page=0", "page"),
        ("movies/?page=last", "page"),
        ("movies/?page=" + "9" * 5000, "page"),
        ("movies/?theater=x", "theater"),
        ("movies/?search=%00", "search"),
        ("movies/?search=%FF", "search"),
        ("movies/?search=%ED%A0%80", "search"),
        ("movies/?page=%00", "page"),
        ("movies/?unknown=%00", "unknown"),
        ("movies/?%00=1", None),
        ("seats/?showtime=%00", "showtime"),
        ("seats/?showtime=%FF", "showtime"),
        ("payments/?access_key=%00", "access_key"),
        ("bookings/AAAAAAAA/?access_key=%FF", "access_key"),
        ("schema/?format=%00", "format"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_a_400_that_names_it(anyone, query, attr):
    answer = anyone.get(f"/api/{query}")
    assert answer.status_code == 400, answer.content
    [error] = answer.json()["errors"]
    assert error["attr"] == attr
    assert error["code"]


@pytest.mark.parametrize("word", ["maybe", "2", "yes", "null"])
def test_a_yes_or_no_is_one_of_the_two(me, word):
    answer = me.get(f"/api/bookings/?upcoming={word}")
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "upcoming")


@pytest.mark.parametrize("word", ["true", "True", "false", "FALSE", "1", "0", ""])
def test_a_yes_or_no_is_said_in_several_ways(me, word):
    assert me.get(f"/api/bookings/?upcoming={word}").status_code == 200


def test_a_page_beyond_the_last_is_a_404(anyone, movie):
    assert anyone.get("/api/movies/?page=1&page_size=100").status_code == 200
    assert anyone.get("/api/movies/?page=2").status_code == 404
    assert anyone.get("/api/movies/?page=999999999").status_code == 404


def test_a_thousand_parameters_are_a_400(anyone):
    assert anyone.get("/api/movies/?" + "a=1&" * 1100).status_code == 400


@pytest.mark.parametrize("path", ["movies/", "movies/{movie}/", "theaters/", "slides/"])
def test_the_catalogue_may_be_kept_for_a_minute(anyone, me, movie, theater, path):
    path = f"/api/{path.format(movie=movie.pk)}"
    answer = anyone.get(path)
    assert answer["Cache-Control"] == "public, max-age=60"
    assert {"Accept", "Authorization"} <= set(answer["Vary"].split(", "))
    again = anyone.get(path, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "public, max-age=60"
    assert me.get(path)["Cache-Control"] == "private, no-cache"


def test_a_change_is_news(anyone, movie):
    before = anyone.get(f"/api/movies/{movie.pk}/")
    movie.title = "The Short Way Up"
    movie.save(update_fields=["title"])
    after = anyone.get(f"/api/movies/{movie.pk}/", headers={"If-None-Match": before["ETag"]})
    assert (after.status_code, after.json()["title"]) == (200, "The Short Way Up")


def test_what_is_left_is_asked_for_each_time(anyone, showtime):
    for path in (
        f"/api/seats/?showtime={showtime.pk}",
        f"/api/showtimes/{showtime.pk}/",
        f"/api/showtimes/{showtime.pk}/availability/",
    ):
        answer = anyone.get(path)
        assert answer["Cache-Control"] == "no-cache", path
        again = anyone.get(path, headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304


def test_what_is_mine_is_kept_by_nobody_else(me, paid, showtime, seats):
    booking = paid(me, showtime, seats[:1])
    code = booking["tickets"][0]["code"]
    reference = booking["reference"]
    [invoice] = me.get("/api/invoices/").json()["results"]
    for path in (
        "auth/me/",
        "bookings/",
        f"bookings/{reference}/",
        f"bookings/{reference}/tickets.pdf",
        f"tickets/{code}/qr.png",
        f"invoices/{invoice['number']}.pdf",
    ):
        assert me.get(f"/api/{path}")["Cache-Control"] == "private, no-cache", path


def test_what_a_key_opens_is_kept_by_nobody_else(anyone, book, showtime, seats):
    contact = {"name": "Guest", "email": "guest@example.com"}
    held = book(anyone, showtime, seats[:1], contact=contact)
    assert held["Cache-Control"] == "no-store"
    path = f"/api/bookings/{held.json()['reference']}/?access_key={held.json()['access_key']}"
    assert anyone.get(path)["Cache-Control"] == "private, no-cache"


def test_an_error_is_kept_by_nobody(anyone):
    for path in ("movies/999/", "movies/?page=0", "nowhere/", "bookings/"):
        assert anyone.get(f"/api/{path}")["Cache-Control"] == "no-store", path


@pytest.mark.parametrize("accept", ["application/pdf", "*/*", "text/html,*/*;q=0.8", None])
def test_a_paper_is_what_was_asked_for(me, paid, showtime, seats, accept):
    headers = {"Accept": accept} if accept else {}
    booking = paid(me, showtime, seats[:1])
    path = f"/api/bookings/{booking['reference']}/tickets.pdf"
    paper = me.get(path, headers=headers)
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")
    picture = me.get(
        f"/api/tickets/{booking['tickets'][0]['code']}/qr.png", headers={"Accept": "image/*"}
    )
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")
    [invoice] = me.get("/api/invoices/").json()["results"]
    paper = me.get(f"/api/invoices/{invoice['number']}.pdf", headers=headers)
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")


def test_what_we_cannot_say_is_a_406(me, anyone, paid, showtime, seats):
    booking = paid(me, showtime, seats[:1])
    for path in ("/api/movies/", f"/api/bookings/{booking['reference']}/tickets.pdf"):
        answer = me.get(path, headers={"Accept": "audio/ogg"})
        assert (answer.status_code, answer["Content-Type"]) == (406, "application/json"), path
        assert answer.json()["errors"][0]["code"] == "not_acceptable"


def test_a_paper_that_is_not_there_is_a_404_in_the_one_shape(anyone):
    for path in ("bookings/AAAAAAAA/tickets.pdf", "invoices/LUX-1.pdf"):
        answer = anyone.get(f"/api/{path}", headers={"Accept": "application/pdf"})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "not_found")


@pytest.fixture
def app(settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example"]
    return "https://app.example"


@pytest.mark.parametrize("path", ["/api/bookings/", "/api/bookings", "/reserve/", "/purchase/x"])
def test_a_web_app_of_ours_may_ask_from_its_own_origin(anyone, app, path):
    asked = {
        "Origin": app,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,access-key,idempotency-key",
    }
    preflight = anyone.options(path, headers=asked)
    assert preflight.status_code == 200
    assert preflight["Access-Control-Allow-Origin"] == app
    assert "POST" in preflight["Access-Control-Allow-Methods"]
    allowed = set(preflight["Access-Control-Allow-Headers"].split(", "))
    assert {"authorization", "access-key", "idempotency-key", "if-none-match"} <= allowed


def test_a_web_app_may_read_what_it_needs(anyone, app):
    answer = anyone.get("/api/movies/", headers={"Origin": app})
    exposed = answer["Access-Control-Expose-Headers"].split(", ")
    assert {"ETag", "Retry-After", "Idempotency-Replayed"} <= set(exposed)
    assert "origin" in answer["Vary"].lower()
    unchanged = anyone.get("/api/movies/", headers={"Origin": app, "If-None-Match": answer["ETag"]})
    assert unchanged.status_code == 304
    assert unchanged["Access-Control-Allow-Origin"] == app


@pytest.mark.parametrize("query", ["", "?search=%00"])
def test_an_error_can_be_read_from_another_origin(anyone, app, query):
    answer = anyone.get(f"/api/bookings/{query}", headers={"Origin": app})
    assert answer.status_code in (400, 401)
    assert answer["Access-Control-Allow-Origin"] == app


def test_a_strangers_web_app_may_not(anyone, app):
    answer = anyone.get("/api/movies/", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in answer
    assert "Access-Control-Allow-Origin" not in anyone.get("/admin/login/", headers={"Origin": app})


def test_half_a_character_is_refused_without_being_said(showtime, seats):
    body = f'{{"showtime": {showtime.pk}, "seats": [{{"seat": 1, "type": "\\ud83d"}}]}}'
    answer = APIClient().post("/api/bookings/quote/", body, content_type="application/json")
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["code"]) == (400, "invalid_choice")
    assert error["attr"].startswith("seats.0")
