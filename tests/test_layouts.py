"""Layouts: as text and as seats, what of a change is allowed, and what becomes of the seats."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import ProtectedError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from showtimes.models import SeatBlock
from theaters.models import Screen, Seat, SeatCategory

from .test_admin import address, by_hand, form_of, theater_called
from .test_theaters import codes, stranger

__all__ = ["by_hand", "stranger"]


@pytest.fixture
def mine(client_of, manager):
    """The client of the manager of Lux."""
    return client_of(manager)


@pytest.fixture
def path(screen):
    return f"/api/screens/{screen.pk}/layout/"


@pytest.fixture
def legend(silver, gold):
    return {
        "s": {"category": silver.pk},
        "g": {"category": gold.pk},
        "w": {"category": silver.pk, "kind": "wheelchair"},
    }


def ids(layout):
    return {f"{seat['row']}{seat['number']}": seat["id"] for seat in layout["seats"]}


def seat(row, number, x, y, category, kind="standard"):
    place = {"row": row, "number": number, "x": x, "y": y}
    return place | {"category": category.pk, "kind": kind}


def test_everybody_reads_both_forms(path, silver, gold, seats):
    answer = APIClient().get(path)
    layout = answer.json()
    assert layout["rows"] == ["sss sss", "ggg ggg"]
    assert layout["legend"] == {
        "s": {"category": silver.pk, "kind": "standard"},
        "g": {"category": gold.pk, "kind": "standard"},
    }
    assert (layout["row_labels"], layout["numbering"]) == (["A", "B"], "left_to_right")
    assert layout["version"] == 0
    assert layout["seats"][3] == {"id": seats[3].pk} | seat("A", 4, 4.0, 0.0, silver)


def test_who_may_change_it(path, me, stranger, mine, legend):
    body = {"rows": ["s"], "legend": legend}
    answers = [client.put(path, body) for client in (APIClient(), me, stranger, mine)]
    assert [answer.status_code for answer in answers] == [401, 403, 403, 200]


def test_text_becomes_seats(mine, path, legend, silver):
    rows = ["  ss", "", "w  s"]
    layout = mine.put(path, {"rows": rows, "legend": legend}).json()
    assert layout["rows"] == rows
    assert (layout["row_labels"], layout["version"]) == (["A", "", "B"], 1)
    kept = [{name: one[name] for name in one if name != "id"} for one in layout["seats"]]
    assert kept == [
        seat("A", 1, 2, 0, silver),
        seat("A", 2, 3, 0, silver),
        seat("B", 1, 0, 2, silver, "wheelchair"),
        seat("B", 2, 3, 2, silver),
    ]


def test_rows_have_the_labels_and_the_numbering_that_are_sent(mine, path, legend):
    body = {"rows": ["sss", " ", "ss"], "legend": legend, "row_labels": ["VIP", "", "É"]}
    layout = mine.put(path, body | {"numbering": "right_to_left"}).json()
    assert list(ids(layout)) == ["VIP3", "VIP2", "VIP1", "É2", "É1"]
    assert (layout["row_labels"], layout["numbering"]) == (["VIP", "", "É"], "right_to_left")


def test_what_text_cannot_draw_is_given_as_seats_only(mine, path, silver):
    for curved in (
        [seat("A", 1, 0, 0.25, silver), seat("A", 2, 1, 0, silver)],
        [seat("A", 1, -1, 0, silver)],
        [seat("A", 1, 0, 100, silver)],
        [seat("A", 1, 0, 0, silver), seat("A", 3, 1, 0, silver)],
        [seat("A", 2, 0, 0, silver), seat("B", 1, 1, 0, silver)],
        [seat("A", 1, 0, 0, silver), seat("A", 2, 0, 1, silver)],
    ):
        layout = mine.put(path, {"seats": curved}).json()
        text = [layout[name] for name in ("rows", "legend", "row_labels", "numbering")]
        assert text == [None] * 4
        again = mine.put(path, layout)
        assert (again.status_code, again.json()) == (200, layout)


def test_more_kinds_of_places_than_characters_are_given_as_seats_only(mine, path, theater):
    many = [
        SeatCategory.objects.create(theater=theater, name=f"C{number}", default_price=1)
        for number in range(63)
    ]
    seats = [seat("A", index, index, 0, one) for index, one in enumerate(many, start=1)]
    assert mine.put(path, {"seats": seats}).json()["rows"] is None
    assert mine.put(path, {"seats": seats[:62]}).json()["rows"] is not None


def test_no_seats_are_a_layout_too(mine, path):
    layout = mine.put(path, {"rows": [], "legend": {}}).json()
    assert (layout["rows"], layout["seats"], layout["version"]) == ([], [], 1)
    assert mine.put(path, {"seats": []}).json() == layout


marks = st.tuples(st.sampled_from(["silver", "gold"]), st.sampled_from(Seat.Kind.values))
labels = st.text("AB1é ", min_size=1, max_size=4).map(str.strip).filter(bool)
numbers = st.integers(1, 9999)
coordinates = st.one_of(
    st.integers(0, 12).map(float), st.floats(-1000, 1000), st.sampled_from([-0.0, 99.0, 100.0])
)
free_form = st.lists(
    st.tuples(labels, numbers, coordinates, coordinates, marks),
    max_size=12,
    unique_by=(lambda one: one[:2], lambda one: one[2:4]),
)
drawn = st.lists(st.text("sgwc ", max_size=9), max_size=9)


def put_back_unchanged(client, path, layout):
    """In either form, and with its version: nothing changes."""
    text = {name: layout[name] for name in ("rows", "legend", "row_labels", "numbering")}
    forms = [{"seats": layout["seats"]}, {"seats": layout["seats"], "version": layout["version"]}]
    forms += [text] * (layout["rows"] is not None)
    for form in forms:
        answer = client.put(path, form)
        assert (answer.status_code, answer.json()) == (200, layout)
    assert client.get(path).json() == layout


by_property = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@by_property
@given(free_form)
def test_what_is_read_can_be_sent_back(mine, path, silver, gold, wanted):
    category = {"silver": silver, "gold": gold}
    sent = [
        seat(row, number, x, y, category[name], kind) for row, number, x, y, (name, kind) in wanted
    ]
    layout = mine.put(path, {"seats": sent}).json()
    kept = [{name: one[name] for name in one if name != "id"} for one in layout["seats"]]
    assert len(kept) == len(sent)
    assert all(one in sent for one in kept)
    put_back_unchanged(mine, path, layout)


@by_property
@given(drawn, st.sampled_from(["left_to_right", "right_to_left"]))
def test_what_is_drawn_is_read_as_it_was_drawn(mine, path, silver, gold, rows, numbering):
    legend = {
        "s": {"category": silver.pk, "kind": "standard"},
        "g": {"category": gold.pk, "kind": "standard"},
        "w": {"category": silver.pk, "kind": "wheelchair"},
        "c": {"category": gold.pk, "kind": "couple"},
    }
    body = {"rows": rows, "legend": legend, "numbering": numbering}
    layout = mine.put(path, body).json()
    while rows and not rows[-1].strip():
        rows.pop()
    known = {json.dumps(place): character for character, place in layout["legend"].items()}
    table = str.maketrans({key: known.get(json.dumps(place)) for key, place in legend.items()})
    assert layout["rows"] == [row.rstrip().translate(table) for row in rows]
    put_back_unchanged(mine, path, layout)


def test_a_seat_that_stays_keeps_its_id_wherever_it_moves(mine, path, legend, silver, gold):
    before = ids(mine.get(path).json())
    moved = mine.put(path, {"rows": [" s ss ss", "", "ggg ggg"], "legend": legend}).json()
    assert moved["version"] == 1
    assert ids(moved) == {label: pk for label, pk in before.items() if label != "A6"}
    swapped = [seat("A", 1, 1, 0, silver), seat("A", 2, 0, 0, gold, "couple")]
    assert ids(mine.put(path, {"seats": swapped}).json()) == {
        "A1": before["A1"],
        "A2": before["A2"],
    }


def test_the_version_counts_what_changes_and_refuses_who_comes_late(mine, path, legend, screen):
    body = {"rows": ["ss"], "legend": legend}
    assert mine.put(path, body | {"version": 0}).json()["version"] == 1
    assert mine.put(path, body | {"version": 1}).json()["version"] == 1
    late = mine.put(path, {"rows": ["sss"], "legend": legend, "version": 0})
    assert (late.status_code, codes(late)) == (409, {None: "layout_changed"})
    assert screen.seats.filter(active=True).count() == 2
    assert mine.put(path, body | {"version": None}).status_code == 200


@pytest.fixture
def sold(showtime, seats):
    """A1 is sold, A2 is held for some minutes, A3 was held and lapsed, A4 is blocked."""
    soon = timezone.now() + timedelta(minutes=9)
    showtime.take(seats[:1], uuid4(), None)
    showtime.take(seats[1:2], uuid4(), soon)
    showtime.take(seats[2:3], uuid4(), timezone.now() - timedelta(minutes=1))
    SeatBlock(showtime=showtime, kind="broken").put_on(seats[3:4])
    return showtime


@pytest.mark.parametrize(
    ("rows", "lost"),
    [
        (["   ", "sss"], ["A1", "A2"]),
        (["gss ss", "ggg ggg"], ["A1"]),
        (["sws sss", "ggg ggg"], ["A2"]),
        (["s", "ggg ggg"], ["A2"]),
    ],
)
def test_a_seat_that_somebody_has_is_neither_dropped_nor_changed(
    mine, path, legend, sold, rows, lost
):
    before = mine.get(path).json()
    labels = ["A", "B"] if rows[0].strip() else ["", "B"]
    answer = mine.put(path, {"rows": rows, "legend": legend, "row_labels": labels})
    assert (answer.status_code, codes(answer)) == (409, {None: "seats_sold"})
    assert answer.json()["showtimes"] == [
        {
            "id": sold.pk,
            "starts_at": sold.starts_at.astimezone(sold.theater.zone).isoformat(),
            "movie": {"id": sold.movie_id, "title": sold.movie.title},
            "seats": lost,
        }
    ]
    assert mine.get(path).json() == before


def test_a_seat_that_is_only_blocked_may_go(mine, path, legend, sold, seats):
    assert mine.put(path, {"rows": ["sss"], "legend": legend}).status_code == 200
    assert not sold.taken_seats.filter(seat=seats[3]).exists()


def test_the_others_may_go_and_those_may_move(mine, path, legend, sold, seats):
    rows = ["", " s  s  w s"]
    body = {"rows": rows, "legend": legend, "row_labels": ["", "A"]}
    layout = mine.put(path, body).json()
    assert [one["id"] for one in layout["seats"]] == [one.pk for one in seats[:4]]


@pytest.mark.parametrize("ended", ["over", "cancelled"])
def test_seats_of_what_is_over_may_go_but_are_never_deleted(
    mine, path, legend, sold, seats, ended, screen
):
    if ended == "over":
        sold.starts_at = timezone.now() - timedelta(hours=4)
        sold.ends_at = timezone.now() - timedelta(hours=2)
    else:
        sold.status = "cancelled"
    sold.save()
    assert mine.put(path, {"rows": [], "legend": {}}).status_code == 200
    assert set(screen.seats.values_list("pk", "active")) == {(one.pk, False) for one in seats[:4]}
    again = mine.put(path, {"rows": ["sssss"], "legend": legend}).json()
    known = ids(again)
    assert [known[f"A{number}"] for number in range(1, 5)] == [one.pk for one in seats[:4]]
    assert again["version"] == 2


def test_what_a_ticket_names_is_used_even_when_the_seat_was_given_back(
    mine, path, me, booking, seats, screen
):
    me.delete(f"/api/bookings/{booking['reference']}/")
    assert mine.put(path, {"seats": []}).status_code == 200
    left = screen.seats.values_list("pk", flat=True)
    assert set(left) == {seats[0].pk, seats[1].pk}
    with pytest.raises(ProtectedError):
        seats[0].delete()


def test_a_seat_that_went_while_it_was_being_booked_is_a_409(showtime, seats, book, me):
    """Between the look at the choice and the hold, another layout."""

    def meanwhile(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "bookings_booking"'):
            Seat.objects.filter(pk=seats[0].pk).update(active=False)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(meanwhile):
        answer = book(me, showtime, seats[:2])
    assert (answer.status_code, codes(answer)) == (409, {None: "seats_removed"})
    assert answer.json()["seats"] == [seats[0].pk]
    assert not showtime.taken_seats.exists()
    assert not showtime.bookings.exists()


def test_a_layout_of_many_seats_is_a_handful_of_statements(
    mine, path, legend, screen, django_assert_max_num_queries
):
    rows = ["s" * 25] * 20
    with django_assert_max_num_queries(20):
        layout = mine.put(path, {"rows": rows, "legend": legend}).json()
    assert len(layout["seats"]) == 500
    with django_assert_max_num_queries(20):
        mine.put(path, {"rows": ["g" * 25] * 20, "legend": legend})
    # Django deletes by hundreds.
    with django_assert_max_num_queries(28):
        mine.put(path, {"rows": ["g"], "legend": legend})
    assert screen.seats.count() == 1
    with django_assert_max_num_queries(4):
        APIClient().get(path)


SEAT = '{"row": "A", "number": 1, "x": 0, "y": 0, "category": CAT}'


def listed(*seats):
    return f'{{"seats": [{", ".join(seats)}]}}'


def drawn_as(rows):
    return f'{{"rows": {json.dumps(rows)}, "legend": {{"s": {{"category": CAT}}}}}}'


@pytest.mark.parametrize(
    ("body", "attr", "said"),
    [
        ("{}", "rows", "either"),
        ('{"rows": null, "seats": null}', "rows", "either"),
        ('{"rows": [], "legend": {}, "seats": []}', "rows", "either"),
        ('{"rows": ["s"]}', "legend", "one"),
        ('{"rows": "s", "legend": {}}', "rows", "list"),
        ('{"rows": [["s"]], "legend": {}}', "rows.0", "string"),
        ('{"rows": ["s?"], "legend": {"s": {"category": CAT}}}', "rows", "Row 1: the legend la"),
        (r'{"rows": ["s\t"], "legend": {"s": {"category": CAT}}}', "rows", r"lacks '\t'"),
        (r'{"rows": ["\ud800"], "legend": {}}', "rows.0", "Surrogate"),
        (r'{"rows": ["s\u0000"], "legend": {}}', "rows.0", "Null"),
        ('{"rows": ["s"], "legend": {"s": {"category": 999999}}}', "legend.s.category", "999999"),
        ('{"rows": ["s"], "legend": {"s": {"category": 1e400}}}', "legend.s.category", "integer"),
        ('{"rows": ["s"], "legend": {"s": {"category": true}}}', "legend.s.category", "integer"),
        ('{"rows": ["s"], "legend": {"s": 1}}', "legend.s.non_field_errors", "Invalid"),
        ('{"rows": ["s"], "legend": {"s": {"category": CAT, "kind": "x"}}}', "legend.s.kind", "x"),
        ('{"rows": [], "legend": {"ss": {"category": CAT}}}', "legend", "one character"),
        ('{"rows": [], "legend": {" ": {"category": CAT}}}', "legend", "one character"),
        (r'{"rows": [], "legend": {"\ud800": {}}}', "legend", "one character"),
        ('{"rows": [], "legend": []}', "legend", "dictionary"),
        ('{"rows": ["s"], "legend": {"s": {"category": CAT}}, "row_labels": []}', "row_labels", ""),
        (
            '{"rows": ["s"], "legend": {"s": {"category": CAT}}, "row_labels": [""]}',
            "row_labels",
            "Row 1",
        ),
        (
            '{"rows": ["s"], "legend": {"s": {"category": CAT}}, "row_labels": ["AAAAA"]}',
            "row_labels.0",
            "4",
        ),
        (
            '{"rows": ["s", "s"], "legend": {"s": {"category": CAT}}, "row_labels": ["A", "A"]}',
            "rows",
            "Row A, number 1 is there twice",
        ),
        ('{"rows": [], "legend": {}, "numbering": "up"}', "numbering", "up"),
        ('{"rows": [], "legend": {}, "version": -1}', "version", "0"),
        ('{"rows": [], "legend": {}, "version": 1e400}', "version", "integer"),
        (listed(SEAT, SEAT), "seats", "Row A, number 1 is there twice"),
        (
            listed(SEAT, SEAT.replace('"number": 1', '"number": 2')),
            "seats",
            "Row A, number 2 is on the place of row A, number 1",
        ),
        (listed(SEAT.replace("1", "0")), "seats.0.number", "1"),
        (listed(SEAT.replace("1", "10000")), "seats.0.number", "9999"),
        (listed(SEAT.replace('"A"', '"AAAAA"')), "seats.0.row", "4"),
        (listed(SEAT.replace('"A"', '""')), "seats.0.row", "blank"),
        (listed(SEAT.replace('"x": 0', '"x": 1e400')), "seats.0.x", "number"),
        (listed(SEAT.replace('"x": 0', '"x": "nan"')), "seats.0.x", "number"),
        (listed(SEAT.replace('"y": 0', f'"y": {10**400}')), "seats.0.y", "large"),
        (listed(SEAT.replace('"y": 0', '"y": -1000.1')), "seats.0.y", "1000"),
        (listed(SEAT.replace("CAT", "999999")), "seats.0.category", "999999"),
        ('{"seats": [{}]}', "seats.0.x", "required"),
        ('{"seats": [1]}', "seats.0.non_field_errors", "Invalid"),
        ('{"seats": {"0": 1}}', "seats", "list"),
        (listed(*["{}"] * 3001), "seats", "3000"),
        (drawn_as([""] * 101), "rows", "100"),
        (drawn_as([" " * 101]), "rows.0", "100"),
        (
            drawn_as(["s" * 100] * 31),
            "rows",
            "3000 seats",
        ),
        ("[]", "non_field_errors", "dictionary"),
        ('"x"', "non_field_errors", "dictionary"),
    ],
)
def test_bad_input_names_what_is_wrong(mine, path, silver, seats, body, attr, said):
    answer = mine.put(path, body.replace("CAT", str(silver.pk)), content_type="application/json")
    assert answer.status_code == 400, answer.json()
    errors = answer.json()["errors"]
    assert attr in [error["attr"] for error in errors]
    assert any(said in error["detail"] for error in errors), errors
    assert Screen.objects.get().layout_version == 0


def test_a_category_is_one_of_its_own_theater(mine, path, seats):
    other = theater_called("Other")
    foreign = SeatCategory.objects.create(theater=other, name="Box", default_price=1)
    answer = mine.put(path, {"seats": [seat("A", 1, 0, 0, foreign)]})
    assert codes(answer) == {"seats.0.category": "does_not_exist"}


def test_an_unknown_screen_is_a_404(mine, db):
    for number in (0, 999999, 10**30):
        assert mine.get(f"/api/screens/{number}/layout/").status_code == 404
        assert mine.put(f"/api/screens/{number}/layout/", {}).status_code == 404


def test_the_admin_keeps_the_same_rule(by_hand, manager, sold, seats, silver, gold):
    browser = by_hand(manager)
    page = address(Seat, "change", seats[0].pk)
    form = form_of(browser, page) | {"active": "on"}
    without = {name: value for name, value in form.items() if name != "active"}
    for refused in (without, form | {"category": gold.pk}, form | {"number": 77}):
        answer = browser.post(page, refused)
        assert answer.status_code == 200
        assert b"Taken for showtimes that are not over: A1." in answer.content
    assert b"is on this place" in browser.post(page, form | {"x": 1}).content
    assert browser.post(page, form).status_code == 302
    assert Screen.objects.get().layout_version == 0
    assert browser.post(page, form | {"y": 7}).status_code == 302
    assert Screen.objects.get().layout_version == 1
