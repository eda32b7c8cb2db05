"""The timetable in the admin: showtimes by the clocks of the theater, and never two at once."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from movies.models import Movie
from showtimes.models import Price, Showtime
from theaters.models import Screen, Seat, SeatCategory, Theater

from .test_admin import address, by_hand, form_of

__all__ = ["by_hand"]
pytestmark = pytest.mark.usefixtures("in_autumn")
ADD = address(Showtime, "add")
HOLDER = UUID("6f1c0f5e-3a0f-4d53-9f66-0a5a4f0f4a11")
NO_PRICES = {"own_prices-TOTAL_FORMS": 0, "own_prices-INITIAL_FORMS": 0}


@pytest.fixture
def evening(movie, screen):
    """What is typed for a showtime at 20:15 at the theater, in summer, and nothing else."""
    return {
        "movie": movie.pk,
        "screen": screen.pk,
        "starts_at_0": "2027-07-10",
        "starts_at_1": "20:15",
        "format": "2d",
        "status": "planned",
    } | NO_PRICES


def errors_of(answer):
    assert answer.status_code == 200
    return str(answer.context["errors"])


def test_times_are_typed_by_the_clocks_of_the_theater(by_hand, manager, evening):
    assert by_hand(manager).post(ADD, evening).status_code == 302
    assert Showtime.objects.get().starts_at == datetime(2027, 7, 10, 18, 15, tzinfo=UTC)


def test_times_are_shown_by_the_clocks_of_the_theater(by_hand, admin, evening):
    Theater.objects.create(
        name="Bijou", slug="b", timezone="Asia/Tokyo", currency="JPY", invoice_prefix="B"
    )
    browser = by_hand(admin)
    browser.post(ADD, evening)
    showtime = Showtime.objects.get()
    assert showtime.starts_at == datetime(2027, 7, 10, 18, 15, tzinfo=UTC)
    form = form_of(browser, address(Showtime, "change", showtime.pk))
    assert form["starts_at_1"] == "20:15"
    listed = browser.get(address(Showtime, "changelist"))
    assert "Sat 10 Jul 2027, 20:15" in listed.content.decode().replace("\u00a0", " ")


def test_the_form_says_until_when_the_screen_is_cleaned(by_hand, manager, evening):
    browser = by_hand(manager)
    browser.post(ADD, evening)
    page = address(Showtime, "change", Showtime.objects.get().pk)
    text = " ".join(re.sub(r"<[^>]+>", " ", browser.get(page).content.decode()).split())
    assert "Screen is clean at Sat 10 Jul 2027, 22:30" in text.replace("\u00a0", " ")


def test_the_list_begins_with_what_runs_now(by_hand, manager, showtime):
    browser = by_hand(manager)
    now = timezone.now()

    def listed(**query):
        shown = browser.get(address(Showtime, "changelist"), query).context["cl"].result_list
        return [one.pk for one in shown]

    Showtime.objects.update(starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))
    assert listed() == [showtime.pk]
    assert listed(when="past") == []
    Showtime.objects.update(ends_at=now)
    assert listed() == []
    assert listed(when="past") == listed(when="all") == [showtime.pk]


def test_the_end_and_the_language_follow_from_the_film(by_hand, manager, evening, movie):
    by_hand(manager).post(ADD, evening)
    showtime = Showtime.objects.get()
    assert showtime.ends_at - showtime.starts_at == timedelta(minutes=movie.duration_minutes + 35)
    assert showtime.language == movie.language


def test_a_screen_that_is_not_free_is_refused_with_what_runs_there(by_hand, manager, evening):
    browser = by_hand(manager)
    browser.post(ADD, evening)
    errors = errors_of(browser.post(ADD, evening | {"starts_at_1": "22:29"}))
    assert "Screen 1 is taken by The Long Way Down until 22:30 with cleaning." in errors
    assert browser.post(ADD, evening | {"starts_at_1": "22:30"}).status_code == 302


def test_a_showtime_does_not_stand_in_its_own_way(by_hand, manager, evening):
    browser = by_hand(manager)
    browser.post(ADD, evening)
    showtime = Showtime.objects.get()
    page = address(Showtime, "change", showtime.pk)
    assert browser.post(page, form_of(browser, page) | {"starts_at_1": "20:30"}).status_code == 302
    showtime.refresh_from_db()
    assert showtime.starts_at == datetime(2027, 7, 10, 18, 30, tzinfo=UTC)
    assert showtime.ends_at == datetime(2027, 7, 10, 20, 45, tzinfo=UTC)


def test_a_cancelled_showtime_leaves_the_screen_free(by_hand, manager, evening):
    browser = by_hand(manager)
    browser.post(ADD, evening)
    Showtime.objects.update(status="cancelled")
    assert browser.post(ADD, evening).status_code == 302


def test_who_was_slower_is_told_and_not_shown_a_crash(by_hand, manager, evening, movie, screen):
    """The database has the last word: here it speaks when the form's own look saw nothing."""
    browser = by_hand(manager)
    starts_at = datetime(2027, 7, 10, 18, tzinfo=UTC)
    rival = Showtime(movie=movie, screen=screen, language="en", starts_at=starts_at)
    rival.ends_at = starts_at + timedelta(hours=2)
    refused = []

    def faster(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "showtimes_showtime"') and not refused:
            refused.append(sql)
            raise IntegrityError("no_two_showtimes_overlap_on_one_screen")
        if sql.startswith("SELECT") and len(refused) == 1:
            refused.append(sql)
            rival.save()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(faster):
        assert "is taken by" in errors_of(browser.post(ADD, evening))
    assert Showtime.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"advert_minutes": "241"}, "less than or equal to 240"),
        ({"cleaning_minutes": "-1"}, "greater than or equal to 0"),
        ({"starts_at_0": "2024-07-10"}, "That is in the past."),
        ({"starts_at_0": "1900-01-01"}, "That is in the past."),
        ({"starts_at_0": "soon"}, "Enter a valid date"),
        ({"starts_at_0": "2027-03-28", "starts_at_1": "02:30"}, "it may not exist"),
        ({"status": "cancelled"}, "Select a valid choice"),
        ({"movie": "x"}, "Select a valid choice"),
        ({"screen": "9" * 30}, "Select a valid choice"),
        (
            {
                "sales_from_0": "2027-07-09",
                "sales_from_1": "10:00",
                "sales_until_0": "2027-07-08",
                "sales_until_1": "10:00",
            },
            "Sales end after they begin.",
        ),
    ],
)
def test_what_is_wrong_is_said(by_hand, manager, evening, typed, said):
    assert said in errors_of(by_hand(manager).post(ADD, evening | typed))
    assert not Showtime.objects.exists()


def test_putting_on_sale_changes_what_is_planned_and_nothing_else(by_hand, manager, evening):
    browser = by_hand(manager)
    for hour in ("10:00", "14:00", "18:00"):
        browser.post(ADD, evening | {"starts_at_1": hour})
    planned, cancelled, on_sale = Showtime.objects.order_by("starts_at")
    Showtime.objects.filter(pk=cancelled.pk).update(status="cancelled")
    Showtime.objects.filter(pk=on_sale.pk).update(status="on_sale")
    ticked = {"_selected_action": [planned.pk, cancelled.pk, on_sale.pk]}
    answer = browser.post(
        address(Showtime, "changelist"), ticked | {"action": "put_on_sale"}, follow=True
    )
    assert b"1 showtime put on sale" in answer.content
    statuses = Showtime.objects.order_by("starts_at").values_list("status", flat=True)
    assert list(statuses) == ["on_sale", "cancelled", "on_sale"]
    browser.post(address(Showtime, "changelist"), ticked | {"action": "take_off_sale"})
    assert list(statuses.all()) == ["planned", "cancelled", "planned"]


def test_a_button_saves_and_puts_on_sale(by_hand, manager, evening):
    browser = by_hand(manager)
    browser.post(ADD, evening)
    showtime = Showtime.objects.get()
    page = address(Showtime, "change", showtime.pk)
    button = "showtimes_showtime_save_and_put_on_sale"
    assert button.encode() in browser.get(page).content
    form = form_of(browser, page) | {"subtitles": "de", button: "1"}
    assert browser.post(page, form).status_code == 302
    showtime.refresh_from_db()
    assert (showtime.status, showtime.subtitles) == ("on_sale", "de")
    assert button.encode() not in browser.get(page).content


def test_a_form_does_not_undo_what_becomes_of_the_status(by_hand, manager, evening):
    """Somebody cancels between the moment at which the form was read and that of writing it."""
    browser = by_hand(manager)
    browser.post(ADD, evening)
    page = address(Showtime, "change", Showtime.objects.get().pk)
    form = form_of(browser, page) | {"status": "on_sale", "subtitles": "de"}

    def meanwhile(execute, sql, params, many, context):
        if sql.startswith('UPDATE "showtimes_showtime"'):
            context["cursor"].execute("UPDATE showtimes_showtime SET status = 'cancelled'")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(meanwhile):
        assert browser.post(page, form).status_code == 302
    showtime = Showtime.objects.get()
    assert (showtime.status, showtime.subtitles) == ("cancelled", "de")


def test_prices_are_for_categories_of_the_theater_in_its_currency(
    by_hand, admin, evening, theater, silver
):
    other = Theater.objects.create(name="Odeon", slug="o", timezone="UTC", invoice_prefix="O")
    foreign = SeatCategory.objects.create(theater=other, name="Box", default_price=1)
    browser = by_hand(admin)
    one = {"own_prices-TOTAL_FORMS": 1, "own_prices-0-amount": "7.50"}
    answer = browser.post(ADD, evening | one | {"own_prices-0-category": foreign.pk})
    assert "not a category of Lux" in errors_of(answer)
    wrong = one | {"own_prices-0-amount": "7.505", "own_prices-0-category": silver.pk}
    assert "EUR have 2 decimals" in errors_of(browser.post(ADD, evening | wrong))
    answer = browser.post(ADD, evening | one | {"own_prices-0-category": silver.pk})
    assert answer.status_code == 302
    assert Price.objects.get().amount == Decimal("7.50")


def test_a_seat_has_a_category_of_its_own_theater(by_hand, admin, screen, seats):
    other = Theater.objects.create(name="Odeon", slug="o", timezone="UTC", invoice_prefix="O")
    foreign = SeatCategory.objects.create(theater=other, name="Box", default_price=1)
    browser = by_hand(admin)
    page = address(Seat, "change", seats[0].pk)
    answer = browser.post(page, form_of(browser, page) | {"category": foreign.pk})
    assert "not a category of Lux" in errors_of(answer)


def test_a_changed_seat_is_a_changed_layout(by_hand, manager, screen, seats):
    browser = by_hand(manager)
    page = address(Seat, "change", seats[0].pk)
    browser.post(page, form_of(browser, page) | {"kind": "wheelchair"})
    browser.post(address(Seat, "delete", seats[1].pk), {"post": "yes"})
    ticked = {"action": "delete_selected", "_selected_action": [seats[2].pk, seats[3].pk]}
    browser.post(address(Seat, "changelist"), ticked | {"post": "yes"})
    assert Seat.objects.count() == 9
    assert Screen.objects.get().layout_version == 3


@pytest.fixture
def other_screen(theater):
    return Screen.objects.create(theater=theater, name="Screen 2")


def test_what_customers_bought_stays_where_it_is(by_hand, manager, showtime, seats, other_screen):
    showtime.take(seats[:1], HOLDER, None)
    browser = by_hand(manager)
    page = address(Showtime, "change", showtime.pk)
    assert "starts_at_0" not in form_of(browser, page)
    form = form_of(browser, page) | {"screen": other_screen.pk, "subtitles": "de"}
    assert browser.post(page, form).status_code == 302
    showtime.refresh_from_db()
    assert (showtime.screen_id, showtime.subtitles) == (seats[0].screen_id, "de")


def test_what_is_wrong_with_a_start_that_is_not_shown_is_said_above(
    by_hand, manager, showtime, seats, movie
):
    showtime.take(seats[:1], HOLDER, None)
    Showtime.objects.create(
        movie=movie,
        screen=showtime.screen,
        starts_at=showtime.ends_at + timedelta(minutes=30),
        ends_at=showtime.ends_at + timedelta(minutes=90),
        language="en",
    )
    browser = by_hand(manager)
    page = address(Showtime, "change", showtime.pk)
    longer = form_of(browser, page) | {"cleaning_minutes": "60"}
    assert "is taken by" in errors_of(browser.post(page, longer))
    Movie.objects.update(release_date="2099-01-01")
    Showtime.objects.update(preview=True)
    form = form_of(browser, page)
    del form["preview"]
    assert "released on 2099-01-01" in errors_of(browser.post(page, form))


def test_who_moves_a_showtime_while_somebody_books_is_told(
    by_hand, manager, showtime, seats, other_screen
):
    """A seat is taken after the form was made and before it is checked."""
    browser = by_hand(manager)
    page = address(Showtime, "change", showtime.pk)
    form = form_of(browser, page) | {"screen": other_screen.pk}
    meanwhile = []

    def booked(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if 'FROM "movies_movie"' in sql and not meanwhile:
            meanwhile.append(sql)
            showtime.take(seats[:1], HOLDER, None)
        return answer

    with connection.execute_wrapper(booked):
        assert "1 seat is taken" in errors_of(browser.post(page, form))


def test_a_film_is_not_shown_before_its_release_unless_as_a_preview(
    by_hand, manager, evening, movie
):
    Movie.objects.update(release_date="2027-07-11")
    browser = by_hand(manager)
    assert "released on 2027-07-11" in errors_of(browser.post(ADD, evening))
    assert browser.post(ADD, evening | {"preview": "on"}).status_code == 302


def test_a_move_by_many_hours_moves_the_end_too(by_hand, manager, evening):
    browser = by_hand(manager)
    browser.post(ADD, evening | {"advert_minutes": "0", "cleaning_minutes": "5"})
    page = address(Showtime, "change", Showtime.objects.get().pk)
    form = form_of(browser, page) | {"starts_at_0": "2027-07-12"}
    assert browser.post(page, form).status_code == 302
    showtime = Showtime.objects.get()
    assert showtime.ends_at - showtime.starts_at == timedelta(minutes=105)
