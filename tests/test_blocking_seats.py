"""Managers keep seats back from sale, and say when they are free again."""

from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from accounts.tokens import tokens_for
from showtimes.models import SeatBlock, Showtime, TakenSeat
from theaters.models import Screen, Seat

HOUSE = {"kind": "house", "note": "For the director's family", "freed_minutes_before": 60}
NOWHERE = f"/api/blocks/{uuid4()}/"


@pytest.fixture
def boss(client_of, manager):
    """The client of the theater's manager."""
    return client_of(manager)


@pytest.fixture
def anyone(client_of):
    return client_of()


@pytest.fixture
def page(showtime):
    return f"/api/showtimes/{showtime.pk}/blocks/"


@pytest.fixture
def block(boss, page):
    """Block seats; answers the response."""

    def post(wanted, **more):
        return boss.post(page, HOUSE | {"seats": [seat.pk for seat in wanted]} | more)

    return post


@pytest.fixture
def house(block, seats):
    """A1, A2 and A3, freed an hour before the start: the address of the block."""
    return f"/api/blocks/{block(seats[:3]).json()['id']}/"


@pytest.fixture
def at(showtime, boss, manager, me, alice):
    """
    Let the clock stand so many minutes before the showtime starts; the manager and Alice have
    signed in again by then.
    """

    @contextmanager
    def travel(minutes, *, later=timedelta(0)):
        moment = showtime.starts_at - timedelta(minutes=minutes) + later
        with time_machine.travel(moment, tick=False):
            for client, user in ((boss, manager), (me, alice)):
                client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens_for(user)['access']}")
            yield

    return travel


def taken(client, showtime):
    """Which seats the map, the small answer for polling and the counts say are gone: one answer."""
    plan = client.get("/api/seats/", {"showtime": showtime.pk}).json()["seats"]
    gone = sorted(seat["id"] for seat in plan if seat["status"] == "taken")
    assert client.get(f"/api/showtimes/{showtime.pk}/availability/").json()["taken"] == gone
    shown = client.get(f"/api/showtimes/{showtime.pk}/").json()
    assert shown["seats_left"] == shown["seats_total"] - len(gone)
    return gone


def ids(seats):
    return [seat.pk for seat in seats]


def blocked(answer):
    """The ids of the seats that the block says are blocked now."""
    return [seat["id"] for seat in answer.json()["seats"] if seat["blocked"]]


def error_of(answer):
    error = answer.json()["errors"][0]
    return answer.status_code, error["code"], error["attr"]


def test_a_manager_blocks_seats_with_a_reason(block, boss, page, showtime, seats, theater):
    made = block(seats[1::-1])
    assert made.status_code == 201
    starts = showtime.starts_at.astimezone(theater.zone)
    assert made.json() | {"id": 0, "created_at": 0} == {
        "id": 0,
        "showtime": showtime.pk,
        "kind": "house",
        "note": "For the director's family",
        "freed_minutes_before": 60,
        "freed_at": (starts - timedelta(hours=1)).isoformat(),
        "seats": [
            {"id": seats[0].pk, "row": "A", "number": 1, "blocked": True},
            {"id": seats[1].pk, "row": "A", "number": 2, "blocked": True},
        ],
        "created_by": "manager",
        "created_at": 0,
    }
    assert boss.get(f"/api/blocks/{made.json()['id']}/").json() == made.json()
    assert boss.get(page).json()["results"] == [made.json()]


def test_a_customer_sees_a_blocked_seat_as_taken_and_cannot_have_it(
    house, book, me, anyone, showtime, seats
):
    assert taken(anyone, showtime) == ids(seats[:3])
    answer = book(me, showtime, seats[2:4])
    assert error_of(answer) == (409, "seats_taken", None)
    assert answer.json()["seats"] == [seats[2].pk]
    assert answer.json()["alternative"]["seats"] == ids(seats[3:5])
    assert "family" not in str(answer.json())
    assert book(me, showtime, seats[3:4]).status_code == 201


def test_the_second_after_it_is_freed_a_seat_is_free(
    house, boss, book, me, anyone, showtime, seats, at
):
    with at(60, later=timedelta(seconds=-1)):
        assert taken(anyone, showtime) == ids(seats[:3])
        assert book(me, showtime, seats[:1]).status_code == 409
        assert blocked(boss.get(house)) == ids(seats[:3])
    with at(60):
        assert taken(anyone, showtime) == []
        assert blocked(boss.get(house)) == []
        held = book(me, showtime, seats[:1])
        assert held.status_code == 201
        row = TakenSeat.objects.get(seat=seats[0])
        assert row.reason == "booking"
        assert taken(anyone, showtime) == [seats[0].pk]
        answer = boss.get(house).json()
    assert [seat["id"] for seat in answer["seats"]] == ids(seats[:3])
    assert [seat["blocked"] for seat in answer["seats"]] == [False] * 3


def test_it_is_freed_by_the_clock_of_the_theater_over_the_change_to_summer_time(
    boss, movie, screen, seats
):
    """Clocks in Berlin jump from 02:00 to 03:00 on 31 March 2030."""
    plan = {"movie": movie.pk, "screen": screen.pk, "starts_at": "2030-03-31T03:30"}
    show = boss.post("/api/showtimes/", plan).json()
    body = HOUSE | {"seats": ids(seats[:1])}
    made = boss.post(f"/api/showtimes/{show['id']}/blocks/", body).json()
    assert made["freed_at"] == "2030-03-31T01:30:00+01:00"
    starts, freed = map(datetime.fromisoformat, (show["starts_at"], made["freed_at"]))
    assert starts - freed == timedelta(minutes=60)


def test_without_a_time_a_seat_stays_blocked(block, book, me, anyone, showtime, seats, at):
    answer = block(seats[:1], kind="broken", freed_minutes_before=None)
    assert answer.json()["freed_at"] is None
    with at(1):
        assert book(me, showtime, seats[:1]).status_code == 409
        assert taken(anyone, showtime) == [seats[0].pk]


def test_seats_are_blocked_before_a_showtime_is_on_sale(block, showtime, seats):
    Showtime.objects.update(status="planned")
    assert block(seats[:1]).status_code == 201


def test_all_or_none_and_what_somebody_has_is_named(
    block, boss, page, house, book, me, client_of, bob, showtime, seats
):
    held = book(me, showtime, seats[3:4])
    assert held.status_code == 201
    answer = block(seats[2:6])
    assert error_of(answer) == (409, "seats_taken", None)
    assert answer.json()["seats"] == ids(seats[2:4])
    assert answer.json()["errors"][0]["detail"] == "Taken by somebody else: A3, A4."
    assert boss.get(page).json()["count"] == 1
    assert book(client_of(bob), showtime, seats[4:6]).status_code == 201


def test_a_hold_that_has_lapsed_is_blocked_over(block, boss, booking, seats, me):
    TakenSeat.objects.update(held_until=timezone.now())
    answer = block(seats[:2])
    assert blocked(answer) == ids(seats[:2])
    assert set(TakenSeat.objects.values_list("reason", flat=True)) == {"blocked"}


def test_a_block_is_made_once_for_one_key(boss, page, seats):
    body, key = HOUSE | {"seats": ids(seats[:1])}, {"Idempotency-Key": "one"}
    first, again = (boss.post(page, body, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    other = boss.post(page, body | {"note": "x"}, headers=key)
    assert error_of(other)[:2] == (422, "idempotency_key_used_again")
    assert SeatBlock.objects.count() == 1


def test_lifting_it_frees_all_its_seats(house, boss, page, anyone, showtime):
    assert boss.delete(house).status_code == 204
    assert taken(anyone, showtime) == []
    assert not TakenSeat.objects.exists()
    assert boss.get(page).json()["results"] == []
    for again in (boss.delete, boss.get, boss.patch):
        assert again(house).status_code == 404


def test_lifting_it_leaves_to_a_customer_what_was_freed(
    house, boss, book, me, anyone, showtime, seats, at
):
    with at(30):
        book(me, showtime, seats[:1])
        assert boss.delete(house).status_code == 204
        assert taken(anyone, showtime) == [seats[0].pk]
    assert TakenSeat.objects.count() == 1


def test_other_seats_are_blocked_instead(house, boss, anyone, showtime, seats):
    answer = boss.patch(house, {"seats": ids(seats[2:5])})
    assert blocked(answer) == ids(seats[2:5])
    assert (answer.json()["kind"], answer.json()["note"]) == ("house", HOUSE["note"])
    assert taken(anyone, showtime) == ids(seats[2:5])
    fewer = boss.patch(house, {"seats": ids(seats[4:5])})
    assert [seat["id"] for seat in fewer.json()["seats"]] == ids(seats[4:5])
    assert taken(anyone, showtime) == ids(seats[4:5])


def test_a_change_that_cannot_be_had_changes_nothing(house, boss, book, me, showtime, seats):
    book(me, showtime, seats[5:6])
    before = boss.get(house).json()
    answer = boss.patch(house, {"seats": ids(seats[4:6]), "note": "New"})
    assert (error_of(answer)[1], answer.json()["seats"]) == ("seats_taken", ids(seats[5:6]))
    assert boss.get(house).json() == before


def test_another_reason_touches_no_seat(house, boss, seats, at):
    answer = boss.patch(house, {"kind": "other", "note": ""})
    assert (answer.json()["kind"], answer.json()["note"]) == ("other", "")
    assert blocked(answer) == ids(seats[:3])
    with at(30):
        answer = boss.patch(house, {"note": "Late", "freed_minutes_before": 60})
        assert answer.status_code == 200
        assert blocked(answer) == []


def test_another_time_holds_for_all_its_seats(house, boss, anyone, showtime, seats, at):
    assert boss.patch(house, {"freed_minutes_before": 15}).status_code == 200
    with at(30):
        assert taken(anyone, showtime) == ids(seats[:3])
        assert boss.patch(house, {"freed_minutes_before": None}).json()["freed_at"] is None
    with at(1):
        assert taken(anyone, showtime) == ids(seats[:3])


def test_what_was_freed_is_blocked_anew_unless_it_was_sold(
    house, boss, book, me, anyone, showtime, seats, at
):
    with at(60):
        assert blocked(boss.patch(house, {"freed_minutes_before": 15})) == ids(seats[:3])
    with at(15):
        assert book(me, showtime, seats[:1]).status_code == 201
        answer = boss.patch(house, {"freed_minutes_before": 5})
        assert (error_of(answer)[1], answer.json()["seats"]) == ("seats_taken", ids(seats[:1]))
        rest = {"freed_minutes_before": 5, "seats": ids(seats[1:3])}
        assert blocked(boss.patch(house, rest)) == ids(seats[1:3])
        assert taken(anyone, showtime) == ids(seats[:3])


def test_a_time_that_is_past_is_refused(house, block, boss, seats, at):
    past = (400, "in_the_past", "freed_minutes_before")
    with at(60):
        assert error_of(block(seats[3:4])) == past
        assert error_of(boss.patch(house, {"freed_minutes_before": 61})) == past
        assert error_of(boss.patch(house, {"seats": ids(seats[:4])})) == past
        assert boss.patch(house, {"seats": ids(seats[:2])}).status_code == 200
    assert SeatBlock.objects.count() == 1


BAD = [
    ({"seats": []}, ("seats", "empty")),
    ({"seats": None}, ("seats", "null")),
    ({"seats": "A1"}, ("seats", "not_a_list")),
    ({"seats": ["x"]}, ("seats.0", "invalid")),
    ({"seats": [0]}, ("seats.0", "min_value")),
    ({"seats": [10**30]}, ("seats.0", "max_value")),
    ({"seats": [True]}, ("seats.0", "invalid")),
    ({"seats": [[]]}, ("seats.0", "invalid")),
    ({"seats": [2**60]}, ("seats", "not_of_this_screen")),
    ({"seats": [1] * 3001}, ("seats", "max_length")),
    ({"kind": "magic"}, ("kind", "invalid_choice")),
    ({"kind": ""}, ("kind", "invalid_choice")),
    ({"note": "x" * 201}, ("note", "max_length")),
    ({"note": "\0"}, ("note", "null_characters_not_allowed")),
    ({"freed_minutes_before": -1}, ("freed_minutes_before", "min_value")),
    ({"freed_minutes_before": 10**30}, ("freed_minutes_before", "max_value")),
    ({"freed_minutes_before": "NaN"}, ("freed_minutes_before", "invalid")),
    ({"freed_minutes_before": 366 * 24 * 60}, ("freed_minutes_before", "in_the_past")),
]


@pytest.mark.parametrize(("change", "problem"), BAD)
def test_bad_input_is_a_400_that_names_the_field(boss, page, house, seats, change, problem):
    body = HOUSE | {"seats": ids(seats[3:4])} | change
    for answer in (boss.post(page, body), boss.patch(house, change)):
        error = answer.json()["errors"][0]
        assert (answer.status_code, error["attr"], error["code"]) == (400, *problem)
    assert SeatBlock.objects.count() == 1


def test_what_must_be_said_is_named(boss, page, seats):
    errors = boss.post(page, {}).json()["errors"]
    assert [(error["attr"], error["code"]) for error in errors] == [
        ("seats", "required"),
        ("kind", "required"),
    ]
    twice = boss.post(page, HOUSE | {"seats": ids(seats[:1]) * 2})
    assert error_of(twice) == (400, "repeated", "seats")


def test_seats_of_another_screen_are_refused(boss, page, house, theater, silver):
    other = Screen.objects.create(theater=theater, name="Screen 2")
    seat = Seat.objects.create(screen=other, row="A", number=1, category=silver, x=0, y=0)
    for answer in (
        boss.post(page, HOUSE | {"seats": [seat.pk]}),
        boss.patch(house, {"seats": [seat.pk]}),
    ):
        assert error_of(answer) == (400, "not_of_this_screen", "seats")


def test_nothing_is_blocked_where_nothing_is_shown_any_more(
    block, boss, house, showtime, seats, at
):
    Showtime.objects.update(status="cancelled")
    assert error_of(block(seats[4:5], freed_minutes_before=None))[:2] == (409, "sales_closed")
    Showtime.objects.update(status="on_sale")
    with at(0, later=showtime.ends_at - showtime.starts_at):
        assert error_of(block(seats[4:5], freed_minutes_before=None))[:2] == (409, "sales_closed")
        assert boss.delete(house).status_code == 204


def everything(client, page, house, seats):
    """The statuses of all that can be asked."""
    return [
        client.get(page).status_code,
        client.post(page, HOUSE | {"seats": ids(seats[4:5])}).status_code,
        client.get(house).status_code,
        client.patch(house, {"note": "Mine"}).status_code,
        client.delete(house).status_code,
    ]


def test_who_may_do_what(people, page, house, seats):
    for who, statuses in {
        "nobody": [401] * 5,
        "owner": [403] * 5,
        "elsewhere": [404] * 5,
    }.items():
        assert everything(people[who], page, house, seats) == statuses
    assert SeatBlock.objects.get().note == HOUSE["note"]
    assert everything(people["manager"], page, house, seats) == [200, 201, 200, 200, 204]


def test_what_is_nowhere_is_not_found(boss):
    for path in (NOWHERE, "/api/blocks/x/", "/api/showtimes/99999/blocks/"):
        assert boss.get(path).status_code == 404


def test_a_block_stays_when_who_made_it_leaves(block, seats, manager, admin, client_of):
    address = f"/api/blocks/{block(seats[:1]).json()['id']}/"
    manager.delete()
    answer = client_of(admin).get(address)
    assert answer.json()["created_by"] is None
    assert blocked(answer) == ids(seats[:1])


def test_a_list_costs_the_same_for_one_block_as_for_many(
    block, boss, page, seats, django_assert_num_queries
):
    block(seats[:2])
    with django_assert_num_queries(6):
        assert len(boss.get(page).json()["results"]) == 1
    for seat in seats[2:]:
        block([seat])
    with django_assert_num_queries(6):
        assert len(boss.get(page).json()["results"]) == 11


# What becomes of a block when its showtime, or its screen, changes.


def move(boss, showtime, **change):
    return boss.patch(f"/api/showtimes/{showtime.pk}/", change)


def test_with_the_start_moves_the_time_at_which_seats_are_freed(
    house, boss, anyone, showtime, seats, at
):
    later = showtime.starts_at + timedelta(hours=3)
    assert move(boss, showtime, starts_at=later.isoformat()).status_code == 200
    freed = datetime.fromisoformat(boss.get(house).json()["freed_at"])
    assert freed == later - timedelta(hours=1)
    with at(30):
        assert taken(anyone, showtime) == ids(seats[:3])
    with time_machine.travel(freed, tick=False):
        assert taken(anyone, showtime) == []


def test_what_was_freed_before_the_start_moved_is_blocked_again_unless_it_is_gone(
    house, block, boss, anyone, showtime, seats, at
):
    broken = block(seats[3:4], kind="broken", freed_minutes_before=None).json()["id"]
    later = (showtime.starts_at + timedelta(hours=3)).isoformat()
    with at(30):
        Seat.objects.filter(pk=seats[0].pk).update(active=False)
        block(seats[1:2], freed_minutes_before=10)
        assert move(boss, showtime, starts_at=later).status_code == 200
        assert blocked(boss.get(house)) == ids(seats[2:3])
        assert taken(anyone, showtime) == ids(seats[1:4])
        assert boss.get(f"/api/blocks/{broken}/").json()["freed_at"] is None


def test_a_start_that_comes_nearer_frees_seats_at_once(house, boss, anyone, showtime, seats):
    soon = timezone.now() + timedelta(minutes=30)
    assert move(boss, showtime, starts_at=soon.isoformat()).status_code == 200
    assert taken(anyone, showtime) == []


def test_a_block_stays_on_its_screen(house, boss, showtime, theater):
    other = Screen.objects.create(theater=theater, name="Screen 2")
    answer = move(boss, showtime, screen=other.pk)
    assert error_of(answer) == (409, "has_blocks", None)
    assert answer.json()["blocks"] == [str(SeatBlock.objects.get().pk)]
    boss.delete(house)
    assert move(boss, showtime, screen=other.pk).status_code == 200


def test_what_customers_have_still_keeps_a_showtime_in_place(house, boss, booking_of_b, showtime):
    answer = move(boss, showtime, starts_at=(showtime.starts_at + timedelta(hours=1)).isoformat())
    assert error_of(answer)[1] == "has_bookings"
    assert answer.json()["seats_taken"] == 1
    assert error_of(boss.delete(f"/api/showtimes/{showtime.pk}/"))[1] == "has_bookings"
    assert SeatBlock.objects.count() == 1


@pytest.fixture
def booking_of_b(book, me, showtime, seats):
    """B1, held for Alice."""
    return book(me, showtime, seats[6:7])


def test_a_showtime_is_deleted_with_its_blocks(house, boss, showtime):
    assert boss.delete(f"/api/showtimes/{showtime.pk}/").status_code == 204
    assert not SeatBlock.objects.exists()
    assert not TakenSeat.objects.exists()


def layout_of(boss, screen, *, without=(), **change):
    """The layout of the screen, without the seats of some labels, and every seat changed."""
    page = f"/api/screens/{screen.pk}/layout/"
    kept = boss.get(page).json()["seats"]
    kept = [seat | change for seat in kept if f"{seat['row']}{seat['number']}" not in without]
    return boss.put(page, {"seats": kept})


def test_a_blocked_seat_can_be_taken_out_of_the_hall(house, boss, anyone, screen, showtime, seats):
    assert layout_of(boss, screen, without=["A1"]).status_code == 200
    assert taken(anyone, showtime) == ids(seats[1:3])
    assert blocked(boss.get(house)) == ids(seats[1:3])
    assert not Seat.objects.get(pk=seats[0].pk).active
    assert not TakenSeat.objects.filter(seat=seats[0]).exists()
    assert [seat["id"] for seat in boss.get(house).json()["seats"]] == ids(seats[1:3])
    assert blocked(boss.patch(house, {"freed_minutes_before": 5})) == ids(seats[1:3])


def test_a_blocked_seat_may_become_another_seat_and_stays_blocked(
    house, boss, anyone, screen, showtime, seats
):
    assert layout_of(boss, screen, kind="wheelchair").status_code == 200
    assert taken(anyone, showtime) == ids(seats[:3])


def test_a_seat_that_a_customer_has_still_stays_in_the_hall(
    house, boss, booking_of_b, screen, anyone, showtime, seats
):
    assert error_of(layout_of(boss, screen, without=["A1", "B1"]))[1] == "seats_sold"
    assert taken(anyone, showtime) == ids(seats[:3]) + ids(seats[6:7])


# Blocked is as good as taken for whoever chooses seats.


def test_best_seats_are_others(block, anyone, showtime, seats):
    block(seats[1:])
    answer = anyone.get(f"/api/showtimes/{showtime.pk}/best-seats/", {"count": 1})
    assert [seat["id"] for seat in answer.json()["seats"]] == ids(seats[:1])
    answer = anyone.get(f"/api/showtimes/{showtime.pk}/best-seats/", {"count": 2})
    assert error_of(answer)[1] == "not_enough_seats"
    assert answer.json()["seats_left"] == 1


def test_beside_a_blocked_seat_a_seat_is_lonely(block, book, me, showtime, seats, theater):
    theater.refuses_lonely_seats = True
    theater.save()
    block(seats[3:4])
    answer = book(me, showtime, seats[5:6])
    assert error_of(answer)[1] == "leaves_a_lonely_seat"
    assert answer.json()["lonely"] == ids(seats[4:5])


def test_what_is_nearly_full_with_blocks_is_sold_as_it_comes(
    block, book, me, anyone, showtime, seats, theater, screen, silver
):
    theater.refuses_lonely_seats = True
    theater.save()
    more = [
        Seat(screen=screen, row="C", number=number, category=silver, x=number, y=2)
        for number in range(1, 28)
    ]
    Seat.objects.bulk_create(more)
    block([*seats[:10], *seats[11:], *more[:25]])
    shown = anyone.get(f"/api/showtimes/{showtime.pk}/").json()
    assert (shown["seats_left"], shown["almost_sold_out"]) == (3, True)
    assert book(me, showtime, more[25:26]).status_code == 201
