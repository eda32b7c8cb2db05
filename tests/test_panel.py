"""The pages that every model of the admin has: they can be read, and listened to."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import expect

import manager_panel
from bookings.models import Booking
from manager_panel.models import Report
from movies.models import Credit, Movie, Person, Slide
from showtimes.models import Price, Showtime
from theaters.models import Amenity, Screen, Theater

from .browser import DESK, PHONE
from .panel import accessible, chromium, desk, picture, sign_in
from .test_admin import address, everything, row_of

__all__ = ["chromium", "desk", "everything"]
BOTH = ("light", "dark")
INSERTS = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write"


NARROW = {"width": 320, "height": 640}
# Each kind of page once: lists that are full, edited in place, empty, or searched in vain; forms
# with pictures, drop-downs, inner forms, days, previews; what is looked at only; questions.
KINDS = [
    (Showtime, "changelist", "?when=all"),
    (Slide, "changelist", ""),
    (Amenity, "changelist", ""),
    (Movie, "changelist", "?q=nothing+of+that+name"),
    (Movie, "change", ""),
    (Showtime, "add", ""),
    (Showtime, "change", ""),
    (Theater, "change", ""),
    (Booking, "change", ""),
    (Showtime, "delete", ""),
    (Screen, "history", ""),
]

# Of those CI keeps pictures, and they are looked at by night.
SEEN = ("index", "Showtime-changelist?when=all", "Movie-change")


@pytest.fixture
def pages(everything):
    """Addresses of one page of each kind, by what they are."""
    Amenity.objects.all().delete()
    found = {"statement": f"/admin/manager_panel/report/statement/{everything.showtime.pk}/"}
    for model, page, query in KINDS:
        rows = [] if page in ("changelist", "add") else [row_of(everything, model).pk]
        found[f"{model.__name__}-{page}{query}"] = address(model, page, *rows) + query
    return found | {"index": "/admin/", "password": "/admin/password_change/"}


def test_every_kind_of_page_is_for_everybody(desk, admin, pages):
    sign_in(desk, admin)
    for name, page in pages.items():
        desk.goto(page)
        expect(desk.get_by_role("heading", level=1)).to_be_visible()
        seen = name in SEEN
        if seen:
            picture(desk, f"admin-{name.partition('?')[0].lower()}", schemes=BOTH)
        accessible(desk, schemes=BOTH if seen else ("light",))
        desk.set_viewport_size(NARROW)
        # A chart needs a moment.
        desk.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
        desk.set_viewport_size(DESK)


def test_the_door_is_for_everybody(desk):
    desk.context.clear_cookies()
    desk.goto("/admin/")
    expect(desk.get_by_label("Password")).to_be_visible()
    accessible(desk, schemes=BOTH)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/admin/theaters/theater/add/", "That is for somebody else to do"),
        ("/admin/theaters/theater/0/change/", "There is nothing here"),
    ],
)
def test_what_is_not_ones_own_is_said_and_leads_back(desk, path, words):
    desk.goto(path)
    expect(desk.get_by_role("main").get_by_role("heading", name=words)).to_be_visible()
    assert not Axe().run(desk).response["violations"]
    desk.get_by_role("link", name="To the dashboard").click()
    expect(desk.get_by_role("heading", name="Dashboard")).to_be_visible()


def test_a_form_of_an_old_session_says_what_to_do(admin):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(admin)
    answer = browser.post("/admin/theaters/amenity/add/", {"name": "Bar"})
    assert answer.status_code == 403
    assert "Nothing was changed" in answer.content.decode()


def test_who_types_comes_past_the_menu_at_once(desk):
    desk.goto("/admin/")
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("link", name="Skip to the content")).to_be_focused()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    expect(desk.locator("#content :focus")).to_be_visible()


def test_what_unfolds_takes_the_keys_and_gives_them_back(desk, showtime, manager):
    desk.goto(address(Showtime, "changelist"))
    filters = desk.get_by_role("button", name="Filters", exact=True)
    comes_and_goes(desk, filters, "#changelist-filter")
    comes_and_goes(desk, desk.get_by_role("button", name=str(manager.username)), "#nav-sidebar")
    desk.set_viewport_size(PHONE)
    menu = desk.get_by_role("button", name="Menu", exact=True)
    comes_and_goes(desk, menu, "#nav-sidebar")


def comes_and_goes(page, knob, where):
    """By the keyboard alone: it opens, the keys are in it, Escape closes it."""
    knob.focus()
    page.keyboard.press("Enter")
    expect(knob).not_to_be_focused()
    expect(page.locator(f"{where} :focus")).to_be_visible()
    page.keyboard.press("Escape")
    expect(knob).to_be_focused()


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
    desk.get_by_role("link", name="Waiting refunds").click()
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
    dragged, others = handles.nth(2).element_handle(), handles.element_handles()[:2]
    page.mouse.down()
    top = others[0].bounding_box()
    page.mouse.move(top["x"] + 9, top["y"] + 9, steps=12)
    # The rows make room one after the other.
    for step in range(100):
        if all(dragged.bounding_box()["y"] < one.bounding_box()["y"] for one in others):
            break
        page.mouse.move(top["x"] + 9, top["y"] + step % 4)
        page.wait_for_timeout(20)
    page.mouse.up()
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()


def test_a_window_of_the_admin_is_for_everybody(desk, theater, manager):
    day = theater.today()
    report = Report.objects.create(first=day, last=day, ordered_by=manager, status="failed")
    report.theaters.add(theater)
    desk.goto(address(Report, "change", report.pk))
    opener = desk.get_by_role("link", name="Try again")
    opener.focus()
    desk.keyboard.press("Enter")
    window = desk.get_by_role("dialog", name="Try again")
    go_on = window.get_by_role("button", name="Try again")
    expect(go_on).to_be_focused()
    picture(desk, "admin-dialog", schemes=BOTH)
    accessible(desk, schemes=BOTH)
    for _ in range(3):
        desk.keyboard.press("Tab")
    # Once around, past its other buttons.
    expect(go_on).to_be_focused()
    desk.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_a_form_that_is_refused_leads_to_each_field(desk, showtime):
    desk.goto(address(Showtime, "add"))
    desk.get_by_role("button", name="Save", exact=True).click()
    summary = desk.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_text(["Film", "Screen", "Starts at"])
    accessible(desk)
    summary.get_by_role("link", name="Film").click()
    movie = desk.get_by_role("combobox", name="Film")
    expect(movie).to_be_focused()
    expect(movie).to_have_accessible_description("This field is required.")


def test_rows_of_an_inner_form_are_added_and_removed_by_keys(desk, showtime, silver, gold):
    Price.objects.create(showtime=showtime, category=silver, amount=9)
    desk.goto(address(Showtime, "change", showtime.pk))
    desk.get_by_role("link", name="Add another Price").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("Category, row 2")).to_be_focused()
    desk.keyboard.type("Gold")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Tab")
    desk.keyboard.type("12")
    desk.get_by_label("Remove, row 1").focus()
    desk.keyboard.press("Space")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator("#told-aloud")).to_contain_text("was changed successfully")
    assert [(price.category, price.amount) for price in Price.objects.all()] == [(gold, 12)]


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
