"""
Who may do what in the admin: one row for each model, five pages for each kind of person, and below
one row for each other room. A new page needs a row: the last test names those that are missing.

    may   it is shown, and what is sent is heard (200, or 302 when it was done)
    see   it is shown, and whoever sends something is refused (403)
    403   not for this role
    404   not there, for those who manage another theater

Strangers and customers are always sent to sign in. `manager` and `elsewhere` (who manages another
theater) ask for the rows of the first one's theater. Whatever is sent is taken back after.
"""

import re
from types import SimpleNamespace

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.template import Origin
from django.template.loaders.base import Loader
from django.test import Client
from django.urls import get_resolver

from .test_admin import MODELS, address, everything_at, of_the_chain, row_of
from .test_admin_own_theaters_only import state

# Django's own: of the pages of whole apps the table has two, and what is nowhere is a 404.
NOBODYS = ("/admin/^(", "/admin/(")
LEAVES = ["", "change/", "delete/", "history/"]
PAGES = ["changelist", "add", "change", "delete", "history"]
STAFF = ["manager", "elsewhere", "admin"]
TABLE = """
                      | manager                 | elsewhere               | admin
                      | list add  row  del  log | list add  row  del  log | list add  row  del  log
history.entry         | may  403  see  403  may | may  403  404  404  404 | may  403  see  403  may
accounts.user         | 403  403  403  403  403 | 403  403  403  403  403 | may  may  may  may  may
movies.genre          | may  403  see  403  may | may  403  see  403  may | may  may  may  may  may
movies.person         | may  403  see  403  may | may  403  see  403  may | may  may  may  may  may
movies.movie          | may  403  see  403  may | may  403  see  403  may | may  may  may  may  may
movies.credit         | may  403  see  403  may | may  403  see  403  may | may  may  may  may  may
movies.slide          | may  403  see  403  may | may  403  see  403  may | may  may  may  may  may
theaters.amenity      | may  403  see  403  may | may  403  see  403  may | may  may  may  may  may
theaters.theater      | may  403  may  403  may | may  403  404  404  404 | may  may  may  may  may
theaters.screen       | may  may  may  may  may | may  may  404  404  404 | may  may  may  may  may
theaters.seatcategory | may  may  may  may  may | may  may  404  404  404 | may  may  may  may  may
theaters.seat         | may  may  may  may  may | may  may  404  404  404 | may  may  may  may  may
showtimes.pricerule   | may  may  may  may  may | may  may  404  404  404 | may  may  may  may  may
showtimes.price       | may  may  may  may  may | may  may  404  404  404 | may  may  may  may  may
showtimes.takenseat   | may  403  see  403  may | may  403  404  404  404 | may  403  see  403  may
showtimes.showtime    | may  may  may  may  may | may  may  404  404  404 | may  may  may  may  may
showtimes.seatblock   | may  may  may  may  may | may  may  404  404  404 | may  may  may  may  may
bookings.bookingline  | may  403  see  403  may | may  403  404  404  404 | may  403  see  403  may
bookings.ticket       | may  403  see  403  may | may  403  404  404  404 | may  403  see  403  may
bookings.scan         | may  403  see  403  may | may  403  404  404  404 | may  403  see  403  may
bookings.letter       | may  403  see  403  may | may  403  404  404  404 | may  403  see  403  may
bookings.promocode    | may  may  may  may  may | may  may  404  404  404 | may  may  may  may  may
bookings.booking      | may  403  see  403  may | may  403  404  404  404 | may  403  see  403  may
bookings.exchange     | may  403  see  403  may | may  403  404  404  404 | may  403  see  403  may
bookings.swap         | may  403  see  403  may | may  403  404  404  404 | may  403  see  403  may
payments.ledgerentry  | may  403  see  403  may | may  403  404  404  404 | may  403  see  403  may
payments.dispute      | may  403  see  403  may | may  403  404  404  404 | may  403  see  403  may
payments.invoiceseries| may  403  see  403  may | may  403  404  404  404 | may  403  see  403  may
payments.invoice      | may  403  see  403  may | may  403  404  404  404 | may  403  see  403  may
payments.refund       | may  403  see  403  may | may  403  404  404  404 | may  403  see  403  may
payments.payment      | may  403  see  403  may | may  403  404  404  404 | may  403  see  403  may
payments.refusedwebhook| 403  403  403  403  403 | 403  403  403  403  403 | may  403  see  403  may
payments.stray        | 403  403  403  403  403 | 403  403  403  403  403 | may  403  see  403  may
payments.webhookevent | 403  403  403  403  403 | 403  403  403  403  403 | may  403  see  403  may
manager_panel.report  | may  may  may  may  may | may  may  404  404  404 | may  may  may  may  may
reviews.review        | 403  403  403  403  403 | 403  403  403  403  403 | may  403  see  may  may
"""
# Where something is sent, it says nothing that could be done.
ROOMS = """
                                                          manager elsewhere admin
GET  /admin/                                              200     200       200
POST /admin/                                              200     200       200
GET  /admin/search/                                       200     200       200
POST /admin/search/                                       200     200       200
GET  /admin/login/                                        302     302       302
POST /admin/login/                                        200     200       200
GET  /admin/logout/                                       405     405       405
POST /admin/logout/                                       200     200       200
GET  /admin/password_change/                              200     200       200
POST /admin/password_change/                              200     200       200
GET  /admin/password_change/done/                         200     200       200
POST /admin/password_change/done/                         405     405       405
GET  /admin/autocomplete/                                 403     403       403
POST /admin/autocomplete/                                 405     405       405
GET  /admin/jsi18n/                                       200     200       200
POST /admin/jsi18n/                                       405     405       405
GET  /admin/r/{content_type}/{booking}/                   404     404       404
POST /admin/r/{content_type}/{booking}/                   404     404       404
GET  /admin/accounts/                                     404     404       200
GET  /admin/showtimes/                                    200     200       200
GET  /admin/accounts/user/{user}/password/                403     403       200
POST /admin/accounts/user/{user}/password/                403     403       200
GET  /admin/accounts/user/{user}/take_second_factor_away/ 403     403       200
POST /admin/accounts/user/{user}/take_second_factor_away/ 403     403       200
GET  /admin/payments/refund/{refund}/try_again/           200     404       200
POST /admin/payments/refund/{refund}/try_again/           200     404       200
GET  /admin/payments/refund/{refund}/settle_otherwise/    200     404       200
POST /admin/payments/refund/{refund}/settle_otherwise/    200     404       200
GET  /admin/payments/invoice/month.csv                    302     302       302
POST /admin/payments/invoice/month.csv                    302     302       302
GET  /admin/theaters/screen/{screen}/plan/                302     404       302
POST /admin/theaters/screen/{screen}/plan/                302     404       302
GET  /admin/theaters/screen/{screen}/seat-map/            200     404       200
POST /admin/theaters/screen/{screen}/seat-map/            405     404       405
GET  /admin/theaters/screen/{screen}/seat-map/check/      405     404       405
POST /admin/theaters/screen/{screen}/seat-map/check/      415     404       415
GET  /admin/theaters/screen/{screen}/seat-map/save/       405     404       405
POST /admin/theaters/screen/{screen}/seat-map/save/       415     404       415
GET  /admin/showtimes/showtime/{showtime}/who-sits-where/ 302     404       302
POST /admin/showtimes/showtime/{showtime}/who-sits-where/ 302     404       302
GET  /admin/showtimes/showtime/{showtime}/cancel-for-good/ 302     404       302
POST /admin/showtimes/showtime/{showtime}/cancel-for-good/ 302     404       302
GET  /admin/showtimes/showtime/{showtime}/seats/          200     404       200
POST /admin/showtimes/showtime/{showtime}/seats/          405     404       405
GET  /admin/showtimes/showtime/{showtime}/seats/now/      200     404       200
POST /admin/showtimes/showtime/{showtime}/seats/now/      405     404       405
GET  /admin/showtimes/showtime/{showtime}/seats/block/    405     404       405
POST /admin/showtimes/showtime/{showtime}/seats/block/    415     404       415
GET  /admin/showtimes/showtime/{showtime}/seats/free/     405     404       405
POST /admin/showtimes/showtime/{showtime}/seats/free/     415     404       415
GET  /admin/showtimes/showtime/{showtime}/seats/cancel/   200     404       200
POST /admin/showtimes/showtime/{showtime}/seats/cancel/   415     404       415
GET  /admin/showtimes/showtime/{showtime}/seats/find/     200     404       200
POST /admin/showtimes/showtime/{showtime}/seats/find/     405     404       405
GET  /admin/showtimes/showtime/{showtime}/seats/bookings/{reference}/ 200     404       200
POST /admin/showtimes/showtime/{showtime}/seats/bookings/{reference}/ 405     404       405
GET  /admin/showtimes/showtime/{showtime}/seats/bookings/{reference}/offer/ 405     404       405
POST /admin/showtimes/showtime/{showtime}/seats/bookings/{reference}/offer/ 415     404       415
GET  /admin/showtimes/showtime/{showtime}/seats/bookings/{reference}/cancel/ 405     404       405
POST /admin/showtimes/showtime/{showtime}/seats/bookings/{reference}/cancel/ 415     404       415
GET  /admin/showtimes/showtime/{showtime}/seats/bookings/{reference}/let-go/ 405     404       405
POST /admin/showtimes/showtime/{showtime}/seats/bookings/{reference}/let-go/ 409     404       409
GET  /admin/showtimes/showtime/{showtime}/seats/bookings/{reference}/send-again/ 405  404     405
POST /admin/showtimes/showtime/{showtime}/seats/bookings/{reference}/send-again/ 409  404     409
GET  /admin/showtimes/showtime/board/                     302     302       302
POST /admin/showtimes/showtime/board/                     302     302       302
GET  /admin/showtimes/showtime/board/{theater}/           200     404       200
POST /admin/showtimes/showtime/board/{theater}/           200     404       200
GET  /admin/showtimes/showtime/board/{theater}/day/       400     404       400
POST /admin/showtimes/showtime/board/{theater}/day/       405     404       405
GET  /admin/showtimes/showtime/board/{theater}/films/     200     404       200
POST /admin/showtimes/showtime/board/{theater}/films/     405     404       405
GET  /admin/showtimes/showtime/board/{theater}/plan/      405     404       405
POST /admin/showtimes/showtime/board/{theater}/plan/      415     404       415
GET  /admin/showtimes/showtime/board/{theater}/sale/      405     404       405
POST /admin/showtimes/showtime/board/{theater}/sale/      415     404       415
GET  /admin/showtimes/showtime/board/{theater}/copies/    405     404       405
POST /admin/showtimes/showtime/board/{theater}/copies/    415     404       415
GET  /admin/showtimes/showtime/board/{theater}/copy/      405     404       405
POST /admin/showtimes/showtime/board/{theater}/copy/      415     404       415
GET  /admin/showtimes/showtime/board/{theater}/prices/    405     404       405
POST /admin/showtimes/showtime/board/{theater}/prices/    415     404       415
GET  /admin/showtimes/showtime/board/{theater}/reprice/   405     404       405
POST /admin/showtimes/showtime/board/{theater}/reprice/   415     404       415
GET  /admin/showtimes/showtime/board/{theater}/showtimes/{showtime}/ 405     404       405
POST /admin/showtimes/showtime/board/{theater}/showtimes/{showtime}/ 415     404       415
GET  /admin/showtimes/showtime/board/{theater}/showtimes/{showtime}/remove/ 405     404       405
POST /admin/showtimes/showtime/board/{theater}/showtimes/{showtime}/remove/ 409     404       409
GET  /admin/manager_panel/report/statement/{showtime}/    200     404       200
POST /admin/manager_panel/report/statement/{showtime}/    200     404       200
GET  /admin/manager_panel/report/{report}/file/           404     404       404
POST /admin/manager_panel/report/{report}/file/           404     404       404
GET  /admin/manager_panel/report/{report}/progress/       200     404       200
POST /admin/manager_panel/report/{report}/progress/       200     404       200
GET  /admin/manager_panel/report/{report}/try_again/      200     404       200
POST /admin/manager_panel/report/{report}/try_again/     200     404       200
GET  /admin/theaters/theater/prices/                      302     302       302
POST /admin/theaters/theater/prices/                      405     405       405
GET  /admin/theaters/theater/{theater}/prices/            200     404       200
POST /admin/theaters/theater/{theater}/prices/            405     404       405
GET  /admin/theaters/theater/{theater}/prices/order/      405     404       405
POST /admin/theaters/theater/{theater}/prices/order/      415     404       415
GET  /admin/theaters/theater/{theater}/try/               405     404       405
POST /admin/theaters/theater/{theater}/try/               200     404       200
GET  /admin/theaters/theater/try/                         405     405       405
POST /admin/theaters/theater/try/                         200     200       200
GET  /admin/theaters/theater/{theater}/to-prices/         302     404       302
POST /admin/theaters/theater/{theater}/to-prices/         302     404       302
GET  /admin/bookings/promocode/csv/                       400     400       400
POST /admin/bookings/promocode/csv/                       405     405       405
GET  /admin/bookings/promocode/{promocode}/make_more/     200     404       200
POST /admin/bookings/promocode/{promocode}/make_more/     200     404       200
GET  /admin/bookings/promocode/try/                       405     405       405
POST /admin/bookings/promocode/try/                       200     200       200
GET  /admin/bookings/promocode/{promocode}/try/           405     404       405
POST /admin/bookings/promocode/{promocode}/try/           200     404       200
GET  /admin/showtimes/pricerule/try/                      405     405       405
POST /admin/showtimes/pricerule/try/                      200     200       200
GET  /admin/showtimes/pricerule/{pricerule}/try/          405     404       405
POST /admin/showtimes/pricerule/{pricerule}/try/          200     404       200
GET  /admin/second-factor/                                302     302       302
POST /admin/second-factor/                                302     302       302
GET  /admin/second-factor/set-up/                         200     200       200
POST /admin/second-factor/set-up/                         200     200       200
GET  /admin/second-factor/recovery-codes/                 302     302       302
POST /admin/second-factor/recovery-codes/                 302     302       302
"""
OPEN = ["/admin/login/", "/admin/logout/", "/admin/jsi18n/"]


def rows_of(text: str) -> list[list[str]]:
    """The words of each row, without those at the top of the columns."""
    lines = [line.replace("|", " ").split() for line in text.splitlines()]
    return [line for line in lines if line and line[0] not in ("manager", "list")]


@pytest.fixture
def everything(theater, movie):
    """One row of every model at the theater of `manager`."""
    return SimpleNamespace(**vars(of_the_chain()) | vars(everything_at(theater, movie)))


class Blank(Loader):
    """Every template, empty: here it only counts whether a door opens."""

    def get_template_sources(self, template_name):
        yield Origin(template_name, template_name, self)

    def get_contents(self, origin):
        return ""


@pytest.fixture(autouse=True)
def empty_pages(settings):
    """Most of the time of a page of the admin goes into drawing it."""
    options = {"loaders": [f"{__name__}.Blank"]}
    engine = "django.template.backends.django.DjangoTemplates"
    settings.TEMPLATES = [{"BACKEND": engine, "OPTIONS": options}]


@pytest.fixture
def ids(everything):
    """What `{showtime}` stands for."""
    kinds = ContentType.objects.get_for_model(everything.booking)
    rows = {name: row.pk for name, row in vars(everything).items()}
    return rows | {"content_type": kinds.pk, "reference": everything.booking.reference}


@pytest.fixture
def browser_of(users):
    """A browser for each kind of person."""

    def make(person):
        browser = Client()
        if person in users:
            browser.force_login(users[person])
        return browser

    return make


def sent(browser, page, **body) -> int:
    """The status of a POST, of which nothing stays."""
    with transaction.atomic():
        status = browser.post(page, body).status_code
        transaction.set_rollback(True)
    return status


def page_of(everything, model, page) -> str:
    args = [] if page in ("changelist", "add") else [row_of(everything, model).pk]
    return address(model, page, *args)


def word_for(shown: int, heard: int) -> str:
    """One of the words of the table; anything else is said as it is."""
    words = {(200, 200): "may", (200, 302): "may", (200, 403): "see"}
    return words.get((shown, heard), str(shown) if shown == heard else f"{shown}/{heard}")


@pytest.mark.parametrize("person", STAFF)
def test_each_role_gets_from_each_model_what_the_table_says(browser_of, everything, person):
    browser, first = browser_of(person), 1 + len(PAGES) * STAFF.index(person)
    wanted = {row[0]: row[first : first + len(PAGES)] for row in rows_of(TABLE)}
    found = {}
    for model in MODELS:
        pages = [page_of(everything, model, page) for page in PAGES]
        found[model._meta.label_lower] = [
            word_for(browser.get(page).status_code, sent(browser, page, post="yes"))
            for page in pages
        ]
    assert found == wanted


@pytest.mark.parametrize("person", STAFF)
def test_each_role_gets_from_each_room_what_the_table_says(browser_of, ids, person):
    found, wanted = {}, {}
    for method, route, *statuses in rows_of(ROOMS):
        browser, page = browser_of(person), route.format(**ids)
        wanted[method, route] = int(statuses[STAFF.index(person)])
        found[method, route] = (
            browser.get(page).status_code if method == "GET" else sent(browser, page)
        )
    assert found == wanted


def test_what_is_not_there_is_not_there_by_any_method(browser_of, ids):
    """Not even that it hears no PUT is said of a row of others."""
    browser, found = browser_of("elsewhere"), set()
    for page in {row[1] for row in rows_of(ROOMS) if row[3] == "404" and "{user}" not in row[1]}:
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            answer = browser.generic(method, page.format(**ids), "{}", "application/json")
            if answer.status_code != 404:
                found.add((method, page, answer.status_code))
    assert found == set()


def test_no_other_site_sends_or_frames_or_keeps_anything(users, ids):
    """Each POST needs Django's token; each page says what it may load, and is kept by nobody."""
    browser, found = Client(enforce_csrf_checks=True), []
    browser.force_login(users["admin"])
    for page in {row[1] for row in rows_of(ROOMS)} - {"/admin/jsi18n/"}:
        page = page.format(**ids)
        for answer in (browser.get(page), browser.post(page, "{}", "application/json")):
            is_post = answer.request["REQUEST_METHOD"] == "POST"
            safe = not is_post or answer.status_code in (403, 405)
            kept = "no-store" not in answer.headers.get("Cache-Control", "")
            kept = kept and answer.status_code == 200
            framed = "frame-ancestors 'none'" not in answer.headers["Content-Security-Policy"]
            if kept or framed or not safe:
                found.append((page, is_post, answer.status_code))
    assert found == []


def test_what_is_not_there_changes_nothing(browser_of, everything):
    """A POST of what would be done, if it were theirs; here it is not taken back."""
    browser = browser_of("elsewhere")
    theirs = [row[0] for row in rows_of(TABLE) if row[8] == "404"]
    for model in [one for one in MODELS if one._meta.label_lower in theirs]:
        row = row_of(everything, model)
        before = state(row)
        for page in PAGES[2:]:
            where = page_of(everything, model, page)
            answer = browser.post(where, {"post": "yes", "name": "Mine now", "code": "MINE"})
            assert answer.status_code == 404
            assert str(row).encode() not in answer.content
        assert state(row) == before


@pytest.mark.parametrize("person", ["nobody", "owner"])
def test_strangers_and_customers_are_sent_to_sign_in(browser_of, everything, ids, person):
    browser = browser_of(person)
    pages = [page_of(everything, model, page) for model in MODELS for page in PAGES]
    pages += [row[1].format(**ids) for row in rows_of(ROOMS) if row[1] not in OPEN]
    for page in pages:
        for send in (browser.get, browser.post):
            answer = send(page)
            assert answer.status_code == 302, page
            assert answer.url.startswith("/admin/login/"), page


def routes(patterns, before="") -> set[str]:
    """All routes below `before`, as /admin/payments/refund/{}/try_again/."""
    found = set()
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            found |= routes(pattern.url_patterns, route)
        else:
            found.add(route)
    return {re.sub(r"<[^>]*>", "{}", route) for route in found}


def test_every_page_of_the_admin_has_a_row():
    """Add yours to one of the tables above."""
    known = {f"/{re.sub('{.*?}', '{}', row[1])}".replace("//", "/") for row in rows_of(ROOMS)}
    for label in (row[0].replace(".", "/") for row in rows_of(TABLE)):
        known |= {f"/admin/{label}/{page}" for page in ("", "add/", *("{}/" + p for p in LEAVES))}
    there = {f"/{route}" for route in routes(get_resolver().url_patterns)}
    there = {one for one in there if one.startswith("/admin/") and not one.startswith(NOBODYS)}
    assert there - known == set()
