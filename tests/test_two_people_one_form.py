"""A form that was open while somebody else saved writes nothing over that unasked."""

import re

import pytest

from bookings.models import PromoCode
from showtimes.models import Showtime
from theaters.models import Theater

from .test_admin import address, by_hand, form_of

__all__ = ["by_hand"]


@pytest.fixture
def opened(by_hand, manager):
    """Open the form of a row; answers what sends it with changes, as it was when it was opened."""
    browser = by_hand(manager)

    def open_form(row):
        page = address(type(row), "change", row.pk)
        html = browser.get(page).content.decode()
        [as_of] = re.findall(r'name="_as_of" value="(\d+)"', html)
        seen = form_of(browser, page) | {"_as_of": as_of}
        return lambda **changes: browser.post(page, seen | changes)

    return open_form


def said(answer) -> str:
    assert answer.status_code == 200
    return str(answer.context["errors"])


def test_who_sends_second_is_told_what_the_first_saved(opened, theater):
    first, second = opened(theater), opened(theater)
    assert first(phone="030 1").status_code == 302
    refused = second(email="lux@example.com")
    assert "manager changed Lux" in said(refused)
    assert "phone: – → 030 1" in said(refused)
    theater.refresh_from_db()
    assert (theater.phone, theater.email) == ("030 1", "")


def test_who_sends_it_once_more_means_it(opened, theater):
    first, second = opened(theater), opened(theater)
    first(phone="030 1")
    refused = second(phone="030 2").content.decode()
    [as_of] = re.findall(r'name="_as_of" value="(\d+)"', refused)
    assert second(phone="030 2", _as_of=as_of).status_code == 302
    assert Theater.objects.get().phone == "030 2"


def test_prices_on_the_page_of_the_theater_count_too(opened, theater, silver):
    form = opened(theater)
    silver.default_price = 12
    silver.save()
    assert "default price: 10 → 12" in said(form(phone="030 1"))
    silver.refresh_from_db()
    assert silver.default_price == 12


def test_a_showtime_that_moved_is_not_moved_back(opened, showtime, screen, theater):
    form = opened(showtime)
    other = theater.screens.create(name="Screen 2")
    moved = Showtime.objects.get()
    moved.screen = other
    moved.save()
    assert "screen: Lux, Screen 1 → Lux, Screen 2" in said(form(cleaning_minutes=20))
    assert Showtime.objects.get().screen == other


def test_one_after_the_other_is_no_matter(opened, theater):
    for number in range(3):
        assert opened(theater)(phone=f"030 {number}").status_code == 302


@pytest.mark.parametrize("as_of", ["", "x", "-1", "9" * 5000, "٣"])
def test_what_no_page_sends_is_passed_over(opened, theater, as_of):
    assert opened(theater)(phone="030 1", _as_of=as_of).status_code in (200, 302)


def test_a_code_keeps_its_limit(opened, theater):
    code = PromoCode.objects.create(code="SPRING", percent=10)
    code.theaters.add(theater)
    form = opened(code)
    PromoCode.objects.update(max_uses=7)
    assert "max uses: – → 7" in said(form(percent=20))
    assert PromoCode.objects.get().max_uses == 7
