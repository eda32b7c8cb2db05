"""Prices in the panel: what is shown there is what customers are asked for."""

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from django.contrib import admin as django_admin

from accounts.models import Role, User
from bookings.models import PromoCode
from manager_panel.admin.words import SEARCHES
from movies.models import Movie, Person, Slide
from showtimes.models import PriceRule, Showtime

from .test_admin import (
    HOSTILE,
    MODELS,
    address,
    by_hand,
    form_of,
    queries_of,
    theater_called,
)

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


@pytest.fixture
def rule(theater):
    return PriceRule.objects.create(theater=theater, name="Sale", effect="percent", value=-20)


def room(theater, page=""):
    return f"/admin/theaters/theater/{theater.pk}/prices/{page}"


def trial(rule):
    return f"/admin/showtimes/pricerule/{rule.pk}/try/"


RULE = {"name": "Half", "position": 5, "active": "on", "effect": "percent", "value": "-50"}


def test_another_managers_prices_are_not_found(by_hand, stranger, theater, rule):
    browser = by_hand(stranger)
    assert browser.get(room(theater)).status_code == 404
    assert browser.post(room(theater, "order/"), {"rules": [rule.pk]}).status_code == 404
    assert browser.post(trial(rule), RULE).status_code == 404
    assert (
        browser.post("/admin/showtimes/pricerule/try/", RULE | {"theater": theater.pk}).status_code
        == 404
    )
    assert browser.post(f"/admin/theaters/theater/{theater.pk}/try/", {}).status_code == 404


def test_customers_do_not_come_in(by_hand, alice, theater, rule):
    browser = by_hand(alice)
    assert browser.get(room(theater)).status_code == 302
    assert browser.post(trial(rule), RULE).status_code == 302


@pytest.mark.parametrize("kind", ["adult", "child"])
def test_the_bill_is_the_quote(browser, client_of, showtime, seats, rule, kind):
    PriceRule.objects.create(
        theater=rule.theater, name="Kids", ticket_types=["child"], effect="amount", value="-1.33"
    )
    PromoCode.objects.create(code="TEN", percent=10)
    quoted = client_of(None).post(
        "/api/bookings/quote/",
        {
            "showtime": showtime.pk,
            "seats": [{"seat": seat.pk, "type": kind} for seat in seats[:3]],
            "promo_code": "ten",
        },
        format="json",
    )
    asked = {"showtime": showtime.pk, "type": kind, "tickets": 3, "promo_code": "ten"}
    bill = browser.get(room(rule.theater), asked).context["bill"]
    assert bill.total.replace("\u00a0", " ") == f"{quoted.json()['total']} EUR"
    assert bill.code_refused == ""


def test_rules_ask_for_the_day_of_booking(browser, theater, showtime):
    PriceRule.objects.create(
        theater=theater, name="Late", days_before_max=0, effect="amount", value=3
    )
    day = showtime.starts_at.astimezone(theater.zone).date()
    early = browser.get(room(theater), {"showtime": showtime.pk}).context["bill"]
    late = browser.get(room(theater), {"showtime": showtime.pk, "booked_on": day}).context["bill"]
    assert [step.name for step in early.steps] == ["Silver"]
    assert [step.name for step in late.steps] == ["Silver", "Late"]


def test_a_promo_code_is_asked_on_the_day_of_booking(browser, theater, showtime):
    ends = showtime.starts_at - timedelta(days=3)
    PromoCode.objects.create(code="OLD", percent=10, valid_until=ends)
    bill = browser.get(room(theater), {"promo_code": "OLD"}).context["bill"]
    assert bill.code_refused == "This promo code is no longer valid."
    before = ends.date() - timedelta(days=1)
    bill = browser.get(room(theater), {"promo_code": "OLD", "booked_on": before}).context["bill"]
    assert bill.code_refused == ""


def test_no_question_is_a_server_error(browser, theater, showtime):
    names = browser.get(room(theater)).context["asked"].fields
    odd = [{"showtime": "other", name: HOSTILE} for name in names]
    for value in ("9" * 30, "-1", "0001-01-01", "9999-12-31", "NaN", "2026-02-30"):
        odd.append(dict.fromkeys(names, value) | {"showtime": "other"})
    for asked in odd:
        assert browser.get(room(theater), asked).status_code == 200, asked


def test_what_was_chosen_elsewhere_is_forgotten(browser, theater, showtime):
    elsewhere = theater_called("Odeon").seat_categories.create(name="Sofa", default_price=9)
    asked = {"category": elsewhere.pk, "screen": 10**6, "movie": 10**6}
    bill = browser.get(room(theater), asked).context["bill"]
    assert bill.steps[0].name == "Silver"


def test_a_theater_without_seats_says_what_to_do_first(by_hand, stranger):
    house = stranger.theaters.get()
    page = by_hand(stranger).get("/admin/theaters/theater/prices/", follow=True)
    assert "seat category with its price" in page.content.decode()
    assert page.redirect_chain[0][0] == room(house)


def test_a_week_costs_the_same_for_one_showtime_as_for_many(
    browser, theater, movie, showtime, rule
):
    page = room(theater)
    first = queries_of(browser, page)
    for hours in range(3, 60, 3):
        start = showtime.starts_at + timedelta(hours=hours)
        Showtime.objects.create(
            movie=movie,
            screen=showtime.screen,
            starts_at=start,
            ends_at=start + timedelta(hours=2),
            language="en",
        )
        PriceRule.objects.create(
            theater=theater, name=f"{hours}", effect="amount", value=1, movie=movie
        )
    assert queries_of(browser, page) == first


def test_trying_a_rule_changes_nothing(browser, theater, showtime, rule):
    found = browser.post(trial(rule), RULE | {"ask-showtime": showtime.pk}).context
    assert "5.00" in found["bill"].a_seat
    assert "8.00" in found["bill_before"].a_seat
    assert found["week"].changed == 2
    rule.refresh_from_db()
    assert (rule.name, rule.value) == ("Sale", Decimal(-20))


def test_a_rule_that_is_not_right_yet_says_what_is_missing(browser, theater, showtime, rule):
    page = browser.post(trial(rule), RULE | {"value": "-200"})
    assert "From -100 to 1000 percent." in page.content.decode()
    assert page.context["week"].changed == 0


def test_rules_are_put_in_order(browser, theater, rule):
    other = PriceRule.objects.create(theater=theater, name="First", effect="amount", value=1)
    asked = {"rules": [other.pk, rule.pk]}
    answer = browser.post(room(theater, "order/"), asked, content_type="application/json")
    assert answer.status_code == 200
    assert list(PriceRule.objects.active()) == [other, rule]
    for wrong in ([rule.pk], [rule.pk, rule.pk], [rule.pk, other.pk, 10**9]):
        answer = browser.post(
            room(theater, "order/"), {"rules": wrong}, content_type="application/json"
        )
        assert answer.status_code == 409
        assert answer.json()["errors"][0]["code"] == "list_has_changed"


def test_a_film_that_nobody_planned_has_prices_too(browser, theater, screen):
    soon = Movie.objects.create(
        title="Tomorrow", release_date="2190-01-01", duration_minutes=90, language="en"
    )
    PriceRule.objects.create(theater=theater, name="Event", effect="price", value=30, movie=soon)
    asked = {"showtime": "other", "movie": soon.pk, "time": "01:30", "day": theater.today()}
    bill = browser.get(room(theater), asked).context["bill"]
    night = datetime.combine(theater.today() + timedelta(days=1), time(1, 30))
    assert f"{night:%a}" in bill.showtime
    assert "30.00" in bill.a_seat


def test_slides_and_credits_are_put_in_order(by_hand, admin, manager, movie):
    first, second = (
        Slide.objects.create(title=name, image="slides/x.jpg", position=1) for name in "ab"
    )
    form = {
        "form-TOTAL_FORMS": 2,
        "form-INITIAL_FORMS": 2,
        "form-0-id": first.pk,
        "form-0-position": 2,
        "form-1-id": second.pk,
        "form-1-position": 0,
        "_save": "Save",
    }
    page = address(Slide, "changelist")
    assert by_hand(manager).get(page).status_code == 200
    assert by_hand(manager).post(page, form).status_code == 403
    assert by_hand(admin).post(page, form).status_code == 302
    assert list(Slide.objects.values_list("title", flat=True)) == ["b", "a"]
    browser, page = by_hand(admin), address(Movie, "change", movie.pk)
    for name in ("Ada", "Ben"):
        person = Person.objects.create(name=name)
        at = movie.credits.count()
        credit = {
            f"credits-{at}-movie": movie.pk,
            f"credits-{at}-person": person.pk,
            f"credits-{at}-job": "actor",
            f"credits-{at}-order": "",
        }
        sent = form_of(browser, page) | credit | {"credits-TOTAL_FORMS": at + 1}
        assert browser.post(page, sent).status_code == 302
    assert list(movie.credits.values_list("person__name", "order")) == [("Ada", 0), ("Ben", 1)]


@pytest.mark.parametrize("included", [True, False])
def test_a_theater_tells_what_a_ticket_costs(browser, theater, silver, included):
    theater.prices_include_tax = included
    theater.save()
    page = browser.get(address(type(theater), "change", theater.pk)).content.decode()
    total = "11.00" if included else "13.09"
    assert f"<b>10.00\u00a0EUR</b> costs <b>{total}\u00a0EUR</b>" in page


def test_examples_wait_for_what_they_need(by_hand, admin):
    answer = by_hand(admin).post("/admin/theaters/theater/try/", {"name": "New", "currency": ""})
    assert answer.status_code == 200
    assert "Fill in the currency" in answer.content.decode()
    odd = {"currency": HOSTILE, "tax_rate": "NaN", "latitude": "1e99", "booking_fee": "-"}
    assert by_hand(admin).post("/admin/theaters/theater/try/", odd).status_code == 200


def test_every_list_says_what_a_search_looks_at():
    pages = {model: django_admin.site.get_model_admin(model) for model in MODELS}
    assert [model for model, page in pages.items() if not page.search_help_text] == []
    assert set(SEARCHES) == {model._meta.label_lower for model in MODELS}


def test_an_empty_list_says_what_to_do_first(browser):
    page = browser.get(address(PriceRule, "changelist")).content.decode()
    assert "A rule makes Monday afternoons cheaper" in page
    page = browser.get(address(PriceRule, "changelist"), {"q": "nothing"}).content.decode()
    assert "The search looks at: Name of a rule, or theater." in page


def test_deleting_says_what_it_means(browser, rule):
    page = browser.get(address(PriceRule, "delete", rule.pk)).content.decode()
    assert "those that are made keep their price" in page
    ticked = {"action": "delete_selected", "_selected_action": [rule.pk]}
    page = browser.post(address(PriceRule, "changelist"), ticked).content.decode()
    assert "those that are made keep their price" in page
