"""Debian's chromium for tests. Its pages are watched: what they may not do fails the test."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium")
# --no-sandbox: CI runs as root. The others: the browser must not call home.
OPTIONS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
    "--disable-background-networking --disable-component-update"
).split()
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1360, "height": 860}
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of a file."""
    if not CHROMIUM:
        reason = "chromium is not installed: apt-get install chromium"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    # Playwright keeps an event loop in this thread, where Django would refuse its database. It
    # gives such a thread a connection of its own, which we close.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()
        connection.close()


@contextmanager
def watched_page(browser: Browser, site: str, *, others=(), **options) -> Iterator[Page]:
    """
    A page whose addresses begin at `site`. The test fails on a script error, on what a Content
    Security Policy forbids, on an error of the server, a missing file of ours, and a request to
    anybody but `site` and `others`. `page.foreigners` are these complaints.
    """
    context = browser.new_context(
        base_url=site,
        # Nobody reads times by this clock: a theater has its own.
        timezone_id="Pacific/Auckland",
        **options,
    )
    context.set_default_timeout(PATIENCE)
    wrong = _complaints(context, {urlsplit(address).netloc for address in (site, *others)})
    page = context.new_page()
    page.foreigners = wrong
    yield page
    context.close()
    connection.close()
    assert not wrong


def _complaints(context: BrowserContext, ours: set[str]) -> list[str]:
    """What goes wrong on the pages of `context`, as it happens."""
    wrong = []

    def overhear(message):
        if "Content Security Policy" in message.text:
            wrong.append(message.text)

    def watch(request):
        if request.url.startswith("http") and urlsplit(request.url).netloc not in ours:
            wrong.append(f"Asked {request.url}")

    def check(answer):
        if answer.status == 500 or (answer.status == 404 and "/static/" in answer.url):
            wrong.append(f"{answer.status} {answer.url}")

    context.on("weberror", lambda event: wrong.append(str(event.error)))
    context.on("console", overhear)
    context.on("request", watch)
    context.on("response", check)
    return wrong
