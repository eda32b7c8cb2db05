"""The planning board: a day of a theater, and what its managers do with it."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User
from movies.models import Movie
from showtimes.models import Price, SeatBlock, Showtime
from theaters.models import Screen

from .test_admin import theater_called


@pytest.fixture
def day(theater):
    """A Wednesday that is some weeks ahead, when no clock changes."""
    soon = date(theater.today().year + 1, 1, 6)
    return soon + timedelta(days=(2 - soon.weekday()) % 7)


@pytest.fixture
def board(client, manager, theater, day):
    """The manager's board: `board(path, data)` posts, and without data gets."""
    client.force_login(manager)
    return at_the_board(client, theater, day)


def at_the_board(client, theater, day):
    def ask(path, data=None, **query):
        address = f"/admin/showtimes/showtime/board/{theater.pk}/{path}"
        query = {"day": day.isoformat()} | query
        if data is None:
            return client.get(address, query)
        return client.post(address, data, "application/json", query_params=query)

    return ask


@pytest.fixture
def planned(movie, screen, day):
    """Plans the film on `day`, or days later, by the theater's clock."""

    def plan(clock="20:15", *, later=0, on=screen, of=movie, status="planned"):
        hour, minute = map(int, clock.split(":"))
        moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=on.theater.zone)
        showtime = Showtime(
            movie=of, screen=on, starts_at=moment + timedelta(days=later), status=status
        )
        showtime.clean()
        showtime.save()
        return showtime

    return plan


def place(showtime):
    return {
        "movie": showtime.movie_id,
        "screen": showtime.screen_id,
        "starts_at": showtime.starts_at.isoformat(),
    }


def local(day, clock):
    return f"{day.isoformat()}T{clock}"


def refusal(answer):
    assert answer.status_code in (400, 404, 409), answer.content
    return answer.json()["errors"][0]["detail"]


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


def test_copying_a_day_says_first_what_is_in_the_way(board, planned, silver, day):
    Price.objects.create(showtime=planned("14:00"), category=silver, amount=Decimal("6"))
    planned("20:15", status="on_sale")
    planned("21:00", later=7)
    to = [day + timedelta(days=days) for days in (1, 7)]
    asked = {"first": day, "days": 1, "to": to}
    looked = board("copies/", asked).json()
    assert (looked["fitting"], looked["refused"]) == (3, 1)
    assert looked["lines"][0]["why"] == (
        "Screen 1 is taken by The Long Way Down until 23:15 with cleaning."
    )
    assert Showtime.objects.count() == 3
    done = board("copy/", asked).json()
    assert done["lines"] == looked["lines"]
    copies = Showtime.objects.order_by("-pk")[:3]
    assert {copy.status for copy in copies} == {"planned"}
    assert Price.objects.filter(showtime__in=copies, amount=6).count() == 2
    again = board("copy/", asked).json()
    assert again["reasons"] == {"already_there": 3, "screen_not_free": 1}


def test_a_week_is_copied_in_a_constant_number_of_statements(board, planned, day, silver):
    first = day - timedelta(days=2)
    asked = {"first": first, "days": 7, "to": [first + timedelta(days=28)]}
    Price.objects.create(showtime=planned("10:00"), category=silver, amount=6)
    few = statements_of(board, asked, fitting=1)
    for later in range(-2, 5):
        for clock in ("13:00", "16:00", "19:00", "22:00"):
            showtime = planned(clock, later=later)
            Price.objects.create(showtime=showtime, category=silver, amount=6)
    asked["to"] = [first + timedelta(days=days) for days in (42, 49, 56)]
    assert statements_of(board, asked, fitting=3 * 29) <= few + 1


def statements_of(board, asked, *, fitting):
    with CaptureQueriesContext(connection) as queries:
        assert board("copy/", asked).json()["fitting"] == fitting
    return len([query for query in queries if "SAVEPOINT" not in query["sql"]])


def test_copies_keep_the_clock_when_the_clocks_change(board, planned, theater, day):
    spring = datetime(2027, 3, 20, 20, 15, tzinfo=theater.zone)
    night = spring + timedelta(hours=6, minutes=15)
    for starts_at in (spring, night):
        showtime = planned("10:00")
        showtime.starts_at = starts_at
        showtime.ends_at = starts_at + timedelta(hours=2)
        showtime.save()
    asked = {"first": "2027-03-20", "days": 1, "to": ["2027-03-27", "2027-03-28"]}
    done = board("copy/", asked).json()
    assert done["reasons"] == {"no_such_time": 1}
    copies = Showtime.objects.filter(starts_at__gt=night).order_by("starts_at")
    zone = theater.zone
    assert [f"{copy.starts_at.astimezone(zone):%a %H:%M}" for copy in copies] == [
        "Sat 20:15",
        "Sun 20:15",
        "Mon 02:30",
    ]


def test_copies_follow_the_rules_of_planning(board, planned, movie, day):
    planned()
    Movie.objects.filter(pk=movie.pk).update(release_date=day)
    earlier, past = day - timedelta(days=1), date(2026, 1, 1)
    asked = {"first": day, "days": 1, "to": [earlier, past]}
    assert board("copies/", asked).json()["reasons"] == {"before_release": 1, "in_the_past": 1}


def prices(day, silver, amount, **more):
    return {
        "first": day,
        "last": day + timedelta(days=6),
        "prices": [{"category": silver.pk, "amount": amount}],
    } | more


def test_bulk_prices_show_before_and_after_and_then_are_set(
    board, planned, silver, day, book, me, seats
):
    sold, other = planned("20:15", status="on_sale"), planned("20:15", later=1)
    booking = book(me, sold, seats[:1]).json()
    looked = board("prices/", prices(day, silver, "12.50")).json()
    assert (looked["changing"], looked["sold"]) == (2, 1)
    assert looked["lines"][0]["changes"] == [
        {"category": "Silver", "before": "10.00", "after": "12.50"}
    ]
    assert not Price.objects.exists()
    done = board("reprice/", prices(day, silver, "12.50")).json()
    assert done["lines"] == looked["lines"]
    assert {price.showtime_id for price in Price.objects.all()} == {sold.pk, other.pk}
    kept = me.get(f"/api/bookings/{booking['reference']}/").json()
    assert kept["total"] == booking["total"]
    again = board("reprice/", prices(day, silver, "12.50")).json()
    assert (again["changing"], again["reasons"]) == (0, {"It costs that already.": 2})
    assert board("reprice/", prices(day, silver, None)).json()["changing"] == 2
    assert not Price.objects.exists()


def test_bulk_prices_are_for_the_showtimes_that_are_chosen(board, planned, silver, day, theater):
    planned("14:00"), planned("20:15"), planned("20:15", later=1), planned("00:30", later=2)
    other = Screen.objects.create(theater=theater, name="Screen 2")
    planned("20:15", on=other)

    def changing(**choice):
        return board("prices/", prices(day, silver, "12.50", **choice)).json()["changing"]

    assert changing() == 4
    assert changing(weekdays=[2]) == 2
    assert changing(starts_from="18:00") == 3
    assert changing(screens=[other.pk]) == 0
    assert changing(movie=theater.pk + 10_000) == 0
    assert changing(last=day) == 2


def test_what_has_started_keeps_its_price(board, showtime, silver, theater):
    start = timezone.now() - timedelta(minutes=5)
    Showtime.objects.filter(pk=showtime.pk).update(starts_at=start)
    asked = prices(theater.today(), silver, "12.50")
    assert board("prices/", asked).json()["reasons"] == {"It has started.": 1}


def test_bulk_prices_cost_the_same_however_many(board, planned, silver, gold, day):
    planned("10:00")
    few = reprice_statements(board, prices(day, silver, "12.50"), changing=1)
    for later in range(5):
        for clock in ("13:00", "16:00", "19:00", "22:00"):
            planned(clock, later=later)
    assert reprice_statements(board, prices(day, silver, "13"), changing=21) <= few + 1


def reprice_statements(board, asked, *, changing):
    with CaptureQueriesContext(connection) as queries:
        assert board("reprice/", asked).json()["changing"] == changing
    return len([query for query in queries if "SAVEPOINT" not in query["sql"]])


HUGE = 10**30
ODD = ["x", "\x00", HUGE, -1, None, [], {}, [[]], float("nan"), "9999-12-31"]


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


def test_foreign_categories_and_what_nobody_can_pay_are_refused(board, planned, day, silver):
    planned()
    far = theater_called("Far").seat_categories.create(name="Sofa", default_price=9)
    assert "Not a category" in refusal(board("prices/", prices(day, far, "9")))
    assert "2 decimals" in refusal(board("prices/", prices(day, silver, "9.005")))


def test_blocks_keep_a_showtime_on_its_screen(board, planned, theater, seats):
    showtime = planned()
    SeatBlock(showtime=showtime, kind="house").put_on(seats[:1])
    other = Screen.objects.create(theater=theater, name="Screen 2")
    assert "blocked" in refusal(board(f"showtimes/{showtime.pk}/", {"screen": other.pk}))
