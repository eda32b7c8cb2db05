"""Promo codes in the panel: what came of them, and many of them at once."""

import csv
import re
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from bookings.models import Booking, PromoCode
from history.models import Entry

from .test_admin import address, by_hand, everything_at, theater_called

__all__ = ["by_hand"]


@pytest.fixture
def browser(by_hand, manager):
    return by_hand(manager)


@pytest.fixture
def stranger(db):
    """The manager of another theater."""
    user = User.objects.create_user("stranger", role=Role.MANAGER)
    theater_called("Odeon").managers.add(user)
    return user


def test_a_code_tells_what_came_of_it_at_own_theaters(browser, theater, movie):
    code = PromoCode.objects.create(code="BOTH", percent=10)
    here, there = everything_at(theater, movie), everything_at(theater_called("Odeon"), movie)
    code.theaters.set([theater, there.theater])
    for row in (here, there):
        Booking.objects.filter(pk=row.booking.pk).update(
            promo_code=code, subtotal=10, discount=1, total=9
        )
    use = browser.get(address(PromoCode, "change", code.pk)).context["use"]
    assert [one["reference"] for one in use["bookings"]] == [here.booking.reference]
    assert use["sums"] == [{"discount": "1.00\u00a0EUR", "brought": "9.00\u00a0EUR"}]
    assert use["count"] == 1
    assert [house.name for house in use["theaters"]] == ["Lux"]


@pytest.fixture
def code(theater, movie):
    code = PromoCode.objects.create(code="PRESS", percent=100, minimum_tickets=2)
    code.theaters.add(theater)
    code.movies.add(movie)
    return code


def make_more(browser, code, **form):
    page = f"/admin/bookings/promocode/{code.pk}/make_more/"
    return browser.post(page, form | {"_form_submitted": "1"})


def test_many_codes_are_made_at_once(browser, code, theater, movie):
    answer = make_more(browser, code, count=12, prefix="press-", max_uses=1)
    assert answer["HX-Redirect"] == address(PromoCode, "changelist")
    made = PromoCode.objects.exclude(pk=code.pk)
    assert made.count() == 12
    for one in made:
        assert one.code.startswith("PRESS-")
        assert not set(one.code.removeprefix("PRESS-")) & set("01258BIOS")
        assert (one.percent, one.minimum_tickets, one.max_uses) == (100, 2, 1)
        assert [*one.theaters.all(), *one.movies.all()] == [theater, movie]
    page = browser.get(address(PromoCode, "changelist")).content.decode()
    start = page.index("/admin/bookings/promocode/csv/")
    file = browser.get(page[start : page.index('"', start)].replace("&amp;", "&"))
    lines = list(csv.reader(StringIO(file.content.decode())))
    assert sorted(line[0] for line in lines[1:]) == sorted(one.code for one in made)


def window_of(browser, code) -> dict:
    """What the window sends without being asked."""
    page = browser.get(f"/admin/bookings/promocode/{code.pk}/make_more/").content.decode()
    return {"window": re.search(r'name="window" value="([^"]+)"', page)[1]}


def test_a_double_click_makes_the_codes_once(browser, code):
    window = window_of(browser, code)
    for _ in range(2):
        answer = make_more(browser, code, count=5, prefix="press-", max_uses=1, **window)
        assert answer["HX-Redirect"] == address(PromoCode, "changelist")
    assert PromoCode.objects.exclude(pk=code.pk).count() == 5
    page = browser.get(address(PromoCode, "changelist")).content.decode()
    assert page.count("5 new codes like PRESS") == 1


def test_two_windows_make_two_batches(browser, code):
    for _ in range(2):
        window = window_of(browser, code)
        make_more(browser, code, count=5, prefix="press-", max_uses=1, **window)
    # The window was refused, or shown again: what it asks for now is something else.
    make_more(browser, code, count=3, prefix="press-", max_uses=1, **window)
    assert PromoCode.objects.exclude(pk=code.pk).count() == 13


def test_each_of_many_has_a_history(browser, code, theater, manager):
    make_more(browser, code, count=3, prefix="press-", max_uses=1)
    entries = Entry.objects.filter(kind="bookings.promocode", who=manager.pk)
    assert len(entries) == 3
    for entry in entries:
        assert (entry.verb, entry.theater) == ("added", theater.pk)
        assert entry.changes["theaters"] == [None, "Lux"]
        assert entry.changes["movies"] == [None, "The Long Way Down"]
        assert entry.changes["max_uses"] == [None, 1]


def test_many_cost_as_many_queries_as_few(browser, code, django_assert_num_queries):
    make_more(browser, code, count=1, prefix="", max_uses=1)
    with CaptureQueriesContext(connection) as few:
        make_more(browser, code, count=3, prefix="few-", max_uses=1)
    with django_assert_num_queries(len(few)):
        make_more(browser, code, count=90, prefix="many-", max_uses=1)


@pytest.mark.parametrize(
    "wrong", [{"count": 0}, {"count": 1001}, {"prefix": "=1+1"}, {"prefix": "x" * 33}]
)
def test_a_batch_that_makes_no_sense_is_refused(browser, code, wrong):
    make_more(browser, code, **{"count": 5, "prefix": "", "max_uses": 1} | wrong)
    assert PromoCode.objects.count() == 1


def test_others_make_and_read_no_codes_of_ours(by_hand, stranger, code):
    browser = by_hand(stranger)
    assert make_more(browser, code, count=5, prefix="", max_uses=1).status_code in (403, 404)
    assert PromoCode.objects.count() == 1
    file = browser.get("/admin/bookings/promocode/csv/", {"first": 1, "last": 10**9})
    assert "PRESS" not in file.content.decode()
    for odd in ({}, {"first": "x", "last": "9" * 30}, {"first": "٣", "last": "-1"}):
        assert browser.get("/admin/bookings/promocode/csv/", odd).status_code == 400


@pytest.mark.parametrize("code_name", ["=1+1", "+A", "-A", "@A", "\tA", "\nA", "＝A"])
def test_no_code_is_a_formula_however_it_begins(browser, code, code_name):
    PromoCode.objects.filter(pk=code.pk).update(code=code_name)
    assert read(browser, code)[1][0] == f"'{code_name}"


def test_the_file_has_days_with_their_year_and_amounts_with_all_their_decimals(browser, code):
    end = datetime(2027, 1, 1, 22, 59, tzinfo=UTC)
    PromoCode.objects.filter(pk=code.pk).update(
        percent=None, amount=5, currency="EUR", valid_until=end
    )
    head, line = read(browser, code)
    assert head[5] == "valid until (Europe/Berlin)"
    assert line[1:] == ["", "5.00", "EUR", "", "2027-01-01 23:59", ""]


def read(browser, code) -> list[list]:
    file = browser.get("/admin/bookings/promocode/csv/", {"first": code.pk, "last": code.pk})
    return list(csv.reader(StringIO(file.content.decode("utf-8-sig"), newline="")))
