"""The rules of the door: from when until when tickets are let in, and where people read it."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from pypdf import PdfReader

from showtimes.models import Showtime
from theaters.models import Theater

from .test_admin import address, by_hand, form_of

__all__ = ["by_hand"]
DOORS = ["admission_opens_minutes", "admission_closes_minutes"]


@pytest.fixture
def evening(showtime):
    """The showtime begins at 20:15 in Berlin on a day in winter, and is over at 22:30."""
    starts = datetime(2030, 11, 28, 19, 15, tzinfo=UTC)
    begins_at(showtime, starts)
    return showtime


def begins_at(showtime, starts):
    showtime.starts_at, showtime.ends_at = starts, starts + timedelta(minutes=135)
    Showtime.objects.filter(pk=showtime.pk).update(starts_at=starts, ends_at=showtime.ends_at)


def doors(opens, closes):
    Theater.objects.update(admission_opens_minutes=opens, admission_closes_minutes=closes)


def hours(shown):
    """When doors open and close, without the date."""
    return [shown[f"admission_{name}_at"][11:] for name in ("opens", "closes")]


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [
        (30, None, ["19:45:00+01:00", "22:30:00+01:00"]),
        (0, 20, ["20:15:00+01:00", "20:35:00+01:00"]),
        (90, 0, ["18:45:00+01:00", "20:15:00+01:00"]),
        # Nobody comes in when it is over.
        (30, 1440, ["19:45:00+01:00", "22:30:00+01:00"]),
    ],
)
def test_a_showtime_and_its_bookings_say_when_doors_open_and_close(
    me, book, evening, seats, opens, closes, expected
):
    doors(opens, closes)
    assert hours(me.get(f"/api/showtimes/{evening.pk}/").json()) == expected
    held = book(me, evening, seats[:1]).json()
    assert hours(held["showtime"]) == expected
    assert hours(me.get(f"/api/bookings/{held['reference']}/").json()["showtime"]) == expected
    [listed] = me.get("/api/bookings/").json()["results"]
    assert hours(listed["showtime"]) == expected
    assert "admission_opens_at" not in me.get("/api/showtimes/").json()["results"][0]


def test_clocks_that_change_before_the_start_change_the_offset_only(me, showtime):
    # At 03:00 it is 02:00 once more.
    begins_at(showtime, datetime(2030, 10, 27, 1, 15, tzinfo=UTC))
    assert hours(me.get(f"/api/showtimes/{showtime.pk}/").json())[0] == "02:45:00+02:00"


def test_its_manager_sets_them_and_nobody_else(client_of, manager, me, theater):
    where, mine = f"/api/theaters/{theater.pk}/", client_of(manager)
    before = mine.get(where).json()
    assert [before[name] for name in DOORS] == [30, None]
    new = dict(zip(DOORS, (45, 20), strict=True))
    assert me.patch(where, new).status_code == 403
    assert mine.patch(where, new).json() == before | new
    assert mine.patch(where, {DOORS[1]: None}).json() == before | {DOORS[0]: 45}


@pytest.mark.parametrize(
    ("sent", "field", "code"),
    [
        ({DOORS[0]: -1}, DOORS[0], "min_value"),
        ({DOORS[0]: 1441}, DOORS[0], "max_value"),
        ({DOORS[0]: 10**40}, DOORS[0], "max_value"),
        ({DOORS[0]: None}, DOORS[0], "null"),
        ({DOORS[0]: "soon"}, DOORS[0], "invalid"),
        ({DOORS[1]: 1441}, DOORS[1], "max_value"),
        ({DOORS[1]: 0, DOORS[0]: 0}, DOORS[1], "never_open"),
    ],
)
def test_what_makes_no_sense_names_its_field(client_of, manager, theater, sent, field, code):
    answer = client_of(manager).patch(f"/api/theaters/{theater.pk}/", sent)
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["attr"], error["code"]) == (400, field, code)


def test_each_half_of_a_rule_is_checked_against_the_other(client_of, manager, theater):
    mine, where = client_of(manager), f"/api/theaters/{theater.pk}/"
    assert mine.patch(where, {DOORS[1]: 0}).status_code == 200
    assert mine.patch(where, {DOORS[0]: 0}).status_code == 400


@pytest.mark.parametrize("rule", [(1441, None), (30, 1441), (0, 0)])
def test_the_database_refuses_it_as_well(theater, rule):
    with pytest.raises(IntegrityError), transaction.atomic():
        doors(*rule)


def test_the_form_refuses_doors_that_never_open(by_hand, manager, theater):
    browser, page = by_hand(manager), address(Theater, "change", theater.pk)
    form = form_of(browser, page) | {DOORS[0]: "0", DOORS[1]: "0"}
    answer = browser.post(page, form)
    assert "Nobody could come in" in str(answer.context["errors"])
    assert browser.post(page, form | {DOORS[1]: "15"}).status_code == 302
    theater.refresh_from_db()
    assert (theater.admission_opens_minutes, theater.admission_closes_minutes) == (0, 15)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({}, "people come in from 19:30 until 21:55, when it is over. Doors open 19:30."),
        ({DOORS[1]: "45"}, "until 20:45. It goes on until 21:55, but who comes later stays out"),
        ({DOORS[0]: "1440"}, "from 20:00 on the day before"),
        ({DOORS[0]: "0", DOORS[1]: "0"}, "Nobody could come in"),
    ],
)
def test_the_profile_tells_what_the_rule_means_before_it_is_saved(
    by_hand, manager, theater, typed, told
):
    browser, page = by_hand(manager), address(Theater, "change", theater.pk)
    answer = browser.post(f"{page.removesuffix('change/')}try/", form_of(browser, page) | typed)
    text = " ".join(answer.content.decode().replace("<b>", "").replace("</b>", "").split())
    assert told in text.replace("</p> <p>Their tickets say:", "")
    theater.refresh_from_db()
    assert theater.admission_opens_minutes == 30


@pytest.mark.parametrize(
    ("opens", "closes", "told"),
    [(30, None, "19:45"), (30, 15, "19:45, last admission 20:30"), (1440, None, "Wednesday 20:15")],
)
def test_tickets_and_their_mail_say_it(
    me, paid, evening, seats, letters, stripe, opens, closes, told
):
    doors(opens, closes)
    paid(me, evening, seats[:1])
    [letter] = letters()
    assert f"Doors: open {told} Seats: A1" in " ".join(letter.body.split())
    assert f'>Doors open</th><td style="padding:3px 0">{told}</td>' in (
        letter.alternatives[0].content
    )
    [pdf] = (content for name, content, _ in letter.attachments if name.startswith("tickets"))
    [page] = PdfReader(BytesIO(pdf)).pages
    assert f"Doors open {told} " in " ".join(page.extract_text().split()) + " "
