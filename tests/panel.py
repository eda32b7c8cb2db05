"""
How tests use the manager panel: a desk to sit at, pictures to look at, and axe to listen with.

    from .panel import accessible, chromium, desk, picture

    __all__ = ["chromium", "desk"]
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from .browser import DESK, PHONE, chromium, watched_page

__all__ = ["accessible", "chromium", "desk", "picture", "sign_in"]
# CI keeps this folder.
ARTEFACTS = Path(
    os.environ.get("ARTEFACTS") or Path(__file__).resolve().parent.parent / "artefacts"
)
SIZES = {"desk": DESK, "phone": PHONE}
# Of all rules of axe the one whose answer depends on the colours.
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
FOR_THE_MOUSE_ALONE = """() => [...document.querySelectorAll("[x-on\\\\:click], .delete-template")]
    .filter((one) => one.checkVisibility() && one.textContent.trim())
    .filter((one) => !one.closest("a[href], button, label, [tabindex='0']"))
    .filter((one) => !one.querySelector("input"))
    .map((one) => one.outerHTML.slice(0, 200))"""


@pytest.fixture
def desk(chromium, live_server, manager):
    """
    A desktop-sized page on which the theater's `manager` is signed in to the admin. It fails the
    test as `watched_page` does; a page more for the same person is `desk.context.new_page()`.
    """
    with watched_page(chromium, live_server.url, viewport=DESK, accept_downloads=True) as page:
        page.site = live_server.url
        sign_in(page, manager)
        yield page


def sign_in(page: Page, user):
    """Whoever sat at `page` before: from now on it is `user`."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "path": "/"}
    page.context.add_cookies([cookie | {"domain": urlsplit(page.site).hostname}])


def picture(page: Page, name: str, *, schemes=("light",), sizes=("desk", "phone")):
    """Save how the whole page looks as `{name}-{size}-{scheme}.png`, and leave it as it was."""
    before = page.viewport_size
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    for size in sizes:
        page.set_viewport_size(SIZES[size])
        for scheme in schemes:
            _paint(page, scheme)
            page.evaluate("document.fonts.ready")
            path = ARTEFACTS / f"{name}-{size}-{scheme}.png"
            page.screenshot(path=path, full_page=True, animations="disabled")
    page.set_viewport_size(before)
    _paint(page, "light")


def accessible(page: Page, *, schemes=("light",)):
    """
    Fails, naming what and where, if axe finds any fault, be it moderate, or if something answers to
    the mouse alone. What is hard to read is looked for by night as well.
    """
    page.wait_for_selector("body[data-mended]")
    faults = [f"for the mouse alone: {one}" for one in page.evaluate(FOR_THE_MOUSE_ALONE)]
    for scheme in schemes:
        _paint(page, scheme)
        found = Axe().run(page, options=CONTRAST if faults or scheme != schemes[0] else None)
        faults += [f"{scheme}: {_in_words(fault)}" for fault in found.response["violations"]]
    _paint(page, "light")
    assert not faults, f"{page.url}\n" + "\n".join(faults)


def _paint(page: Page, scheme: str):
    """Light or dark, as the switch at the bottom of the sidebar does it."""
    page.emulate_media(color_scheme=scheme)
    page.evaluate(
        "dark => document.documentElement.classList.toggle('dark', dark)", scheme == "dark"
    )


def _in_words(fault: dict) -> str:
    where = [
        f"  {' '.join(map(str, node['target']))}\n    {node['html'][:200]}\n"
        f"    {node['failureSummary'].splitlines()[-1].strip()}"
        for node in fault["nodes"][:8]
    ]
    more = len(fault["nodes"]) - len(where)
    rest = [f"  and {more} more"] * (more > 0)
    return "\n".join([f"{fault['impact']} {fault['id']}: {fault['help']}", *where, *rest])
