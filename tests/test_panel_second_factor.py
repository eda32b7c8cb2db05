"""A manager sets up the second factor with a real browser and what its camera would read."""

import io
import re
import time
from base64 import b32decode
from urllib.parse import parse_qs, urlsplit

import pytest
import zxingcpp
from django_otp.oath import TOTP
from PIL import Image
from playwright.sync_api import expect

from .browser import PHONE, watched_page
from .conftest import PASSWORD
from .panel import accessible, chromium

__all__ = ["chromium"]


@pytest.fixture(params=["light", "dark"])
def phone(request, chromium, live_server, settings):
    """A page of a browser on a phone, by day or in the dark of a cinema."""
    settings.STAFF_SECOND_FACTOR = True
    options = {"viewport": PHONE, "color_scheme": request.param}
    with watched_page(chromium, live_server.url, **options) as page:
        page.scheme = request.param
        yield page


def read_by_a_camera(page) -> dict:
    """What the QR code on `page` says to an app."""
    picture = Image.open(io.BytesIO(page.get_by_role("img", name="QR code").screenshot()))
    [code] = zxingcpp.read_barcodes(picture)
    return parse_qs(urlsplit(code.text).query)


def shown_by_the_app(key: str) -> str:
    totp = TOTP(b32decode(key))
    totp.time = time.time()
    return f"{totp.token():06}"


def is_as_wide_as_the_phone(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_from_the_password_to_the_first_page(phone, manager):
    phone.goto("/admin/theaters/screen/")
    phone.get_by_label("Username").fill(manager.username)
    phone.get_by_label("Password").fill(PASSWORD)
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Set up your second factor")).to_be_visible()
    assert is_as_wide_as_the_phone(phone)
    accessible(phone, schemes=(phone.scheme,))
    said = read_by_a_camera(phone)
    assert said["issuer"] == ["Marquee"]
    phone.get_by_role("textbox", name="Code").fill(shown_by_the_app(*said["secret"]))
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    assert phone.get_by_role("listitem").count() == 10
    assert is_as_wide_as_the_phone(phone)
    accessible(phone, schemes=(phone.scheme,))
    phone.get_by_role("link", name="I have them").click()
    expect(phone).to_have_url(re.compile("/admin/theaters/screen/$"))
