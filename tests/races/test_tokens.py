"""A refresh token works once, however many requests bring it at once."""

from collections import Counter

from django.db.models import QuerySet
from rest_framework.test import APIClient

from tests.conftest import PASSWORD


def refresh_at_once(at_once, alice):
    login = {"username": alice.username, "password": PASSWORD}
    token = APIClient().post("/api/auth/login/", login).json()["refresh"]
    answers = at_once([lambda: APIClient().post("/api/auth/refresh/", {"refresh": token})] * 8)
    return Counter(answer.status_code for answer in answers)


def test_one_of_eight_wins(at_once, alice):
    assert refresh_at_once(at_once, alice) == {200: 1, 401: 7}


def test_without_the_lock_more_than_one_wins(at_once, alice, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **how: self)
    wins = [refresh_at_once(at_once, alice)[200] for _ in range(5)]
    assert max(wins) > 1
