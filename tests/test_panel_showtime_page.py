"""The page of a showtime: who sits where as it happens, and what a manager does about it."""

import re
from decimal import Decimal

import pytest
from django.contrib import admin as django_admin
from django.core.management import call_command
from playwright.sync_api import expect

from accounts.models import Role, User
from bookings.holds import Contact, hold
from bookings.models import Booking, Letter
from history.models import Entry
from manager_panel.figures.counting import count
from manager_panel.figures.sums import added
from payments.models import Payment, Refund
from showtimes.models import SeatBlock, Showtime, TakenSeat
from theaters.models import Screen, Seat, Theater

from .balance import check_balance
from .conftest import PASSWORD
from .panel import PHONE, accessible, chromium, desk, picture, sign_in
from .test_admin import address, by_hand

__all__ = ["by_hand", "chromium", "desk"]
BOTH = ("light", "dark")
JORG = Contact("Jörg Müller", "jm@example.com", "+49 (30) 1234-567")
ADA = Contact("Ada Schmidt", "ada@example.com", "")


def page_of(showtime, *more):
    return "/".join([f"/admin/showtimes/showtime/{showtime.pk}/seats", *more, ""])


def held(showtime, seats, contact=JORG):
    return hold(showtime, [seat.pk for seat in seats], user=None, contact=contact)


def sold(showtime, seats, contact=JORG):
    """Paid in cash."""
    booking = held(showtime, seats, contact)
    payment = Payment.objects.create(
        booking=booking, kind="cash", amount=booking.total, currency=booking.currency
    )
    payment.succeed(amount=booking.total, currency=booking.currency)
    booking.refresh_from_db()
    return booking


def half_comes_back(theater):
    """And the fee does not."""
    theater.cancellation_refund_percent = 50
    theater.cancellation_returns_fee = False
    theater.save(update_fields=["cancellation_refund_percent", "cancellation_returns_fee"])


@pytest.fixture
def other_showtime(showtime):
    """The day after."""
    day = showtime.ends_at - showtime.starts_at
    later = showtime.ends_at + day
    return Showtime.objects.create(
        movie=showtime.movie,
        screen=showtime.screen,
        starts_at=later,
        ends_at=later + day,
        status=Showtime.Status.ON_SALE,
    )


@pytest.fixture
def browser(by_hand, manager):
    return by_hand(manager)


@pytest.fixture
def look(desk, showtime, seats):
    """The page, reached by the button on the form of the showtime."""
    desk.goto(address(Showtime, "change", showtime.pk))
    desk.get_by_role("link", name="Seats and bookings").click()
    desk.wait_for_selector("#showtime[data-ready]")
    return desk


def seat(page, label):
    return page.get_by_role("gridcell", name=re.compile(f"^{label},"))


def says(page, label, words):
    expect(seat(page, label)).to_have_accessible_name(re.compile(words))


def figure(page, name):
    return page.locator(f"#figures [data-state={name}] strong")


def said(page, words):
    expect(page.locator("#said")).to_contain_text(words)


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


# In the browser.


def test_the_keyboard_stays_where_the_seats_are(look):
    look.get_by_role("button", name="Admitted").focus()
    press(look, "Tab")
    expect(seat(look, "A1")).to_be_focused()
    press(look, "Space", "Shift+ArrowRight")
    look.get_by_role("button", name="Block 2 seats").focus()
    press(look, "Enter")
    said(look, "A1, A2 blocked.")
    expect(seat(look, "A2")).to_be_focused()
    look.get_by_role("button", name="Cancel the showtime").focus()
    press(look, "Enter")
    expect(look.get_by_label("Why, as customers read it")).to_be_focused()
    press(look, "Escape")
    expect(look.get_by_role("button", name="Cancel the showtime")).to_be_focused()


def test_a_sale_is_seen_as_it_happens(look, showtime, seats):
    expect(look.get_by_text("Live", exact=True)).to_be_visible()
    booking = held(showtime, seats[:2])
    says(look, "A1", rf"held, \d+:\d\d left, Jörg Müller, {booking.reference}, Adult")
    said(look, f"A1, A2 held – Jörg Müller, {booking.reference}")
    payment = Payment.objects.create(
        booking=booking, kind="cash", amount=booking.total, currency="EUR"
    )
    payment.succeed(amount=booking.total, currency="EUR")
    says(look, "A2", rf"Silver, sold, Jörg Müller, {booking.reference}, Adult, 11.00")
    expect(figure(look, "sold")).to_have_text("2")
    expect(figure(look, "free")).to_have_text("10")
    expect(look.locator("#figures")).to_contain_text("22.00")
    booking.tickets.filter(seat=seats[0]).update(admitted_at=booking.created_at)
    says(look, "A1", "admitted at")
    held(showtime, seats[6:8], ADA)
    expect(figure(look, "held")).to_have_text("2")
    seat(look, "A1").hover()
    expect(look.locator("#card")).to_contain_text("Jörg Müller")
    picture(look, "showtime-live", schemes=BOTH)
    accessible(look, schemes=BOTH)


def test_seats_are_kept_back_by_mouse_and_put_on_sale_by_keys(look, showtime, seats):
    first, last = (seat(look, label).bounding_box() for label in ("A1", "A3"))
    look.mouse.move(first["x"] - 8, first["y"] - 8)
    look.mouse.down()
    look.mouse.move(first["x"] + 5, first["y"] + 5)
    look.mouse.move(last["x"] + last["width"] + 3, last["y"] + last["height"] + 3)
    look.mouse.up()
    panel = look.get_by_role("region", name="3 seats chosen: A1–A3")
    panel.get_by_label("Keep them back as").select_option("broken")
    panel.get_by_label("Free them again").select_option("60")
    panel.get_by_label("Note").fill("Spring")
    picture(look, "showtime-block", schemes=BOTH)
    accessible(look, schemes=BOTH)
    panel.get_by_role("button", name="Block 3 seats").click()
    says(look, "A2", "blocked, Broken, Spring, free again")
    block = SeatBlock.objects.get()
    assert (block.kind, block.note, block.freed_minutes_before) == ("broken", "Spring", 60)

    seat(look, "A1").focus()
    press(look, "Shift+ArrowRight")
    panel = look.get_by_role("region", name="2 seats chosen: A1, A2")
    expect(panel).to_contain_text("A1, A2: Broken, Spring")
    panel.get_by_role("button", name="Put 2 blocked seats on sale again").click()
    says(look, "A1", "free$")
    says(look, "A3", "blocked")
    assert [one.label for one in SeatBlock.objects.get().places] == ["A3"]


def test_who_was_faster_is_named(look, showtime, seats):
    seat(look, "B1").click()
    seat(look, "B2").click()
    panel = look.get_by_role("region", name="2 seats chosen: B1, B2")
    look.route("**/now/", lambda route: route.abort())
    booking = sold(showtime, seats[6:7], ADA)
    expect(look.get_by_text(re.compile(r"^Not live since \d\d:\d\d$"))).to_be_visible()
    look.unroute("**/now/")
    panel.get_by_role("button", name="Block 2 seats").click()
    words = f"B1 is sold to Ada Schmidt ({booking.reference})"
    expect(look.get_by_role("alert").filter(has_text=words)).to_be_visible()
    says(look, "B1", "sold")
    expect(look.get_by_text("Live", exact=True)).to_be_visible()
    assert not SeatBlock.objects.exists()


def test_a_booking_is_looked_up_and_given_back_in_part(
    look, showtime, other_showtime, seats, theater, letters
):
    half_comes_back(theater)
    booking = sold(showtime, seats[:3])
    elsewhere = sold(other_showtime, seats[:1])
    letters()
    press(look, "/")
    look.keyboard.type("muller")
    found = look.locator("#found li")
    expect(found).to_have_count(2)
    expect(found.nth(1).get_by_role("link")).to_contain_text(elsewhere.reference)
    press(look, "Enter")
    panel = look.get_by_role("region", name=f"Booking {booking.reference}")
    expect(panel).to_contain_text("+49 (30) 1234-567")
    expect(panel.get_by_role("heading")).to_be_focused()
    panel.get_by_role("button", name="Cancel tickets").click()
    panel.get_by_label("A2, Adult").uncheck()
    panel.get_by_label("A3, Adult").uncheck()
    knob = panel.get_by_role("button", name=re.compile("^Cancel 1 ticket, give 5.00.EUR back"))
    expect(knob).to_be_enabled()
    picture(look, "showtime-booking", schemes=BOTH)
    accessible(look, schemes=BOTH)
    panel.get_by_label("In full").check()
    panel.get_by_role("button", name=re.compile("^Cancel 1 ticket, give 11.00.EUR back")).click()
    said(look, "1 ticket cancelled. 11.00")
    says(look, "A1", "free$")
    expect(panel).to_contain_text("11.00\u00a0EUR given back or on its way")
    booking.refresh_from_db()
    assert booking.amount_due_back == 11
    panel.get_by_role("button", name="Mail the tickets again").click()
    said(look, "The tickets go to jm@example.com")
    press(look, "Escape")
    expect(panel).to_be_hidden()


def test_a_hold_is_let_go(look, showtime, seats):
    booking = held(showtime, seats[4:5])
    says(look, "A5", "held")
    seat(look, "A5").focus()
    press(look, "Enter")
    panel = look.get_by_role("region", name=f"Booking {booking.reference}")
    panel.get_by_role("button", name="Let the hold go").click()
    panel.get_by_role("button", name="Let it go").click()
    says(look, "A5", "free$")
    booking.refresh_from_db()
    assert booking.status == "cancelled"


def test_a_showtime_is_called_off_and_the_page_tells_how_far_it_is(look, showtime, seats, paid, me):
    paid(me, showtime, seats[:2])
    held(showtime, seats[5:6], ADA)
    look.get_by_role("button", name="Cancel the showtime").click()
    window = look.get_by_role("dialog", name="Cancel this showtime?")
    expect(window).to_contain_text("2 tickets of 1 booking")
    expect(window).to_contain_text("22.00\u00a0EUR goes back")
    expect(window).to_contain_text("1 unpaid hold let go")
    yes = window.get_by_role("button", name="Cancel the showtime")
    window.get_by_label("Why, as customers read it").fill("The projector is broken.")
    expect(yes).to_be_disabled()
    window.get_by_label("Cancel it for good").check()
    picture(look, "showtime-cancel", schemes=BOTH)
    accessible(look, schemes=BOTH)
    yes.click()
    panel = look.get_by_role("region", name="This showtime is cancelled")
    expect(panel).to_contain_text("The projector is broken.")
    expect(look.locator("#off-bookings-said")).to_have_text("0 of 2")
    expect(look.locator("#off-money-said")).to_have_text("0.00\u00a0EUR of 22.00\u00a0EUR")
    picture(look, "showtime-called-off", schemes=BOTH)
    accessible(look, schemes=BOTH)

    call_command("run_jobs", once=True)
    expect(look.locator("#off-bookings-said")).to_have_text("2 of 2")
    expect(look.locator("#off-money-said")).to_have_text("22.00\u00a0EUR of 22.00\u00a0EUR")
    expect(look.locator("#off-mails-said")).to_have_text("1 of 1")
    expect(panel).to_contain_text("The jobs are done.")
    look.reload()
    expect(panel).to_contain_text("The jobs are done.")
    expect(look.get_by_role("button", name="Cancel the showtime")).to_be_hidden()
    check_balance()


def test_who_signs_in_again_in_another_tab_goes_on(look, showtime, seats, manager):
    form = look.context.new_page()
    form.goto(address(Showtime, "change", showtime.pk))
    seat(look, "B1").click()
    look.context.clear_cookies(name="sessionid")
    panel = look.get_by_role("region", name="1 seat chosen: B1")
    block = panel.get_by_role("button", name="Block 1 seat")
    block.click()
    expect(panel.get_by_role("alert")).to_contain_text("You are signed out. Sign in again")
    expect(look.locator("#live")).to_contain_text("Signed out since")
    tab = look.context.new_page()
    tab.goto("/admin/login/")
    tab.get_by_label("Username").fill(manager.username)
    tab.get_by_label("Password").fill(PASSWORD)
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    block.click()
    says(look, "B1", "blocked, House seats")
    form.get_by_label("Subtitles").fill("fr")
    form.get_by_role("button", name="Save", exact=True).click()
    expect(form.get_by_text("was changed successfully")).to_be_visible()


def ask_how_it_stands(page):
    """The page does so by itself when it is looked at again."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_an_answer_that_comes_late_is_no_news(look, showtime, seats):
    late = []
    look.route("**/now/", lambda route: late.append((route, route.fetch())))
    with look.expect_request("**/now/"):
        ask_how_it_stands(look)
    seat(look, "B1").click()
    look.get_by_role("button", name="Block 1 seat").click()
    says(look, "B1", "blocked")
    for route, answer in late:
        with look.expect_response("**/now/"):
            route.fulfill(response=answer)
    look.unroute("**/now/")
    says(look, "B1", "blocked")
    expect(look.locator("#news li")).to_have_text(re.compile("B1 blocked"))


def test_a_page_that_stays_open_begins_anew_when_its_showtime_moves(look, showtime):
    expect(look.locator(".showtime .name")).not_to_contain_text("03:30")
    start = showtime.starts_at.astimezone(showtime.theater.zone).replace(hour=3, minute=30)
    Showtime.objects.update(
        starts_at=start, ends_at=start + (showtime.ends_at - showtime.starts_at)
    )
    ask_how_it_stands(look)
    expect(look.locator(".showtime .name")).to_contain_text("03:30")
    said(look, "This page was loaded anew")


def test_the_window_that_cancels_opens_by_its_address(look, showtime, seats):
    booking = sold(showtime, seats[:1])
    look.goto(f"{page_of(showtime)}?do=cancel")
    expect(look.get_by_role("dialog", name="Cancel this showtime?")).to_be_visible()
    press(look, "Escape")
    seat(look, "A1").click()
    panel = look.get_by_role("region", name=f"Booking {booking.reference}")
    expect(panel).to_be_visible()
    look.reload()
    expect(panel).to_be_visible()


def test_a_finger_on_a_phone_is_enough(look, showtime, seats):
    booking = sold(showtime, seats[:2])
    context = look.context.browser.new_context(
        base_url=look.site, viewport=PHONE, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.site = look.site
    sign_in(page, showtime.theater.managers.get())
    page.goto(page_of(showtime))
    page.wait_for_selector("#showtime[data-ready]")
    seat(page, "A2").tap()
    panel = page.get_by_role("region", name=f"Booking {booking.reference}")
    expect(panel).to_be_in_viewport()
    seat(page, "B3").tap()
    chosen = page.get_by_role("region", name="1 seat chosen: B3")
    page.get_by_role("heading", level=2).scroll_into_view_if_needed()
    page.get_by_role("button", name="1 seat chosen: what now?").tap()
    expect(chosen.get_by_role("button", name="Block 1 seat")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    context.close()


def test_the_letters_of_the_rows_stay_in_view_in_a_wide_hall(look, showtime, screen, silver):
    wide = [Seat(screen=screen, row="C", number=n, x=n, y=3, category=silver) for n in range(1, 41)]
    Seat.objects.bulk_create(wide)
    look.set_viewport_size(PHONE)
    look.goto(page_of(showtime))
    look.wait_for_selector("#showtime[data-ready]")
    letter = look.locator("#plan .letters text", has_text="C")
    for left in (200, 900):
        look.evaluate("left => document.querySelector('#stage').scrollTo(left, 0)", left)
        expect(letter).to_be_in_viewport()
        at = letter.bounding_box()["x"] - look.locator("#stage").bounding_box()["x"]
        assert 0 <= at < 40
    picture(look, "showtime-wide-hall", sizes=("phone",))
    look.evaluate("document.querySelector('#stage').scrollTo(0, 0)")
    expect(letter).to_be_hidden()


# By HTTP.


def send(browser, showtime, *where, **body):
    return browser.post(page_of(showtime, *where), body, content_type="application/json")


def now(browser, showtime, tag=None):
    headers = {"If-None-Match": tag} if tag else {}
    return browser.get(page_of(showtime, "now"), headers=headers)


def code_of(answer):
    return answer.json()["errors"][0]["code"]


def test_a_seat_that_waits_for_the_difference_is_its_bookings(browser, me, paid, showtime, seats):
    booking = paid(me, showtime, seats[:1])
    swap = {"ticket": booking["tickets"][0]["code"], "seat": seats[6].pk}
    where = f"/api/bookings/{booking['reference']}/exchange/"
    assert me.post(where, {"swaps": [swap]}, format="json").status_code == 201
    stands = now(browser, showtime).json()
    old, new = (stands["seats"][str(one.pk)] for one in (seats[0], seats[6]))
    assert (old["state"], new["state"]) == ("sold", "held")
    assert old["booking"] == new["booking"] == booking["reference"]
    assert new["swap"]
    assert (stands["figures"]["sold"], stands["figures"]["held"]) == (1, 1)
    assert stands["figures"]["revenue"] == "11.00\u00a0EUR"


def money_at(browser, showtime):
    """Revenue, what was taken, what went back, and what is still to go."""
    figures = now(browser, showtime).json()["figures"]
    names = ("revenue", "taken", "back", "going_back")
    return [figures[name].replace("\u00a0EUR", "") for name in names]


def test_the_money_is_that_of_the_dashboard(browser, me, paid, showtime, seats):
    booking = paid(me, showtime, seats[:2])
    assert money_at(browser, showtime) == ["22.00", "22.00", "", ""]
    code = booking["tickets"][0]["code"]
    cancelled = me.post(f"/api/bookings/{booking['reference']}/cancel/", {"tickets": [code]})
    assert cancelled.status_code == 200, cancelled.json()
    assert money_at(browser, showtime) == ["22.00", "22.00", "", "11.00"]
    call_command("run_jobs", once=True)
    assert money_at(browser, showtime) == ["11.00", "22.00", "11.00", ""]
    [figures] = [row for row in count(Showtime.objects.all()) if row.paid]
    sums = added([figures])
    assert [f"{sums.kept:.2f}", f"{sums.paid:.2f}"] == ["11.00", "22.00"]


def test_a_hall_without_seats_says_what_to_do(browser, showtime):
    Seat.objects.all().delete()
    page = browser.get(page_of(showtime)).content.decode()
    assert "This hall has no seats yet" in page
    assert f"/admin/theaters/screen/{showtime.screen_id}/seat-map/" in page


def test_nothing_is_sent_again_that_is_known(browser, showtime, seats):
    tag = now(browser, showtime)["ETag"]
    same = now(browser, showtime, tag)
    assert (same.status_code, same.content) == (304, b"")
    held(showtime, seats[:1])
    assert now(browser, showtime, tag).status_code == 200


@pytest.fixture
def arena(theater, silver, movie, showtime):
    """A screen of 300 seats, and its showtime."""
    screen = Screen.objects.create(theater=theater, name="Arena")
    Seat.objects.bulk_create(
        Seat(screen=screen, row=chr(65 + y), number=x + 1, category=silver, x=x, y=y)
        for y in range(15)
        for x in range(20)
    )
    return Showtime.objects.create(
        movie=movie,
        screen=screen,
        starts_at=showtime.starts_at,
        ends_at=showtime.ends_at,
        status=Showtime.Status.ON_SALE,
    )


def test_300_sold_seats_cost_as_many_queries_as_one(
    browser, arena, django_assert_num_queries, django_assert_max_num_queries
):
    places = list(arena.screen.seats.order_by("pk"))
    first = sold(arena, places[:1])
    SeatBlock(showtime=arena, kind="house").put_on(places[-1:])
    with django_assert_max_num_queries(14) as asked:
        now(browser, arena)
    one = page_of(arena, "bookings", first.reference)
    with django_assert_max_num_queries(20) as of_a_booking:
        browser.get(one)
    with django_assert_max_num_queries(5) as of_a_search:
        browser.get(page_of(arena, "find"), {"q": "muller"})
    for at in range(1, 290, 10):
        sold(arena, places[at : at + 10], ADA)
    with django_assert_num_queries(len(asked)):
        answer = now(browser, arena).json()
    assert answer["figures"]["sold"] == 291
    with django_assert_num_queries(len(of_a_booking)):
        browser.get(one)
    with django_assert_num_queries(len(of_a_search)):
        browser.get(page_of(arena, "find"), {"q": "ada"})


def test_seats_are_blocked_by_the_rules_of_the_api(browser, manager, showtime, seats):
    ids = [one.pk for one in seats[:2]]
    answer = send(browser, showtime, "block", seats=ids, kind="house", freed_minutes_before=30)
    assert answer.status_code == 201
    assert answer.json()["seats"][str(ids[0])]["state"] == "blocked"
    assert SeatBlock.objects.get().created_by == manager
    again = send(browser, showtime, "block", seats=ids, kind="house")
    assert (again.status_code, code_of(again)) == (409, "seats_taken")
    assert again.json()["seats"] == ids
    for body in ({}, {"seats": [0], "kind": "x"}, {"seats": ids, "kind": "other", "note": "\0"}):
        assert send(browser, showtime, "block", **body).status_code == 400
    for body in ({}, {"seats": "A1"}, {"seats": [10**30]}):
        assert send(browser, showtime, "free", **body).status_code == 400
    freed = send(browser, showtime, "free", seats=ids[:1])
    assert freed.json()["figures"]["blocked"] == 1
    send(browser, showtime, "free", seats=ids)
    assert not SeatBlock.objects.exists()
    assert not TakenSeat.objects.exists()


def test_freeing_frees_nothing_that_is_sold(browser, showtime, seats):
    sold(showtime, seats[:1])
    assert send(browser, showtime, "free", seats=[seats[0].pk]).status_code == 200
    assert TakenSeat.objects.count() == 1


@pytest.mark.parametrize(
    "words",
    [
        "MULLER",
        "mueller",
        "müll",
        "jorg mul",
        "Jorg  Müller",
        "1234567",
        "0301234",
        "JM@EX",
    ],
)
def test_people_are_found_however_they_are_written(browser, showtime, seats, words):
    booking = sold(showtime, seats[:1])
    sold(showtime, seats[1:2], ADA)
    found = browser.get(page_of(showtime, "find"), {"q": words}).json()["found"]
    assert [one["reference"] for one in found] == [booking.reference]


@pytest.mark.parametrize(
    "words", ["", "m", "millar", "müller ada", "\0\0", "(((", "[a-", "%%", "x" * 5000]
)
def test_what_means_nobody_finds_nobody(browser, showtime, seats, words):
    sold(showtime, seats[:1])
    answer = browser.get(page_of(showtime, "find"), {"q": words})
    assert (answer.status_code, answer.json()["found"]) == (200, [])


def test_a_part_of_the_reference_is_enough_and_this_showtime_comes_first(
    browser, showtime, other_showtime, seats
):
    there, here = sold(other_showtime, seats[:1]), sold(showtime, seats[:1])
    found = browser.get(page_of(showtime, "find"), {"q": "jorg"}).json()["found"]
    assert [one["reference"] for one in found] == [here.reference, there.reference]
    assert found[1]["page"] == f"{page_of(other_showtime)}?booking={there.reference}"
    part = there.reference[2:].lower()
    found = browser.get(page_of(showtime, "find"), {"q": part}).json()["found"]
    assert [one["reference"] for one in found] == [there.reference]


def test_what_comes_back_is_said_before_and_nothing_else_is_done(browser, showtime, seats, theater):
    half_comes_back(theater)
    booking = sold(showtime, seats[:2])
    where = ("bookings", booking.reference)
    codes = [one.code for one in booking.tickets.all()]
    offer = send(browser, showtime, *where, "offer", tickets=codes[:1]).json()
    rule, full = offer["by_the_rule"], offer["in_full"]
    assert (rule["amount"], full["amount"]) == ("5.00", "11.00")
    assert rule["kept"] == "6.00\u00a0EUR"
    body = {"tickets": codes[:1], "how": "by_the_rule"}
    other = send(browser, showtime, *where, "cancel", **body, back="11.00")
    assert (other.status_code, code_of(other)) == (409, "other_amount")
    for wrong in ({"how": "as_i_like"}, {"back": "NaN"}, {"tickets": ["x"]}, {"ticket": codes}):
        answer = send(browser, showtime, *where, "cancel", **(body | {"back": "5.00"} | wrong))
        assert answer.status_code == 400
    assert booking.tickets.valid().count() == 2
    done = send(browser, showtime, *where, "cancel", **body, back="5.00")
    assert done.json()["now"]["figures"]["free"] == 11
    again = send(browser, showtime, *where, "cancel", **body, back="5.00")
    assert (again.status_code, code_of(again)) == (409, "tickets_not_valid")
    booking.refresh_from_db()
    assert booking.amount_due_back == Decimal("5.00")


def test_the_house_may_give_all_back_when_it_is_too_late_for_the_rule(
    browser, showtime, seats, theater
):
    booking = sold(showtime, seats[:2])
    theater.cancellation_cutoff_minutes = 10_000
    theater.save(update_fields=["cancellation_cutoff_minutes"])
    where = ("bookings", booking.reference)
    offer = send(browser, showtime, *where, "offer").json()
    assert "10000 minutes before" in offer["by_the_rule"]["refused"]
    assert offer["in_full"]["amount"] == "22.00"
    late = send(browser, showtime, *where, "cancel", how="by_the_rule", back="20.00")
    assert (late.status_code, code_of(late)) == (409, "too_late_to_cancel")
    assert send(browser, showtime, *where, "cancel", how="in_full", back="22.00").status_code == 200
    told = Entry.objects.about(booking).get()
    assert (told.who_name, told.door) == ("manager", "admin")
    assert told.changes == {"tickets": ["A1, A2", "€22.00 back"]}
    call_command("run_jobs", once=True)
    assert Refund.objects.get().amount == 22
    check_balance()


def test_tickets_are_mailed_again_once(browser, showtime, seats, letters):
    booking = sold(showtime, seats[:1])
    letters()
    where = ("bookings", booking.reference, "send-again")
    assert send(browser, showtime, *where).status_code == 200
    twice = send(browser, showtime, *where)
    assert (twice.status_code, code_of(twice)) == (409, "already_on_its_way")
    [mail] = letters()
    assert mail.to == ["jm@example.com"]
    assert f"tickets-{booking.reference}.pdf" in [name for name, *_ in mail.attachments]
    Booking.objects.update(contact_email="")
    assert code_of(send(browser, showtime, *where)) == "nobody_to_write_to"
    Booking.objects.update(status="cancelled")
    booking.tickets.update(status="void")
    assert code_of(send(browser, showtime, *where)) == "booking_closed"
    Showtime.objects.update(status="cancelled")
    assert code_of(send(browser, showtime, *where)) == "sales_closed"


def test_only_what_is_not_paid_is_let_go(browser, showtime, seats):
    booking, hold_ = sold(showtime, seats[:1]), held(showtime, seats[1:2], ADA)
    paid = send(browser, showtime, "bookings", booking.reference, "let-go")
    assert (paid.status_code, code_of(paid)) == (409, "booking_closed")
    gone = send(browser, showtime, "bookings", hold_.reference.lower(), "let-go").json()
    assert gone["now"]["figures"]["held"] == 0


def test_a_showtime_is_cancelled_by_who_means_it(browser, showtime, seats):
    sold(showtime, seats[:2])
    stake = browser.get(page_of(showtime, "cancel")).json()
    assert stake == {"bookings": 1, "tickets": 2, "unpaid": 0, "amount": "22.00\u00a0EUR"}
    for body in ({}, {"reason": "x"}, {"reason": "x", "sure": False}, {"sure": True}):
        assert send(browser, showtime, "cancel", **body).status_code == 400
    done = send(browser, showtime, "cancel", reason="No heating.", sure=True).json()
    assert done["calling_off"]["bookings"] == [0, 1]
    again = send(browser, showtime, "cancel", reason="No heating.", sure=True)
    assert (again.status_code, code_of(again)) == (409, "showtime_cancelled")


def test_who_may_not_see_bookings_sees_seats_without_names(browser, showtime, seats, monkeypatch):
    booking = sold(showtime, seats[:1])
    monkeypatch.setattr(django_admin.site.get_model_admin(Booking), "managers_may", frozenset())
    answer = now(browser, showtime)
    assert answer.json()["seats"][str(seats[0].pk)]["state"] == "sold"
    assert booking.reference not in answer.content.decode()
    assert "Müller" not in answer.content.decode()
    assert browser.get(page_of(showtime, "bookings", booking.reference)).status_code == 404
    assert browser.get(page_of(showtime, "find"), {"q": "muller"}).json()["found"] == []


@pytest.mark.parametrize(
    "body", ["{", "[]", "null", '"x"', "[" * 5000, b"\xff", '{"seats": "\\u0000"}']
)
def test_what_is_no_request_is_refused(browser, showtime, seats, body):
    booking = sold(showtime, seats[:1])
    one = ("bookings", booking.reference)
    for where in (("block",), ("free",), ("cancel",), (*one, "cancel"), (*one, "offer")):
        where = page_of(showtime, *where)
        answer = browser.post(where, body, content_type="application/json")
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/json"), where
    assert booking.tickets.valid().count() == 1


READ = ["now", "cancel", "find"]
WRITE = ["block", "free", "cancel"]
OF_A_BOOKING = ["offer", "cancel", "let-go", "send-again"]


def test_another_theaters_showtime_is_nowhere(by_hand, users, showtime, seats):
    booking, stranger = sold(showtime, seats[:1]), by_hand(users["elsewhere"])
    one = ("bookings", booking.reference)
    for where in ((), *((name,) for name in READ), one):
        assert stranger.get(page_of(showtime, *where)).status_code == 404, where
    for where in (*((name,) for name in WRITE), *((*one, name) for name in OF_A_BOOKING)):
        answer = send(stranger, showtime, *where, seats=[seats[1].pk], reason="x", sure=True)
        assert answer.status_code == 404, where
    for user in (users["other"], None):
        stranger.force_login(user) if user else stranger.logout()
        assert stranger.get(page_of(showtime)).status_code == 302
        assert send(stranger, showtime, "cancel", reason="x", sure=True).status_code == 302
    showtime.refresh_from_db()
    assert showtime.status == "on_sale"
    assert not Letter.objects.filter(kind="cancelled").exists()


def test_a_booking_of_another_theater_is_not_found_at_ones_own(
    by_hand, users, showtime, seats, movie
):
    booking = sold(showtime, seats[:1])
    theater = Theater.objects.get(slug="far")
    screen = Screen.objects.create(theater=theater, name="Far 1")
    mine = Showtime.objects.create(
        movie=movie, screen=screen, starts_at=showtime.starts_at, ends_at=showtime.ends_at
    )
    stranger = by_hand(users["elsewhere"])
    found = stranger.get(page_of(mine, "find"), {"q": booking.reference}).json()
    assert found == {"found": [], "more": False}
    assert stranger.get(page_of(mine, "bookings", booking.reference)).status_code == 404
    for name in OF_A_BOOKING:
        assert send(stranger, mine, "bookings", booking.reference, name).status_code == 404
    assert User.objects.filter(role=Role.MANAGER).count() == 2


def test_ids_that_are_none_are_nowhere(browser, showtime):
    for pk in ("0", "x", "1" * 40, "%00", "5/seats"):
        assert browser.get(f"/admin/showtimes/showtime/{pk}/seats/").status_code == 404
    assert browser.get(page_of(showtime, "bookings", "☠\0" * 40)).status_code == 404
