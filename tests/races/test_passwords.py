"""The link in a mail works once, however many requests bring it at once."""

from collections import Counter

from rest_framework.test import APIClient

from accounts.links import password_links
from accounts.models import User
from accounts.outbox import send_waiting_mail


def test_one_of_eight_sets_the_password(at_once, alice):
    token = password_links.token_for(alice)

    def confirm(n):
        body = {"token": token, "new_password": f"popcorn-for-{n}-more"}
        return APIClient().post("/api/auth/password/reset/confirm/", body)

    answers = at_once([lambda n=n: confirm(n) for n in range(8)])
    codes = Counter(answer.status_code for answer in answers)
    assert codes[200] == 1
    assert codes[400] + codes[409] == 7
    [won] = [answer.json() for answer in answers if answer.status_code == 200]
    client = APIClient(headers={"Authorization": f"Bearer {won['access']}"})
    assert client.get("/api/auth/me/").status_code == 200


def test_of_two_who_take_a_name_in_another_case_one_gets_it(at_once, db):
    def register(name):
        person = {"username": name, "password": "popcorn-for-two"}
        return APIClient().post("/api/auth/register/", person).status_code

    names = ["ada", "ADA", "Ada", "aDa"]
    codes = Counter(at_once([lambda name=name: register(name) for name in names]))
    assert codes == {201: 1, 400: 3}
    assert User.objects.called("ada").count() == 1


def test_two_workers_deliver_every_mail_once(at_once, django_user_model):
    for n in range(12):
        person = {"username": f"p{n}", "email": f"p{n}@example.com", "password": "popcorn-for-two"}
        APIClient().post("/api/auth/register/", person)
    assert sum(at_once([send_waiting_mail] * 4)) == 12
