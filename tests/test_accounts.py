"""People register, sign in by name or e-mail, stay signed in, and cannot make themselves more."""

import pytest
from rest_framework.test import APIClient

from accounts.models import User

from .conftest import PASSWORD


@pytest.fixture
def anyone(db):
    return APIClient()


def register(client, **change):
    person = {"username": "ada", "email": "ada@example.com", "password": "popcorn-for-two"}
    return client.post("/api/auth/register/", person | change)


def test_a_poor_password_is_named_in_words(anyone):
    [error] = register(anyone, password="password123").json()["errors"]
    assert (error["attr"], error["detail"]) == ("password", "This password is too common.")


def test_registering_signs_in(anyone):
    answer = register(anyone)
    assert answer.status_code == 201
    assert "password" not in answer.json()
    anyone.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access']}")
    assert anyone.get("/api/auth/me/").json()["username"] == "ada"


def test_nobody_registers_as_more_than_a_customer(anyone):
    answer = register(anyone, role="admin", is_staff=True, is_superuser=True, id=1)
    assert answer.json()["role"] == "customer"
    user = User.objects.get(username="ada")
    assert not user.is_staff
    assert not user.is_superuser


def test_nobody_becomes_more_by_changing_the_profile(client_of, alice):
    answer = client_of(alice).patch("/api/auth/me/", {"role": "admin", "full_name": "A. Weiss"})
    assert (answer.json()["role"], answer.json()["full_name"]) == ("customer", "A. Weiss")


def test_an_email_is_not_demanded(anyone):
    assert register(anyone, email="").status_code == 201
    assert register(anyone, username="eve", email="").status_code == 201


@pytest.mark.parametrize(
    ("change", "attr"),
    [
        ({"username": ""}, "username"),
        ({"username": "a@b"}, "username"),
        ({"username": "alice"}, "username"),
        ({"email": "nope"}, "email"),
        ({"email": "ALICE@example.com"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "password123"}, "password"),
        ({"password": "20261121"}, "password"),
        ({"username": "grasshopper", "password": "grasshopper"}, "password"),
        ({"password": None}, "password"),
        ({"username": "\0"}, "username"),
    ],
)
def test_what_will_not_do_names_the_field(anyone, alice, change, attr):
    answer = register(anyone, **change)
    assert answer.status_code == 400
    assert attr in {error["attr"] for error in answer.json()["errors"]}


@pytest.mark.parametrize("login", ["alice", "alice@example.com", "Alice@Example.com"])
def test_by_username_or_email(anyone, alice, login):
    answer = anyone.post("/api/auth/login/", {"username": login, "password": PASSWORD})
    assert set(answer.json()) == {"access", "refresh"}


@pytest.mark.parametrize("login", ["alice", "nobody", "nobody@example.com"])
def test_a_wrong_password_is_a_401_that_tells_nothing(anyone, alice, login):
    answer = anyone.post("/api/auth/login/", {"username": login, "password": "wrong"})
    assert answer.status_code == 401
    assert answer.json()["errors"][0] == {
        "code": "authentication_failed",
        "detail": "Username or password is wrong.",
        "attr": None,
    }


def test_someone_who_was_shut_out_cannot_sign_in(anyone, alice):
    User.objects.update(is_active=False)
    answer = anyone.post("/api/auth/login/", {"username": "alice", "password": PASSWORD})
    assert answer.status_code == 401


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "", "é"])
@pytest.mark.parametrize("path", ["/api/auth/me/", "/api/bookings/", "/api/movies/"])
def test_a_malformed_token_is_a_401_in_the_one_shape(anyone, token, path):
    answer = anyone.get(
        path, headers={"Authorization": f"Bearer {token}".encode().decode("latin-1")}
    )
    assert answer.status_code == 401
    [error] = answer.json()["errors"]
    assert error["attr"] is None
    assert error["code"] in ("token_not_valid", "not_authenticated", "bad_authorization_header")


@pytest.fixture
def session(anyone, alice):
    return anyone.post("/api/auth/login/", {"username": "alice", "password": PASSWORD}).json()


def test_a_refresh_token_works_once(anyone, session):
    first = anyone.post("/api/auth/refresh/", {"refresh": session["refresh"]})
    assert first.status_code == 200
    again = anyone.post("/api/auth/refresh/", {"refresh": session["refresh"]})
    assert (again.status_code, again.json()["errors"][0]["code"]) == (401, "token_not_valid")
    assert (
        anyone.post("/api/auth/refresh/", {"refresh": first.json()["refresh"]}).status_code == 200
    )


def test_logging_out_ends_the_session(anyone, session):
    assert anyone.post("/api/auth/logout/", {"refresh": session["refresh"]}).status_code == 204
    assert anyone.post("/api/auth/refresh/", {"refresh": session["refresh"]}).status_code == 401
    assert anyone.post("/api/auth/logout/", {"refresh": session["refresh"]}).status_code == 401


def test_the_token_of_someone_who_is_gone_is_a_401(anyone, session, alice):
    alice.delete()
    assert anyone.post("/api/auth/refresh/", {"refresh": session["refresh"]}).status_code == 401


def test_the_role_decides_who_is_staff(alice, manager, admin):
    assert [user.is_staff for user in (alice, manager, admin)] == [False, True, True]
    assert [user.is_superuser for user in (alice, manager, admin)] == [False, False, True]
