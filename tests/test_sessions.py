"""A token is checked without asking the database; who it belongs to, when somebody asks."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from accounts.models import Role, User
from accounts.tokens import JWTAuthentication
from bookings.models import Booking
from reviews.models import Review

from .conftest import PASSWORD

# What a body must have before anybody looks at who sends it.
NEW = "a-quieter-evening-43"
BODIES = {
    "POST /api/movies/{id}/reviews/": {"rating": 5},
    "POST /api/auth/password/change/": {"current_password": PASSWORD, "new_password": NEW},
    "DELETE /api/auth/me/": {"password": PASSWORD},
}


@pytest.fixture
def session(alice):
    login = {"username": "alice", "password": PASSWORD}
    return APIClient().post("/api/auth/login/", login).json()


@pytest.fixture
def alices(session):
    """Alice's client, whose token was not looked at yet."""
    return APIClient(headers={"Authorization": f"Bearer {session['access']}"})


def operations():
    schema = SchemaGenerator().get_schema(public=True)
    for path, methods in schema["paths"].items():
        for method in {"get", "post", "put", "patch", "delete"} & methods.keys():
            yield f"{method.upper()} {path}"


def call(client, operation, ids):
    method, path = operation.split(" ")
    for name, value in ids.items():
        path = path.replace(f"{{{name}}}", str(value))
    return getattr(client, method.lower())(path, BODIES.get(operation, {}))


@pytest.fixture
def ids(booking, payment, movie):
    ticket, number = "A" * 26, "LUX-2026-000001"
    return {"id": movie.pk, "reference": booking["reference"], "code": ticket, "number": number}


def shut_out(user):
    User.objects.filter(pk=user.pk).update(is_active=False)


def give_a_new_password(user):
    user.change_password(NEW)


@pytest.mark.parametrize("end", [shut_out, give_a_new_password])
def test_ended_sessions_are_refused_wherever_one_must_be_signed_in(alices, alice, ids, end):
    closed = [one for one in operations() if call(APIClient(), one, ids).status_code == 401]
    closed = [one for one in closed if not one.startswith(OPEN_DOORS)]
    assert len(closed) > 5
    end(alice)
    for operation in closed:
        answer = call(alices, operation, ids)
        assert (answer.status_code, operation) == (401, operation)
        assert answer["WWW-Authenticate"] == 'Bearer realm="api"'
        assert answer.json()["errors"][0]["code"] == "token_not_valid"


OPEN_DOORS = ("POST /api/auth/login/", "POST /api/auth/refresh/", "POST /api/auth/logout/")


@pytest.mark.parametrize("end", [shut_out, give_a_new_password])
def test_nobody_books_or_sees_a_booking_with_an_ended_session(
    alices, alice, booking, showtime, seats, book, end
):
    end(alice)
    assert book(alices, showtime, seats[3:4]).status_code == 401
    assert alices.get(f"/api/bookings/{booking['reference']}/").status_code == 401
    assert Booking.objects.count() == 1


@pytest.mark.parametrize("path", ["/api/movies/", "/api/showtimes/", "/api/theaters/"])
def test_what_everybody_may_see_costs_no_query_for_the_user(
    alices, path, showtime, django_assert_num_queries
):
    with CaptureQueriesContext(connection) as queries:
        assert APIClient().get(path).status_code == 200
    with django_assert_num_queries(len(queries)):
        assert alices.get(path).status_code == 200


def test_the_user_is_loaded_once(alices, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert alices.get("/api/auth/me/").json()["username"] == "alice"


def test_the_owner_of_a_token_is_a_user(session, alice, rf, django_assert_num_queries):
    request = rf.get("/", headers={"Authorization": f"Bearer {session['access']}"})
    with django_assert_num_queries(0):
        owner, _ = JWTAuthentication().authenticate(request)
        assert owner and owner.is_authenticated and not owner.is_anonymous
    with django_assert_num_queries(1):
        assert isinstance(owner, User)
        assert (owner, owner.pk, str(owner), owner.role) == (alice, alice.pk, "alice", "customer")


def test_a_foreign_key_takes_the_owner_of_a_token(alices, alice, movie):
    assert alices.post(f"/api/movies/{movie.pk}/reviews/", {"rating": 4}).status_code == 201
    assert Review.objects.get().user == alice


def test_a_refresh_token_dies_with_the_password(session, alice):
    alice.change_password(NEW)
    refresh = {"refresh": session["refresh"]}
    for path in ("refresh", "logout"):
        answer = APIClient().post(f"/api/auth/{path}/", refresh)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (401, "token_not_valid")


def test_a_refresh_token_dies_with_the_account(session, alice):
    shut_out(alice)
    answer = APIClient().post("/api/auth/refresh/", {"refresh": session["refresh"]})
    assert answer.status_code == 401


def test_an_access_token_renews_nothing_and_a_refresh_token_opens_nothing(session):
    assert APIClient().post("/api/auth/refresh/", {"refresh": session["access"]}).status_code == 401
    client = APIClient(headers={"Authorization": f"Bearer {session['refresh']}"})
    assert client.get("/api/auth/me/").status_code == 401


def test_manage_py_changepassword_ends_sessions(alices, alice, monkeypatch):
    typed = "django.contrib.auth.management.commands.changepassword.getpass.getpass"
    monkeypatch.setattr(typed, lambda prompt: NEW)
    call_command("changepassword", "alice")
    assert alices.get("/api/auth/me/").status_code == 401


def test_the_admin_s_form_ends_sessions(alices, alice, admin, client):
    client.force_login(admin)
    form = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    answer = client.post(f"/admin/accounts/user/{alice.pk}/password/", form)
    assert answer.status_code == 302
    assert alices.get("/api/auth/me/").status_code == 401


def test_a_change_of_role_is_seen_at_once(alices, alice, theater):
    User.objects.filter(pk=alice.pk).update(role=Role.ADMIN)
    assert alices.get("/api/auth/me/").json()["role"] == "admin"
