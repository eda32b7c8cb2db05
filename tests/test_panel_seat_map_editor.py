"""A manager draws a hall: rows, aisles, categories, numbers; and what saving it may not do."""

import json
import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect
from rest_framework.test import APIClient

from showtimes.models import SeatBlock
from theaters.models import Screen, Seat, SeatCategory

from .panel import accessible, chromium, desk, picture
from .test_admin import address, by_hand

__all__ = ["by_hand", "chromium", "desk"]
BOTH = ("light", "dark")


def plan_of(screen):
    return f"/admin/theaters/screen/{screen.pk}/seat-map/"


def layout_of(screen):
    return APIClient().get(f"/api/screens/{screen.pk}/layout/").json()


def rows_of(screen):
    return layout_of(screen)["rows"]


def sell(showtime, *seats):
    showtime.take(list(seats), uuid4(), None)


@pytest.fixture(autouse=True)
def colours(silver, gold):
    SeatCategory.objects.filter(pk=silver.pk).update(colour="#5b8def")
    SeatCategory.objects.filter(pk=gold.pk).update(colour="#f2b84b")


@pytest.fixture
def editor(desk, screen):
    """The editor, open on the screen of two rows, and reached by its button."""
    desk.goto(address(Screen, "change", screen.pk))
    desk.get_by_role("link", name="Edit the plan").click()
    desk.wait_for_selector("#editor[data-ready]")
    return desk


def seat(page, label):
    return page.get_by_role("gridcell", name=re.compile(f"^{label},"))


def said(page, words):
    expect(page.get_by_role("status").filter(has_text=words).first).to_be_visible()


def middle_of(cell):
    box = cell.locator("rect").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page, start, end):
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    page.mouse.move(*end)
    page.mouse.up()


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def save(page):
    """Look at what it would do, and save it; answers what was said before."""
    page.get_by_role("button", name="Review and save").click()
    window = page.get_by_role("dialog", name="Save this plan?")
    knob = window.get_by_role("button", name="Save the plan")
    expect(knob).to_be_visible()
    words = window.inner_text()
    knob.click()
    said(page, "Saved:")
    expect(page.locator("#state")).to_have_text("Saved")
    return words


def test_a_hall_is_drawn_by_numbers_painted_and_saved(desk, theater, silver, gold):
    hall = Screen.objects.create(theater=theater, name="New")
    desk.goto(plan_of(hall))
    picture(desk, "seat-map-empty")
    desk.get_by_role("button", name="Draw a hall by numbers").click()
    window = desk.get_by_role("dialog")
    for name, value in {"Rows": "6", "Seats in a row": "8", "Aisles after seat": "2, 6"}.items():
        window.get_by_label(name, exact=True).fill(value)
    window.get_by_label("Aisles behind row").fill("4")
    window.get_by_label("Seats are counted").select_option("odd_left")
    accessible(desk, schemes=BOTH)
    picture(desk, "seat-map-new", schemes=BOTH)
    window.get_by_role("button", name="Draw it").click()
    said(desk, "6 rows with 48 seats")

    desk.get_by_role("button", name=re.compile("^Paint")).first.click()
    desk.get_by_role("button", name=re.compile("^Gold")).click()
    drag(desk, middle_of(seat(desk, "F7")), middle_of(seat(desk, "F8")))
    said(desk, "8 seats painted")
    desk.get_by_role("rowheader", name="Row D").click()
    press(desk, "Control+z")
    desk.keyboard.down("Shift")
    start, end = middle_of(seat(desk, "E3")), middle_of(seat(desk, "E4"))
    drag(desk, (start[0] - 20, start[1] - 20), (end[0] + 20, end[1] + 15))
    desk.keyboard.up("Shift")
    said(desk, "4 seats painted")
    desk.get_by_role("button", name="Undo").click()
    expect(seat(desk, "E1")).to_have_accessible_name("E1, Silver")
    press(desk, "Control+y")
    expect(seat(desk, "E1")).to_have_accessible_name("E1, Gold")
    seat(desk, "A7").focus()
    press(desk, "w", "ArrowRight", "c")
    accessible(desk, schemes=BOTH)
    picture(desk, "seat-map-drawn", schemes=BOTH)

    assert "48 seats" in save(desk)
    drawn = layout_of(hall)
    assert drawn["version"] == 1
    marks = {f"{one['row']}{one['number']}": one for one in drawn["seats"]}
    assert [one["number"] for one in drawn["seats"][:8]] == [7, 5, 3, 1, 2, 4, 6, 8]
    assert {label for label, one in marks.items() if one["category"] == gold.pk} == {
        *(f"F{number}" for number in range(1, 9)),
        *("E1", "E2", "E3", "E4"),
    }
    assert (marks["A7"]["kind"], marks["A5"]["kind"]) == ("wheelchair", "companion")
    assert (marks["A3"]["x"], marks["F1"]["y"]) == (3.0, 6.0)


def test_rows_and_aisles_with_the_keyboard_alone(editor, screen):
    seat(editor, "A1").focus()
    press(editor, "ArrowRight", "ArrowRight")
    expect(seat(editor, "A3")).to_be_focused()
    press(editor, "]")
    said(editor, "An aisle is there.")
    press(editor, "Control+d")
    said(editor, "The row is there twice.")
    press(editor, "ArrowDown", "Home", "Shift+ArrowRight", "2")
    said(editor, "2 seats: Gold.")
    press(editor, "End", "ArrowRight", "Enter")
    said(editor, "New seat B7.")
    press(editor, "Escape", "Delete")
    said(editor, "1 seat removed.")
    press(editor, "?")
    expect(editor.get_by_role("dialog", name="What the keys do")).to_be_visible()
    accessible(editor)
    press(editor, "Escape", "Control+s")
    window = editor.get_by_role("dialog", name="Save this plan?")
    expect(window.get_by_role("button", name="Save the plan")).to_be_focused()
    press(editor, "Enter")
    said(editor, "Saved: 18 seats.")
    assert rows_of(screen) == ["ss s sss", "gg s sss", "gg g ggg"]
    assert layout_of(screen)["row_labels"] == ["A", "B", "C"]


def test_rows_are_bent_numbered_and_lettered(editor, screen):
    editor.get_by_role("slider", name="Curve").fill("2")
    editor.get_by_text("Numbers and letters").click()
    editor.get_by_role("combobox", name="Seats are counted").select_option("right_to_left")
    editor.get_by_role("button", name="Number the seats").click()
    editor.get_by_role("combobox", name="Rows have").select_option("figures")
    editor.get_by_role("button", name="Label the rows").click()
    editor.get_by_role("group", name="Categories").scroll_into_view_if_needed()
    picture(editor, "seat-map-bent", schemes=BOTH)
    save(editor)
    first = layout_of(screen)["seats"][0]
    seats = layout_of(screen)["seats"]
    assert {one["row"] for one in seats} == {"1", "2"}
    row = sorted((one for one in seats if one["row"] == "1"), key=lambda one: one["x"])
    assert [one["number"] for one in row] == [6, 5, 4, 3, 2, 1]
    assert row[0]["y"] == row[-1]["y"] == first["y"] < row[2]["y"]
    editor.reload()
    expect(editor.locator("#bow-said")).to_have_text("2 seats")


def test_what_is_sold_stays(editor, screen, showtime, seats, silver):
    sell(showtime, seats[0], seats[1])
    SeatBlock(showtime=showtime, kind="broken").put_on(seats[5:6])
    editor.reload()
    expect(seat(editor, "A1")).to_have_accessible_name("A1, Silver, sold")
    drag(editor, *corners(seat(editor, "A1"), seat(editor, "A2")))
    press(editor, "Delete")
    problem = editor.get_by_role("region", name="This can't be saved yet")
    expect(problem).to_contain_text("Sold, and gone from the plan: A1 A2.")
    editor.get_by_role("button", name="Review and save").click()
    window = editor.get_by_role("dialog", name="These seats are sold")
    expect(window).to_contain_text("The Long Way Down")
    accessible(editor, schemes=BOTH)
    picture(editor, "seat-map-sold", schemes=BOTH)
    window.get_by_role("button", name="Put these seats back").click()
    expect(problem).to_be_hidden()
    expect(seat(editor, "A1")).to_have_accessible_name("A1, Silver, sold")

    seat(editor, "A6").click()
    press(editor, "Delete")
    words = save(editor)
    assert "1 seat removed" in words and "leave their blocks" in words
    assert "2 seats sold or held for 1 showtime to come" in words
    assert rows_of(screen) == ["sss ss", "ggg ggg"]
    assert screen.seats.get(row="A", number=1).pk == seats[0].pk


def corners(first, last):
    (left, top), (right, bottom) = middle_of(first), middle_of(last)
    return (left - 25, top - 25), (right + 15, bottom + 15)


def test_who_sells_a_seat_while_it_is_erased_is_not_cheated(editor, screen, showtime, seats):
    """It was free when the window said what would be removed."""
    seat(editor, "B6").click()
    press(editor, "Delete", "Control+s")
    expect(editor.get_by_role("button", name="Save the plan")).to_be_visible()
    sell(showtime, seats[11])
    editor.get_by_role("button", name="Save the plan").click()
    expect(editor.get_by_role("dialog", name="These seats are sold")).to_contain_text("B6")
    assert screen.seats.filter(active=True).count() == 12


def test_the_second_of_two_who_draw_loses_nothing(editor, screen, silver):
    other = editor.context.new_page()
    other.goto(plan_of(screen))
    seat(other, "A1").focus()
    press(other, "Delete")
    save(other)
    other.close()
    seat(editor, "B6").focus()
    press(editor, "Delete", "Control+s")
    editor.get_by_role("button", name="Save the plan").click()
    window = editor.get_by_role("dialog", name="Somebody else saved this plan meanwhile")
    with editor.expect_download() as kept:
        window.get_by_role("button", name="Download mine").click()
    assert len(json.loads(kept.value.path().read_text())["seats"]) == 11
    picture(editor, "seat-map-conflict")
    window.get_by_role("button", name="Look at theirs").click()
    expect(seat(editor, "B6")).to_be_visible()
    expect(seat(editor, "A6")).to_have_count(0)
    press(editor, "Control+z")
    expect(seat(editor, "B6")).to_have_count(0)
    words = save(editor)
    assert "1 seat new" in words and "1 seat removed" in words
    assert rows_of(screen) == ["sss sss", "ggg gg"]


def test_a_drawing_that_was_not_saved_waits_in_the_browser(editor, screen):
    seat(editor, "B6").focus()
    press(editor, "Delete")
    editor.once("dialog", lambda dialog: dialog.accept())
    editor.goto("/admin/")
    editor.goto(plan_of(screen))
    expect(seat(editor, "B6")).to_be_visible()
    editor.get_by_role("button", name="Go on with it").click()
    expect(seat(editor, "B6")).to_have_count(0)
    save(editor)
    editor.reload()
    expect(seat(editor, "B5")).to_be_visible()
    expect(editor.get_by_role("region", name="An unsaved drawing")).to_be_hidden()


def test_a_plan_is_copied_and_read_as_text(editor, theater, screen, silver):
    other = Screen.objects.create(theater=theater, name="Other")
    Seat.objects.create(screen=other, row="Q", number=7, category=silver, x=2, y=0)
    editor.reload()
    editor.get_by_role("button", name="Copy", exact=True).click()
    editor.get_by_role("button", name="Other 1 seat").click()
    expect(seat(editor, "Q7")).to_be_visible()
    editor.get_by_role("button", name="Text", exact=True).click()
    window = editor.get_by_role("dialog")
    field = window.get_by_label("The plan", exact=True)
    expect(field).to_have_value(re.compile('"row":"Q","number":7,"x":2'))
    field.fill("ss?")
    window.get_by_role("button", name="Read this text").click()
    expect(window.get_by_role("alert")).to_contain_text("Row 1: the legend lacks")
    body = {"rows": ["sx", "", "s"], "legend": {"s": {"category": silver.pk}}}
    body["legend"]["x"] = {"category": silver.pk, "kind": "couple"}
    field.fill(json.dumps(body))
    window.get_by_role("button", name="Read this text").click()
    expect(seat(editor, "A2")).to_have_accessible_name("A2, Silver, couple seat")
    save(editor)
    assert rows_of(screen) == ["sc", "", "s"]


def test_a_thousand_seats_are_painted_removed_and_brought_back(desk, theater, silver, gold):
    hall = Screen.objects.create(theater=theater, name="Arena")
    rows = [str(number) for number in range(1, 26)]
    Seat.objects.bulk_create(
        Seat(screen=hall, row=row, number=x + 1, category=silver, x=x, y=y)
        for y, row in enumerate(rows)
        for x in range(40)
    )
    desk.goto(plan_of(hall))
    seat(desk, "11").first.focus()
    press(desk, "Control+a", "2", "ArrowDown", "ArrowRight", "Delete")
    said(desk, "1000 seats removed")
    press(desk, "Control+z")
    expect(seat(desk, "2540")).to_have_accessible_name("2540, Gold")
    expect(desk.locator("#state")).to_have_text("Not saved")
    picture(desk, "seat-map-thousand")


def post(browser, screen, body, page="save"):
    return browser.post(f"{plan_of(screen)}{page}/", body, content_type="application/json")


def test_the_editor_saves_by_the_rules_of_the_api(by_hand, manager, screen, showtime, seats):
    browser = by_hand(manager)
    layout = layout_of(screen)
    same = post(browser, screen, {"seats": layout["seats"], "version": 0})
    assert (same.status_code, same.json()) == (200, layout | {"sold": []})
    sell(showtime, seats[0])
    refused = post(browser, screen, {"seats": layout["seats"][1:], "version": 0})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "seats_sold")
    late = post(browser, screen, {"seats": layout["seats"], "version": 7})
    assert (late.status_code, late.json()["errors"][0]["code"]) == (409, "layout_changed")
    for body in ("{", "[]", "{}", '{"seats": [{"row": "A\\u0000"}]}', "[" * 5000, b"\xff"):
        for page in ("save", "check"):
            answer = post(browser, screen, body, page)
            assert (answer.status_code, answer["Content-Type"]) == (400, "application/json"), body
    assert layout_of(screen) == layout


def test_a_check_says_what_would_happen_and_changes_nothing(
    by_hand, manager, screen, showtime, seats, silver, gold, django_assert_max_num_queries
):
    sell(showtime, seats[0], seats[6], seats[7])
    SeatBlock(showtime=showtime, kind="house").put_on(seats[5:6])
    before = layout_of(screen)
    legend = {"s": {"category": silver.pk}, "g": {"category": gold.pk}}
    body = {"rows": ["ggs s", "g gg gg"], "legend": legend, "version": 0}
    browser = by_hand(manager)
    with django_assert_max_num_queries(20):
        answer = post(browser, screen, body, "check").json()
    effect = answer["effect"]
    names = ("added", "dropped", "changed", "moved", "moved_sold")
    assert {name: effect[name]["labels"] for name in names} == {
        "added": "",
        "dropped": "A5 A6 B6",
        "changed": "A1 A2",
        "moved": "B2-B5",
        "moved_sold": "B2",
    }
    assert [one["seats"] for one in effect["lost"]] == [["A1"]]
    assert [one["seats"] for one in effect["unblocked"]] == [["A6"]]
    assert (effect["coming"], effect["on_sale"], effect["tickets"]) == (1, 1, 3)
    assert answer["layout"]["rows"] == ["ggs s", "g gg gg"]
    assert layout_of(screen) == before


def test_the_plan_of_another_theater_is_nowhere(by_hand, admin, screen, users, seats):
    browser = by_hand(users["elsewhere"])
    layout = layout_of(screen)
    pages = (plan_of(screen), f"/admin/theaters/screen/{screen.pk}/plan/")
    for page in pages:
        assert browser.get(page).status_code == 404
        assert browser.post(page).status_code == 404
    for page in ("save", "check"):
        assert browser.get(f"{plan_of(screen)}{page}/").status_code == 404
        assert post(browser, screen, {"seats": []}, page).status_code == 404
    for user in (users["other"], None):
        browser.force_login(user) if user else browser.logout()
        for page in ("save", "check"):
            assert post(browser, screen, {"seats": []}, page).status_code == 302
    assert layout_of(screen) == layout
    assert by_hand(admin).get(plan_of(screen)).status_code == 200
    assert by_hand(admin).get("/admin/theaters/screen/x/seat-map/").status_code == 404


def test_a_forged_request_saves_nothing(client, manager, screen, seats):
    client.handler.enforce_csrf_checks = True
    client.force_login(manager)
    assert post(client, screen, {"seats": []}).status_code == 403
    assert screen.seats.filter(active=True).count() == 12


def test_the_page_costs_the_same_for_any_hall(
    by_hand, manager, screen, showtime, seats, silver, django_assert_num_queries
):
    browser = by_hand(manager)
    for sold in (seats[:3], seats[3:5]):
        with django_assert_num_queries(8):
            page = browser.get(plan_of(screen))
        assert page["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self' ")
        sell(showtime, *sold)
        other = Screen.objects.create(theater=screen.theater, name=f"More {sold[0]}")
        rows = [Seat(screen=other, row="A", number=n, category=silver, x=n, y=0) for n in (1, 2)]
        Seat.objects.bulk_create(rows)
