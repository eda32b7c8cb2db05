"""Several people at work in the manager panel at the same moment: each thing is done once."""

from collections import Counter

import pytest
from django.test import Client
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User
from accounts.second_factor import begin
from bookings.models import Booking, PromoCode
from history.models import Entry
from payments.models import Payment
from showtimes.models import PriceRule, Showtime
from showtimes.price_rules import PriceRuleQuerySet
from theaters.models import SeatCategory

from ..test_second_factor import DOOR, SET_UP, code_of
from .conftest import hold, pay

DESKS = 6


@pytest.fixture
def desk(manager):
    """Makes browsers in which the theater's manager is signed in."""

    def make():
        browser = Client(raise_request_exception=False)
        browser.force_login(manager)
        return browser

    return make


@pytest.fixture
def post(desk):
    """Sends JSON from a desk of its own; answers status and, of an error, its code."""

    def send(page, body):
        answer = desk().post(page, body, "application/json")
        errors = answer.json().get("errors") if answer.status_code >= 400 else None
        return answer.status_code, errors and errors[0]["code"]

    return send


def test_one_gap_of_the_board_is_filled_once(at_once, post, movie, screen):
    page = f"/admin/showtimes/showtime/board/{screen.theater_id}/plan/?day=2030-07-12"
    plans = [
        {"movie": movie.pk, "screen": screen.pk, "starts_at": f"2030-07-12T20:{minute:02}"}
        for minute in range(DESKS)
    ]
    answers = at_once([lambda plan=plan: post(page, plan) for plan in plans])
    assert Counter(answers) == {(200, None): 1, (409, "screen_not_free"): DESKS - 1}
    assert Showtime.objects.count() == 1


@pytest.fixture
def booked(stripe, guest, showtime, seats):
    """A guest paid 33.00 for A1 to A3; the address of that booking at the page of its showtime."""
    client, held = guest(showtime, seats[:3])
    assert stripe.pay(pay(client, held).json()).status_code == 200
    return f"/admin/showtimes/showtime/{showtime.pk}/seats/bookings/{held['reference']}/cancel/"


def test_what_many_give_back_goes_back_once(at_once, post, booked):
    favour = {"how": "in_full", "back": "33.00"}
    answers = at_once([lambda: post(booked, favour)] * DESKS)
    assert Counter(status for status, _ in answers) == {200: 1, 409: DESKS - 1}
    assert Booking.objects.get().amount_due_back == 33
    assert Payment.objects.owed_back().get().owed == 33
    assert Entry.objects.filter(kind="bookings.booking").count() == 1


def test_a_showtime_is_called_off_once_while_people_buy(at_once, post, booked, showtime, seats):
    page = f"/admin/showtimes/showtime/{showtime.pk}/seats/cancel/"
    sure = {"reason": "The projector broke.", "sure": True}
    buying = [lambda seat=seat: hold(showtime, [seat]).status_code for seat in seats[4:8]]
    answers = at_once([*[lambda: post(page, sure)] * DESKS, *buying])
    done, bought = answers[:DESKS], answers[DESKS:]
    assert Counter(done) == {(200, None): 1, (409, "showtime_cancelled"): DESKS - 1}
    assert set(bought) <= {201, 400, 409}
    assert Entry.objects.about(showtime).filter(verb="changed").count() == 1


@pytest.fixture
def rules(theater):
    return [
        theater.price_rules.create(name=f"Rule {n}", effect="percent", value=-n, position=n)
        for n in range(1, 9)
    ]


@pytest.fixture
def put_in_order(at_once, post, rules, theater):
    """Many give the rules of a theater another order at once."""

    def run():
        page = f"/admin/theaters/theater/{theater.pk}/prices/order/"
        keys = [rule.pk for rule in rules]
        orders = [keys[n:] + keys[:n] if n % 2 else keys[n:][::-1] + keys[:n] for n in range(8)]
        answers = at_once([lambda order=order: post(page, {"rules": order}) for order in orders])
        there = list(PriceRule.objects.order_by("position").values_list("pk", flat=True))
        return answers, there in orders

    return run


def test_rules_have_the_order_of_one_of_those_who_move_them(put_in_order):
    for _ in range(4):
        answers, is_of_one = put_in_order()
        assert set(answers) == {(200, None)}
        assert is_of_one


@pytest.mark.without_a_guard
def test_without_the_lock_they_have_the_order_of_nobody(put_in_order, monkeypatch):
    monkeypatch.setattr(PriceRuleQuerySet, "select_for_update", lambda self, **how: self)
    races = (put_in_order() for _ in range(20))
    assert any(set(answers) != {(200, None)} or not is_of_one for answers, is_of_one in races)


def test_a_category_is_deleted_or_painted_with(at_once, desk, post, screen, theater):
    for number in range(6):
        new = SeatCategory.objects.create(theater=theater, name=f"New {number}", default_price=9)
        save = f"/admin/theaters/screen/{screen.pk}/seat-map/save/"
        drawn = {"rows": ["nn"], "legend": {"n": {"category": new.pk}}}
        page = f"/admin/theaters/seatcategory/{new.pk}/delete/"
        saved, deleted = at_once(
            [
                lambda save=save, drawn=drawn: post(save, drawn),
                lambda page=page: desk().post(page, {"post": "yes"}).status_code,
            ]
        )
        is_there = SeatCategory.objects.filter(pk=new.pk).exists()
        assert saved[0] in (200, 400, 409, 503), saved
        assert deleted in (200, 302)
        assert (saved[0] == 200) <= is_there


def test_a_code_is_deleted_or_used(at_once, desk, showtime, seats, theater):
    for number, seat in enumerate(seats[:6]):
        code = PromoCode.objects.create(code=f"CODE{number}", percent=10)
        code.theaters.add(theater)
        page = f"/admin/bookings/promocode/{code.pk}/delete/"
        used, deleted = at_once(
            [
                lambda seat=seat, code=code: hold(showtime, [seat], promo_code=code.code),
                lambda page=page: desk().post(page, {"post": "yes"}).status_code,
            ]
        )
        assert used.status_code in (201, 400, 409), used.content
        assert deleted in (200, 302)
        is_there = PromoCode.objects.filter(pk=code.pk).exists()
        assert (used.status_code == 201) == is_there


@pytest.fixture
def at_the_door(manager, settings):
    """Sessions in which the manager's password was typed."""
    settings.STAFF_SECOND_FACTOR = True

    def make():
        browser = Client(raise_request_exception=False)
        browser.force_login(User.objects.get(pk=manager.pk))
        return browser

    return make


@pytest.mark.parametrize("kind", ["recovery", "app"])
def test_one_code_lets_one_session_in(at_once, at_the_door, manager, kind):
    device = TOTPDevice.objects.create(user=manager, confirmed=True)
    spare = StaticDevice.objects.create(user=manager, confirmed=True)
    StaticToken.objects.create(device=spare, token="abcd2345")
    code = "abcd-2345" if kind == "recovery" else code_of(device.bin_key)
    doors = [at_the_door() for _ in range(DESKS)]
    answers = at_once([lambda one=one: one.post(DOOR, {"code": code}) for one in doors])
    assert Counter(answer.status_code for answer in answers) == {302: 1, 200: DESKS - 1}
    inside = [one.get("/admin/movies/movie/").status_code for one in doors]
    assert Counter(inside) == {200: 1, 302: DESKS - 1}


def test_of_many_who_set_up_a_second_factor_one_has_it(at_once, at_the_door, manager):
    doors, devices = [at_the_door() for _ in range(DESKS)], []
    for door in doors:
        session = door.session
        devices.append(begin(session, manager))
        session.save()
    jobs = [
        lambda door=door, key=device.bin_key: door.post(SET_UP, {"code": code_of(key)})
        for door, device in zip(doors, devices, strict=True)
    ]
    answers = at_once(jobs)
    assert {answer.status_code for answer in answers} <= {200, 302}
    assert TOTPDevice.objects.filter(confirmed=True).count() == 1
    assert StaticToken.objects.count() == 10


def test_clicks_at_the_same_moment_make_one_batch_of_promo_codes(at_once, desk, theater):
    code = PromoCode.objects.create(code="PRESS", percent=100)
    code.theaters.add(theater)
    page = f"/admin/bookings/promocode/{code.pk}/make_more/"
    window = "6a0c1f5e-0d2b-4c54-9f52-1d1f4f2f6a01"
    batch = {"_form_submitted": "1", "window": window, "count": 5, "prefix": "", "max_uses": 1}
    answers = at_once([lambda: desk().post(page, batch)] * DESKS)
    assert {answer.headers.get("HX-Redirect") for answer in answers} == {
        "/admin/bookings/promocode/"
    }
    assert PromoCode.objects.exclude(pk=code.pk).count() == 5
    told = Entry.objects.filter(kind="bookings.promocode", verb="added")
    assert told.count() == PromoCode.objects.count()
