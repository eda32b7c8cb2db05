"""Blocking seats in the admin, typed as they are called."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone

from showtimes.models import SeatBlock, Showtime, TakenSeat
from theaters.models import Screen, Seat

from .test_admin import address, by_hand, form_of

__all__ = ["by_hand"]
ADD, LIST = (address(SeatBlock, page) for page in ("add", "changelist"))
HOLDER = UUID("6f1c0f5e-3a0f-4d53-9f66-0a5a4f0f4a11")


@pytest.fixture
def browser(by_hand, manager):
    return by_hand(manager)


@pytest.fixture
def block(browser, showtime):
    """Send the form; answers the response."""

    def send(places, **more):
        form = {"showtime": showtime.pk, "places": places, "kind": "house", "note": "VIP"}
        return browser.post(ADD, form | {"freed_minutes_before": "60"} | more)

    return send


@pytest.fixture
def page(block):
    """A1, A2 and A3, freed an hour before the start: the page of the block."""
    assert block("A1-A3").status_code == 302
    return address(SeatBlock, "change", SeatBlock.objects.get().pk)


def blocked():
    """What is blocked now, as it is called."""
    rows = TakenSeat.objects.live().blocked().select_related("seat")
    return " ".join(row.seat.label for row in rows.order_by("seat__row", "seat__number"))


def errors_of(answer):
    assert answer.status_code == 200
    return str(answer.context["errors"])


def texts(browser, where):
    return browser.get(where).content.decode()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("A1", "A1"),
        ("a1 A2,b4;\nB5", "A1 A2 B4 B5"),
        ("A2-A4", "A2 A3 A4"),
        ("b6–b4", "B4 B5 B6"),
        ("B1-3 B3", "B1 B2 B3"),
    ],
)
def test_seats_are_typed_as_they_are_called(block, manager, showtime, typed, meant):
    assert block(typed).status_code == 302
    assert blocked() == meant
    made = SeatBlock.objects.get()
    assert made.created_by == manager
    row = TakenSeat.objects.first()
    assert row.holder == made.pk
    assert row.held_until == showtime.starts_at - timedelta(hours=1)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("A1 Z9 c2", "Not seats of this screen: Z9, C2."),
        ("A1-B2", "Not seats of this screen: A1-B2."),
        ("A1-A9", "Not seats of this screen: A1-A9."),
        ("-", "Not seats of this screen: -."),
        ("☠", "Not seats of this screen: ☠."),
        (" , ", "Name at least one seat."),
        ("", "This field is required."),
        ("A" * 2001, "at most 2000 characters"),
        ("\x00", "Null characters are not allowed."),
    ],
)
def test_what_is_no_seat_is_named(block, typed, problem):
    assert problem in errors_of(block(typed))
    assert not SeatBlock.objects.exists()


def test_a_label_that_can_be_two_seats_is_not_guessed(block, screen, silver):
    for row, number, x in (("A1", 1, 20), ("A", 11, 21)):
        Seat.objects.create(screen=screen, row=row, number=number, category=silver, x=x, y=0)
    assert "More than one seat is called A11." in errors_of(block("A11"))


def test_what_customers_have_is_named_beside_the_field(block, showtime, seats):
    showtime.take(seats[1:2], HOLDER, None)
    answer = block("A1-A3")
    assert "Taken by somebody else: A2." in errors_of(answer)
    assert answer.context["adminform"].form["places"].value() == "A1-A3"
    assert not SeatBlock.objects.exists()


def test_a_time_that_is_past_is_said_beside_its_field(block):
    answer = block("A1", freed_minutes_before="9999")
    assert "that time is past" in str(answer.context["adminform"].form.errors)
    assert "freed_minutes_before" in answer.context["adminform"].form.errors


def test_the_form_shows_what_it_would_send_and_then_changes_nothing(browser, page, screen):
    before = SeatBlock.objects.values().get()
    form = form_of(browser, page)
    assert form["places"] == "A1-A3"
    assert browser.post(page, form).status_code == 302
    assert SeatBlock.objects.values().get() == before
    assert blocked() == "A1 A2 A3"


def test_other_seats_and_another_time(browser, page):
    form = form_of(browser, page) | {"places": "A3 A4", "freed_minutes_before": ""}
    assert browser.post(page, form).status_code == 302
    assert blocked() == "A3 A4"
    assert set(TakenSeat.objects.values_list("held_until", flat=True)) == {None}


def test_seats_that_cannot_be_had_change_nothing(browser, page, showtime, seats):
    showtime.take(seats[3:4], HOLDER, None)
    form = form_of(browser, page) | {"places": "A3 A4", "note": "New"}
    assert "Taken by somebody else: A4." in errors_of(browser.post(page, form))
    assert blocked() == "A1 A2 A3"
    assert SeatBlock.objects.get().note == "VIP"


def test_deleting_it_frees_its_seats(browser, page):
    assert browser.post(page.replace("change", "delete"), {"post": "yes"}).status_code == 302
    assert not SeatBlock.objects.exists()
    assert not TakenSeat.objects.exists()


def test_ticking_several_frees_the_seats_of_all(browser, block):
    for places in ("A1", "A2 A3", "B1-B6"):
        block(places)
    ticked = list(SeatBlock.objects.values_list("pk", flat=True))[1:]
    form = {"action": "delete_selected", "_selected_action": ticked, "post": "yes"}
    assert browser.post(LIST, form).status_code == 302
    assert blocked() == "A1"


def test_the_list_says_what_is_blocked_and_until_when(browser, page, block, showtime, theater):
    block("B1", kind="broken", freed_minutes_before="")
    freed = (showtime.starts_at - timedelta(hours=1)).astimezone(theater.zone)
    shown = texts(browser, LIST)
    for word in ("A1-A3", "House seats", f"{freed:%H:%M}", "B1", "Broken", "never", "all blocked"):
        assert word in shown
    with time_machine.travel(freed, tick=False):
        showtime.take(Seat.objects.filter(row="A", number=1), HOLDER, None)
        browser.force_login(SeatBlock.objects.first().created_by)
        assert "freed" in texts(browser, page)
        assert "A1-A3" in texts(browser, LIST)


def test_the_page_of_a_showtime_shows_its_blocks_and_leads_to_another(browser, page, showtime):
    shown = texts(browser, address(Showtime, "change", showtime.pk))
    assert "A1-A3: house seats" in shown
    assert page in shown
    assert f"{ADD}?showtime={showtime.pk}" in shown
    form = form_of(browser, f"{ADD}?showtime={showtime.pk}")
    assert form["showtime"] == [str(showtime.pk)]


def test_what_is_over_is_not_offered(browser, showtime):
    source = {"app_label": "showtimes", "model_name": "seatblock", "field_name": "showtime"}
    found = browser.get("/admin/autocomplete/", source).json()["results"]
    assert [row["id"] for row in found] == [str(showtime.pk)]
    past = timezone.now() - timedelta(hours=3)
    Showtime.objects.update(starts_at=past, ends_at=past + timedelta(hours=2))
    assert browser.get("/admin/autocomplete/", source).json()["results"] == []


def test_a_start_that_moves_takes_its_blocks_along(browser, page, showtime):
    where = address(Showtime, "change", showtime.pk)
    zone = showtime.theater.zone
    day = (showtime.starts_at.astimezone(zone) + timedelta(days=1)).date()
    form = form_of(browser, where) | {"starts_at_0": day}
    assert browser.post(where, form).status_code == 302
    moved = Showtime.objects.get()
    assert moved.starts_at.astimezone(zone).date() == day
    rows = TakenSeat.objects.values_list("held_until", flat=True)
    assert set(rows) == {moved.starts_at - timedelta(hours=1)}


def test_on_another_screen_there_are_no_such_seats(browser, page, showtime, theater):
    other = Screen.objects.create(theater=theater, name="Screen 2")
    where = address(Showtime, "change", showtime.pk)
    answer = browser.post(where, form_of(browser, where) | {"screen": other.pk})
    assert "Lift the blocks before it moves" in errors_of(answer)
    assert list(answer.context["adminform"].form.errors) == ["screen"]


def test_a_showtime_with_nothing_but_blocks_is_deleted(browser, page, showtime):
    where = address(Showtime, "delete", showtime.pk)
    assert "Are you sure" in texts(browser, where)
    assert browser.post(where, {"post": "yes"}).status_code == 302
    assert not Showtime.objects.exists()
    assert not TakenSeat.objects.exists()


def test_a_showtime_with_a_hold_is_not_deleted(browser, page, showtime, book, me, seats):
    book(me, showtime, seats[3:4])
    browser.post(address(Showtime, "delete", showtime.pk), {"post": "yes"})
    ticked = {"action": "delete_selected", "_selected_action": [showtime.pk], "post": "yes"}
    browser.post(address(Showtime, "changelist"), ticked)
    assert Showtime.objects.exists()
    assert blocked() == "A1 A2 A3"


def test_a_blocked_seat_that_is_made_inactive_leaves_its_block(browser, page, seats):
    where = address(Seat, "change", seats[0].pk)
    form = form_of(browser, where)
    del form["active"]
    assert browser.post(where, form).status_code == 302
    assert blocked() == "A2 A3"
    assert form_of(browser, page)["places"] == "A2 A3"


def test_nothing_is_blocked_in_the_past(block, showtime):
    past = timezone.now() - timedelta(hours=3)
    Showtime.objects.update(starts_at=past, ends_at=past + timedelta(hours=2))
    assert "This showtime is over." in errors_of(block("A1", freed_minutes_before=""))
