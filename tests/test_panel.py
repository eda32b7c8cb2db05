"""The pages that every model of the admin has: they can be read, and listened to."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

import manager_panel
from manager_panel.models import Report
from movies.models import Credit, Movie, Person, Slide
from showtimes.models import Showtime
from theaters.models import Screen, Theater

from .panel import accessible, chromium, desk, picture, sign_in
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


def test_a_page_is_where_the_sidebar_has_it(desk, theater, showtime):
    def title():
        parts = desk.get_by_role("heading", level=1).locator("a, span:not([aria-hidden])")
        return [part.inner_text() for part in parts.all()]

    desk.goto(address(Theater, "change", theater.pk))
    assert title() == ["House", "Theaters", "Lux"]
    desk.goto(address(Theater, "changelist"))
    assert title() == ["House", "Theaters"]
    expect(desk).to_have_title("Theaters | Marquee")
    desk.goto(f"/admin/manager_panel/report/statement/{showtime.pk}/")
    assert title()[:2] == ["Programme", "Showtimes"]
    expect(desk.get_by_text("Nothing was sold of this showtime yet.")).to_be_visible()
    desk.get_by_role("link", name="Needs attention").click()
    expect(desk.get_by_role("heading", name="Nothing needs attention")).to_be_visible()


def test_slides_and_credits_are_dragged_into_order(desk, admin, manager, movie):
    for title in "ABC":
        Slide.objects.create(title=title, movie=movie, position=ord(title))
        person = Person.objects.create(name=f"Actor {title}")
        Credit.objects.create(movie=movie, person=person, job="actor", order=ord(title))
    desk.goto(address(Slide, "changelist"))
    expect(desk.get_by_text("drag_indicator")).to_have_count(0)
    sign_in(desk, admin)
    desk.goto(address(Slide, "changelist"))
    drag_the_last_to_the_top(desk)
    assert "".join(slide.title for slide in Slide.objects.all()) == "CAB"
    desk.goto(f"{address(Movie, 'change', movie.pk)}#credits")
    drag_the_last_to_the_top(desk)
    names = Credit.objects.filter(movie=movie).values_list("person__name", flat=True)
    assert [name[-1] for name in names] == ["C", "A", "B"]


def drag_the_last_to_the_top(page):
    handles = page.locator(".material-symbols-outlined:visible", has_text="drag_indicator")
    expect(handles).to_have_count(3)
    # It stands still when it can be hovered over.
    handles.nth(2).hover()
    page.mouse.down()
    top = handles.nth(0).bounding_box()
    page.mouse.move(top["x"] + 9, top["y"] + 9, steps=12)
    page.mouse.move(top["x"] + 9, top["y"], steps=4)
    page.mouse.up()
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()


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
