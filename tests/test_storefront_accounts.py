"""A customer with a browser and a mailbox: a forgotten password, and an address to confirm."""

import re

from playwright.sync_api import expect
from rest_framework.test import APIClient

from accounts.models import User

from .browser import chromium
from .test_storefront import phone

__all__ = ["chromium", "phone"]
NEW = "a-quieter-evening-43"


def path_in(letter, page):
    return re.search(rf"/{page}/[^/\s]+/", letter.body)[0]


def test_a_forgotten_password_is_set_with_a_link_from_the_mail(phone, alice, letters):
    phone.goto("/sign-in/")
    phone.get_by_role("link", name="Forgot your password?").click()
    phone.get_by_label("E-mail").fill("alice@example.com")
    phone.get_by_role("button", name="Send me a link").click()
    expect(phone.get_by_role("heading", name="Look into your mail")).to_be_visible()
    link = path_in(letters()[0], "reset-password")

    phone.goto(link)
    phone.get_by_label("New password").fill("alice.weiss")
    phone.get_by_role("button", name="Set it and sign in").click()
    expect(phone.get_by_text("too similar to the full name")).to_be_visible()
    phone.get_by_label("New password").fill(NEW)
    phone.get_by_role("button", name="Set it and sign in").click()
    expect(phone.get_by_role("button", name="Sign out")).to_be_visible()
    login = {"username": "alice", "password": NEW}
    assert APIClient().post("/api/auth/login/", login).status_code == 200

    phone.goto(link)
    phone.get_by_label("New password").fill("yet-another-one-44")
    phone.get_by_role("button", name="Set it and sign in").click()
    expect(phone.get_by_role("heading", name="This link is used up")).to_be_visible()
    expect(phone.get_by_role("link", name="Send me another")).to_be_visible()


def test_an_address_is_confirmed_by_following_the_link(phone, letters):
    phone.goto("/sign-up/")
    phone.get_by_label("Name", exact=True).fill("Ada Byron")
    phone.get_by_label("E-mail").fill("ada@example.com")
    phone.get_by_label("Password").fill("popcorn-for-two")
    phone.get_by_role("button", name="Make my account").click()
    expect(phone.get_by_role("button", name="Sign out")).to_be_visible()
    first = path_in(letters()[0], "confirm-email")
    phone.goto("/confirm-email/7-made-up/")
    phone.get_by_role("button", name="Send me another").click()
    expect(phone.get_by_text("another link is on its way")).to_be_visible()
    assert len(letters()) == 1
    phone.goto(first)
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    assert User.objects.get(username="ada").email_confirmed
