"""Who leaves is forgotten; what was sold to them stays good."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Role, User
from bookings.models import Booking
from payments.models import Invoice

from .conftest import PASSWORD


def leave(client, password=PASSWORD):
    return client.delete("/api/auth/me/", {"password": password})


def test_who_leaves_is_forgotten(me, alice, letters):
    User.objects.update(phone="+49 30 1")
    alice.confirm_email()
    assert leave(me).status_code == 204
    alice.refresh_from_db()
    assert alice.username.startswith("deleted-")
    assert (alice.email, alice.full_name, alice.phone, alice.last_login) == ("", "", "", None)
    assert (alice.is_active, alice.email_confirmed) == (False, False)
    assert not alice.has_usable_password()
    assert [letter.to for letter in letters()] == [["alice@example.com"]]


def test_who_leaves_is_signed_out_everywhere(alice):
    login = {"username": "alice", "password": PASSWORD}
    phone, laptop = (APIClient().post("/api/auth/login/", login).json() for _ in range(2))
    client = APIClient(headers={"Authorization": f"Bearer {laptop['access']}"})
    assert leave(client).status_code == 204
    assert client.get("/api/auth/me/").status_code == 401
    for session in (phone, laptop):
        answer = APIClient().post("/api/auth/refresh/", {"refresh": session["refresh"]})
        assert answer.status_code == 401
    assert APIClient().post("/api/auth/login/", login).status_code == 401


@pytest.mark.parametrize("body", [{"password": "wrong"}, {"password": ""}, {}, None, []])
def test_nobody_leaves_without_their_password(me, body):
    answer = me.delete("/api/auth/me/", body)
    [error] = answer.json()["errors"]
    assert answer.status_code == 400
    assert error["attr"] == ("non_field_errors" if body == [] else "password")
    assert me.get("/api/auth/me/").json()["username"] == "alice"


def test_name_and_address_are_free_for_others(me):
    leave(me)
    person = {"username": "alice", "email": "alice@example.com", "password": "popcorn-for-two"}
    assert APIClient().post("/api/auth/register/", person).status_code == 201


def test_tickets_stay_good_and_the_contact_goes_when_the_film_is_over(
    me, paid, showtime, seats, stripe
):
    reference = paid(me, showtime, seats[:2])["reference"]
    leave(me)
    call_command("run_jobs", once=True)
    booking = Booking.objects.get(reference=reference)
    assert (booking.contact_email, booking.tickets.count()) == ("alice@example.com", 2)
    with time_machine.travel(showtime.ends_at + timedelta(minutes=1)):
        call_command("run_jobs", once=True)
    booking.refresh_from_db()
    assert (booking.contact_name, booking.contact_email, booking.contact_phone) == ("", "", "")
    assert booking.tickets.count() == 2
    assert Invoice.objects.get().snapshot["buyer"]["email"] == "alice@example.com"


def test_the_contacts_of_everybody_else_stay(booking, showtime):
    with time_machine.travel(showtime.ends_at + timedelta(minutes=1)):
        assert Booking.objects.of_people_who_left().forget_contacts() == 0
    assert Booking.objects.get().contact_email == "alice@example.com"


def test_a_review_stays_without_a_name(me, movie):
    me.post(f"/api/movies/{movie.pk}/reviews/", {"rating": 5, "text": "I could smell the sea."})
    leave(me)
    [review] = APIClient().get(f"/api/movies/{movie.pk}/reviews/").json()["results"]
    assert (review["author"], review["rating"]) == ("Someone who left", 5)


def test_the_last_admin_stays(client_of, admin):
    answer = leave(client_of(admin))
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "last_admin")
    User.objects.create_user("spare", password=PASSWORD, role=Role.ADMIN, is_active=False)
    assert leave(client_of(admin)).status_code == 409
    User.objects.create_user("second", password=PASSWORD, role=Role.ADMIN)
    assert leave(client_of(admin)).status_code == 204
    assert User.objects.filter(role=Role.ADMIN, is_active=True).count() == 1


def test_a_manager_who_leaves_manages_nothing(client_of, manager, client):
    client.force_login(manager)
    assert leave(client_of(manager)).status_code == 204
    manager.refresh_from_db()
    assert manager.role == Role.CUSTOMER
    assert client.get("/admin/").status_code == 302


def test_the_admin_shows_who_left(me, admin, alice, client):
    leave(me)
    client.force_login(admin)
    page = client.get(f"/admin/accounts/user/{alice.pk}/change/")
    assert page.status_code == 200
    assert b"alice" not in page.content.lower().replace(b"alice.weiss", b"")


def test_when_people_left_is_on_record(me, alice):
    leave(me)
    alice.refresh_from_db()
    assert timezone.now() - alice.left_at < timedelta(minutes=1)
