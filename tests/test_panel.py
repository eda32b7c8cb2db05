"""The pages that every model of the admin has: they can be read, and listened to."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

import manager_panel
from manager_panel.models import Report
from showtimes.models import Showtime
from theaters.models import Screen

from .panel import accessible, chromium, desk, picture
from .test_admin import address

__all__ = ["chromium", "desk"]
BOTH = ("light", "dark")
INSERTS = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write"


@pytest.fixture
def pages(showtime, screen):
    """Addresses of one page of each kind."""
    return {
        "index": "/admin/",
        "list": address(Showtime, "changelist"),
        "form": address(Screen, "change", screen.pk),
    }


@pytest.mark.parametrize("kind", ["index", "list", "form"])
def test_the_pages_of_the_admin_are_for_everybody(desk, pages, kind):
    desk.goto(pages[kind])
    expect(desk.get_by_role("heading", level=1)).to_be_visible()
    picture(desk, f"admin-{kind}", schemes=BOTH)
    accessible(desk, schemes=BOTH)


def test_a_window_of_the_admin_is_for_everybody(desk, theater, manager):
    day = theater.today()
    report = Report.objects.create(first=day, last=day, ordered_by=manager, status="failed")
    report.theaters.add(theater)
    desk.goto(address(Report, "change", report.pk))
    desk.get_by_role("link", name="Try again").click()
    expect(desk.get_by_text("Have this report made once more.")).to_be_visible()
    picture(desk, "admin-dialog", schemes=BOTH)
    accessible(desk, schemes=BOTH)


def test_the_scripts_name_no_foreign_address_and_insert_no_html():
    files = Path(manager_panel.__file__).parent.rglob("*")
    for source in (one for one in files if one.suffix in {".js", ".css", ".html", ".svg"}):
        text = source.read_text().replace("http://www.w3.org/2000/svg", "")
        # htmx puts in what the server wrote and escaped.
        text = text.replace('hx-swap="outerHTML"', "")
        # A link leads away when somebody follows it; what else names an address loads from there.
        assert not re.findall(r"https?://\w+", text.replace('href="https://', "")), source
        assert not re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", text), (
            source
        )
        assert source.suffix != ".html" or not re.findall(r"\son[a-z]+=\"", text), source
