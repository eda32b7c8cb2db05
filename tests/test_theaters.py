"""Theaters, their screens and seat categories: who may change what, and what is refused."""

from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from accounts.models import Role, User
from payments.models import InvoiceSeries
from showtimes.models import Price
from theaters.models import Amenity, Screen, SeatCategory, Theater

from .conftest import PASSWORD
from .test_admin import theater_called

NEW = {
    "name": "Odeon",
    "slug": "odeon",
    "address": "Gate St. 7",
    "city": "London",
    "country": "GB",
    "timezone": "Europe/London",
    "currency": "GBP",
    "legal_name": "Odeon Ltd",
    "invoice_prefix": "ODE",
}


@pytest.fixture
def anyone(db):
    return APIClient()


@pytest.fixture
def chain(client_of, admin):
    """An admin's client."""
    return client_of(admin)


@pytest.fixture
def mine(client_of, manager):
    """The client of the manager of Lux."""
    return client_of(manager)


@pytest.fixture
def stranger(client_of):
    """The client of the manager of another theater."""
    user = User.objects.create_user("stranger", "s@example.com", PASSWORD, role=Role.MANAGER)
    theater_called("Apollo").managers.add(user)
    return client_of(user)


def codes(answer):
    """The errors of an answer: which code for which field."""
    return {error["attr"]: error["code"] for error in answer.json()["errors"]}


@pytest.fixture
def address(theater, screen, gold):
    return {
        "theater": f"/api/theaters/{theater.pk}/",
        "screens": f"/api/theaters/{theater.pk}/screens/",
        "categories": f"/api/theaters/{theater.pk}/seat-categories/",
        "screen": f"/api/screens/{screen.pk}/",
        "category": f"/api/seat-categories/{gold.pk}/",
    }


def test_an_admin_opens_a_theater_and_closes_it(chain, manager):
    more = {"booking_fee": "0.5", "amenities": [], "managers": [manager.pk]}
    answer = chain.post("/api/theaters/", NEW | more)
    assert answer.status_code == 201, answer.json()
    opened = answer.json()
    assert (opened["booking_fee"], opened["managers"]) == ("0.50", [manager.pk])
    assert opened["screens"] == []
    assert chain.delete(f"/api/theaters/{opened['id']}/").status_code == 204
    assert chain.get(f"/api/theaters/{opened['id']}/").status_code == 404


def test_its_manager_changes_it_and_what_is_read_can_be_sent_back(mine, theater, address):
    Amenity.objects.create(name="Bar")
    answer = mine.patch(address["theater"], {"phone": "030 1", "amenities": ["Bar"]})
    assert (answer.status_code, answer.json()["amenities"]) == (200, ["Bar"])
    before = mine.get(address["theater"]).json()
    del before["image"]
    assert mine.put(address["theater"], before).json() == before | {"image": None}
    theater.refresh_from_db()
    assert theater.phone == "030 1"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", "mine"),
        ("country", "AT"),
        ("timezone", "Europe/Vienna"),
        ("currency", "USD"),
        ("legal_name", "Me"),
        ("tax_id", "AT1"),
        ("invoice_prefix", "ME"),
        ("booking_fee", "9.00"),
        ("tax_rate", "0"),
        ("prices_include_tax", False),
        ("managers", []),
    ],
)
def test_what_is_the_chains_business_is_not_a_managers(mine, chain, address, field, value):
    before = chain.get(address["theater"]).json()
    answer = mine.patch(address["theater"], {field: value, "phone": "1"})
    assert (answer.status_code, codes(answer)) == (400, {field: "not_yours_to_change"})
    assert chain.get(address["theater"]).json() == before
    assert mine.patch(address["theater"], {field: before[field], "phone": "1"}).status_code == 200
    assert chain.patch(address["theater"], {field: value}).status_code == 200


def test_who_manages_a_theater_only_admins_see(anyone, mine, chain, address, manager, alice):
    for client in (anyone, mine):
        assert "managers" not in client.get(address["theater"]).json()
    assert chain.get(address["theater"]).json()["managers"] == [manager.pk]
    for wrong in (f"[{alice.pk}]", f"[{10**30}]", f"[{10**400}]", '["x"]', '"x"', "[true]"):
        assert_refused(chain, address["theater"], f'{{"managers": {wrong}}}', "managers")
    for wrong in ("[1e400]", "[null]", "null", "[[1]]", "[{}]"):
        assert_refused(chain, address["theater"], f'{{"managers": {wrong}}}', "managers")


def test_half_a_character_is_no_name(chain, address):
    assert_refused(chain, address["theater"], r'{"name": "\ud800"}', "name")
    assert_refused(chain, address["theater"], r'{"amenities": ["\ud800"]}', "amenities")


def assert_refused(client, path, body, attr):
    answer = client.patch(path, body, content_type="application/json")
    assert answer.status_code == 400, body
    assert next(iter(codes(answer))).split(".")[0] == attr


BODIES = {
    "theater": {"phone": "1"},
    "screens": {"name": "New"},
    "categories": {"name": "New", "default_price": "1.00"},
    "screen": {"name": "New"},
    "category": {"name": "New"},
}


@pytest.mark.parametrize("where", BODIES)
def test_who_may_write(anyone, me, stranger, mine, address, where):
    method = "post" if where in ("screens", "categories") else "patch"
    answers = [
        getattr(client, method)(address[where], BODIES[where])
        for client in (anyone, me, stranger, mine)
    ]
    ok = 201 if method == "post" else 200
    assert [answer.status_code for answer in answers] == [401, 403, 403, ok]
    assert anyone.get(address[where]).status_code == 200


@pytest.mark.parametrize("path", ["theaters/", "theaters/{theater}/", "amenities/"])
def test_some_things_only_admins_may(anyone, me, mine, chain, theater, path):
    method = "delete" if "{" in path else "post"
    for client, status in ((anyone, 401), (me, 403), (mine, 403)):
        answer = getattr(client, method)(f"/api/{path.format(theater=theater.pk)}", {})
        assert answer.status_code == status


def test_what_is_in_use_is_not_deleted(chain, mine, address, showtime, silver):
    Price.objects.create(showtime=showtime, category=silver, amount=1)
    for client, path in (
        (chain, address["theater"]),
        (mine, address["screen"]),
        (mine, address["category"]),
        (mine, f"/api/seat-categories/{silver.pk}/"),
    ):
        answer = client.delete(path)
        assert (answer.status_code, codes(answer)) == (409, {None: "in_use"})
        assert client.get(path).status_code == 200


def test_what_is_not_in_use_is_deleted(mine, theater, screen):
    category = SeatCategory.objects.create(theater=theater, name="Box", default_price=1)
    assert mine.delete(f"/api/screens/{screen.pk}/").status_code == 204
    assert mine.delete(f"/api/seat-categories/{category.pk}/").status_code == 204


def test_what_was_sold_and_invoiced_fixes_the_money_and_the_clock(chain, theater, address, booking):
    free = chain.patch(address["theater"], {"invoice_prefix": "LUX2"})
    assert free.status_code == 200
    answer = chain.patch(address["theater"], {"currency": "USD", "timezone": "UTC"})
    assert (answer.status_code, codes(answer)) == (400, {"currency": "fixed", "timezone": "fixed"})
    InvoiceSeries.objects.create(theater=theater, year=2026, kind="invoice")
    answer = chain.patch(address["theater"], {"invoice_prefix": "NEW"})
    assert codes(answer) == {"invoice_prefix": "fixed"}
    same = {"currency": "EUR", "timezone": "Europe/Berlin", "invoice_prefix": "LUX2"}
    assert chain.patch(address["theater"], same).status_code == 200


def test_a_currency_must_have_coins_for_every_price(chain, theater, address):
    answer = chain.patch(address["theater"], {"currency": "JPY"})
    assert codes(answer) == {"currency": "invalid"}
    SeatCategory.objects.update(default_price=1000)
    assert chain.patch(address["theater"], {"currency": "JPY"}).json()["booking_fee"] == "1"
    answer = chain.patch(address["theater"], {"booking_fee": "1.5"})
    assert codes(answer) == {"booking_fee": "invalid"}
    assert chain.get(address["category"]).json()["default_price"] == "1000"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "\x00"),
        ("name", ["x"]),
        ("slug", "two words"),
        ("slug", "lux"),
        ("invoice_prefix", "LUX"),
        ("invoice_prefix", "low"),
        ("country", "gb"),
        ("timezone", "Mars/Olympus"),
        ("currency", "pounds"),
        ("currency", "gbp"),
        ("latitude", "90.1"),
        ("latitude", "NaN"),
        ("longitude", "-180.000001"),
        ("longitude", "1e400"),
        ("booking_fee", "0.005"),
        ("booking_fee", "-1"),
        ("booking_fee", "Infinity"),
        ("booking_fee", "99999999999"),
        ("tax_rate", "101"),
        ("cancellation_refund_percent", "-1"),
        ("cancellation_cutoff_minutes", 10**9),
        ("cancellation_cutoff_minutes", -1),
        ("admission_opens_minutes", 1441),
        ("email", "x"),
        ("amenities", ["Nothing"]),
        ("amenities", ["\x00"]),
        ("amenities", [["Bar"]]),
        ("amenities", "Bar"),
        ("amenities", {"a": 1}),
        ("prices_include_tax", "perhaps"),
    ],
)
def test_bad_input_names_its_field(chain, theater, field, value):
    answer = chain.post("/api/theaters/", NEW | {field: value})
    assert answer.status_code == 400
    assert {attr.split(".")[0] for attr in codes(answer)} == {field}
    assert Theater.objects.count() == 1


def test_a_form_leaves_alone_what_it_does_not_name(chain, theater, address, manager):
    theater.amenities.add(Amenity.objects.create(name="Bar"))
    before = chain.get(address["theater"]).json()
    form = {name: before[name] for name in NEW} | {"phone": "030 2"}
    answer = chain.put(address["theater"], form, format="multipart")
    assert answer.status_code == 200, answer.json()
    assert answer.json() == before | {"phone": "030 2"}
    several = {"amenities": ["Bar"]}
    assert chain.patch(address["theater"], several, format="multipart").json() == answer.json()


def test_amenities(anyone, chain):
    bar = chain.post("/api/amenities/", {"name": "Bar"})
    assert bar.status_code == 201
    assert codes(chain.post("/api/amenities/", {"name": "Bar"})) == {"name": "unique"}
    path = f"/api/amenities/{bar.json()['id']}/"
    assert chain.patch(path, {"name": "Café"}).json()["name"] == "Café"
    assert [one["name"] for one in anyone.get("/api/amenities/").json()["results"]] == ["Café"]
    assert chain.delete(path).status_code == 204


def test_a_screen_counts_its_seats(anyone, address, seats):
    seats[0].active = False
    seats[0].save()
    seats[1].kind = "wheelchair"
    seats[1].save()
    shown = anyone.get(address["screen"]).json()
    assert shown["seats"] == {
        "total": 11, "standard": 10, "wheelchair": 1, "companion": 0, "couple": 0,
    }  # fmt: skip
    assert anyone.get(address["screens"]).json()["results"] == [shown]


def test_two_screens_of_a_theater_do_not_share_a_name(mine, address, theater):
    first = mine.post(address["screens"], {"name": "Two", "kind": "imax"})
    assert first.status_code == 201, first.json()
    assert first.json()["seats"]["total"] == 0
    again = mine.post(address["screens"], {"name": "Two"})
    assert (again.status_code, codes(again)) == (400, {"name": "unique"})
    assert codes(mine.patch(address["screen"], {"name": "Two"})) == {"name": "unique"}
    assert mine.patch(address["screen"], {"name": "Screen 1"}).status_code == 200
    other = Screen.objects.create(theater=theater_called("Other"), name="Two")
    assert other.name == "Two"


def test_a_screen_stays_in_its_theater_and_keeps_its_layout_version(mine, address, screen):
    other = theater_called("Other")
    Screen.objects.update(layout_version=7)
    body = {"name": "New", "kind": "dolby", "theater": other.pk, "layout_version": 1}
    shown = mine.put(address["screen"], body).json()
    assert (shown["name"], shown["theater"]) == ("New", screen.theater_id)
    assert shown["layout_version"] == 7


def test_categories_are_in_the_theaters_money(mine, address):
    made = mine.post(
        address["categories"], {"name": "Box", "default_price": "20", "colour": "#c0ffee"}
    )
    assert made.status_code == 201, made.json()
    assert (made.json()["default_price"], made.json()["currency"]) == ("20.00", "EUR")
    listed = mine.get(address["categories"]).json()["results"]
    assert [one["name"] for one in listed] == ["Silver", "Box", "Gold"]
    for body, attr in (
        ({"name": "Gold", "default_price": "1"}, "name"),
        ({"name": "X", "default_price": "1.005"}, "default_price"),
        ({"name": "X", "default_price": "-1"}, "default_price"),
        ({"name": "X", "default_price": "NaN"}, "default_price"),
        ({"name": "X"}, "default_price"),
        ({"name": "X", "default_price": "1", "colour": "red"}, "colour"),
        ({"name": "X", "default_price": "1", "rank": 40000}, "rank"),
    ):
        answer = mine.post(address["categories"], body)
        assert (answer.status_code, set(codes(answer))) == (400, {attr})


def test_a_new_default_price_is_for_new_bookings(mine, me, booking, book, showtime, seats, silver):
    answer = mine.patch(f"/api/seat-categories/{silver.pk}/", {"default_price": "12.00"})
    assert answer.status_code == 200
    old = me.get(f"/api/bookings/{booking['reference']}/").json()
    assert old["subtotal"] == booking["subtotal"] == "20.00"
    assert book(me, showtime, seats[2:4]).json()["subtotal"] == "24.00"
    silver.refresh_from_db()
    assert silver.default_price == Decimal("12")


@pytest.mark.parametrize(
    "path",
    [
        "theaters/0/", "theaters/99999999999999999999/", "theaters/9/screens/", "screens/9999/",
        "theaters/99999999999999999999/screens/", "seat-categories/99999999999999999999/",
        "theaters/9/seat-categories/", "amenities/9/",
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_404(chain, path):
    assert chain.get(f"/api/{path}").status_code == 404
    assert chain.put(f"/api/{path}", {}).status_code in (404, 405)


@pytest.mark.parametrize("path", ["screens/", "seat-categories/"])
def test_lists_cost_the_same_for_one_as_for_many(
    anyone, theater, screen, path, django_assert_num_queries
):
    for number in range(20):
        Screen.objects.create(theater=theater, name=f"S{number}")
        SeatCategory.objects.create(theater=theater, name=f"C{number}", default_price=1)
    with django_assert_num_queries(3):
        assert anyone.get(f"/api/theaters/{theater.pk}/{path}").json()["count"] > 20
