"""Staff sign in with a password and a code, and see nothing of the admin before both are right."""

import time
from base64 import b32decode
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from rest_framework.test import APIClient

from accounts.links import password_links
from accounts.models import User
from accounts.second_factor import begin, confirm
from history.models import Entry

from .conftest import PASSWORD

# The beginning of a step of 30 seconds.
NOON = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=2)
OTHER = "another-quiet-evening-43"
DOOR, SET_UP = "/admin/second-factor/", "/admin/second-factor/set-up/"


@pytest.fixture(autouse=True)
def clock(settings):
    """Everybody needs a second factor, and time stands still until a test moves it."""
    settings.STAFF_SECOND_FACTOR = True
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def code_of(key: bytes) -> str:
    """What the app of somebody shows now."""
    totp = TOTP(key)
    totp.time = time.time()
    return f"{totp.token():06}"


def code_for(user) -> str:
    return code_of(TOTPDevice.objects.get(user=user, confirmed=True).bin_key)


@pytest.fixture
def enter():
    """A browser in which somebody has typed their password."""

    def sign_in(user) -> Client:
        browser = Client()
        form = {"username": user.username, "password": PASSWORD}
        assert browser.post("/admin/login/", form).status_code == 302
        return browser

    return sign_in


@pytest.fixture
def set_up(rf, clock):
    """Give somebody a second factor; answers their recovery codes."""

    def go(user):
        device = begin({}, user)
        codes = confirm(rf.post("/"), user, device, code_of(device.bin_key))[1]
        clock.shift(30)
        return codes

    return go


def is_inside(browser) -> bool:
    return browser.get("/admin/showtimes/showtime/").status_code == 200


def test_who_has_none_is_led_to_set_one_up_and_sees_nothing_else(enter, manager, clock):
    browser = enter(manager)
    for page in ("/admin/", "/admin/showtimes/showtime/", "/admin/autocomplete/", "/admin/x/"):
        answer = browser.get(page, follow=True)
        assert answer.redirect_chain[-1][0].startswith(SET_UP), page
        assert b"/admin/bookings/" not in answer.content
    answer = browser.post("/admin/theaters/screen/add/", {"name": "Mine"})
    assert answer.url.startswith(DOOR)
    page = browser.get(SET_UP)
    assert b"<svg" in page.content
    key = b32decode(page.context["key"].replace(" ", ""))
    assert "code" in browser.post(SET_UP, {"code": "000000"}).context["form"].errors
    clock.shift(2)
    shown = browser.post(f"{SET_UP}?next=/admin/movies/movie/", {"code": code_of(key)}).context
    assert (len(shown["codes"]), shown["next"]) == (10, "/admin/movies/movie/")
    assert is_inside(browser)
    told = Entry.objects.about(manager).first()
    assert (told.who_name, told.changes) == ("manager", {"second factor": [None, "set up"]})


def test_a_code_is_asked_after_the_password_and_works_once(enter, set_up, manager, clock):
    set_up(manager)
    first, second = enter(manager), enter(manager)
    assert first.get("/admin/movies/movie/").url.startswith(DOOR)
    code = code_for(manager)
    answer = first.post(f"{DOOR}?next=/admin/movies/movie/", {"code": f"{code[:3]} {code[3:]}"})
    assert answer.url == "/admin/movies/movie/"
    assert is_inside(first)
    answer = second.post(DOOR, {"code": code})
    assert "was used already" in str(answer.context["form"].errors)
    assert not is_inside(second)


def test_a_recovery_code_works_once(enter, set_up, manager, clock):
    codes = set_up(manager)
    browser = enter(manager)
    assert browser.post(DOOR, {"code": codes[0].upper()}).status_code == 302
    assert is_inside(browser)
    assert StaticToken.objects.count() == 9
    other = enter(manager)
    assert other.post(DOOR, {"code": codes[0]}).status_code == 200
    assert not is_inside(other)


def test_wrong_codes_are_heard_less_and_less_often(enter, set_up, manager, clock):
    set_up(manager)
    browser = enter(manager)
    assert "wrong" in str(browser.post(DOOR, {"code": "000000"}).context["form"].errors)
    answer = browser.post(DOOR, {"code": code_for(manager)})
    assert "again in 1 seconds" in str(answer.context["form"].errors)
    clock.shift(1)
    assert browser.post(DOOR, {"code": code_for(manager)}).status_code == 302


def test_after_twenty_wrong_codes_an_hour_nobody_is_heard(enter, set_up, manager, clock):
    set_up(manager)
    browser = enter(manager)
    for _ in range(20):
        TOTPDevice.objects.update(throttling_failure_count=0)
        assert "wrong" in str(browser.post(DOOR, {"code": "000000"}).context["form"].errors)
    TOTPDevice.objects.update(throttling_failure_count=0)
    answer = browser.post(DOOR, {"code": code_for(manager)})
    assert "Too many tries" in str(answer.context["form"].errors)
    assert not is_inside(browser)


def test_sessions_of_before_are_asked_for_the_code(enter, set_up, manager, settings):
    settings.STAFF_SECOND_FACTOR = False
    browser = enter(manager)
    assert is_inside(browser)
    set_up(manager)
    assert browser.get("/admin/").url.startswith(DOOR)


def test_nobody_sets_up_another_one_with_the_password_alone(enter, set_up, manager):
    set_up(manager)
    browser = enter(manager)
    for send in (browser.get, browser.post):
        assert send(SET_UP, {"code": "123456"}).url == DOOR
    assert browser.post(f"{DOOR}recovery-codes/").url == DOOR
    assert not TOTPDevice.objects.filter(confirmed=False).exists()


def test_a_new_phone_takes_the_place_of_the_old_one(enter, set_up, manager, clock):
    set_up(manager)
    browser = enter(manager)
    browser.post(DOOR, {"code": code_for(manager)})
    old = TOTPDevice.objects.get().pk
    key = b32decode(browser.get(SET_UP).context["key"].replace(" ", ""))
    assert browser.post(SET_UP, {"code": code_of(key)}).context["codes"]
    assert TOTPDevice.objects.get().pk != old
    assert is_inside(browser)


def test_where_it_is_asked_of_nobody_only_those_who_have_one_are_asked(
    enter, set_up, manager, admin, settings
):
    settings.STAFF_SECOND_FACTOR = False
    assert is_inside(enter(manager))
    set_up(admin)
    assert not is_inside(enter(admin))


def test_an_admin_takes_a_lost_one_away(enter, set_up, manager, admin, letters):
    set_up(manager)
    set_up(admin)
    verified, root = enter(manager), enter(admin)
    verified.post(DOOR, {"code": code_for(manager)})
    root.post(DOOR, {"code": code_for(admin)})
    page = f"/admin/accounts/user/{manager.pk}/take_second_factor_away/"
    assert verified.post(page, {"_form_submitted": "1"}).status_code == 403
    assert b"Make sure that it is them" in root.get(page).content
    root.post(page, {"_form_submitted": "1"})
    told = Entry.objects.about(manager).first()
    assert (told.who_name, told.changes) == ("root", {"second factor": ["set up", None]})
    told = [mail for mail in letters() if mail.to == ["m@example.com"]]
    assert [mail.subject for mail in told] == ["Your second factor was changed"] * 2
    assert not is_inside(verified)
    assert verified.get("/admin/", follow=True).redirect_chain[-1][0].startswith(SET_UP)


def test_nobody_takes_their_own_away(enter, set_up, admin):
    set_up(admin)
    root = enter(admin)
    root.post(DOOR, {"code": code_for(admin)})
    page = f"/admin/accounts/user/{admin.pk}/take_second_factor_away/"
    assert root.post(page, {"_form_submitted": "1"}).status_code == 403
    assert TOTPDevice.objects.filter(user=admin).exists()


def test_the_last_admin_without_a_phone_asks_whoever_runs_the_machine(set_up, admin, capsys):
    set_up(admin)
    call_command("take_second_factor_away", "root")
    assert not TOTPDevice.objects.exists()
    assert Entry.objects.about(admin).first().door == "system"


def sign_in(user, **more):
    body = {"username": user.username, "password": PASSWORD} | more
    return APIClient().post("/api/auth/login/", body)


def said(answer):
    return answer.status_code, answer.json()["errors"][0]["code"]


def test_the_api_asks_staff_for_the_code_as_well(set_up, manager, alice, clock):
    assert said(sign_in(manager)) == (403, "second_factor_missing")
    set_up(manager)
    assert said(sign_in(manager)) == (401, "code_needed")
    assert said(sign_in(manager, code="000000")) == (401, "wrong_code")
    clock.shift(1)
    assert sign_in(manager, password="wrong", code=code_for(manager)).status_code == 401
    tokens = sign_in(manager, code=code_for(manager)).json()
    client = APIClient(headers={"Authorization": f"Bearer {tokens['access']}"})
    assert client.get("/api/auth/me/").status_code == 200
    again = client.post("/api/auth/refresh/", {"refresh": tokens["refresh"]}).json()["access"]
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {again}")
    assert client.get("/api/auth/me/").status_code == 200
    assert sign_in(alice).status_code == 200


def test_a_token_without_a_code_is_worth_nothing_to_staff(manager, settings, clock):
    settings.STAFF_SECOND_FACTOR = False
    token = sign_in(manager).json()["access"]
    settings.STAFF_SECOND_FACTOR = True
    client = APIClient(headers={"Authorization": f"Bearer {token}"})
    assert said(client.get("/api/auth/me/")) == (401, "token_not_valid")


def test_what_was_set_up_is_asked_also_where_nobody_must(set_up, manager, settings, clock):
    """Neither a token of before, nor one that a new password brings, is worth anything then."""
    settings.STAFF_SECOND_FACTOR = False
    before = sign_in(manager).json()
    client = APIClient(headers={"Authorization": f"Bearer {before['access']}"})
    assert client.get("/api/auth/me/").status_code == 200
    set_up(manager)
    assert said(client.get("/api/auth/me/")) == (401, "token_not_valid")
    again = APIClient().post("/api/auth/refresh/", {"refresh": before["refresh"]})
    assert said(again) == (401, "token_not_valid")
    manager.refresh_from_db()
    reset = {"token": password_links.token_for(manager), "new_password": OTHER}
    answer = APIClient().post("/api/auth/password/reset/confirm/", reset)
    client = APIClient(headers={"Authorization": f"Bearer {answer.json()['access']}"})
    assert said(client.get("/api/auth/me/")) == (401, "token_not_valid")
    assert said(sign_in(manager, password=OTHER)) == (401, "code_needed")


def test_a_new_password_leaves_in_who_has_shown_a_code(set_up, manager, clock):
    set_up(manager)
    tokens = sign_in(manager, code=code_for(manager)).json()
    client = APIClient(headers={"Authorization": f"Bearer {tokens['access']}"})
    change = {"current_password": PASSWORD, "new_password": OTHER}
    tokens = client.post("/api/auth/password/change/", change).json()
    client = APIClient(headers={"Authorization": f"Bearer {tokens['access']}"})
    assert client.get("/api/auth/me/").status_code == 200


def test_who_knows_the_password_does_not_see_the_key_that_its_owner_scans(enter, manager, clock):
    thief, owner = enter(manager), enter(manager)
    seen = thief.get(SET_UP).context["key"]
    key = owner.get(SET_UP).context["key"]
    assert key != seen
    assert owner.get(SET_UP).context["key"] == key
    code = code_of(b32decode(key.replace(" ", "")))
    assert owner.post(SET_UP, {"code": code}).context["codes"]
    clock.shift(30)
    answer = thief.post(SET_UP, {"code": code_of(b32decode(seen.replace(" ", "")))})
    assert answer.url == DOOR
    assert not is_inside(thief)


@pytest.mark.parametrize("code", ["", "٣٣٣٣٣٣", "\x00", "x" * 20, "-1", "1e5"])
def test_no_code_is_a_server_error(enter, set_up, manager, code):
    set_up(manager)
    assert enter(manager).post(DOOR, {"code": code}).status_code == 200
    assert sign_in(manager, code=code).status_code in (400, 401, 429)


def test_a_page_elsewhere_is_not_where_they_go_next(enter, set_up, manager):
    set_up(manager)
    browser = enter(manager)
    where = f"{DOOR}?next=https://evil.example/admin/"
    assert browser.post(where, {"code": code_for(manager)}).url == "/admin/"


def test_customers_and_strangers_find_no_second_factor(client, alice):
    assert client.get(DOOR).url.startswith("/admin/login/")
    client.force_login(User.objects.get(pk=alice.pk))
    assert client.get(SET_UP).url.startswith("/admin/login/")
