"""The planning board: a day of a theater, and what its managers do with it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from movies.models import Movie
from showtimes.models import Price, SeatBlock, Showtime
from theaters.models import Screen

from .boards import at_the_board, board, day, local, place, planned, prices, refusal

__all__ = ["board", "day", "planned"]
HUGE = 10**30
ODD = ["x", "\x00", HUGE, -1, None, [], {}, [[]], float("nan"), "9999-12-31"]


def test_a_day_shows_what_is_on_each_screen(board, planned, silver, book, me, seats):
    showtime = planned(status="on_sale")
    Price.objects.create(showtime=showtime, category=silver, amount=Decimal("8"))
    book(me, showtime, seats[:2])
    shown = board("day/").json()
    [block] = shown["showtimes"]
    assert (block["at"], block["until"]) == (1035, 1035 + 20 + 100 + 15)
    assert (block["sold"], block["seats"], block["state"]) == (2, 12, "on_sale")
    assert (block["price_from"], block["price_to"]) == ("8.00", "14.50")
    assert block["prices"] == {str(silver.pk): "8.00"}
    assert shown["screens"][0]["name"] == "Screen 1"


def test_what_runs_into_the_day_and_what_follows_it_is_there_too(board, planned):
    planned("01:30")
    planned("03:30", later=1)
    assert [block["at"] for block in board("day/").json()["showtimes"]] == [-90, 1470]


@pytest.mark.parametrize(
    ("night", "minutes", "changes"),
    [("2027-03-27", 1380, [(0, 180), (1380, 180)]), ("2027-10-30", 1500, [(0, 180), (1440, 120)])],
)
def test_the_days_when_the_clocks_change_have_their_own_length(board, night, minutes, changes):
    shown = board("day/", day=night).json()
    assert shown["minutes"] == minutes
    assert [(part["from"], part["shows"]) for part in shown["clock"]] == changes


def test_a_day_costs_the_same_however_much_is_on(board, planned, theater, screen, movie):
    planned("10:00")
    first = queries_of(board)
    for number in range(2, 5):
        other = Screen.objects.create(theater=theater, name=f"Screen {number}")
        for hour in (11, 14, 17, 20):
            film = Movie.objects.create(
                title=f"{number} {hour}",
                release_date=date(2026, 1, 1),
                duration_minutes=90,
                language="en",
            )
            showtime = planned(f"{hour}:00", on=other, of=film)
            Price.objects.create(
                showtime=showtime, category=theater.seat_categories.first(), amount=7
            )
    assert queries_of(board) == first


def queries_of(board):
    with CaptureQueriesContext(connection) as page:
        assert board("").status_code == 200
    with CaptureQueriesContext(connection) as queries:
        assert board("day/").status_code == 200
    return len(page), len(queries)


def test_the_page_opens_at_the_first_theater_and_at_a_day_that_makes_sense(board, client, theater):
    answer = client.get("/admin/showtimes/showtime/board/")
    assert answer["Location"] == f"/admin/showtimes/showtime/board/{theater.pk}/"
    assert b'/admin/showtimes/showtime/board/"' in client.get("/admin/").content
    for odd in ("x", "0001-01-01", "9999-12-31", "\x00"):
        assert theater.today().isoformat().encode() in board("", day=odd).content
        assert board("day/", day=odd).status_code == 400


def test_who_manages_no_theater_is_told_so(client, db):
    client.force_login(User.objects.create_user("new", role=Role.MANAGER))
    answer = client.get("/admin/showtimes/showtime/board/")
    assert b"You manage no theater yet" in answer.content


def test_a_theater_without_screens_says_what_to_do_first(board, theater):
    theater.screens.all().delete()
    assert f'/admin/theaters/screen/add/?theater={theater.pk}"'.encode() in board("").content


def test_a_board_is_its_own_managers_alone(client, users, theater, planned, day, movie, screen):
    showtime = planned()
    everything = {
        "": None,
        "day/": None,
        "films/": None,
        "plan/": {"movie": movie.pk, "screen": screen.pk, "starts_at": local(day, "10:00")},
        "sale/": {"status": "on_sale", "showtimes": [showtime.pk]},
        "copies/": {"first": day.isoformat(), "days": 1, "to": ["2027-02-01"]},
        "copy/": {"first": day.isoformat(), "days": 1, "to": ["2027-02-01"]},
        "prices/": {"first": day.isoformat(), "last": day.isoformat(), "prices": []},
        "reprice/": {"first": day.isoformat(), "last": day.isoformat(), "prices": []},
        f"showtimes/{showtime.pk}/": {"format": "3d"},
        f"showtimes/{showtime.pk}/remove/": {},
    }
    ask = at_the_board(client, theater, day)
    for path, data in everything.items():
        client.force_login(users["elsewhere"])
        assert ask(path, data).status_code == 404, path
        client.force_login(users["other"])
        assert "/login/" in ask(path, data)["Location"], path
    # Nor does a stranger's showtime come onto one's own board.
    client.force_login(users["elsewhere"])
    own = at_the_board(client, users["elsewhere"].theaters.get(), day)
    for path in (f"showtimes/{showtime.pk}/", f"showtimes/{showtime.pk}/remove/"):
        assert own(path, {}).status_code == 404
    for path in ("plan/", "sale/"):
        assert own(path, everything[path]).status_code == 400
    assert list(Showtime.objects.values_list("pk", "status", "format")) == [
        (showtime.pk, "planned", "2d")
    ]


def test_nothing_is_done_for_a_page_elsewhere_on_the_web(manager, theater, day, planned):
    showtime = planned()
    client = Client(enforce_csrf_checks=True)
    client.force_login(manager)
    answer = at_the_board(client, theater, day)(f"showtimes/{showtime.pk}/remove/", {})
    assert answer.status_code == 403
    assert Showtime.objects.filter(pk=showtime.pk).exists()


def test_films_that_run_here_come_first_and_those_that_fit_are_found(board, planned, movie):
    long = Movie.objects.create(
        title="An Epic", release_date=date(2026, 1, 1), duration_minutes=240, language="en"
    )
    planned()
    assert titles(board("films/")) == [movie.title, long.title]
    assert titles(board("films/", longest="200")) == [movie.title]
    assert titles(board("films/", q="epic")) == [long.title]
    for odd in ({"longest": "x"}, {"longest": "9" * 30}, {"q": "\x00"}, {"q": "x" * 500}):
        assert board("films/", **odd).status_code == 400


def titles(answer):
    return [film["title"] for film in answer.json()["films"]]


def test_a_film_is_placed_and_the_board_is_answered(board, movie, screen, silver, day):
    plan = {
        "movie": movie.pk,
        "screen": screen.pk,
        "starts_at": local(day, "20:15"),
        "prices": [{"category": silver.pk, "amount": "7.50"}],
    }
    answer = board("plan/", plan).json()
    [block] = answer["showtimes"]
    assert (block["id"], block["status"]) == (answer["id"], "planned")
    assert block["prices"] == {str(silver.pk): "7.50"}


def test_what_is_in_the_way_is_named(board, planned, movie, screen, day):
    planned("20:15")
    plan = {"movie": movie.pk, "screen": screen.pk, "starts_at": local(day, "21:00")}
    answer = board("plan/", plan)
    assert answer.status_code == 409
    sentence = "Screen 1 is taken by The Long Way Down until 22:30 with cleaning."
    assert refusal(answer) == sentence


def test_a_showtime_moves_and_its_old_place_is_free(board, planned, theater):
    showtime = planned("20:15")
    other = Screen.objects.create(theater=theater, name="Screen 2")
    moved = {
        "screen": other.pk,
        "starts_at": (showtime.starts_at + timedelta(minutes=5)).isoformat(),
        "seen": place(showtime),
    }
    answer = board(f"showtimes/{showtime.pk}/", moved).json()
    assert [(block["at"], block["screen"]) for block in answer["showtimes"]] == [(1040, other.pk)]


def test_a_showtime_with_bookings_stays_where_it_was_sold(board, planned, book, me, seats):
    showtime = planned(status="on_sale")
    book(me, showtime, seats[:1])
    later = {"starts_at": (showtime.starts_at + timedelta(minutes=5)).isoformat()}
    assert refusal(board(f"showtimes/{showtime.pk}/", later)).startswith("1 seat is taken.")
    assert refusal(board(f"showtimes/{showtime.pk}/remove/", {})).startswith("1 seat is taken.")
    version = {"format": "3d", "prices": []}
    assert board(f"showtimes/{showtime.pk}/", version).status_code == 200


def test_of_two_managers_who_move_it_the_second_hears_of_the_first(board, planned):
    showtime = planned("20:15")
    seen = place(showtime)
    for minutes, status in ((30, 200), (60, 409)):
        later = (showtime.starts_at + timedelta(minutes=minutes)).isoformat()
        answer = board(f"showtimes/{showtime.pk}/", {"starts_at": later, "seen": seen})
        assert answer.status_code == status
    assert refusal(answer) == (
        "Somebody else has just moved The Long Way Down: it is at 20:45 in Screen 1 now."
    )
    address = f"showtimes/{showtime.pk}/"
    showtime.delete()
    assert "somebody has deleted it" in refusal(board(address, {"format": "3d"}))


def test_a_showtime_is_deleted(board, planned):
    showtime = planned()
    assert board(f"showtimes/{showtime.pk}/remove/", {}).json()["showtimes"] == []


def test_many_are_put_on_sale_and_taken_off(board, planned):
    chosen = [planned("14:00").pk, planned("20:15").pk]
    assert board("sale/", {"status": "on_sale", "showtimes": chosen}).json()["changed"] == 2
    off = board("sale/", {"status": "planned", "showtimes": chosen[:1]}).json()
    assert [block["status"] for block in off["showtimes"]] == ["planned", "on_sale"]


def test_blocks_keep_a_showtime_on_its_screen(board, planned, theater, seats):
    showtime = planned()
    SeatBlock(showtime=showtime, kind="house").put_on(seats[:1])
    other = Screen.objects.create(theater=theater, name="Screen 2")
    assert "blocked" in refusal(board(f"showtimes/{showtime.pk}/", {"screen": other.pk}))


def test_nothing_that_is_sent_is_a_server_error(board, planned, silver, movie, screen, day):
    showtime = planned()
    good = {
        "plan/": {"movie": movie.pk, "screen": screen.pk, "starts_at": local(day, "10:00")},
        f"showtimes/{showtime.pk}/": {
            "seen": place(showtime),
            "starts_at": local(day, "10:00"),
            "prices": [],
        },
        "sale/": {"status": "planned", "showtimes": [showtime.pk]},
        "copies/": {"first": day, "days": 1, "to": [day + timedelta(days=1)]},
        "prices/": prices(day, silver, "9", screens=[screen.pk], weekdays=[1], movie=1),
    }
    for path, data in good.items():
        for field in data:
            for value in ODD:
                answer = board(path, data | {field: value})
                assert answer.status_code in (200, 400, 404, 409), (path, field, value)
        assert board(path, ODD).status_code == 400
    for value in ODD:
        for path, data in (
            ("copies/", {"first": day, "days": 7, "to": [value]}),
            ("prices/", prices(day, silver, value)),
            ("sale/", {"status": "planned", "showtimes": [value]}),
            (f"showtimes/{showtime.pk}/", {"seen": place(showtime) | {"starts_at": value}}),
        ):
            assert board(path, data).status_code in (200, 400, 409), (path, value)
