"""Managers set the price rules of their own theaters; nobody else sees them."""

import pytest

from accounts.models import Role, User
from showtimes.models import PriceRule
from theaters.models import SeatCategory

from .conftest import PASSWORD
from .test_admin import theater_called

MATINEE = {"name": "Matinee", "effect": "percent", "value": "-20", "weekdays": [3, 0, 3]}


@pytest.fixture
def rules(theater):
    return f"/api/theaters/{theater.pk}/price-rules/"


@pytest.fixture
def boss(client_of, manager):
    return client_of(manager)


@pytest.fixture
def rule(theater):
    return PriceRule.objects.create(theater=theater, name="Half", effect="percent", value=-50)


@pytest.fixture
def stranger(client_of):
    """The manager of another theater."""
    user = User.objects.create_user("stranger", None, PASSWORD, role=Role.MANAGER)
    theater_called("Odeon").managers.add(user)
    return client_of(user)


def codes(answer):
    return [(error["attr"], error["code"]) for error in answer.json()["errors"]]


def test_a_manager_adds_changes_and_deletes_a_rule(boss, rules, theater):
    made = boss.post(rules, MATINEE)
    assert made.status_code == 201
    assert made.json()["theater"] == theater.pk
    assert made.json()["weekdays"] == [0, 3]
    assert made.json()["in_words"] == "Monday, Thursday: 20 % off."
    address = f"/api/price-rules/{made.json()['id']}/"
    changed = boss.patch(address, {"starts_until": "17:00", "final": True})
    assert changed.status_code == 200
    assert changed.json()["name"] == "Matinee"
    assert "to 17:00: 20 % off. No later rule is applied." in changed.json()["in_words"]
    assert [one["id"] for one in boss.get(rules).json()["results"]] == [made.json()["id"]]
    assert boss.get(address).json() == changed.json()
    assert boss.delete(address).status_code == 204
    assert not PriceRule.objects.exists()


def test_a_rule_is_made_once_for_one_key(boss, rules):
    key = {"Idempotency-Key": "one"}
    answers = [boss.post(rules, MATINEE, headers=key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert PriceRule.objects.count() == 1


def everything(client, rules, rule):
    """The statuses of all that can be asked."""
    address = f"/api/price-rules/{rule.pk}/"
    return [
        client.get(rules).status_code,
        client.post(rules, MATINEE).status_code,
        client.get(address).status_code,
        client.patch(address, {"value": "-100"}).status_code,
        client.delete(address).status_code,
    ]


def test_who_may_do_what(client_of, alice, stranger, admin, boss, rules, rule):
    assert everything(client_of(), rules, rule) == [401] * 5
    assert everything(client_of(alice), rules, rule) == [403] * 5
    assert everything(stranger, rules, rule) == [404] * 5
    assert PriceRule.objects.get().value == -50
    assert everything(client_of(admin), rules, rule) == [200, 201, 200, 200, 204]
    rule.save(force_insert=True)
    assert everything(boss, rules, rule) == [200, 201, 200, 200, 204]


BAD = [
    ({"name": ""}, ("name", "blank")),
    ({"name": "\0"}, ("name", "null_characters_not_allowed")),
    ({"name": "x" * 41}, ("name", "max_length")),
    ({"effect": "magic"}, ("effect", "invalid_choice")),
    ({"value": "NaN"}, ("value", "invalid")),
    ({"value": "1e999"}, ("value", "max_digits")),
    ({"value": "-101"}, ("value", "invalid")),
    ({"value": "1001"}, ("value", "invalid")),
    ({"effect": "price", "value": "-1"}, ("value", "invalid")),
    ({"effect": "amount", "value": "0.005"}, ("value", "invalid")),
    ({"weekdays": [7]}, ("weekdays.0", "invalid_choice")),
    ({"weekdays": [[]]}, ("weekdays.0", "invalid_choice")),
    ({"weekdays": {}}, ("weekdays", "not_a_list")),
    ({"weekdays": None}, ("weekdays", "null")),
    ({"ticket_types": ["dog"]}, ("ticket_types.0", "invalid_choice")),
    ({"ticket_types": [{}]}, ("ticket_types.0", "invalid_choice")),
    ({"formats": ["4d"]}, ("formats.0", "invalid_choice")),
    ({"screen_kinds": "imax"}, ("screen_kinds", "not_a_list")),
    ({"starts_from": "25:00"}, ("starts_from", "invalid")),
    ({"starts_from": "17:00", "starts_until": "10:00"}, ("starts_until", "invalid")),
    ({"starts_from": "01:00", "starts_until": "05:00"}, ("starts_until", "invalid")),
    ({"days_before_min": -1}, ("days_before_min", "min_value")),
    ({"days_before_min": 10**30}, ("days_before_min", "max_value")),
    ({"days_before_min": 3, "days_before_max": 2}, ("days_before_max", "invalid")),
    ({"valid_from": "2030-02-30"}, ("valid_from", "invalid")),
    ({"valid_from": "2030-02-02", "valid_until": "2030-02-01"}, ("valid_until", "invalid")),
    ({"position": 10**30}, ("position", "max_value")),
    ({"category": 10**30}, ("category", "does_not_exist")),
    ({"movie": "x"}, ("movie", "invalid")),
]


@pytest.mark.parametrize(("change", "problem"), BAD)
def test_bad_input_is_a_400_that_names_the_field(boss, rules, rule, change, problem):
    for answer in (
        boss.post(rules, MATINEE | change),
        boss.patch(f"/api/price-rules/{rule.pk}/", change),
    ):
        assert answer.status_code == 400, answer.json()
        assert problem in codes(answer)
    assert PriceRule.objects.count() == 1


def test_a_category_of_another_theater_is_refused(boss, rules, stranger):
    other = SeatCategory.objects.exclude(theater__name="Lux").first()
    other = other or SeatCategory.objects.create(
        theater=theater_called("Far"), name="Sofa", default_price=9
    )
    assert codes(boss.post(rules, MATINEE | {"category": other.pk})) == [("category", "invalid")]


def test_a_rule_stays_in_its_theater(boss, rules, rule, stranger):
    odeon = theater_called("Far")
    boss.patch(f"/api/price-rules/{rule.pk}/", {"theater": odeon.pk, "name": "Moved"})
    rule.refresh_from_db()
    assert (rule.name, rule.theater.name) == ("Moved", "Lux")


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ({"days_before_min": 1, "days_before_max": 1}, "Booked 1 day before: 20 % off."),
        ({"days_before_min": 2, "days_before_max": 5}, "Booked 2 to 5 days before: 20 % off."),
        ({"days_before_min": 3}, "Booked at least 3 days before: 20 % off."),
        ({"days_before_max": 1}, "Booked at most 1 day before: 20 % off."),
        ({"days_before_max": 0}, "Booked on the day: 20 % off."),
        ({"valid_from": "2026-11-22"}, "From Sun 22 Nov 2026: 20 % off."),
    ],
)
def test_days_are_said_as_people_say_them(boss, rules, conditions, words):
    rule = {"name": "Sale", "effect": "percent", "value": "-20"} | conditions
    assert boss.post(rules, rule).json()["in_words"] == words


@pytest.mark.parametrize(
    ("begins", "ends"),
    [("22:00", "02:00"), ("00:30", "02:59"), ("03:00", "03:00"), ("22:00", "03:00")],
)
def test_hours_of_one_cinema_day_are_accepted(boss, rules, begins, ends):
    body = MATINEE | {"starts_from": begins, "starts_until": ends}
    assert boss.post(rules, body).status_code == 201


def test_a_list_costs_the_same_for_one_rule_as_for_many(
    boss, rules, theater, silver, movie, django_assert_num_queries
):
    def add(number):
        for _ in range(number):
            PriceRule.objects.create(
                theater=theater, name="X", effect="percent", value=5, category=silver, movie=movie
            )

    add(1)
    with django_assert_num_queries(4):
        boss.get(rules)
    add(20)
    with django_assert_num_queries(4):
        boss.get(rules)
