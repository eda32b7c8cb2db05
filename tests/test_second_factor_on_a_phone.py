"""A manager sets up the second factor with a real browser and what its camera would read."""

import io
import os
import re
import shutil
import time
from base64 import b32decode
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import axe_playwright_python
import pytest
import zxingcpp
from django_otp.oath import TOTP
from PIL import Image
from playwright.sync_api import expect, sync_playwright

from .conftest import PASSWORD
from .test_storefront import OPTIONS

CHROMIUM = shutil.which("chromium")
[AXE] = Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")
GRAVE = {"serious", "critical"}


@pytest.fixture(params=["light", "dark"])
def phone(request, live_server, settings, monkeypatch):
    """A page of a browser on a phone, by day or in the dark of a cinema."""
    if not CHROMIUM:
        reason = "chromium is not installed: apt-get install chromium"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    settings.STAFF_SECOND_FACTOR = True
    # As in test_storefront: Playwright keeps an event loop in this thread.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        page = browser.new_context(
            base_url=live_server.url,
            viewport={"width": 390, "height": 844},
            color_scheme=request.param,
        ).new_page()
        yield page
        browser.close()


def read_by_a_camera(page) -> dict:
    """What the QR code on `page` says to an app."""
    picture = Image.open(io.BytesIO(page.get_by_role("img", name="QR code").screenshot()))
    [code] = zxingcpp.read_barcodes(picture)
    return parse_qs(urlsplit(code.text).query)


def shown_by_the_app(key: str) -> str:
    totp = TOTP(b32decode(key))
    totp.time = time.time()
    return f"{totp.token():06}"


def grave_faults(page) -> list[str]:
    """What axe-core finds that keeps people out."""
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run()")["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in GRAVE]


def is_as_wide_as_the_phone(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_from_the_password_to_the_first_page(phone, manager):
    phone.goto("/admin/theaters/screen/")
    phone.get_by_label("Username").fill(manager.username)
    phone.get_by_label("Password").fill(PASSWORD)
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Set up your second factor")).to_be_visible()
    assert is_as_wide_as_the_phone(phone)
    assert grave_faults(phone) == []
    said = read_by_a_camera(phone)
    assert said["issuer"] == ["Marquee"]
    phone.get_by_role("textbox", name="Code").fill(shown_by_the_app(*said["secret"]))
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    assert phone.get_by_role("listitem").count() == 10
    assert is_as_wide_as_the_phone(phone)
    assert grave_faults(phone) == []
    phone.get_by_role("link", name="I have them").click()
    expect(phone).to_have_url(re.compile("/admin/theaters/screen/$"))
