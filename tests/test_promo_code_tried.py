"""A promo code in its form, before it is saved: what it would give is what customers then get."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from accounts.models import Role, User
from bookings.models import PromoCode
from history.models import Entry
from movies.models import Movie
from showtimes.models import PriceRule, Showtime
from theaters.models import SeatCategory, Theater

from .test_admin import HOSTILE, address, by_hand, queries_of_posting, theater_called

__all__ = ["by_hand"]
NEW = "/admin/bookings/promocode/try/"


@pytest.fixture
def browser(by_hand, manager):
    return by_hand(manager)


@pytest.fixture
def stranger(db):
    """The manager of another theater."""
    user = User.objects.create_user("stranger", role=Role.MANAGER)
    theater_called("Odeon").managers.add(user)
    return user


@pytest.fixture
def form(theater, showtime):
    """What a manager types, and asks below: three tickets, a tenth off."""

    def typed(**more):
        asked = {"ask-showtime": showtime.pk, "ask-tickets": 3}
        code = {"code": "spring", "percent": "10", "minimum_tickets": 1, "theaters": [theater.pk]}
        return code | asked | more

    return typed


def of(code):
    return f"/admin/bookings/promocode/{code.pk}/try/"


def figures(text):
    """The number in 1,212.50 EUR."""
    return Decimal(text.split("\u00a0")[0].replace(",", "").replace("−", "-"))


def quote(showtime, seats, client=None):
    body = {"showtime": showtime.pk, "seats": [seat.pk for seat in seats], "promo_code": "SPRING"}
    return (client or APIClient()).post("/api/bookings/quote/", body, format="json")


def in_currency(theater, currency):
    """The prices stay what they are: 10 and 14.5 of whatever it is, and a fee of 1."""
    Theater.objects.filter(pk=theater.pk).update(currency=currency, tax_rate=Decimal("8.875"))
    rate = {"JPY": 100, "KWD": Decimal("0.3333")}.get(currency, 1)
    for category in SeatCategory.objects.all():
        category.default_price = round(category.default_price * rate, 3)
        category.save()


AMOUNTS = [
    ("EUR", {"percent": "33.33"}),
    ("EUR", {"percent": "100"}),
    ("EUR", {"percent": "", "amount": "7.50"}),
    ("EUR", {"percent": "", "amount": "500"}),
    ("JPY", {"percent": "12.5"}),
    ("JPY", {"percent": "", "amount": "333"}),
    ("KWD", {"percent": "33.33"}),
    ("KWD", {"percent": "", "amount": "0.120"}),
]


@pytest.mark.parametrize("included", [True, False], ids=["tax in it", "tax on top"])
@pytest.mark.parametrize(("currency", "gives"), AMOUNTS)
def test_what_it_would_give_is_what_it_gives(
    browser, theater, showtime, seats, form, currency, gives, included
):
    in_currency(theater, currency)
    Theater.objects.filter(pk=theater.pk).update(prices_include_tax=included)
    PriceRule.objects.create(theater=theater, name="Odd", effect="percent", value=Decimal("-1.7"))
    without = quote_without(showtime, seats[:3])
    found = browser.post(NEW, form(**gives)).context
    saved = {name: value for name, value in form(**gives).items() if name[:4] != "ask-"}
    assert browser.post(address(PromoCode, "add"), saved).status_code == 302
    cost = quote(showtime, seats[:3]).json()
    assert figures(found["bill"].total) == Decimal(cost["total"])
    assert figures(found["bill_before"].total) == Decimal(without["total"])
    assert figures(found["bill"].tax or "0") == Decimal(cost["tax"])
    [discount] = [line for line in found["bill"].lines if line.tried]
    assert figures(discount.change) == -Decimal(cost["discount"])
    assert "off the seats" in discount.why
    [row] = found["week"].rows
    silver = row.cells[0]
    assert Decimal(silver.amount) == Decimal(cost["subtotal"]) - Decimal(cost["discount"])
    assert Decimal(silver.before) == Decimal(cost["subtotal"])


def quote_without(showtime, seats):
    body = {"showtime": showtime.pk, "seats": [seat.pk for seat in seats]}
    return APIClient().post("/api/bookings/quote/", body, format="json").json()


def day(days):
    return f"{datetime.now() + timedelta(days=days):%Y-%m-%d}"


REFUSED = [
    ({"valid_from_0": day(2), "valid_from_1": "12:00"}, "not valid yet"),
    ({"valid_until_0": day(-2), "valid_until_1": "12:00"}, "no longer valid"),
    ({"minimum_tickets": 4}, "for 4 tickets or more"),
    ({"max_uses": 0}, "used up"),
    ({"max_uses_per_customer": 0}, "You have used this promo code already"),
    ({"movies": "other"}, "not for this film"),
]


@pytest.mark.parametrize(("limits", "words"), REFUSED)
def test_who_would_be_refused_reads_why(browser, showtime, seats, form, limits, words):
    if "movies" in limits:
        fields = {"title": "X", "release_date": "2026-01-01", "duration_minutes": 90}
        limits = {"movies": [Movie.objects.create(**fields, language="en").pk]}
    page = browser.post(NEW, form(**limits))
    saved = {name: value for name, value in form(**limits).items() if name[:4] != "ask-"}
    assert browser.post(address(PromoCode, "add"), saved).status_code == 302
    [error] = quote(showtime, seats[:3]).json()["errors"]
    assert words in error["detail"]
    bill = page.context["bill"]
    assert bill.code_refused == error["detail"]
    assert figures(bill.total) == 33
    assert page.context["week"].code_refused == error["detail"]
    assert error["detail"] in page.content.decode()


def test_its_hours_are_those_of_the_theaters_clock(browser, theater, form):
    """From 18:00 in Berlin, wherever the server stands."""
    limits = {"valid_from_0": day(3), "valid_from_1": "18:00"}
    asked = {"ask-booked_on": day(3), "ask-booked_at": "17:59"}
    found = browser.post(NEW, form(**limits, **asked)).context
    assert found["bill"].code_refused == "This promo code is not valid yet."
    assert ", 17:59" in found["bill"].booked
    asked["ask-booked_at"] = "18:00"
    found = browser.post(NEW, form(**limits, **asked)).context
    assert found["bill"].code_refused == ""
    assert ", 18:00" in found["in_words"]


def test_uses_so_far_count(browser, theater, showtime, seats, form, book, me):
    code = PromoCode.objects.create(code="SPRING", percent=10)
    code.theaters.add(theater)
    assert book(me, showtime, seats[:1], promo_code="spring").status_code == 201
    found = browser.post(of(code), form(max_uses=2, max_uses_per_customer=2)).context
    assert "1 of 2 bookings made, 2 bookings of one customer" in found["in_words"]
    assert found["bill"].code_refused == ""
    found = browser.post(of(code), form(max_uses=1)).context
    assert found["bill"].code_refused == "This promo code is used up."
    asked = {"max_uses_per_customer": 2, "ask-theirs": 2}
    found = browser.post(of(code), form(**asked)).context
    assert found["bill"].code_refused == "You have used this promo code already."


def test_it_is_marked_where_it_holds(browser, theater, screen, showtime, form):
    film = Movie.objects.create(
        title="Other", release_date="2026-01-01", duration_minutes=90, language="en"
    )
    start = showtime.starts_at + timedelta(hours=4)
    other = Showtime.objects.create(
        movie=film, screen=screen, starts_at=start, ends_at=start + timedelta(hours=2)
    )
    week = browser.post(NEW, form(movies=[film.pk], **{"ask-tickets": 2})).context["week"]
    here, there = week.rows
    assert (here.showtime, here.changed) == (showtime, 0)
    assert here.code_refused == "This promo code is not for this film."
    assert (there.showtime, there.changed, there.code_refused) == (other, 2, "")
    assert (there.cells[0].before, there.cells[0].amount) == ("20.00", "18.00")
    assert week.code_refused == ""


def test_too_little_to_be_paid_online_is_said(browser, theater, showtime, seats, form):
    Theater.objects.filter(pk=theater.pk).update(booking_fee=0)
    gives = {"percent": "", "amount": "29.80", "code": "spring"}
    found = browser.post(NEW, form(**gives)).context
    PromoCode.objects.create(code="SPRING", amount=Decimal("29.80"), currency="EUR")
    [error] = quote(showtime, seats[:3]).json()["errors"]
    assert error["code"] == "amount_not_payable"
    assert found["bill"].not_online == error["detail"]


def test_trying_it_changes_nothing(browser, theater, form):
    code = PromoCode.objects.create(code="SPRING", percent=10)
    code.theaters.add(theater)
    before = Entry.objects.count()
    assert browser.post(of(code), form(code="other", percent="50")).status_code == 200
    assert browser.post(NEW, form(code="new")).status_code == 200
    assert list(PromoCode.objects.values_list("code", "percent")) == [("SPRING", 10)]
    assert Entry.objects.count() == before


def test_a_form_that_is_not_right_yet_says_what_is_missing(browser, form):
    page = browser.post(NEW, form(percent="", amount=""))
    words = page.content.decode()
    assert "A promo code is a percentage or an amount." in words
    assert "This is what seats cost today." in words
    assert page.context["week"].changed == 0
    assert figures(page.context["bill"].total) == 33
    words = browser.post(NEW, form(theaters=[], percent="200")).content.decode()
    assert "<b>Theaters</b>: This field is required." in words
    assert "<b>Percent off</b>" in words


def test_a_code_of_two_theaters_is_looked_at_in_either(by_hand, manager, theater, form):
    odeon = theater_called("Odeon")
    odeon.managers.add(manager)
    both = {"theaters": [theater.pk, odeon.pk]}
    found = by_hand(manager).post(NEW, form(**both)).context
    assert found["theater"] == theater
    assert [house for _, house in found["asked"].fields["house"].choices] == ["Lux", "Odeon"]
    found = by_hand(manager).post(NEW, form(**both, **{"ask-house": odeon.pk})).context
    assert found["theater"] == odeon


def test_a_code_of_the_whole_chain_is_looked_at_by_admins(by_hand, admin, theater, form):
    chain = form(theaters=[], **{"ask-house": theater.pk})
    theater_called("Alhambra")
    found = by_hand(admin).post(NEW, chain).context
    assert "at every theater" in found["in_words"]
    assert figures(found["bill"].total) == 30
    chain |= {"percent": "", "amount": "5", "currency": "USD"}
    found = by_hand(admin).post(NEW, chain).context
    assert found["bill"].code_refused == "This promo code is for another currency."


def test_another_managers_code_and_theater_are_not_found(by_hand, stranger, theater, form):
    code = PromoCode.objects.create(code="SPRING", percent=10)
    code.theaters.add(theater)
    browser = by_hand(stranger)
    odeon = stranger.theaters.get()
    assert browser.post(of(code), form()).status_code == 404
    assert browser.post(NEW, form()).status_code == 404
    assert browser.post(NEW, form(theaters=[odeon.pk, theater.pk])).status_code == 404
    page = browser.post(NEW, form(theaters=[odeon.pk], **{"ask-house": theater.pk}))
    assert page.context["theater"] == odeon
    assert "Lux" not in page.content.decode()
    assert "The Long Way Down" not in page.content.decode()


def test_a_code_that_somebody_else_shares_may_only_be_looked_at(browser, theater, form):
    code = PromoCode.objects.create(code="SPRING", percent=10)
    code.theaters.add(theater, theater_called("Odeon"))
    assert browser.post(of(code), form()).status_code == 403
    assert "What it would give" not in browser.get(address(PromoCode, "change", code.pk)).text


def test_nothing_that_is_typed_is_a_server_error(browser, form):
    asks = ["house", "booked_at", "booked_on", "theirs", "week", "category", "movie", "screen"]
    odd = []
    for value in (HOSTILE, "9" * 30, "-1", "0001-01-01", "9999-12-31", "NaN", "١"):
        odd.append({f"ask-{name}": value for name in asks} | {"ask-showtime": "other"})
    for name in ("code", "percent", "amount", "currency", "movies", "theaters", "max_uses"):
        odd += [{name: value} for value in (HOSTILE, "9" * 30, "NaN")]
    for name in ("valid_from", "valid_until"):
        for date, hour in [("0001-01-01", "00:00"), ("9999-12-31", "23:59"), (HOSTILE, "x")]:
            odd.append({f"{name}_0": date, f"{name}_1": hour})
    for typed in odd:
        assert browser.post(NEW, form(**typed)).status_code in (200, 400, 404), typed


def test_the_first_and_last_days_of_the_calendar_are_none(by_hand, admin, form):
    """Those of a chain are typed by the clock of UTC, and told by that of each theater."""
    Theater.objects.update(timezone="Pacific/Auckland")
    theater_called("Odeon")
    ends = form(theaters=[], valid_until_0="9999-12-31", valid_until_1="23:59")
    assert by_hand(admin).post(NEW, ends).status_code == 200


def test_a_preview_costs_the_same_for_one_showtime_as_for_many(
    browser, theater, movie, screen, showtime, form
):
    first = queries_of_posting(browser, NEW, form(movies=[movie.pk]))
    for hours in range(3, 60, 3):
        start = showtime.starts_at + timedelta(hours=hours)
        end = start + timedelta(hours=2)
        Showtime.objects.create(movie=movie, screen=screen, starts_at=start, ends_at=end)
    films = [
        Movie.objects.create(title=f"{n}", release_date="2026-01-01", duration_minutes=90).pk
        for n in range(5)
    ]
    assert queries_of_posting(browser, NEW, form(movies=[*films, movie.pk])) == first
