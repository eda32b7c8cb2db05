"""A seat map and a poll say that nothing is new only when that is so, and cost next to nothing."""

import gzip
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.tokens import tokens_for
from showtimes.models import Price, Showtime, TakenSeat
from theaters.models import Screen, Seat

HOLDER = UUID("6f1c0f5e-3a0f-4d53-9f66-0a5a4f0f4a11")


@pytest.fixture
def is_news(client_of, showtime):
    """Whether something is new to a client who has just looked, once `change` has happened."""
    client = client_of()

    def asked(change, path):
        known = client.get(path)["ETag"]
        answer = client.get(path, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b"")
        change()
        answer = client.get(path, headers={"If-None-Match": known})
        assert answer.status_code in (200, 304)
        return answer.status_code == 200

    return asked


@pytest.fixture
def plan(showtime):
    return f"/api/seats/?showtime={showtime.pk}"


@pytest.fixture
def poll(showtime):
    return f"/api/showtimes/{showtime.pk}/availability/"


@pytest.fixture
def at(manager, client_of, theater, screen, silver):
    """The manager's client."""
    return client_of(manager)


def test_a_hold_and_its_end_are_news(is_news, plan, poll, me, book, showtime, seats):
    for path in (plan, poll):
        assert is_news(lambda: book(me, showtime, seats[:2]), path)
        reference = me.get("/api/bookings/").json()["results"][0]["reference"]
        assert is_news(lambda made=reference: me.delete(f"/api/bookings/{made}/"), path)


def test_a_hold_that_lapses_is_news_in_that_second(
    is_news, plan, poll, me, book, showtime, seats, time_machine
):
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    book(me, showtime, seats[:1])
    assert not is_news(lambda: time_machine.move_to(now + timedelta(seconds=599)), poll)
    for path in (plan, poll):
        time_machine.move_to(now + timedelta(seconds=599), tick=False)
        assert is_news(lambda: time_machine.move_to(now + timedelta(seconds=600)), path)


def test_a_cancelled_ticket_is_news(is_news, plan, poll, me, paid, showtime, seats):
    for path, chosen in ((plan, seats[:1]), (poll, seats[1:2])):
        made = paid(me, showtime, chosen)["reference"]
        assert is_news(lambda made=made: me.post(f"/api/bookings/{made}/cancel/"), path)


def test_a_blocked_seat_is_news(is_news, plan, poll, showtime, seats):
    def block(seat):
        TakenSeat.objects.create(showtime=showtime, seat=seat, holder=HOLDER, reason="blocked")

    assert is_news(lambda: block(seats[0]), plan)
    assert is_news(lambda: block(seats[1]), poll)


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("patch", "seat-categories/{silver}/", {"name": "Stalls"}),
        ("patch", "seat-categories/{silver}/", {"colour": "#123456"}),
        ("patch", "seat-categories/{silver}/", {"default_price": "11.00"}),
        ("patch", "showtimes/{showtime}/", {"prices": [{"category": "{silver}", "amount": "9"}]}),
        ("patch", "screens/{screen}/", {"name": "The big one"}),
        (
            "put",
            "screens/{screen}/layout/",
            {"rows": ["ss"], "legend": {"s": {"category": "{silver}"}}},
        ),
        ("patch", "showtimes/{showtime}/", {"starts_at": "{later}"}),
    ],
)
def test_what_a_manager_changes_is_news(
    is_news, plan, at, theater, silver, showtime, screen, method, address, body
):
    later = (showtime.starts_at + timedelta(hours=2)).isoformat()
    ids = {"silver": silver.pk, "showtime": showtime.pk, "screen": screen.pk, "later": later}

    def filled(value):
        if isinstance(value, dict):
            return {name: filled(one) for name, one in value.items()}
        if isinstance(value, list):
            return [filled(one) for one in value]
        word = str(value).strip("{}")
        return ids[word] if str(value) == f"{{{word}}}" else value

    def change():
        answer = getattr(at, method)(f"/api/{address.format(**ids)}", filled(body))
        assert answer.status_code == 200, answer.content

    assert is_news(change, plan)


def test_a_price_rule_is_news_when_it_begins_to_count(is_news, plan, theater, time_machine):
    theater.price_rules.create(name="Early bird", effect="percent", value=-10, days_before_min=1)
    assert is_news(lambda: theater.price_rules.update(value=-20), plan)
    assert is_news(lambda: theater.price_rules.update(ticket_types=["child"]), plan)
    assert not is_news(lambda: theater.price_rules.update(name="Another name"), plan)
    theater.price_rules.update(ticket_types=[])
    assert is_news(lambda: time_machine.move_to(timezone.now() + timedelta(days=1)), plan)


def test_a_showtime_that_is_cancelled_or_hidden_is_news(is_news, plan, showtime, client_of):
    rows = Showtime.objects.filter(pk=showtime.pk)
    assert is_news(lambda: rows.update(status="cancelled"), plan)
    known = client_of().get(plan)["ETag"]
    rows.update(status="planned")
    assert client_of().get(plan, headers={"If-None-Match": known}).status_code == 404


def test_another_currency_is_news(is_news, plan, theater):
    assert is_news(lambda: type(theater).objects.update(currency="JPY"), plan)


def test_another_price_of_another_showtime_is_no_news(is_news, plan, showtime, silver):
    def change():
        other = Showtime.objects.get(pk=showtime.pk)
        other.pk, other.starts_at = None, other.starts_at + timedelta(days=1)
        other.ends_at += timedelta(days=1)
        other.save(force_insert=True)
        Price.objects.create(showtime=other, category=silver, amount=3)

    assert not is_news(change, plan)


def test_a_seat_that_is_edited_in_the_admin_is_news(is_news, plan, client, admin, seats):
    client.force_login(admin)
    seat = seats[0]
    form = {"row": "A", "number": 1, "x": 0, "y": 5, "category": seat.category_id}
    form |= {"screen": seat.screen_id, "kind": "standard", "active": "on"}

    def edit():
        answer = client.post(f"/admin/theaters/seat/{seat.pk}/change/", form)
        assert answer.status_code == 302, answer.content.decode()

    assert is_news(edit, plan)
    assert Seat.objects.get(pk=seat.pk).y == 5


@pytest.mark.parametrize("who", ["nobody", "alice"])
@pytest.mark.parametrize(("address", "most"), [("poll", 1), ("plan", 2)])
def test_watchers_ask_the_database_for_nothing_else(
    request, client_of, alice, seats, showtime, who, address, most, django_assert_num_queries
):
    path = request.getfixturevalue(address)
    client = client_of(alice if who == "alice" else None)
    showtime.take(seats[:3], HOLDER, None)
    with django_assert_num_queries(most):
        known = client.get(path)["ETag"]
    with django_assert_num_queries(500):
        for _ in range(500):
            answer = client.get(path, headers={"If-None-Match": known})
            assert answer.status_code == 304


def test_two_hundred_seats_are_a_small_answer(client_of, showtime, screen, silver, poll):
    Seat.objects.bulk_create(
        Seat(pk=10_000_000 + 3 * n, screen=screen, category=silver, row="Z", number=n, x=n, y=9)
        for n in range(1, 201)
    )
    seats = screen.seats.filter(row="Z")
    showtime.take(seats, HOLDER, None)
    answer = client_of().get(poll, headers={"Accept-Encoding": "gzip, br"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) <= 700
    plain = client_of().get(poll)
    assert gzip.decompress(answer.content) == plain.content
    assert plain.json() == {"taken": sorted(seat.pk for seat in seats)}
    assert answer["ETag"] == plain["ETag"]
    assert "Accept-Encoding" in plain["Vary"]


def test_a_planned_showtime_is_polled_by_its_managers_only(people, users, showtime, plan, poll):
    Showtime.objects.update(status="planned")
    for path in (plan, poll):
        seen = [who for who, client in people.items() if client.get(path).status_code == 200]
        assert seen == ["manager", "admin"]


@pytest.mark.parametrize("pk", [0, 10**18, 10**30])
def test_no_showtime_is_a_404(client_of, db, pk):
    assert client_of().get(f"/api/showtimes/{pk}/availability/").status_code == 404


def test_a_token_is_looked_up_for_nothing(client_of, alice, showtime, poll, seats):
    token = tokens_for(alice)["access"]
    client = client_of()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    assert client.get(poll).json() == {"taken": []}
    client.credentials(HTTP_AUTHORIZATION="Bearer nonsense")
    assert client.get(poll).status_code == 401


def test_prices_of_a_map_are_those_of_a_quote(me, showtime, seats, theater, plan, gold):
    Price.objects.create(showtime=showtime, category=gold, amount=Decimal("9.999"))
    theater.price_rules.create(name="Third", effect="percent", value="-33.333")
    drawn = {seat["id"]: seat for seat in me.get(plan).json()["seats"]}
    for seat in (seats[0], seats[6]):
        body = {"showtime": showtime.pk, "seats": [seat.pk]}
        [line, *_] = me.post("/api/bookings/quote/", body).json()["lines"]
        assert drawn[seat.pk]["price"] == line["amount"]


def test_a_screen_without_seats_has_a_map(client_of, showtime, theater, plan):
    empty = Screen.objects.create(theater=theater, name="Empty")
    Showtime.objects.filter(pk=showtime.pk).update(screen=empty)
    assert client_of().get(plan).json()["seats"] == []
