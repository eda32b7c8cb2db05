"""What people say of themselves; an address counts as theirs when they have read a mail there."""

import re

import pytest
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from accounts.models import User

from .conftest import PASSWORD


@pytest.fixture
def ada(letters):
    """Ada's client, just registered."""
    client = APIClient()
    person = {"username": "ada", "email": "ada@example.com", "password": "popcorn-for-two"}
    access = client.post("/api/auth/register/", person).json()["access"]
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    return client


def token_in(letter):
    return re.search(r"/confirm-email/([^/\s]+)/", letter.body)[1]


def confirm(token):
    return APIClient().post("/api/auth/email/confirm/", {"token": token})


def confirmed(client):
    return client.get("/api/auth/me/").json()["email_confirmed"]


def change(client, **changes):
    return client.patch("/api/auth/me/", changes)


def subjects(letters):
    return {(letter.to[0], letter.subject) for letter in letters}


CONFIRM, CHANGED = "Please confirm your e-mail address", "Your e-mail address was changed"


def test_a_new_customer_confirms_the_address_once(ada, letters):
    assert confirmed(ada) is False
    [letter] = letters()
    assert subjects([letter]) == {("ada@example.com", CONFIRM)}
    assert confirm(token_in(letter)).status_code == 204
    assert confirmed(ada) is True
    [error] = confirm(token_in(letter)).json()["errors"]
    assert (error["code"], error["attr"]) == ("link_not_valid", "token")


def test_signing_in_meanwhile_does_not_kill_the_link(ada, letters):
    [letter] = letters()
    login = {"username": "ada", "password": "popcorn-for-two"}
    assert APIClient().post("/api/auth/login/", login).status_code == 200
    assert confirm(token_in(letter)).status_code == 204


def test_another_address_has_to_be_confirmed_and_the_old_one_is_told(ada, letters):
    [first] = letters()
    confirm(token_in(first))
    answer = change(ada, email="byron@example.com", full_name="Ada Byron")
    assert (answer.status_code, answer.json()["email_confirmed"]) == (200, False)
    sent = letters()
    assert subjects(sent) == {("byron@example.com", CONFIRM), ("ada@example.com", CHANGED)}
    [letter] = [letter for letter in sent if letter.subject == CONFIRM]
    assert confirm(token_in(letter)).status_code == 204
    assert confirmed(ada) is True


def test_the_link_to_an_old_address_confirms_no_new_one(ada, letters):
    [letter] = letters()
    change(ada, email="byron@example.com")
    assert confirm(token_in(letter)).status_code == 400
    assert confirmed(ada) is False


def test_the_same_address_in_another_case_stays_confirmed(ada, letters):
    confirm(token_in(letters()[0]))
    assert change(ada, email="Ada@example.com").json()["email_confirmed"] is True
    assert letters() == []


def test_a_name_is_changed_without_a_mail(ada, letters):
    letters()
    answer = change(ada, full_name="Ada", phone="+49 30 1").json()
    assert (answer["full_name"], answer["phone"]) == ("Ada", "+49 30 1")
    assert change(ada).status_code == 200
    assert letters() == []


def test_an_address_may_be_taken_away(ada, letters):
    letters()
    assert change(ada, email="").json()["email"] == ""
    assert subjects(letters()) == {("ada@example.com", CHANGED)}
    assert ada.post("/api/auth/email/confirm/resend/").status_code == 202
    assert letters() == []


def test_the_link_is_sent_again_until_it_was_followed(ada, letters):
    letters()
    assert ada.post("/api/auth/email/confirm/resend/").status_code == 202
    [letter] = letters()
    confirm(token_in(letter))
    assert ada.post("/api/auth/email/confirm/resend/").status_code == 202
    assert letters() == []
    assert APIClient().post("/api/auth/email/confirm/resend/").status_code == 401


def test_nobody_is_flooded_with_mail(ada, letters):
    letters()
    codes = [ada.post("/api/auth/email/confirm/resend/").status_code for _ in range(12)]
    assert codes == [202] * 10 + [429] * 2
    answer = change(ada, email="victim@example.com")
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (429, True)
    assert ada.get("/api/auth/me/").json()["email"] == "ada@example.com"
    assert len(letters()) == 10


@pytest.mark.parametrize(
    "email",
    ["alice@example.com", "ALICE@EXAMPLE.com", "nope", None, '"a,b"@example.com', '"<x>"@a.com'],
)
def test_an_address_that_will_not_do_is_named(ada, alice, email):
    answer = change(ada, email=email)
    assert answer.status_code == 400
    assert {error["attr"] for error in answer.json()["errors"]} == {"email"}


@pytest.mark.parametrize(
    "change_to",
    [
        {"id": 999},
        {"role": "admin"},
        {"username": "root"},
        {"is_active": False},
        {"is_staff": True},
        {"is_superuser": True},
        {"email_confirmed": True},
        {"email_confirmed_at": "2026-01-01T00:00:00Z"},
        {"left_at": "2026-01-01T00:00:00Z"},
        {"password": "x"},
        {"last_login": None},
        {"date_joined": "2000-01-01T00:00:00Z"},
        {"groups": [1], "user_permissions": [1]},
    ],
)
def test_what_is_not_theirs_to_say_is_not_heard(ada, change_to):
    before = User.objects.filter(username="ada").values().get()
    assert change(ada, **change_to).status_code == 200
    assert User.objects.filter(pk=before["id"]).values().get() == before
    person = {"username": "eve"} | change_to | {"password": "popcorn-for-two"}
    eve = User.objects.get(pk=APIClient().post("/api/auth/register/", person).json()["id"])
    assert (eve.role, eve.is_active, eve.is_staff, eve.pk == 999) == (
        "customer",
        True,
        False,
        False,
    )
    assert (eve.email_confirmed, eve.left_at, eve.last_login) == (False, None, None)
    assert eve.date_joined.year > 2000
    assert not eve.groups.exists()


def test_a_username_is_taken_in_every_case(alice):
    person = {"username": "ALICE", "password": "popcorn-for-two"}
    answer = APIClient().post("/api/auth/register/", person)
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["attr"], error["code"]) == (400, "username", "unique")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("Alice")


def test_signing_in_ignores_case(alice):
    login = {"username": "ALICE", "password": PASSWORD}
    assert APIClient().post("/api/auth/login/", login).status_code == 200


def test_an_address_that_an_admin_changes_is_not_confirmed(alice, admin, client):
    alice.confirm_email()
    client.force_login(admin)
    form = {"username": "alice", "email": "new@example.com", "role": "customer", "is_active": "on"}
    page = f"/admin/accounts/user/{alice.pk}/change/"
    assert client.post(page, form | {"full_name": "A"}).status_code == 302
    alice.refresh_from_db()
    assert (alice.email, alice.full_name, alice.email_confirmed) == ("new@example.com", "A", False)


def test_no_mail_says_what_a_stranger_typed(letters):
    client = APIClient()
    spam = {"username": "www.spam.example", "full_name": "Win at www.spam.example"}
    victim = {"email": "victim@example.com", "password": "popcorn-for-two"}
    access = client.post("/api/auth/register/", spam | victim).json()["access"]
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    client.post("/api/auth/password/reset/", {"email": "victim@example.com"})
    change(client, email="other@example.com")
    sent = letters()
    assert len(sent) == 3
    assert not [letter for letter in sent if "spam" in letter.message().as_string()]
