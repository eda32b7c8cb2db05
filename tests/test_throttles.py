"""How often somebody may try, and who pays for whose tries."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from rest_framework.settings import api_settings
from rest_framework.test import APIClient

from accounts.models import TryCount
from accounts.throttles import address_of, forget_old_tries
from config.rates import rate

from .conftest import PASSWORD

# Far from the end of any window: the tests of a minute stay in theirs.
NOON = timezone.now().replace(hour=12, minute=0, second=1, microsecond=0) + timedelta(days=2)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def rates(settings):
    """Change some of the rates."""

    def change(**rates):
        settings.THROTTLE_RATES = settings.THROTTLE_RATES | {
            name: rate(text) for name, text in rates.items()
        }

    return change


def sign_in(login="alice", password="wrong", address="192.0.2.1"):
    body = {"username": login, "password": password}
    return APIClient().post("/api/auth/login/", body, REMOTE_ADDR=address)


def statuses(answers):
    return [answer.status_code for answer in answers]


def test_after_ten_wrong_passwords_nobody_is_heard_for_ten_minutes(alice):
    assert statuses(sign_in() for _ in range(12)) == [401] * 10 + [429] * 2
    assert sign_in(password=PASSWORD).status_code == 429
    with time_machine.travel(NOON + timedelta(minutes=10)):
        assert sign_in(password=PASSWORD).status_code == 200


def test_a_429_says_when_to_come_back_in_the_one_shape(alice):
    for _ in range(10):
        sign_in()
    answer = sign_in()
    assert answer["Retry-After"] == "599"
    assert answer.json() == {
        "type": "client_error",
        "errors": [
            {
                "code": "throttled",
                "detail": "Request was throttled. Expected available in 599 seconds.",
                "attr": None,
            }
        ],
    }


def test_the_right_password_is_never_counted(alice):
    assert set(statuses(sign_in(password=PASSWORD) for _ in range(12))) == {200}
    assert not TryCount.objects.filter(tries__gt=0).exists()


def test_name_and_address_and_case_count_as_one_account(alice):
    names = ["alice", "ALICE", "alice@example.com", "Alice@Example.com", "Alice"]
    assert set(statuses(sign_in(name) for name in names * 2)) == {401}
    assert statuses(sign_in(name) for name in names) == [429] * 5


def test_somebody_who_does_not_exist_is_treated_like_everybody(db):
    assert statuses(sign_in("nobody") for _ in range(11)) == [401] * 10 + [429]


def test_who_guesses_from_one_address_shuts_nobody_out_elsewhere(alice):
    for _ in range(200):
        sign_in()
    assert sign_in(password=PASSWORD, address="192.0.2.2").status_code == 200


def test_an_account_is_guessed_at_a_hundred_times_an_hour_from_everywhere(alice):
    answers = [sign_in(address=f"192.0.2.{n // 10}") for n in range(101)]
    assert statuses(answers) == [401] * 100 + [429]


def test_an_address_guesses_three_hundred_times_an_hour(db, rates):
    rates(login_address="30/h")
    assert statuses(sign_in(f"nobody{n}") for n in range(31)) == [401] * 30 + [429]
    assert sign_in("nobody31", address="192.0.2.2").status_code == 401


def test_what_one_limit_refuses_does_not_count_for_another(alice, bob, rates):
    rates(login_address="12/h")
    for _ in range(20):
        sign_in("alice")
    assert statuses(sign_in("bob") for _ in range(3)) == [401, 401, 429]


def test_a_body_that_is_no_sign_in_is_not_counted(alice):
    for body in ({}, [], {"username": "alice"}, {"username": ["a"], "password": {}}):
        assert APIClient().post("/api/auth/login/", body).status_code == 400
    assert not TryCount.objects.exists()


def test_registering_is_counted_for_an_address(db, rates):
    rates(register_address="3/h")

    def register(n):
        person = {"username": f"ada{n}", "password": "popcorn-for-two"}
        return APIClient().post("/api/auth/register/", person)

    assert statuses(register(n) for n in range(4)) == [201] * 3 + [429]
    assert APIClient().options("/api/auth/register/").status_code == 200


def test_booking_is_counted_for_an_account_and_for_an_address(
    me, book, showtime, seats, rates, client_of, bob
):
    rates(booking_account="2/m", booking_address="3/m")
    assert statuses(book(me, showtime, [seat]) for seat in seats[:3]) == [201, 201, 429]
    other = client_of(bob)
    assert statuses(book(other, showtime, [seat]) for seat in seats[3:5]) == [201, 429]
    assert other.get("/api/bookings/").status_code == 200
    quote = {"showtime": showtime.pk, "seats": [seats[5].pk]}
    assert other.post("/api/bookings/quote/", quote).status_code == 200


def test_wrong_current_passwords_are_counted_wherever_they_are_typed(me):
    def change(password):
        body = {"current_password": password, "new_password": "popcorn-for-two"}
        return me.post("/api/auth/password/change/", body)

    assert set(statuses(change("wrong") for _ in range(5))) == {400}
    leave = [me.delete("/api/auth/me/", {"password": "wrong"}) for _ in range(6)]
    assert statuses(leave) == [400] * 5 + [429]
    assert change(PASSWORD).status_code == 429


def test_the_admin_s_door_counts_together_with_the_api_s(admin, client):
    def knock(password):
        form = {"username": "root", "password": password}
        return client.post("/admin/login/?next=/admin/", form, REMOTE_ADDR="192.0.2.1")

    assert knock(PASSWORD).status_code == 302
    client.logout()
    for _ in range(5):
        sign_in("root")
        assert "correct username and password" in knock("wrong").content.decode()
    page = knock(PASSWORD)
    assert page.status_code == 200
    assert "Too many tries. Please try again in 599 seconds." in page.content.decode()
    assert sign_in("root", PASSWORD).status_code == 429


def test_a_link_is_asked_for_sixty_times_an_hour_from_an_address(db, rates):
    rates(reset_address="3/h")

    def ask(n):
        return APIClient().post("/api/auth/password/reset/", {"email": f"a{n}@example.com"})

    assert statuses(ask(n) for n in range(4)) == [202] * 3 + [429]


def test_old_counts_are_removed(alice):
    sign_in()
    assert forget_old_tries() == 0
    with time_machine.travel(NOON + timedelta(hours=2)):
        assert forget_old_tries() == 3
    assert not TryCount.objects.exists()


def test_counts_name_nobody(alice):
    sign_in()
    for key in TryCount.objects.values_list("key", flat=True):
        assert re.fullmatch("[0-9a-f]{64}", key)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "peer", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1", "192.0.2.1"),
        (1, "203.0.113.9", "192.0.2.1", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "192.0.2.1", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.1", "192.0.2.1", "203.0.113.9"),
        (1, None, "192.0.2.1", "192.0.2.1"),
        (1, "\0, not an address", "192.0.2.1", "not an address"),
        (0, None, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (0, None, "::ffff:192.0.2.1", "192.0.2.1"),
        (0, None, "", ""),
    ],
)
def test_the_address_is_the_peer_or_what_a_trusted_proxy_says(
    rf, monkeypatch, proxies, forwarded, peer, address
):
    monkeypatch.setattr(api_settings, "NUM_PROXIES", proxies, raising=False)
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert address_of(rf.get("/", headers=headers, REMOTE_ADDR=peer)) == address


@pytest.mark.parametrize(
    ("text", "meaning"), [("10/10m", (10, 600)), ("300/h", (300, 3600)), (" 1/5s ", (1, 5))]
)
def test_a_rate_is_written_as_people_say_it(text, meaning):
    assert rate(text) == meaning


@pytest.mark.parametrize("text", ["", "10", "0/h", "10/0m", "-1/h", "10/d", "ten/h", "1.5/h"])
def test_what_is_no_rate_stops_the_start(text):
    with pytest.raises(ImproperlyConfigured):
        rate(text)
