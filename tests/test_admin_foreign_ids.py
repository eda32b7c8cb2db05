"""
Ids of another theater, put where one's own belong: into the body of what a room hears, into the
address of a list, behind the id of an own row. Nothing is done, and nothing of theirs is named.
"""

import json
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.test import Client

from bookings.models import Booking
from manager_panel.models import Report
from showtimes.models import PriceRule
from theaters.models import Theater

from .test_admin import MODELS, address, everything_at, form_of
from .test_admin_own_theaters_only import state

BOARD = "/admin/showtimes/showtime/board/{mine.theater.pk}/"
PAGE = "/admin/showtimes/showtime/{mine.showtime.pk}/seats/"
SCREEN = "/admin/theaters/screen/{mine.screen.pk}/seat-map/"
PLAN = {"movie": "{movie}", "starts_at": "2030-01-01T20:00"}
OWN_PLACE = PLAN | {"screen": "{mine.screen.pk}"}
SEAT = {"row": "A", "number": 1, "x": 0, "y": 0}
WEEK = {"first": "2030-01-01", "last": "2030-01-07"}
# Where it is sent, what is sent, and what comes of it. "{theirs…}" is an id of another theater.
ATTEMPTS = [
    (BOARD + "plan/", PLAN | {"screen": "{theirs.screen.pk}"}, 400),
    (
        BOARD + "plan/",
        OWN_PLACE | {"prices": [{"category": "{theirs.seatcategory.pk}", "amount": "1.00"}]},
        400,
    ),
    (BOARD + "showtimes/{theirs.showtime.pk}/", {"starts_at": "2030-01-01T20:00"}, 404),
    (BOARD + "showtimes/{mine.showtime.pk}/", {"screen": "{theirs.screen.pk}"}, 400),
    (BOARD + "showtimes/{theirs.showtime.pk}/remove/", {}, 404),
    (BOARD + "sale/", {"status": "on_sale", "showtimes": ["{theirs.showtime.pk}"]}, 400),
    (
        BOARD + "sale/",
        {"status": "on_sale", "showtimes": ["{mine.showtime.pk}", "{theirs.showtime.pk}"]},
        400,
    ),
    (
        BOARD + "reprice/",
        WEEK | {"prices": [{"category": "{theirs.seatcategory.pk}", "amount": "1.00"}]},
        400,
    ),
    (
        BOARD + "reprice/",
        WEEK
        | {
            "screens": ["{theirs.screen.pk}"],
            "prices": [{"category": "{mine.seatcategory.pk}", "amount": "1.00"}],
        },
        400,
    ),
    (PAGE + "block/", {"kind": "house", "seats": ["{theirs.seat.pk}"]}, 400),
    (PAGE + "free/", {"seats": ["{theirs.seat.pk}"]}, 200),
    (PAGE + "bookings/{theirs.booking.reference}/offer/", {}, 404),
    (PAGE + "bookings/{theirs.booking.reference}/cancel/", {"how": "in_full", "back": "9"}, 404),
    (PAGE + "bookings/{theirs.booking.reference}/let-go/", {}, 404),
    (PAGE + "bookings/{theirs.booking.reference}/send-again/", {}, 404),
    (PAGE + "bookings/{mine.booking.reference}/offer/", {"tickets": ["{theirs.ticket.code}"]}, 400),
    (
        PAGE + "bookings/{mine.booking.reference}/cancel/",
        {"how": "in_full", "back": "9", "tickets": ["{theirs.ticket.code}"]},
        400,
    ),
    (SCREEN + "save/", {"seats": [SEAT | {"category": "{theirs.seatcategory.pk}"}]}, 400),
    (
        SCREEN + "check/",
        {"rows": ["s"], "legend": {"s": {"category": "{theirs.seatcategory.pk}"}}},
        400,
    ),
    (
        "/admin/theaters/theater/{mine.theater.pk}/prices/order/",
        {"rules": ["{theirs.pricerule.pk}"]},
        409,
    ),
    (
        "/admin/theaters/theater/{mine.theater.pk}/prices/order/",
        {"rules": ["{mine.pricerule.pk}", "{theirs.pricerule.pk}"]},
        409,
    ),
]
TO_WATCH = ["showtime", "booking", "ticket", "takenseat", "seat", "price", "pricerule", "promocode"]
# What is theirs is called so, and nothing else.
NAME = "Zanzibar"


@pytest.fixture
def world(users, theater, movie):
    """A row of each kind here, called `theirs`, and at the theater of `elsewhere`: `mine`."""
    theirs = everything_at(theater, movie)
    Theater.objects.filter(pk=theater.pk).update(name=NAME)
    for row, field in ((theirs.screen, "name"), (theirs.seatcategory, "name")):
        type(row).objects.filter(pk=row.pk).update(**{field: NAME})
    PriceRule.objects.filter(pk=theirs.pricerule.pk).update(name=NAME)
    Booking.objects.filter(pk=theirs.booking.pk).update(contact_name=NAME)
    mine = everything_at(Theater.objects.get(name="Far"), movie, minutes=7)
    return SimpleNamespace(theirs=theirs, mine=mine, movie=movie.pk)


@pytest.fixture
def browser(users):
    client = Client()
    client.force_login(users["elsewhere"])
    return client


def filled(said, world):
    """`said` with the ids of the rows that it names; whole numbers as such."""
    if isinstance(said, dict):
        return {name: filled(value, world) for name, value in said.items()}
    if isinstance(said, list):
        return [filled(value, world) for value in said]
    if not isinstance(said, str):
        return said
    text = said.format(**vars(world))
    return int(text) if text != said and text.isdecimal() else text


@pytest.mark.parametrize(("where", "body", "status"), ATTEMPTS)
def test_an_id_of_others_in_what_is_sent(browser, world, where, body, status):
    watched = [getattr(world.theirs, name) for name in TO_WATCH]
    before = [state(row) for row in watched]
    body = json.dumps(filled(body, world))
    answer = browser.post(filled(where, world), body, "application/json", query_params=DAY)
    assert answer.status_code == status, answer.content
    assert NAME not in answer.content.decode()
    assert [state(row) for row in watched] == before


DAY = {"day": "2030-01-01"}


def test_no_booking_of_others_is_found(browser, world):
    where = filled(PAGE, world) + "find/"
    for text in (NAME, world.theirs.booking.reference, "alice"):
        found = browser.get(where, {"q": text}).json()["found"]
        assert world.theirs.booking.reference not in [one["reference"] for one in found]


def test_reports_are_ordered_of_own_theaters_only(browser, world):
    page = address(Report, "add")
    form = {"kind": "showtimes", "format": "csv", "repeats": ""} | WEEK
    for theaters in ([world.theirs.theater.pk], [world.mine.theater.pk, world.theirs.theater.pk]):
        answer = browser.post(page, form | {"theaters": theaters})
        assert "theaters" in answer.context["errors"].as_text() or answer.status_code == 200
        assert not Report.objects.filter(first=WEEK["first"]).exists()


def test_a_report_is_out_of_sight_once_one_of_its_theaters_is_not_ones_own(browser, world):
    report = world.mine.report
    page = address(Report, "change", report.pk)
    assert browser.get(page).status_code == 200
    report.theaters.add(world.theirs.theater)
    for where in (page, f"/admin/manager_panel/report/{report.pk}/file/"):
        assert browser.get(where).status_code == 404


def test_the_dashboard_and_the_month_of_others_are_not_there(browser, world):
    theirs = {"theater": world.theirs.theater.pk}
    assert browser.get("/admin/", theirs).status_code == 404
    answer = browser.get("/admin/payments/invoice/month.csv", theirs | {"month": "2026-11"})
    assert answer.status_code == 302


def test_codes_of_others_are_not_in_a_file(browser, world):
    first, last = sorted([world.mine.promocode.pk, world.theirs.promocode.pk])
    text = browser.get("/admin/bookings/promocode/csv/", {"first": first, "last": last}).content
    assert world.mine.promocode.code.encode() in text
    assert world.theirs.promocode.code.encode() not in text


def test_a_price_is_tried_with_own_rows_only(browser, world):
    theirs = world.theirs
    asked = {"category": theirs.seatcategory.pk, "screen": theirs.screen.pk}
    asked["showtime"] = theirs.showtime.pk
    page = browser.get(f"/admin/theaters/theater/{world.mine.theater.pk}/prices/", asked)
    assert NAME not in page.content.decode()
    answer = browser.post("/admin/showtimes/pricerule/try/", {"theater": theirs.theater.pk})
    assert answer.status_code == 404


def test_no_list_is_narrowed_by_what_is_not_shown(browser, world):
    """Else somebody would learn a password letter by letter, or who manages what."""
    for model in MODELS:
        page = address(model, "changelist")
        if browser.get(page).status_code == 403:
            continue
        ways = [one.name for one in model._meta.get_fields() if one.related_model]
        for way in ways:
            related = model._meta.get_field(way).related_model
            for field in ("password", "access_key", "contact_email", "tax_id", "key"):
                if field in [one.name for one in related._meta.get_fields()]:
                    answer = browser.get(page, {f"{way}__{field}__startswith": "a"})
                    assert answer.status_code == 400, (page, way, field)


def test_what_stands_in_the_way_of_deleting_is_not_named_where_it_is_of_others(browser, world):
    """A promo code that was used at another theater, before it was taken out of it."""
    code = world.mine.promocode
    Booking.objects.filter(pk=world.theirs.booking.pk).update(promo_code=code)
    page = address(type(code), "delete", code.pk)
    reference = world.theirs.booking.reference
    assert reference not in browser.get(page).content.decode()
    assert browser.post(page, {"post": "yes"}).status_code in (200, 403)
    assert reference not in browser.post(page, {"post": "yes"}).content.decode()
    ticked = {"action": "delete_selected", "_selected_action": [code.pk]}
    listed = browser.post(address(type(code), "changelist"), ticked).content.decode()
    assert reference not in listed
    assert type(code).objects.filter(pk=code.pk).exists()


def test_parts_of_a_form_take_no_rows_of_others(browser, world):
    page = address(type(world.mine.showtime), "change", world.mine.showtime.pk)
    form = form_of(browser, page)
    added = {
        "own_prices-TOTAL_FORMS": 2,
        "own_prices-1-id": "",
        "own_prices-1-showtime": world.mine.showtime.pk,
        "own_prices-1-category": world.theirs.seatcategory.pk,
        "own_prices-1-amount": "1",
    }
    assert browser.post(page, form | added).status_code == 200
    assert world.mine.showtime.own_prices.count() == 1
    swapped = {"own_prices-0-id": world.theirs.price.pk, "own_prices-0-amount": "0"}
    before = state(world.theirs.price)
    for more in ({}, {"own_prices-0-DELETE": "on"}, {"own_prices-INITIAL_FORMS": 9}):
        browser.post(page, form | swapped | more)
        assert state(world.theirs.price) == before


def test_the_models_that_are_watched_are_there():
    names = {model._meta.model_name for model in apps.get_models()}
    assert names >= set(TO_WATCH)
