"""
A manager sees and touches their own theaters only, in the admin as well. Which pages are there for
whom is in the tables of test_who_may_in_the_admin.py.
"""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib import admin as django_admin
from django.contrib.auth.models import Permission
from django.utils import timezone

from accounts.models import Role, User
from bookings.models import Booking, PromoCode, Scan
from showtimes.models import Price, PriceRule, SeatBlock, Showtime
from theaters.models import Screen, Seat, SeatCategory, Theater

from .test_admin import (
    MODELS,
    address,
    by_hand,
    everything_at,
    form_of,
    of_the_chain,
    row_of,
    source_of,
    theater_called,
)

__all__ = ["by_hand"]
OF_A_THEATER = (
    "theater screen seatcategory seat showtime price pricerule seatblock takenseat promocode "
    "booking bookingline ticket exchange swap scan payment refund invoice invoiceseries entry"
).split()
THEIRS = [model for model in MODELS if model._meta.model_name in OF_A_THEATER]
TO_EDIT = [Screen, SeatCategory, Seat, Showtime, Price, PriceRule, SeatBlock, PromoCode]


def each(models_):
    return pytest.mark.parametrize("model", models_, ids=lambda model: model.__name__)


@pytest.fixture
def everything(theater, movie):
    """One row of every model at the theater of `manager`."""
    return SimpleNamespace(**vars(of_the_chain()) | vars(everything_at(theater, movie)))


@pytest.fixture
def stranger(db):
    """The manager of another theater."""
    user = User.objects.create_user("stranger", role=Role.MANAGER)
    theater_called("Odeon").managers.add(user)
    return user


def state(row):
    """The row as it is in the database, or None."""
    return type(row).objects.filter(pk=row.pk).values().first()


@each(THEIRS)
def test_a_manager_sees_the_rows_of_own_theaters(by_hand, manager, everything, model):
    browser = by_hand(manager)
    row = row_of(everything, model)
    listed = browser.get(address(model, "changelist")).context["cl"].result_list
    assert row.pk in [other.pk for other in listed]
    assert browser.get(address(model, "change", row.pk)).status_code == 200


@each(THEIRS)
def test_the_manager_of_another_theater_sees_no_rows(by_hand, stranger, everything, model):
    browser = by_hand(stranger)
    row = row_of(everything, model)
    for query in ({}, {"q": "Lux"}, {"pk__exact": row.pk}):
        listed = browser.get(address(model, "changelist"), query).context["cl"].result_list
        assert row.pk not in [other.pk for other in listed]


@each(THEIRS)
def test_actions_pass_over_the_rows_of_others(by_hand, stranger, everything, model):
    browser = by_hand(stranger)
    row = row_of(everything, model)
    before = state(row)
    for action in ("delete_selected", "put_on_sale", "take_off_sale"):
        form = {"action": action, "_selected_action": [row.pk], "post": "yes", "select_across": 1}
        assert browser.post(address(model, "changelist"), form).status_code in (200, 302)
    assert state(row) == before


@each(THEIRS)
def test_no_field_offers_the_rows_of_others(by_hand, stranger, everything, model):
    browser = by_hand(stranger)
    source = source_of(model)
    if not source:
        return
    answer = browser.get("/admin/autocomplete/", source)
    offered = [row["id"] for row in answer.json()["results"]]
    assert str(row_of(everything, model).pk) not in offered


@each(THEIRS)
def test_no_page_names_the_theater_of_others(by_hand, stranger, everything, model):
    """Not in a filter, not in a choice, not where a chosen value is shown again."""
    browser = by_hand(stranger)
    row = row_of(everything, model)
    Theater.objects.filter(pk=everything.theater.pk).update(name="Zanzibar")
    page = django_admin.site.get_model_admin(model)
    filters = [item[0] for item in page.list_filter if isinstance(item, tuple)]
    keys = {f"{name}__id__exact": everything.theater.pk for name in filters if "movie" not in name}
    prefilled = {field.name: row.pk for field in model._meta.fields}
    prefilled |= {"theater": everything.theater.pk, "theaters": everything.theater.pk}
    prefilled |= {"screen": everything.screen.pk, "category": everything.seatcategory.pk}
    pages = [(address(model, "changelist"), {}), (address(model, "changelist"), keys)]
    if model in TO_EDIT:
        pages += [(address(model, "add"), {}), (address(model, "add"), prefilled)]
    for where, query in pages:
        answer = browser.get(where, query)
        assert b"Zanzibar" not in answer.content, (where, query)
        assert everything.screen.name.encode() not in answer.content, (where, query)


def test_nothing_can_be_put_into_the_theater_of_others(by_hand, stranger, everything, movie):
    browser = by_hand(stranger)
    before = {model: model.objects.count() for model in TO_EDIT}
    soon = timezone.now() + timedelta(days=9)
    attempts = {
        Screen: {"theater": everything.theater.pk, "name": "Mine", "kind": "standard"},
        SeatCategory: {"theater": everything.theater.pk, "name": "Mine", "default_price": 1},
        Seat: {
            "screen": everything.screen.pk,
            "category": everything.seatcategory.pk,
            "row": "Z",
            "number": 9,
            "x": 1,
            "y": 1,
            "kind": "standard",
        },
        Showtime: {
            "movie": movie.pk,
            "screen": everything.screen.pk,
            "starts_at_0": soon.date(),
            "starts_at_1": "20:00",
            "format": "2d",
            "status": "on_sale",
        },
        Price: {
            "showtime": everything.showtime.pk,
            "category": everything.seatcategory.pk,
            "amount": 0,
        },
        SeatBlock: {"showtime": everything.showtime.pk, "places": "A1", "kind": "house"},
        PriceRule: {
            "theater": everything.theater.pk,
            "category": everything.seatcategory.pk,
            "name": "Mine",
            "position": 0,
            "effect": "percent",
            "value": -100,
        },
        PromoCode: {
            "code": "FREE",
            "percent": 100,
            "minimum_tickets": 1,
            "theaters": [everything.theater.pk],
        },
    }
    for model, form in attempts.items():
        parts = {"own_prices-TOTAL_FORMS": 0, "own_prices-INITIAL_FORMS": 0}
        answer = browser.post(address(model, "add"), form | parts)
        assert answer.status_code == 200
        assert "Select a valid choice" in str(answer.context["errors"])
    assert {model: model.objects.count() for model in TO_EDIT} == before


def test_parts_of_a_page_cannot_be_swapped_for_those_of_others(by_hand, stranger, everything):
    mine = Theater.objects.managed_by(stranger).get()
    browser = by_hand(stranger)
    page = address(Theater, "change", mine.pk)
    form = form_of(browser, page) | {
        "screens-TOTAL_FORMS": 1,
        "screens-INITIAL_FORMS": 1,
        "screens-0-id": everything.screen.pk,
        "screens-0-theater": mine.pk,
        "screens-0-name": "Mine now",
        "screens-0-kind": "standard",
    }
    before = list(Screen.objects.values())
    for delete in ({}, {"screens-0-DELETE": "on"}):
        assert browser.post(page, form | delete).status_code in (200, 302)
        assert list(Screen.objects.values()) == before


def test_a_manager_changes_the_profile_of_an_own_theater_and_not_its_money(
    by_hand, manager, theater
):
    browser = by_hand(manager)
    page = address(Theater, "change", theater.pk)
    form = form_of(browser, page)
    form |= {"phone": "030 1", "currency": "USD", "legal_name": "Me", "invoice_prefix": "ME"}
    assert browser.post(page, form).status_code == 302
    theater.refresh_from_db()
    assert theater.phone == "030 1"
    assert (theater.currency, theater.legal_name) == ("EUR", "Lux Kino GmbH")
    assert theater.invoice_prefix == "LUX"


def test_a_manager_cannot_give_away_or_take_a_theater(by_hand, manager, stranger, theater):
    browser = by_hand(manager)
    page = address(Theater, "change", theater.pk)
    answer = browser.post(page, form_of(browser, page) | {"managers": [stranger.pk]})
    assert answer.status_code == 302
    assert list(theater.managers.all()) == [manager]
    odeon = Theater.objects.get(name="Odeon")
    browser.post(address(Theater, "change", odeon.pk), {"managers": [manager.pk]})
    assert list(odeon.managers.all()) == [stranger]
    assert browser.get(address(Theater, "add")).status_code == 403
    assert browser.post(address(Theater, "delete", theater.pk), {"post": "yes"}).status_code == 403


def test_a_manager_neither_sees_people_nor_becomes_an_admin(by_hand, manager, alice):
    browser = by_hand(manager)
    before = state(manager)
    for person in (manager, alice):
        for page in ("change", "delete"):
            answer = browser.post(address(User, page, person.pk), {"role": "admin", "post": "yes"})
            assert answer.status_code == 403
    password = {"password1": "another-quiet-evening", "password2": "another-quiet-evening"}
    where = f"/admin/accounts/user/{alice.pk}/password/"
    assert browser.post(where, password).status_code == 403
    assert browser.get(address(User, "changelist")).status_code == 403
    assert browser.post(address(User, "add"), {"username": "x", "role": "admin"}).status_code == 403
    assert browser.get("/admin/autocomplete/", source_of(User)).status_code == 403
    assert state(manager) | {"last_login": None} == before | {"last_login": None}


def test_grants_in_the_database_give_a_manager_nothing(by_hand, manager, everything):
    manager.user_permissions.set(Permission.objects.all())
    browser = by_hand(manager)
    assert browser.get(address(User, "changelist")).status_code == 403
    page = address(Booking, "delete", everything.booking.pk)
    assert browser.post(page, {"post": "yes"}).status_code == 403


def test_a_scan_that_nobody_can_place_is_seen_by_who_scanned(
    by_hand, manager, stranger, everything
):
    placed, unplaced = (
        Scan.objects.create(raw_code="X", verdict="unknown", showtime=place, scanned_by=stranger)
        for place in (everything.showtime, None)
    )

    def listed(user):
        shown = by_hand(user).get(address(Scan, "changelist")).context["cl"].result_list
        return {scan.pk for scan in shown}

    assert listed(stranger) == {unplaced.pk}
    assert listed(manager) == {placed.pk, everything.scan.pk}


def test_a_secret_cannot_be_guessed_letter_by_letter(by_hand, manager, everything):
    browser = by_hand(manager)
    query = {"access_key__startswith": everything.booking.access_key[0]}
    assert browser.get(address(Booking, "changelist"), query).status_code == 400
    page = browser.get(address(Booking, "change", everything.booking.pk))
    assert everything.booking.access_key.encode() not in page.content


def test_who_was_made_inactive_is_out_at_once(by_hand, manager):
    browser = by_hand(manager)
    assert browser.get("/admin/").status_code == 200
    User.objects.filter(pk=manager.pk).update(is_active=False)
    assert browser.get("/admin/").status_code == 302
