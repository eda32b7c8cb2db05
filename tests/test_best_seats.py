"""The best seats over HTTP: found for a party, and held in the same call."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from bookings.models import Booking
from showtimes.models import Showtime, TakenSeat
from theaters.layouts import Place, seats_of
from theaters.models import Screen, Seat, SeatCategory

GUEST = {"name": "Guest", "email": "guest@example.com"}


def codes(response):
    return [(error["attr"], error["code"]) for error in response.json()["errors"]]


@pytest.fixture
def ask(showtime):
    """Ask for the best seats; answers the response."""

    def get(**query):
        return APIClient().get(f"/api/showtimes/{showtime.pk}/best-seats/", query)

    return get


@pytest.fixture
def hold(showtime):
    """Hold the best seats as a guest; answers the response."""

    def post(client=None, *, key=None, **body):
        body = {"hold": True, "contact": GUEST} | body
        headers = {"Idempotency-Key": key} if key else {}
        client = client or APIClient()
        address = f"/api/showtimes/{showtime.pk}/best-seats/"
        return client.post(address, body, format="json", headers=headers)

    return post


@pytest.fixture
def take(showtime):
    """Somebody has these seats."""

    def now(*seats):
        showtime.take(seats, UUID("6f1c0f5e-3a0f-4d53-9f66-0a5a4f0f4a11"), until=None)

    return now


def test_the_answer_has_the_seats_and_what_they_cost(ask, showtime, seats, gold):
    b3 = {"id": seats[8].pk, "row": "B", "number": 3, "category": gold.pk, "kind": "standard"}
    answer = ask(count=3).json()
    assert b3 | {"price": "14.50"} in answer["seats"]
    ids = [seat["id"] for seat in answer["seats"]]
    assert answer == {
        "showtime": showtime.pk,
        "currency": "EUR",
        "seats": answer["seats"],
        "groups": [ids],
        "arrangement": "together",
        "gave_up": [],
        "detail": "B1, B2, B3: together.",
    }


def test_it_says_what_could_not_be_had(ask, seats, take):
    take(seats[1], seats[7], seats[10])
    answer = ask(count=4).json()
    assert (answer["arrangement"], answer["gave_up"]) == ("two_groups", ["together"])
    assert sorted(map(len, answer["groups"])) in ([1, 3], [2, 2])
    assert answer["detail"].endswith(": in two groups. Not to be had: side by side.")


def test_of_one_category(ask, silver):
    answer = ask(count=3, category=silver.pk).json()
    assert {seat["row"] for seat in answer["seats"]} == {"A"}


def test_it_holds_nothing_unless_told(ask, hold):
    before = ask(count=2).json()
    answer = hold(count=2, hold=False)
    assert (answer.status_code, answer.json()) == (200, before)
    assert not TakenSeat.objects.exists()


def test_held_in_the_same_call(hold, seats):
    answer = hold(count=3)
    assert answer.status_code == 201
    booking = answer.json()
    assert (booking["status"], booking["total"]) == ("pending", "46.50")
    assert booking["contact"]["email"] == GUEST["email"]
    taken = list(TakenSeat.objects.values_list("seat", flat=True).order_by("seat"))
    assert booking["groups"] == [taken]
    assert (booking["arrangement"], booking["gave_up"]) == ("together", [])
    headers = {"Access-Key": booking["access_key"]}
    shown = APIClient().get(f"/api/bookings/{booking['reference']}/", headers=headers)
    assert shown.status_code == 200


def test_a_customer_holds_for_themselves(hold, client_of, alice):
    assert hold(client_of(alice), count=1).status_code == 201
    assert Booking.objects.get().user == alice


def test_the_same_key_holds_once(hold):
    first, again = (
        hold(count=2, key="a-key-that-nobody-guesses"),
        hold(count=2, key="a-key-that-nobody-guesses"),
    )
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert codes(hold(count=3, key="a-key-that-nobody-guesses")) == [
        (None, "idempotency_key_used_again")
    ]


def test_who_holds_too_much_already_is_told(hold):
    for _ in range(3):
        assert hold(count=1).status_code == 201
    answer = hold(count=1)
    assert (answer.status_code, codes(answer)) == (409, [(None, "too_many_holds")])


def test_everybody_gets_seats_until_there_are_too_few(hold, ask):
    for number in range(4):
        contact = GUEST | {"email": f"guest{number}@example.com"}
        assert hold(count=3, contact=contact).status_code == 201
    for answer in (hold(count=1), ask(count=1)):
        assert (answer.status_code, codes(answer)) == (409, [(None, "not_enough_seats")])
        assert answer.json()["seats_left"] == 0


def test_what_lapsed_is_free(ask, hold):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        held = hold(count=3).json()["groups"]
        assert ask(count=3).json()["groups"] != held
        clock.shift(timedelta(minutes=10))
        assert ask(count=3).json()["groups"] == held


def test_wheelchair_spaces_are_for_those_who_ask(ask, screen):
    Seat.objects.filter(screen=screen, row="B", number=1).update(kind="wheelchair")
    Seat.objects.filter(screen=screen, row="B", number=2).update(kind="companion")
    answer = ask(count=2, wheelchair=1).json()
    assert [seat["kind"] for seat in answer["seats"]] == ["wheelchair", "companion"]
    answer = ask(count=2, wheelchair=2)
    assert (answer.status_code, codes(answer)) == (409, [(None, "not_enough_seats")])


@pytest.mark.parametrize(
    "change",
    [
        {"status": Showtime.Status.CANCELLED},
        {"starts_at": timezone.now() - timedelta(minutes=1)},
        {"sales_until": timezone.now() - timedelta(hours=1)},
    ],
)
def test_closed_sales_are_a_409(ask, hold, showtime, change):
    Showtime.objects.filter(pk=showtime.pk).update(**change)
    for answer in (ask(count=1), hold(count=1)):
        assert (answer.status_code, codes(answer)) == (409, [(None, "sales_closed")])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "count"),
        ({"count": "0"}, "count"),
        ({"count": "-3"}, "count"),
        ({"count": "11"}, "count"),
        ({"count": "9" * 400}, "count"),
        ({"count": "NaN"}, "count"),
        ({"count": "2\x00"}, "count"),
        ({"count": "2", "category": "x"}, "category"),
        ({"count": "2", "category": "99999999999999999999"}, "category"),
        ({"count": "2", "category": "999999"}, "category"),
        ({"count": "2", "wheelchair": "3"}, "wheelchair"),
        ({"count": "2", "wheelchair": "-1"}, "wheelchair"),
    ],
)
def test_what_is_wrong_is_named(ask, hold, query, field):
    for answer in (ask(**query), hold(**query)):
        assert answer.status_code == 400
        assert [error["attr"] for error in answer.json()["errors"]] == [field]


def test_the_category_of_another_theater_is_refused(ask, theater):
    theater.pk, theater.slug, theater.invoice_prefix = None, "other", "OTHER"
    theater.save()
    other = SeatCategory.objects.create(theater=theater, name="Box", default_price=1)
    assert codes(ask(count=1, category=other.pk)) == [("category", "does_not_exist")]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"contact": None}, "contact"),
        ({"contact": "me"}, "contact.non_field_errors"),
        ({"contact": {"name": "G", "email": "g"}}, "contact.email"),
        ({"promo_code": "x" * 41}, "promo_code"),
        ({"promo_code": {"a": 1}}, "promo_code"),
        ({"hold": "perhaps"}, "hold"),
        ({"count": [2]}, "count"),
        ({"count": "inf"}, "count"),
    ],
)
def test_a_hold_is_checked_as_a_booking_is(hold, body, field):
    answer = hold(**({"count": 1} | body))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"].startswith(field.split(".")[0])


def test_guests_say_whom_to_write_to(showtime):
    address = f"/api/showtimes/{showtime.pk}/best-seats/"
    answer = APIClient().post(address, {"count": 1, "hold": True}, format="json")
    assert codes(answer) == [("contact", "required")]
    assert APIClient().post(address, [1, 2], format="json").status_code == 400


@pytest.mark.parametrize("pk", ["999", "9" * 30, "0"])
def test_a_showtime_that_is_not_there_is_a_404(db, pk):
    address = f"/api/showtimes/{pk}/best-seats/"
    assert APIClient().get(address, {"count": 1}).status_code == 404
    assert APIClient().post(address, {"count": 1}).status_code == 404


def test_a_planned_showtime_is_a_404(ask, showtime):
    Showtime.objects.filter(pk=showtime.pk).update(status=Showtime.Status.PLANNED)
    assert ask(count=1).status_code == 404


def test_looking_costs_the_same_for_a_large_hall(
    ask, showtime, silver, gold, django_assert_num_queries
):
    large = Screen.objects.create(theater=showtime.theater, name="Large")
    legend = {"s": Place(silver), "g": Place(gold)}
    Seat.objects.bulk_create(seats_of(large, ["s" * 30] * 20, legend))
    for screen in (showtime.screen, large):
        Showtime.objects.filter(pk=showtime.pk).update(screen=screen)
        with django_assert_num_queries(6):
            assert ask(count=3, category=silver.pk).status_code == 200
