"""What a seat costs: the category's price, and what a theater's rules make of it."""

from datetime import UTC, datetime, time
from decimal import Decimal

import pytest
import time_machine
from rest_framework.test import APIClient

from movies.models import Movie
from showtimes.models import PriceRule, Showtime
from theaters.models import Screen


@pytest.fixture(autouse=True)
def now():
    """A Monday noon in Berlin."""
    with time_machine.travel(datetime(2030, 12, 2, 11, 0, tzinfo=UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def showtime(movie, screen):
    """Wednesday 2030-12-04, 15:00 in Berlin, which is at UTC+1."""
    return Showtime.objects.create(
        movie=movie,
        screen=screen,
        starts_at=datetime(2030, 12, 4, 14, 0, tzinfo=UTC),
        ends_at=datetime(2030, 12, 4, 16, 0, tzinfo=UTC),
        language="en",
        status=Showtime.Status.ON_SALE,
    )


@pytest.fixture
def rule(theater):
    """Adds a rule to the theater: a fifth off, if nothing else is said."""

    def add(name="Rule", **fields):
        fields = {"effect": "percent", "value": Decimal(-20)} | fields
        return PriceRule.objects.create(theater=theater, name=name, **fields)

    return add


@pytest.fixture
def quoted(showtime):
    """What the API asks for seats: a list of its lines' amounts for seats."""

    def ask(*seats, **more):
        body = {"showtime": showtime.pk, "seats": [getattr(seat, "pk", seat) for seat in seats]}
        return APIClient().post("/api/bookings/quote/", body | more).json()

    return ask


def seat_lines(cost):
    return [line for line in cost["lines"] if line["kind"] == "seat"]


def price_of(cost):
    return seat_lines(cost)[0]["amount"]


CONDITIONS = [
    ({}, True),
    ({"weekdays": [2]}, True),
    ({"weekdays": [0, 1, 3]}, False),
    ({"starts_from": time(15)}, True),
    ({"starts_from": time(15, 1)}, False),
    ({"starts_until": time(15)}, False),
    ({"starts_from": time(10), "starts_until": time(17)}, True),
    ({"starts_from": time(22), "starts_until": time(2)}, False),
    ({"days_before_min": 2}, True),
    ({"days_before_min": 3}, False),
    ({"days_before_max": 2}, True),
    ({"days_before_max": 1}, False),
    ({"ticket_types": ["adult"]}, True),
    ({"ticket_types": ["child", "senior"]}, False),
    ({"screen_kinds": ["standard"]}, True),
    ({"screen_kinds": ["imax"]}, False),
    ({"formats": ["2d", "3d"]}, True),
    ({"formats": ["3d"]}, False),
    ({"valid_from": "2030-12-04", "valid_until": "2030-12-04"}, True),
    ({"valid_from": "2030-12-05"}, False),
    ({"valid_until": "2030-12-03"}, False),
    ({"active": False}, False),
    ({"weekdays": [2], "formats": ["3d"]}, False),
]


@pytest.mark.parametrize(("conditions", "holds"), CONDITIONS)
def test_a_rule_is_applied_when_all_its_conditions_hold(rule, quoted, seats, conditions, holds):
    rule(**conditions)
    assert price_of(quoted(seats[0])) == ("8.00" if holds else "10.00")


def test_a_rule_of_a_category_or_a_film_is_for_no_other(rule, quoted, seats, gold, movie):
    rule(category=gold)
    rule(movie=Movie.objects.create(title="X", release_date="2026-01-01", duration_minutes=90))
    assert [line["amount"] for line in seat_lines(quoted(seats[0], seats[6]))] == ["10.00", "11.60"]
    rule(movie=movie, effect="price", value=Decimal("5"))
    assert [line["amount"] for line in seat_lines(quoted(seats[0], seats[6]))] == ["5.00", "5.00"]


def test_a_rule_of_another_theater_is_not_ours(rule, quoted, seats, theater):
    one = rule()
    other = type(theater).objects.get(pk=theater.pk)
    other.pk, other.slug, other.invoice_prefix = None, "other", "OTH"
    other.save()
    PriceRule.objects.filter(pk=one.pk).update(theater=other)
    assert price_of(quoted(seats[0])) == "10.00"


@pytest.mark.parametrize(("starts_at", "holds"), [(21, True), (23, True), (1, True), (3, False)])
def test_hours_may_cross_midnight_within_the_cinema_day(
    rule, quoted, seats, showtime, starts_at, holds
):
    # UTC; Berlin is an hour ahead: Wednesday 22:00, Thursday 00:00, 02:00 and 04:00.
    day = 4 if starts_at > 12 else 5
    starts = datetime(2030, 12, day, starts_at, 0, tzinfo=UTC)
    Showtime.objects.update(starts_at=starts, ends_at=starts.replace(minute=59))
    rule(starts_from=time(22), starts_until=time(2, 30), weekdays=[2])
    assert price_of(quoted(seats[0])) == ("8.00" if holds else "10.00")


def test_rules_are_applied_in_order_to_what_is_left_by_those_before(rule, quoted, seats):
    rule("Surcharge", effect="amount", value=Decimal("3"), position=2)
    rule("Half", value=Decimal(-50), position=1)
    [line] = seat_lines(quoted(seats[0]))
    assert line["amount"] == "8.00"
    assert line["description"] == "Seat A1, Silver, Half −50 %, Surcharge +3.00"
    assert line["reasons"] == [
        {"name": "Silver", "amount": "10.00"},
        {"name": "Half", "amount": "-5.00"},
        {"name": "Surcharge", "amount": "3.00"},
    ]


def test_after_a_final_rule_no_other_follows(rule, quoted, seats):
    rule("Half", value=Decimal(-50), position=1, final=True)
    rule("Surcharge", effect="amount", value=Decimal("3"), position=2)
    assert price_of(quoted(seats[0])) == "5.00"


def test_no_price_is_below_zero_or_beyond_what_can_be_kept(rule, quoted, seats, theater):
    # Of which more can be paid online at once than of euros.
    type(theater).objects.update(currency="COP")
    rule("Gift", effect="amount", value=Decimal("-99"), position=1)
    assert price_of(quoted(seats[0])) == "0.00"
    for position in range(2, 20):
        rule(effect="amount" if position == 2 else "percent", value=900, position=position)
    assert price_of(quoted(seats[0])) == "9999999.00"


def test_each_ticket_may_be_for_somebody_else(rule, quoted, seats):
    rule("Children", effect="price", value=Decimal("6"), ticket_types=["child"])
    rule("Students", value=Decimal(-10), ticket_types=["student"])
    cost = quoted(
        seats[0],
        {"seat": seats[1].pk, "type": "child"},
        {"seat": seats[2].pk},
        {"seat": seats[3].pk, "type": "student"},
        {"seat": seats[4].pk, "type": "senior"},
    )
    lines = [(line["type"], line["amount"]) for line in seat_lines(cost)]
    assert lines == [
        ("adult", "10.00"),
        ("child", "6.00"),
        ("adult", "10.00"),
        ("student", "9.00"),
        ("senior", "10.00"),
    ]
    assert seat_lines(cost)[1]["description"] == "Seat A2, Silver, child, Children"


BAD_SEATS = [
    ([{"seat": 1, "type": "dog"}], ("seats.0.type", "invalid_choice")),
    ([{"type": "child"}], ("seats.0.seat", "required")),
    ([{"seat": None}], ("seats.0.seat", "null")),
    ([{"seat": 10**30}], ("seats.0.seat", "max_value")),
    ([{"seat": [1]}], ("seats.0.seat", "invalid")),
    ([[1]], ("seats.0", "invalid")),
    ([None], ("seats.0", "null")),
    ([{"seat": 999_999, "type": "child"}], ("seats", "not_of_this_screen")),
]


@pytest.mark.parametrize("path", ["/api/bookings/quote/", "/api/bookings/"])
@pytest.mark.parametrize(("chosen", "problem"), BAD_SEATS)
def test_a_bad_choice_is_a_400_that_names_the_field(path, chosen, problem, showtime):
    contact = {"name": "Guest", "email": "guest@example.com"}
    body = {"showtime": showtime.pk, "seats": chosen, "contact": contact}
    answer = APIClient().post(path, body)
    assert answer.status_code == 400
    assert problem in [(error["attr"], error["code"]) for error in answer.json()["errors"]]


def test_a_seat_in_both_forms_is_a_seat_twice(quoted, seats):
    answer = quoted(seats[0], {"seat": seats[0].pk, "type": "child"})
    assert answer["errors"][0]["code"] == "repeated"


@pytest.mark.parametrize(("age", "admitted"), [(0, True), (12, True), (14, False), (18, False)])
def test_no_child_ticket_for_a_film_that_admits_no_child(quoted, seats, movie, age, admitted):
    Movie.objects.filter(pk=movie.pk).update(minimum_age=age, certificate=f"FSK {age}")
    answer = quoted({"seat": seats[0].pk, "type": "child"})
    if admitted:
        assert price_of(answer) == "10.00"
    else:
        [error] = answer["errors"]
        assert (error["code"], error["attr"]) == ("too_young", "seats")
        assert f"FSK {age}" in error["detail"]
    assert "lines" in quoted({"seat": seats[0].pk, "type": "student"})


def test_the_price_is_frozen_when_the_seats_are_held(rule, book, me, showtime, seats, now):
    half = rule("Early bird", value=Decimal(-50), days_before_min=2)
    booking = book(me, showtime, seats[:1]).json()
    half.delete()
    now.shift(60)
    shown = me.get(f"/api/bookings/{booking['reference']}/").json()
    assert shown["total"] == "6.00"
    assert shown["lines"][0]["reasons"][1] == {"name": "Early bird", "amount": "-5.00"}
    assert book(me, showtime, seats[1:2]).json()["total"] == "11.00"


def test_the_ticket_says_for_whom_it_is(rule, theater, me, showtime, seats):
    theater.booking_fee = 0
    theater.save()
    rule("Children come free", effect="price", value=0, ticket_types=["child"])
    chosen = [{"seat": seats[0].pk, "type": "child"}]
    answer = me.post("/api/bookings/", {"showtime": showtime.pk, "seats": chosen})
    assert (answer.status_code, answer.json()["status"]) == (201, "confirmed")
    [ticket] = answer.json()["tickets"]
    assert (ticket["type"], ticket["price"]) == ("child", "0.00")
    assert me.get(f"/api/tickets/{ticket['code']}/").json()["type"] == "child"


def test_the_seat_map_shows_what_an_adult_pays_and_the_types_that_rules_name(
    rule, showtime, seats, gold
):
    rule("Matinee", starts_until=time(17))
    rule("Children", effect="price", value=Decimal("6"), ticket_types=["child"], category=gold)
    rule("3D students", value=-50, ticket_types=["student"], formats=["3d"])
    drawn = APIClient().get(f"/api/seats/?showtime={showtime.pk}").json()
    silver, gold = drawn["categories"]
    assert (silver["price"], silver["prices"]) == ("8.00", {"adult": "8.00", "child": "8.00"})
    assert (gold["price"], gold["prices"]) == ("11.60", {"adult": "11.60", "child": "6.00"})
    assert {seat["price"] for seat in drawn["seats"]} == {"8.00", "11.60"}
    listed = APIClient().get(f"/api/showtimes/{showtime.pk}/").json()
    assert (listed["price_from"], listed["price_to"]) == ("8.00", "11.60")


def test_the_seat_map_offers_no_child_ticket_where_none_is_sold(rule, showtime, seats, movie):
    rule("Children", ticket_types=["child"])
    Movie.objects.filter(pk=movie.pk).update(minimum_age=16)
    drawn = APIClient().get(f"/api/seats/?showtime={showtime.pk}").json()
    assert drawn["categories"][0]["prices"] == {"adult": "10.00"}


def test_many_rules_cost_no_more_queries_than_one(
    rule, quoted, seats, showtime, gold, movie, django_assert_num_queries
):
    rule(category=gold, movie=movie)
    with django_assert_num_queries(3):
        quoted(*seats[:3])
    for _ in range(20):
        rule(category=gold, movie=movie)
    with django_assert_num_queries(3):
        quoted(*seats[:3])


def test_prices_are_rounded_to_the_unit_of_the_currency_at_each_step(
    rule, quoted, seats, theater, silver
):
    type(theater).objects.filter(pk=theater.pk).update(currency="JPY", booking_fee=0)
    type(silver).objects.filter(pk=silver.pk).update(default_price=Decimal("1001"))
    rule("Half", value=-50)
    rule("Third", value=Decimal("-33.333"))
    [line] = seat_lines(quoted(seats[0]))
    assert [reason["amount"] for reason in line["reasons"]] == ["1001", "-500", "-167"]
    assert line["amount"] == "334"


def test_a_long_list_of_reasons_fits_the_line(rule, book, me, showtime, seats):
    for number in range(9):
        rule(f"{number} {'x' * 38}")
    answer = book(me, showtime, seats[:1])
    assert answer.status_code == 201
    assert len(answer.json()["lines"][0]["description"]) == 200
    assert len(answer.json()["lines"][0]["reasons"]) == 10


def test_kinds_of_screens(rule, quoted, seats, screen):
    rule("IMAX", effect="amount", value=4, screen_kinds=["imax"])
    Screen.objects.filter(pk=screen.pk).update(kind="imax")
    assert price_of(quoted(seats[0])) == "14.00"
