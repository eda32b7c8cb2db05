"""What a choice of seats must leave to others, and what is offered to those who come too late."""

from uuid import UUID

import pytest
from rest_framework.test import APIClient

from bookings.models import Booking
from showtimes.models import TakenSeat
from theaters.layouts import Place, seats_of
from theaters.models import Screen, Seat, Theater

GUEST = {"name": "Guest", "email": "guest@example.com"}
SOMEBODY = UUID("6f1c0f5e-3a0f-4d53-9f66-0a5a4f0f4a11")


@pytest.fixture
def hall(theater, silver, gold, showtime):
    """Draw the hall of the showtime: s Silver, g Gold, w a wheelchair space, k a companion's."""

    def draw(*rows):
        screen = Screen.objects.create(theater=theater, name="Hall")
        legend = {
            "s": Place(silver),
            "g": Place(gold),
            "w": Place(silver, Seat.Kind.WHEELCHAIR),
            "k": Place(silver, Seat.Kind.COMPANION),
        }
        Seat.objects.bulk_create(seats_of(screen, list(rows), legend))
        showtime.screen = screen
        showtime.save(update_fields=["screen"])
        return {seat.label: seat for seat in screen.seats.all()}

    return draw


@pytest.fixture
def hold(book, showtime):
    """Hold seats as a guest, or with a client; answers the response."""

    def post(seats, client=None):
        return book(client or APIClient(), showtime, seats, contact=GUEST)

    return post


@pytest.fixture
def strict(theater):
    """The theater refuses to leave a seat alone."""
    Theater.objects.update(refuses_lonely_seats=True)


def pick(hall, words):
    return [hall[label] for label in words.split()]


def code(answer):
    return answer.status_code, answer.json()["errors"][0]["code"]


def labels(hall, ids):
    names = {seat.pk: label for label, seat in hall.items()}
    return " ".join(names[pk] for pk in ids)


# Too late


@pytest.mark.parametrize(
    ("rows", "taken", "asked", "offered"),
    [
        (["ssssssss"], "A3 A4", "A3 A4", "A1 A2"),
        (["ssssssss"], "A4", "A4 A5", "A5 A6"),
        (["ssss", "ssss"], "A1 A2 A3", "A1 A2", "B1 B2"),
        (["ss", "gg"], "A1", "A1 A2", None),
        (["sss", "ggg"], "A1 B1", "A1 B1", "A2 B2"),
        (["ssss", "s"], "A1 A3", "A1 A2 A3", None),
    ],
)
def test_who_was_too_late_is_offered_the_nearest_together_at_the_same_price(
    rows, taken, asked, offered, hall, hold, showtime
):
    hall = hall(*rows)
    showtime.take(pick(hall, taken), SOMEBODY, until=None)
    answer = hold(pick(hall, asked))
    assert code(answer) == (409, "seats_taken")
    other = answer.json()["alternative"]
    if offered is None:
        assert other is None
        return
    assert labels(hall, sorted(other["seats"])) == offered
    assert APIClient().post("/api/bookings/", other).status_code == 201


def test_the_offer_is_for_the_same_people_and_replaces_the_same_hold(hall, showtime):
    hall = hall("ssssssss")
    guest = {"showtime": showtime.pk, "contact": GUEST}
    old = APIClient().post("/api/bookings/", guest | {"seats": [hall["A8"].pk]}).json()
    showtime.take([hall["A3"]], SOMEBODY, until=None)
    seats = [{"seat": hall["A3"].pk, "type": "student"}, hall["A4"].pk]
    client = APIClient(headers={"Access-Key": old["access_key"]})
    body = guest | {"seats": seats, "replaces": old["reference"]}
    other = client.post("/api/bookings/", body).json()["alternative"]
    held = client.post("/api/bookings/", other).json()
    kinds = [line["type"] for line in held["lines"] if line["kind"] == "seat"]
    assert kinds == ["student", "adult"]
    assert Booking.objects.get(reference=old["reference"]).status == "cancelled"


def test_the_offer_costs_one_statement(hall, hold, showtime, django_assert_num_queries):
    hall = hall(*["s" * 20] * 15)
    showtime.take(pick(hall, "A1"), SOMEBODY, until=None)
    with django_assert_num_queries(4):
        assert hold(pick(hall, "A1 A2")).json()["alternative"]


# A seat alone


def test_leaving_one_seat_alone_is_refused_with_a_better_choice(hall, hold, strict, showtime):
    hall = hall("ssssssss", "ssssssss")
    answer = hold(pick(hall, "A2 A3"))
    assert code(answer) == (409, "leaves_a_lonely_seat")
    said = answer.json()
    assert labels(hall, said["lonely"]) == "A1"
    assert labels(hall, said["alternative"]["seats"]) == "A1 A2"
    assert said["errors"][0]["detail"] == (
        "This would leave A1 alone. Please move up, or take A1, A2."
    )
    assert not TakenSeat.objects.exists()
    body = said["alternative"]
    assert APIClient().post("/api/bookings/", body).status_code == 201


def test_it_is_the_theaters_choice(hall, hold):
    hall = hall("ssssssss")
    assert hold(pick(hall, "A2 A3")).status_code == 201


@pytest.mark.parametrize(
    ("rows", "taken", "asked"),
    [
        (["ssss ssss"], "", "A1 A2"),  # nobody is left alone
        (["sss"], "", "A1 A2"),  # nothing else is possible
        (["sss", "gggg"], "", "A1 A2"),  # nor at the same price
        (["sssss"], "A1 A3", "A4 A5"),  # A2 was alone before
    ],
)
def test_what_leaves_no_choice_is_sold(rows, taken, asked, hall, hold, strict, showtime):
    hall = hall(*rows)
    if taken:
        showtime.take(pick(hall, taken), SOMEBODY, until=None)
    assert hold(pick(hall, asked)).status_code == 201


def test_a_show_that_is_nearly_full_is_sold_as_it_comes(hall, hold, strict, showtime):
    hall = hall("s" * 40, "s" * 33)
    free = [f"A{n}" for n in (1, 2, 3)] + [f"B{n}" for n in (1, 2, 3, 4)]
    gone = [seat for label, seat in hall.items() if label not in free]
    showtime.take(gone, SOMEBODY, until=None)
    assert hold(pick(hall, "A2")).status_code == 201
    showtime.taken_seats.filter(seat__in=pick(hall, "A2 B8 B9")).delete()
    assert code(hold(pick(hall, "A2"))) == (409, "leaves_a_lonely_seat")


# Wheelchair and companion places


def test_a_companion_seat_is_sold_with_its_space(hall, hold):
    hall = hall("wkss", "ssss")
    answer = hold(pick(hall, "A2"))
    assert code(answer) == (409, "companion_seat")
    assert labels(hall, answer.json()["wheelchair_spaces"]) == "A1"
    assert labels(hall, answer.json()["seats"]) == "A2"
    assert answer.json()["errors"][0]["detail"] == (
        "A2 is for the companion of whoever takes the wheelchair space A1."
    )
    assert hold(pick(hall, "A1 A2")).status_code == 201


def test_with_a_space_elsewhere_it_is_not(hall, hold):
    hall = hall("wksskw")
    assert code(hold(pick(hall, "A1 A5"))) == (409, "companion_seat")


def test_who_has_the_space_already_may_bring_somebody(hall, hold, client_of, alice, bob):
    hall = hall("wkss")
    alice, bob = client_of(alice), client_of(bob)
    assert hold(pick(hall, "A1"), alice).status_code == 201
    assert code(hold(pick(hall, "A2"), bob)) == (409, "companion_seat")
    assert hold(pick(hall, "A2"), alice).status_code == 201


def test_when_the_rest_is_sold_out_anybody_may_sit_there(hall, hold, showtime):
    hall = hall("wkss")
    showtime.take(pick(hall, "A3"), SOMEBODY, until=None)
    assert code(hold(pick(hall, "A2"))) == (409, "companion_seat")
    showtime.take(pick(hall, "A4"), SOMEBODY, until=None)
    assert hold(pick(hall, "A2")).status_code == 201


def test_buying_the_last_seats_together_with_a_companion_seat_does_not_count(hall, hold):
    hall = hall("wks")
    assert code(hold(pick(hall, "A2 A3"))) == (409, "companion_seat")


def test_a_companion_seat_without_a_space_is_a_seat(hall, hold):
    hall = hall("kss")
    assert hold(pick(hall, "A1")).status_code == 201


def test_the_space_is_not_given_back_alone(hall, paid, me, showtime):
    hall = hall("wkss")
    booking = paid(me, showtime, pick(hall, "A1 A2"))
    space, seat = (ticket["code"] for ticket in booking["tickets"])
    path = f"/api/bookings/{booking['reference']}/cancel/"
    assert code(me.post(path, {"tickets": [space]})) == (409, "companion_seat")
    assert code(me.get(f"{path}?tickets={space}")) == (409, "companion_seat")
    assert me.post(path, {"tickets": [seat]}).status_code == 200
    assert me.post(path, {"tickets": [space]}).status_code == 200


# Exchanging a hold


@pytest.mark.parametrize(
    ("rows", "held", "asked", "answer"),
    [
        ("ssssssss", "A1 A2", "A2 A3", "leaves_a_lonely_seat"),
        ("ssssssss", "A3 A4", "A1 A2 A3", None),
        ("ssssssss", "A1", "A3 A4", None),
        ("wkss", "A1", "A2", "companion_seat"),
        ("wkss", "A1", "A1 A2", None),
    ],
)
def test_a_hold_that_is_replaced_is_free_already(
    rows, held, asked, answer, hall, book, me, showtime, strict
):
    hall = hall(rows)
    first = book(me, showtime, pick(hall, held)).json()["reference"]
    second = book(me, showtime, pick(hall, asked), replaces=first)
    assert (None if second.status_code == 201 else code(second)[1]) == answer
