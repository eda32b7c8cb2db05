"""Promo codes in the admin: managers give them for own theaters."""

import pytest
from django.db import IntegrityError

from bookings.models import PromoCode

from .test_admin import address, by_hand, everything, theater_called

__all__ = ["by_hand", "everything"]


def test_a_promo_code_of_two_theaters_is_changed_by_who_manages_both(by_hand, manager, everything):
    code = everything.promocode
    code.theaters.add(theater_called("Odeon"))
    page = address(PromoCode, "change", code.pk)
    browser = by_hand(manager)
    assert browser.get(page).status_code == 200
    assert browser.post(page, {"code": code.code, "percent": 100}).status_code == 403
    answer = browser.post(address(PromoCode, "delete", code.pk), {"post": "yes"})
    assert answer.status_code == 403
    ticked = {"action": "delete_selected", "_selected_action": [code.pk], "post": "yes"}
    browser.post(address(PromoCode, "changelist"), ticked)
    assert PromoCode.objects.get(pk=code.pk).percent == 10


def test_a_promo_code_of_a_manager_names_a_theater(by_hand, manager, theater):
    browser = by_hand(manager)
    form = {"code": "spring", "percent": 5, "minimum_tickets": 1}
    answer = browser.post(address(PromoCode, "add"), form)
    assert "This field is required" in str(answer.context["errors"])
    answer = browser.post(address(PromoCode, "add"), form | {"theaters": [theater.pk]})
    assert answer.status_code == 302
    assert list(PromoCode.objects.get(code="SPRING").theaters.all()) == [theater]


def test_a_promo_code_of_the_chain_is_the_business_of_admins(by_hand, manager, admin):
    code = PromoCode.objects.create(code="CHAIN", percent=10)
    page = address(PromoCode, "change", code.pk)
    assert by_hand(manager).get(page).status_code == 404
    assert by_hand(admin).get(page).status_code == 200


def test_an_amount_is_in_the_currency_of_its_theaters(by_hand, manager, theater):
    browser = by_hand(manager)
    form = {"code": "five", "amount": "5", "minimum_tickets": 1, "theaters": [theater.pk]}
    answer = browser.post(address(PromoCode, "add"), form | {"currency": "USD"})
    assert "the currency of its theaters: EUR" in str(answer.context["errors"])
    answer = browser.post(address(PromoCode, "add"), form | {"amount": "5.005"})
    assert "EUR have 2 decimals" in str(answer.context["errors"])
    assert browser.post(address(PromoCode, "add"), form).status_code == 302
    assert PromoCode.objects.get().currency == "EUR"


def test_a_percentage_is_of_no_currency(by_hand, manager, theater):
    browser = by_hand(manager)
    form = {"code": "ten", "percent": "10", "minimum_tickets": 1, "theaters": [theater.pk]}
    answer = browser.post(address(PromoCode, "add"), form | {"currency": "USD"})
    words = {"currency": ["A currency belongs to an amount; leave it empty."]}
    assert answer.context["adminform"].form.errors == words
    assert browser.post(address(PromoCode, "add"), form).status_code == 302
    assert PromoCode.objects.get().currency == ""


def test_a_promo_code_is_a_percentage_or_an_amount(by_hand, manager, theater):
    form = {"code": "both", "amount": "5", "percent": "5", "minimum_tickets": 1}
    answer = by_hand(manager).post(address(PromoCode, "add"), form | {"theaters": [theater.pk]})
    assert "A promo code is a percentage or an amount." in str(answer.context["errors"])
    form |= {"amount": "", "percent": "", "theaters": [theater.pk]}
    answer = by_hand(manager).post(address(PromoCode, "add"), form)
    assert "A promo code is a percentage or an amount." in str(answer.context["errors"])
    with pytest.raises(IntegrityError):
        PromoCode.objects.create(code="NEITHER")


def test_times_are_those_of_its_theater(by_hand, manager, theater):
    form = {
        "code": "summer",
        "percent": "5",
        "minimum_tickets": 1,
        "theaters": [theater.pk],
        "valid_from_0": "2027-07-10",
        "valid_from_1": "20:00",
    }
    assert by_hand(manager).post(address(PromoCode, "add"), form).status_code == 302
    assert PromoCode.objects.get().valid_from.hour == 18
