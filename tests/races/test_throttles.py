"""Of many guesses at once, no more are looked at than are allowed."""

from collections import Counter

from rest_framework.test import APIClient

from accounts import throttles
from accounts.models import TryCount
from tests.conftest import PASSWORD


def sign_in(password):
    body = {"username": "alice", "password": password}
    return APIClient().post("/api/auth/login/", body).status_code


def test_of_sixteen_wrong_passwords_at_once_ten_are_looked_at(at_once, alice):
    assert Counter(at_once([lambda: sign_in("wrong")] * 16)) == {401: 10, 429: 6}
    assert max(TryCount.objects.values_list("tries", flat=True)) == 10


def test_right_ones_among_them_are_given_back(at_once, alice):
    jobs = [lambda: sign_in(PASSWORD)] * 8 + [lambda: sign_in("wrong")] * 2
    assert Counter(at_once(jobs)) == {200: 8, 401: 2}
    assert set(TryCount.objects.values_list("tries", flat=True)) == {2}


def test_looking_before_counting_would_let_more_through(at_once, alice, monkeypatch):
    def look_then_write(windows):
        rows = TryCount.objects.in_bulk([window.key for window in windows])
        tries = {key: row.tries for key, row in rows.items()}
        for key, most, ends_at in windows:
            if tries.get(key, 0) < most:
                new = {"tries": tries.get(key, 0) + 1, "ends_at": ends_at}
                TryCount.objects.update_or_create(key=key, defaults=new)
        return {key for key, most, _ in windows if tries.get(key, 0) < most}

    monkeypatch.setattr(throttles, "_count", look_then_write)
    heard = [Counter(at_once([lambda: sign_in("wrong")] * 16))[401] for _ in range(3)]
    assert max(heard) > 10
