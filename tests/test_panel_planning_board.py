"""The planning board as a manager uses it: by mouse, by keys, by touch."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from playwright.sync_api import expect

from movies.models import Movie
from showtimes.models import Price, Showtime
from theaters.layouts import Place, seats_of
from theaters.models import Screen

from .panel import accessible, chromium, desk, picture, sign_in

__all__ = ["chromium", "desk"]
BOTH = ("light", "dark")


@pytest.fixture
def hall(theater, silver, screen):
    """A second screen."""
    hall = Screen.objects.create(theater=theater, name="Screen 2", kind="imax")
    hall.seats.bulk_create(seats_of(hall, ["sss"], {"s": Place(silver)}))
    return hall


@pytest.fixture
def short(db):
    return Movie.objects.create(
        title="A Short One", release_date=date(2026, 1, 1), duration_minutes=60, language="de"
    )


@pytest.fixture
def day(theater):
    return theater.today() + timedelta(days=2)


@pytest.fixture
def planned(movie, screen, hall, day):
    def plan(clock, *, on=screen, later=0, of=movie, status="planned"):
        moment = datetime.combine(day, time.fromisoformat(clock), on.theater.zone)
        showtime = Showtime(
            movie=of, screen=on, starts_at=moment + timedelta(days=later), status=status
        )
        showtime.clean()
        showtime.save()
        return showtime

    return plan


@pytest.fixture
def board(desk, theater, day, hall):
    """Opens the board of `day`."""

    def open_it():
        desk.goto(f"/admin/showtimes/showtime/board/{theater.pk}/?day={day}")
        expect(desk.locator(".board-lane")).to_have_count(2)
        return desk

    return open_it


def block(page, showtime):
    return page.locator(f'[data-id="{showtime.pk}"]')


def lane(page, screen):
    return page.locator(f'[data-screen="{screen.pk}"]')


def says(page, words):
    expect(page.locator("[data-said]")).to_contain_text(words)


def drag(page, what, *, over, minutes=0, grab=(60, 20)):
    """Take `what` by a place in it, and let it go `minutes` after the left edge of `over`."""
    scale = 1.3
    start, target = what.bounding_box(), over.bounding_box()
    left = page.locator(".board-screen").first.bounding_box()
    x = max(target["x"] + minutes * scale, left["x"] + left["width"] + 60)
    page.mouse.move(start["x"] + grab[0], start["y"] + grab[1])
    page.mouse.down()
    page.mouse.move(x, target["y"] + 30, steps=4)
    page.mouse.up()


def clock(showtime):
    showtime.refresh_from_db()
    return f"{showtime.starts_at.astimezone(showtime.theater.zone):%H:%M}"


def test_a_film_is_dragged_onto_a_screen_and_taken_back(board, short, hall, theater):
    page = board()
    film = page.locator(".board-film", has_text=short.title)
    drag(page, film, over=lane(page, hall), minutes=600)
    says(page, "Placed: A Short One")
    showtime = Showtime.objects.get()
    assert (showtime.movie, showtime.screen, showtime.format) == (short, hall, "imax")
    assert showtime.starts_at.minute % 5 == 0 and showtime.status == "planned"
    page.get_by_role("button", name="Undo").click()
    says(page, "taken off the board")
    assert not Showtime.objects.exists()


def test_a_film_is_placed_by_the_form_alone(board, short, hall, silver):
    page = board()
    page.get_by_label("Search films").fill("short")
    place = page.get_by_role("button", name="Place A Short One")
    place.focus()
    page.keyboard.press("Enter")
    window = page.get_by_role("dialog")
    window.get_by_label("Screen").select_option("Screen 2")
    window.get_by_label("Adverts begin").fill("20:15")
    expect(window).to_contain_text("Adverts 20:15, film 20:35 to 21:35, screen clean at 21:50.")
    window.get_by_label("Silver").fill("8.50")
    window.get_by_label("Put on sale at once").check()
    picture(page, "board-place", schemes=BOTH)
    accessible(page, schemes=BOTH)
    page.keyboard.press("Enter")
    says(page, "Placed: A Short One, 20:15, Screen 2.")
    showtime = Showtime.objects.get()
    expect(block(page, showtime)).to_be_focused()
    assert (clock(showtime), showtime.status) == ("20:15", "on_sale")
    assert str(Price.objects.get().amount) == "8.500"


def test_a_day_is_seen_moved_by_mouse_and_a_clash_is_refused(
    board, planned, hall, short, book, me, seats
):
    sold = planned("20:15", status="on_sale")
    book(me, sold, seats[:3])
    free, other = planned("12:00"), planned("12:00", on=hall, of=short)
    planned("23:00")
    page = board()
    expect(block(page, sold)).to_have_accessible_name(
        "The Long Way Down, Screen 1, 20:15 to 22:15, clean at 22:30. 2D · en. "
        "3 of 12 seats taken. 10.00–14.50 EUR. on sale"
    )
    picture(page, "board-day", schemes=BOTH)
    accessible(page, schemes=BOTH)
    drag(page, block(page, free), over=block(page, free), minutes=120)
    says(page, "moved to")
    assert clock(free) > "13:00"
    moved = clock(free)
    page.get_by_role("button", name="Undo").click()
    says(page, "is back at 12:00, Screen 1.")
    assert clock(free) == "12:00" != moved
    drag(page, block(page, free), over=block(page, other), minutes=10)
    says(page, "Screen 2 is taken by A Short One until 13:35 with cleaning.")
    assert clock(free) == "12:00"
    block(page, sold).scroll_into_view_if_needed()
    drag(page, block(page, sold), over=block(page, sold), minutes=-30)
    says(page, "3 seats are taken, so it stays in its place.")
    assert clock(sold) == "20:15"
    block(page, sold).click()
    window = page.get_by_role("dialog")
    expect(window).to_contain_text("If it begins late, add minutes of adverts.")
    window.get_by_label("Adverts, minutes").fill("50")
    expect(window).to_contain_text("screen clean at 23:00")
    window.get_by_label("Adverts, minutes").fill("60")
    expect(window).to_contain_text("Screen 1 is taken by The Long Way Down until 01:15")


@pytest.fixture
def tablet(desk, theater, day, hall):
    """The board of `day` on a touch screen, and `drag(…)` by a finger that rests for `rest` ms."""
    size = {"width": 820, "height": 1180}
    context = desk.context.browser.new_context(
        base_url=desk.site, viewport=size, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.site = desk.site
    sign_in(page, theater.managers.get())
    page.goto(f"/admin/showtimes/showtime/board/{theater.pk}/?day={day}")
    expect(page.locator(".board-lane")).to_have_count(2)
    finger = context.new_cdp_session(page)

    def touch(kind, *points):
        points = [{"x": x, "y": y} for x, y in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def drag(start, end, *, rest):
        touch("touchStart", start)
        page.wait_for_timeout(rest)
        for part in (0.2, 0.4, 0.6, 0.8, 1):
            spot = [low + (high - low) * part for low, high in zip(start, end, strict=True)]
            touch("touchMove", spot)
        touch("touchEnd")

    page.drag = drag
    yield page
    context.close()


def middle(box, *, right=0, down=0):
    return box["x"] + box["width"] / 2 + right, box["y"] + box["height"] / 2 + down


def test_a_finger_that_rests_drags_and_one_that_moves_scrolls(tablet, planned, hall, short):
    tablet.reload()
    film = tablet.locator(".board-film", has_text=short.title).bounding_box()
    box = tablet.locator("[data-scroll]").bounding_box()
    under = lane(tablet, hall).bounding_box()
    spot = (box["x"] + 300, under["y"] + 40)
    tablet.drag(middle(film, right=-100), spot, rest=500)
    says(tablet, "Placed: A Short One")
    showtime = Showtime.objects.get()
    before = clock(showtime)
    start = middle(block(tablet, showtime).bounding_box())
    tablet.drag(start, (start[0] + 130, start[1] - 90), rest=500)
    says(tablet, "Screen 1.")
    assert clock(showtime) > before and showtime.screen != hall
    at = block(tablet, showtime).bounding_box()
    tablet.drag(middle(at), middle(at, right=-200), rest=0)
    tablet.wait_for_function(
        "x => document.querySelector('[data-id]').getBoundingClientRect().x < x", arg=at["x"] - 50
    )
    moved = clock(showtime)
    block(tablet, showtime).tap()
    expect(tablet.get_by_role("dialog")).to_contain_text("0 of 12 seats taken")
    assert clock(showtime) == moved


def test_a_showtime_moves_by_keys_and_is_deleted_by_them(board, planned, hall):
    showtime = planned("14:00")
    page = board()
    block(page, showtime).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    says(page, "14:10, Screen 2. Free.")
    assert clock(showtime) == "14:00"
    page.keyboard.press("Enter")
    says(page, "moved to 14:10, Screen 2.")
    assert clock(showtime) == "14:10" and showtime.screen == hall
    expect(block(page, showtime)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Escape")
    says(page, "stays at 14:10")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("0 of 3 seats taken")
    page.keyboard.press("Escape")
    expect(block(page, showtime)).to_be_focused()
    page.keyboard.press("Delete")
    expect(page.get_by_role("dialog")).to_contain_text("cannot be undone")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    says(page, "is deleted")
    assert not Showtime.objects.exists()


def test_a_move_is_seen_at_once_and_taken_back_if_nobody_answers(board, planned):
    showtime, waiting = planned("14:00"), []
    page = board()
    page.route("**/showtimes/*/?day=*", lambda route: waiting.append(route))
    block(page, showtime).focus()
    page.keyboard.press("ArrowRight")
    with page.expect_request("**/showtimes/*/?day=*"):
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    says(page, "Saving …")
    expect(block(page, showtime)).to_contain_text("14:05")
    page.route("**/day/?*", lambda route: route.abort())
    waiting[0].abort()
    says(page, "The server can't be reached.")
    expect(block(page, showtime)).to_contain_text("14:00")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.unroute("**/showtimes/*/?day=*")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    says(page, "moved to 14:05")
    assert clock(showtime) == "14:05"


def test_what_is_not_touched_in_the_form_is_left_to_others(board, planned, gold):
    showtime = planned("14:00")
    page = board()
    block(page, showtime).click()
    Price.objects.create(showtime=showtime, category=gold, amount=17)
    page.get_by_label("Format").select_option("3D")
    page.get_by_role("button", name="Save").click()
    says(page, "Saved: The Long Way Down, 14:00, Screen 1.")
    expect(block(page, showtime)).to_contain_text("10.00–17.00")
    assert Showtime.objects.get().format == "3d"


def test_what_fits_into_a_gap_is_offered_with_its_place(board, planned, short, day):
    planned("10:00"), planned("14:00")
    page = board()
    page.get_by_role("button", name="Screen 1 is free from 12:15 to 14:00").click()
    says(page, "1 film fit: Screen 1, 12:15 to 14:00.")
    page.get_by_role("button", name="Place A Short One").click()
    expect(page.get_by_label("Adverts begin")).to_have_value("12:15")
    page.get_by_role("button", name="Place it").click()
    says(page, "Placed: A Short One, 12:15, Screen 1.")
    expect(page.locator(".board-film")).to_have_count(2)


def test_the_second_of_two_managers_hears_of_it_and_sees_the_fresh_board(board, planned, hall, day):
    showtime = planned("14:00")
    page = board()
    expect(block(page, showtime)).to_be_visible()
    start = datetime.combine(day, time(16, 30), hall.theater.zone).astimezone(UTC)
    Showtime.objects.filter(pk=showtime.pk).update(
        starts_at=start, ends_at=start + timedelta(minutes=135), screen=hall
    )
    block(page, showtime).focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    says(page, "Somebody else has just moved The Long Way Down: it is at 16:30 in Screen 2 now.")
    expect(lane(page, hall).locator(".board-show")).to_contain_text("16:30")


def test_a_week_is_copied_after_a_look(board, planned, day):
    planned("14:00"), planned("20:15")
    planned("13:00", later=7)
    page = board()
    page.get_by_role("button", name="Copy").click()
    window = page.get_by_role("dialog")
    window.get_by_label("This week").check()
    window.get_by_role("button", name="Look first").click()
    expect(window).to_contain_text("1 of 2 showtimes fit.")
    expect(window).to_contain_text("is taken by The Long Way Down until 15:15 with cleaning.")
    picture(page, "board-copy", schemes=BOTH)
    accessible(page, schemes=BOTH)
    assert Showtime.objects.count() == 3
    window.get_by_role("button", name="Copy 1 showtime").click()
    expect(window).to_contain_text("1 of 2 showtimes are copied.")
    assert Showtime.objects.count() == 4


def test_an_empty_day_is_filled_from_the_week_before(board, planned, day):
    planned("14:00"), planned("20:15")
    page = board()
    page.goto(page.url.replace(str(day), str(day + timedelta(days=7))))
    page.get_by_role("button", name=f"Copy {day:%a} {day.day} {day:%b} to this day").click()
    expect(page.get_by_role("dialog")).to_contain_text("2 of 2 showtimes fit.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("2 of 2 showtimes are copied.")
    page.keyboard.press("Escape")
    expect(page.locator(".board-show")).to_have_count(2)


def test_many_prices_are_set_after_a_look(board, planned, silver):
    planned("14:00"), planned("20:15")
    page = board()
    page.get_by_role("button", name="Prices").click()
    window = page.get_by_role("dialog")
    window.get_by_label("Silver").fill("12.50")
    window.get_by_role("button", name="Look first").click()
    expect(window).to_contain_text("2 showtimes would change.")
    expect(window).to_contain_text("10.00 → 12.50")
    picture(page, "board-prices", schemes=BOTH)
    accessible(page, schemes=BOTH)
    window.get_by_role("button", name="Set the prices of 2 showtimes").click()
    expect(window).to_contain_text("The prices of 2 showtimes are set.")
    assert Price.objects.filter(category=silver, amount="12.50").count() == 2


def test_several_are_put_on_sale_and_days_are_turned(board, planned, day):
    planned("14:00"), planned("20:15")
    page = board()
    page.get_by_role("button", name="Select").click()
    page.get_by_role("button", name="All of this day").click()
    page.get_by_role("button", name="Put on sale").click()
    says(page, "2 showtimes put on sale.")
    assert set(Showtime.objects.values_list("status", flat=True)) == {"on_sale"}
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="The day after").click()
    expect(page.get_by_label("Day", exact=True).last).to_have_value(str(day + timedelta(days=1)))
    expect(page.locator("[data-sum]")).to_have_text("Nothing is planned yet.")
    page.locator("[data-scroll]").focus()
    page.keyboard.press("PageUp")
    expect(page.locator(".board-show")).to_have_count(2)
    assert page.url.endswith(str(day))


def test_days_are_turned_quickly_and_typed(board, planned, day):
    planned("14:00")
    page = board()
    page.locator("[data-scroll]").focus()
    for _ in range(4):
        page.keyboard.press("PageDown")
    expect(page.locator("#board-title")).to_contain_text(f"{day + timedelta(days=4):%-d %B %Y}")
    field, wanted = page.locator("#board-day"), day.replace(year=day.year + 1)
    field.click(position={"x": 8, "y": 15})
    page.keyboard.type(f"{wanted:%m%d%Y}", delay=30)
    expect(page.locator("#board-title")).to_contain_text(f"{wanted:%-d %B %Y}")
    expect(field).to_have_value(str(wanted))
    assert "wrong format" not in page.locator("[data-said]").inner_text()


def test_a_board_that_hears_nothing_says_so(board, planned):
    page = board()
    look_again = "document.dispatchEvent(new Event('visibilitychange'))"
    page.route("**/day/?*", lambda route: route.abort())
    page.evaluate(look_again)
    expect(page.locator("[data-stale]")).to_contain_text("This is how it was at")
    page.unroute("**/day/?*")
    page.evaluate(look_again)
    expect(page.locator("[data-stale]")).to_be_hidden()


def test_only_the_last_thing_is_undone_and_once(board, planned, short):
    page = board()
    undo = page.get_by_role("button", name="Undo")
    for clock in ("18:00", "20:00"):
        page.get_by_role("button", name="Place A Short One").click()
        page.get_by_label("Adverts begin").fill(clock)
        page.get_by_role("button", name="Place it").dblclick()
        says(page, f"Placed: A Short One, {clock}")
    undo.dblclick()
    says(page, "taken off the board")
    showtime = Showtime.objects.get()
    block(page, showtime).click()
    page.get_by_role("button", name="Put on sale").dblclick()
    says(page, "1 showtime put on sale.")
    expect(undo).to_be_disabled()


def test_the_night_when_the_clocks_go_back_has_two_o_clock_twice(board, short, screen):
    page = board()
    page.goto(page.url.split("=")[0] + "=2031-10-25")
    hours = page.locator(".board-ruler span").all_text_contents()
    assert hours[-4:] == ["01:00", "02:00", "02:00", "03:00"]
    page.get_by_role("button", name="Place A Short One").click()
    page.get_by_label("Adverts begin").fill("02:30")
    page.get_by_role("button", name="Place it").click()
    says(page, "Placed: A Short One, 02:30")
    assert Showtime.objects.get().starts_at == datetime(2031, 10, 26, 0, 30, tzinfo=UTC)
    page.goto(page.url.split("=")[0] + "=2031-03-29")
    page.get_by_role("button", name="Place A Short One").click()
    page.get_by_label("Adverts begin").fill("02:30")
    expect(page.get_by_role("dialog")).to_contain_text("The clocks skip that time")


def test_another_manager_finds_no_board(board, planned, users, theater):
    page = board()
    sign_in(page, users["elsewhere"])
    answer = page.goto(f"/admin/showtimes/showtime/board/{theater.pk}/")
    assert answer.status == 404
