"""Changing a password, and setting a new one with a link from a mail."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import ResetRequest, User

from .conftest import PASSWORD

NEW = "a-quieter-evening-43"


@pytest.fixture
def anyone(db):
    return APIClient()


def change(client, current=PASSWORD, new=NEW):
    body = {"current_password": current, "new_password": new}
    return client.post("/api/auth/password/change/", body)


def ask(client, email="alice@example.com"):
    return client.post("/api/auth/password/reset/", {"email": email})


def confirm(client, token, new=NEW):
    body = {"token": token, "new_password": new}
    return client.post("/api/auth/password/reset/confirm/", body)


def sign_in(password, login="alice"):
    body = {"username": login, "password": password}
    return APIClient().post("/api/auth/login/", body)


def error(answer):
    [error] = answer.json()["errors"]
    return answer.status_code, error["attr"], error["code"]


@pytest.fixture
def link(anyone, alice, letters):
    """The token in the mail that Alice asked for."""
    ask(anyone)
    [letter] = letters()
    return token_in(letter)


def token_in(letter):
    return re.search(r"/reset-password/([^/\s]+)/", letter.body)[1]


def test_a_changed_password_ends_all_sessions_and_begins_one(me, client_of, alice):
    phone = client_of(alice)
    answer = change(me)
    assert answer.status_code == 200
    assert (sign_in(PASSWORD).status_code, sign_in(NEW).status_code) == (401, 200)
    for client in (me, phone):
        assert client.get("/api/auth/me/").status_code == 401
    new = APIClient(headers={"Authorization": f"Bearer {answer.json()['access']}"})
    assert new.get("/api/auth/me/").status_code == 200
    refresh = {"refresh": answer.json()["refresh"]}
    assert new.post("/api/auth/refresh/", refresh).status_code == 200


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"current_password": "wrong"}, (400, "current_password", "wrong_password")),
        ({"current_password": ""}, (400, "current_password", "blank")),
        ({"new_password": "zk3-q"}, (400, "new_password", "password_too_short")),
        ({"new_password": "password123"}, (400, "new_password", "password_too_common")),
        ({"new_password": "7202611217"}, (400, "new_password", "password_entirely_numeric")),
        ({"new_password": "alice.weiss"}, (400, "new_password", "password_too_similar")),
        ({"new_password": None}, (400, "new_password", "null")),
        ({"new_password": "\0" * 12}, (400, "new_password", "null_characters_not_allowed")),
        ({"new_password": "x" * 129}, (400, "new_password", "max_length")),
    ],
)
def test_what_will_not_do_names_the_field(me, body, expected):
    body = {"current_password": PASSWORD, "new_password": NEW} | body
    answer = me.post("/api/auth/password/change/", body)
    assert error(answer) == expected
    assert sign_in(PASSWORD).status_code == 200


def test_the_owner_hears_of_a_changed_password(me, letters):
    change(me)
    [letter] = letters()
    assert (letter.to, letter.subject) == (["alice@example.com"], "Your password was changed")


def test_a_change_needs_somebody_who_is_signed_in(anyone):
    assert change(anyone).status_code == 401


def test_a_link_sets_a_new_password_and_signs_in(anyone, link):
    answer = confirm(anyone, link)
    assert answer.status_code == 200
    client = APIClient(headers={"Authorization": f"Bearer {answer.json()['access']}"})
    assert client.get("/api/auth/me/").json()["email_confirmed"] is True
    assert (sign_in(PASSWORD).status_code, sign_in(NEW).status_code) == (401, 200)


def test_a_link_ends_all_sessions(me, link):
    confirm(APIClient(), link)
    assert me.get("/api/auth/me/").status_code == 401


DEAD = (400, "token", "link_not_valid")


def test_a_link_works_once(anyone, link):
    assert confirm(anyone, link, "password123").status_code == 400
    assert confirm(anyone, link).status_code == 200
    assert error(confirm(anyone, link, "yet-another-one-44")) == DEAD


def test_a_link_works_for_a_day(anyone, link):
    with time_machine.travel(timezone.now() + timedelta(hours=23)):
        assert confirm(anyone, link, "short").json()["errors"][0]["attr"] == "new_password"
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert error(confirm(anyone, link)) == DEAD


def test_a_link_dies_with_the_old_password_or_address(anyone, alice, link):
    alice.change_profile(email="new@example.com")
    assert error(confirm(anyone, link)) == DEAD
    alice.change_profile(email="alice@example.com")
    alice.change_password("something-else-entirely")
    assert error(confirm(anyone, link)) == DEAD


def test_a_link_is_for_one_person(anyone, link, alice, bob):
    other = link.replace(link.split("-")[0], str(bob.pk), 1)
    assert error(confirm(anyone, other)) == DEAD


@pytest.mark.parametrize("token", ["x", "1-2-3", "zzzzzzzzzzzzz-a-b", "٣-a-b", "-", "1" * 200])
def test_a_made_up_link_is_refused(anyone, alice, token):
    assert error(confirm(anyone, token)) == DEAD


def test_a_link_for_the_address_sets_no_password(anyone, letters):
    person = {"username": "ada", "email": "ada@example.com", "password": "popcorn-for-two"}
    anyone.post("/api/auth/register/", person)
    [letter] = letters()
    token = re.search(r"/confirm-email/([^/\s]+)/", letter.body)[1]
    assert error(confirm(anyone, token)) == DEAD


def test_the_mail_leads_to_our_site_whatever_the_request_says(anyone, alice, letters):
    anyone.post(
        "/api/auth/password/reset/", {"email": alice.email}, headers={"Host": "localhost:6666"}
    )
    [letter] = letters()
    assert f"{settings.SITE_URL}/reset-password/" in letter.body
    assert "6666" not in letter.message().as_string()


def test_nobody_learns_whether_an_address_is_known(
    anyone, alice, letters, django_assert_num_queries
):
    for email in ("alice@example.com", "nobody@example.com", "shut-out@example.com"):
        with django_assert_num_queries(3):
            answer = ask(anyone, email)
        assert (answer.status_code, answer.content) == (202, b"")
    assert [letter.to for letter in letters()] == [["alice@example.com"]]
    assert not ResetRequest.objects.exists()


def test_an_address_that_mail_cannot_be_written_to_keeps_nobody_waiting(
    anyone, alice, bob, letters
):
    User.objects.filter(pk=alice.pk).update(email='"a<b>"@example.com')
    ResetRequest.objects.create(email='"a<b>"@example.com')
    ask(anyone, "bob@example.com")
    assert [letter.to for letter in letters()] == [["bob@example.com"]]
    assert not ResetRequest.objects.exists()


def test_an_address_is_found_in_any_case(anyone, alice, letters):
    ask(anyone, "ALICE@Example.com")
    assert [letter.to for letter in letters()] == [["alice@example.com"]]


def test_nothing_is_sent_to_somebody_who_was_shut_out(anyone, alice, letters):
    User.objects.update(is_active=False)
    assert ask(anyone).status_code == 202
    assert letters() == []


def test_a_sixth_mail_in_an_hour_is_not_sent_and_nobody_is_told(anyone, alice, letters):
    assert {ask(anyone).status_code for _ in range(8)} == {202}
    assert len(letters()) == 5


@pytest.mark.parametrize("email", ["", "nobody", None, 5, ["a@b.cc"], "a\0@example.com"])
def test_what_is_no_address_is_named(anyone, email):
    answer = ask(anyone, email)
    assert answer.status_code == 400
    assert {error["attr"] for error in answer.json()["errors"]} == {"email"}


ODD = [
    "\ud800",
    "x" * 5000,
    10**400,
    -1,
    1.5,
    True,
    {},
    [],
    {"a": [1]},
    "𝟙-𝟙-𝟙",
    "\u202e",
    "%s",
    "a b",
]
PLACES = [
    ("login", "username"),
    ("login", "password"),
    ("refresh", "refresh"),
    ("logout", "refresh"),
    ("password/reset", "email"),
    ("password/reset/confirm", "token"),
    ("password/reset/confirm", "new_password"),
    ("email/confirm", "token"),
    ("register", "username"),
    ("register", "email"),
]


def send(method, path, body):
    """The status of what comes of `body`, written as JSON by something that escapes everything."""
    return method(
        f"/api/auth/{path}/", json.dumps(body), content_type="application/json"
    ).status_code


@pytest.mark.parametrize("odd", ODD, ids=lambda value: ascii(value)[:12])
def test_nothing_that_a_stranger_sends_is_a_server_error(anyone, alice, odd):
    usual = {"username": "alice", "password": PASSWORD, "token": "1-a-b", "new_password": NEW}
    for path, name in PLACES:
        assert send(anyone.post, path, usual | {name: odd}) < 500
        assert send(anyone.post, path, odd) == 400


@pytest.mark.parametrize("odd", ODD, ids=lambda value: ascii(value)[:12])
def test_nothing_that_somebody_sends_of_themselves_is_a_server_error(me, odd):
    for name in ("email", "full_name", "phone"):
        assert send(me.patch, "me", {name: odd}) in (200, 400)
    for name in ("current_password", "new_password"):
        body = {"current_password": PASSWORD, "new_password": "x"} | {name: odd}
        assert send(me.post, "password/change", body) == 400
    assert send(me.delete, "me", {"password": odd}) == 400
