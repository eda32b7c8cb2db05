"""What staff change is remembered: before and after, who, when, by which door; for good."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.links import password_links
from accounts.models import Role, User
from bookings.models import PromoCode
from history.models import Entry
from history.remembering import Remembered
from manager_panel.models import Report
from movies.models import Genre
from payments.models import Payment, Refund, Stray
from showtimes.models import Showtime
from theaters.models import Screen, Seat, Theater

from .conftest import PASSWORD
from .test_admin import address, by_hand, everything_at, form_of, theater_called

__all__ = ["by_hand"]


@pytest.fixture
def told(db):
    """What has been remembered since the test began, the newest first, as (who, did, changes)."""
    first = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def entries(row=None):
        rows = Entry.objects.filter(pk__gt=first)
        if row is not None:
            rows = rows.about(row)
        return [(one.who_name, one.door, one.verb, one.changes) for one in rows]

    return entries


@pytest.fixture
def root(client_of, admin):
    return client_of(admin)


@pytest.fixture
def mine(client_of, manager):
    return client_of(manager)


def test_a_change_in_the_admin_is_told_with_before_and_after(
    by_hand, manager, theater, screen, showtime, seats, told
):
    browser = by_hand(manager)
    page = address(Theater, "change", theater.pk)
    assert browser.post(page, form_of(browser, page) | {"phone": "030 1"}).status_code == 302
    assert told() == [("manager", "admin", "changed", {"phone": [None, "030 1"]})]


def test_a_change_by_the_api_names_who_holds_the_token(mine, theater, told):
    answer = mine.patch(f"/api/theaters/{theater.pk}/", {"phone": "030 1"})
    assert answer.status_code == 200
    assert told(theater) == [("manager", "api", "changed", {"phone": [None, "030 1"]})]


def test_what_is_added_and_deleted_is_told_as_well(root, told):
    genre = root.post("/api/genres/", {"name": "Drama", "slug": "drama"}).json()["id"]
    root.delete(f"/api/genres/{genre}/")
    deleted, added = told()
    assert added == ("root", "api", "added", {"name": [None, "Drama"], "slug": [None, "drama"]})
    assert deleted == ("root", "api", "deleted", {"name": ["Drama", None], "slug": ["drama", None]})


def test_names_stand_for_rows_and_labels_for_choices(by_hand, admin, screen, showtime, told):
    browser = by_hand(admin)
    form = {"action": "take_off_sale", "_selected_action": [showtime.pk]}
    browser.post(address(Showtime, "changelist"), form)
    assert told(showtime) == [("root", "admin", "changed", {"status": ["On Sale", "Planned"]})]
    page = address(Screen, "delete", Screen.objects.create(theater=screen.theater, name="X").pk)
    browser.post(page, {"post": "yes"})
    assert told()[0][3]["theater"] == ["Lux", None]


def test_many_showtimes_are_put_on_sale_in_as_many_statements_as_one(showtime, told):
    ids = [showtime.pk]
    for _ in range(11):
        showtime.pk, showtime._state.adding = None, True
        showtime.starts_at += timedelta(hours=5)
        showtime.ends_at += timedelta(hours=5)
        showtime.save()
        ids.append(showtime.pk)
    costs = []
    for chosen in (ids[:1], ids[1:]):
        with CaptureQueriesContext(connection) as statements:
            Showtime.objects.filter(pk__in=chosen).take_off_sale()
        costs.append(len(statements))
    assert costs[0] == costs[1]
    changes = [entry[3] for entry in told()[:12]]
    assert changes == [{"status": ["On Sale", "Planned"]}] * 12


def test_many_rows_at_once_are_told_one_by_one(by_hand, admin, theater, told):
    halls = [Screen.objects.create(theater=theater, name=name) for name in "XY"]
    form = {"action": "delete_selected", "_selected_action": [hall.pk for hall in halls]}
    by_hand(admin).post(address(Screen, "changelist"), form | {"post": "yes"})
    assert [entry[2] for entry in told()[:2]] == ["deleted", "deleted"]


def test_a_layout_is_one_entry_in_words(mine, screen, silver, told):
    body = {"rows": ["sss"], "legend": {"s": {"category": silver.pk}}}
    assert mine.put(f"/api/screens/{screen.pk}/layout/", body).status_code == 200
    [entry] = told()
    assert entry == (
        *("manager", "api", "changed"),
        {"seats": ["Gold: B1-B6; Silver: A1-A6", "Silver: A1-A3"]},
    )


def test_prices_of_a_showtime_are_one_entry(mine, showtime, silver, told):
    body = {"prices": [{"category": silver.pk, "amount": "7.00"}]}
    assert mine.patch(f"/api/showtimes/{showtime.pk}/", body).status_code == 200
    assert told() == [("manager", "api", "changed", {"prices": [None, "Silver: 7.000"]})]


def test_lists_are_told_by_name(by_hand, admin, manager, theater, told):
    browser = by_hand(admin)
    mia = User.objects.create_user("mia", role=Role.MANAGER)
    page = address(Theater, "change", theater.pk)
    form = form_of(browser, page) | {"managers": [manager.pk, mia.pk]}
    assert browser.post(page, form).status_code == 302
    assert told(theater)[0][3] == {"managers": ["manager", "manager, mia"]}
    mia.theaters.clear()
    assert told(theater)[0] == (
        *("", "system", "changed"),
        {"managers": ["manager, mia", "manager"]},
    )


def test_of_people_only_that_something_changed(by_hand, admin, alice, told):
    browser = by_hand(admin)
    page = address(User, "change", alice.pk)
    browser.post(page, form_of(browser, page) | {"full_name": "A. W.", "role": "manager"})
    assert told(alice) == [
        ("root", "admin", "changed", {"full_name": None, "role": ["Customer", "Manager"]})
    ]
    password = {"password1": "another-quiet-evening", "password2": "another-quiet-evening"}
    browser.post(f"/admin/accounts/user/{alice.pk}/password/", password)
    assert told(alice)[0][3] == {"password": None}
    text = str(list(Entry.objects.values()))
    for secret in ("Alice Weiss", "A. W.", "alice@example.com", alice.password, "pbkdf2", "md5$"):
        assert secret not in text


def test_a_password_that_staff_reset_by_mail_is_told(client, told, manager):
    token = password_links.token_for(manager)
    body = {"token": token, "new_password": "another-quiet-evening"}
    answer = client.post("/api/auth/password/reset/confirm/", body, "application/json")
    assert answer.status_code == 200
    assert told(manager)[0] == ("manager", "api", "changed", {"password": None})


def test_what_customers_do_is_not_what_staff_did(me, client, alice, told):
    person = {"username": "new", "email": "n@example.com", "password": PASSWORD}
    assert client.post("/api/auth/register/", person, "application/json").status_code == 201
    assert me.patch("/api/auth/me/", {"full_name": "Alice W."}).status_code == 200
    alice.refresh_from_db()
    reset = {"token": password_links.token_for(alice), "new_password": "another-quiet-evening"}
    where = "/api/auth/password/reset/confirm/"
    assert client.post(where, reset, "application/json").status_code == 200
    assert told() == []


def test_a_booking_asks_nothing_more(book, me, showtime, seats, told):
    assert book(me, showtime, seats[:2], promo_code="").status_code in (201, 400)
    assert told() == []


def test_what_changes_nothing_is_not_told(mine, theater, told):
    mine.patch(f"/api/theaters/{theater.pk}/", {"phone": ""})
    assert told() == []


def test_what_is_refused_leaves_no_entry(root, told):
    Genre.objects.create(name="Drama", slug="drama")
    before = len(told())
    assert root.post("/api/genres/", {"name": "Drama", "slug": "drama"}).status_code == 400
    assert len(told()) == before


def test_who_did_it_is_named_when_they_are_gone(by_hand, admin, manager, theater, told):
    theater.phone = "1"
    browser = by_hand(manager)
    page = address(Theater, "change", theater.pk)
    browser.post(page, form_of(browser, page) | {"phone": "030 1"})
    User.objects.filter(pk=manager.pk).update(role=Role.CUSTOMER)
    by_hand(admin).post(address(User, "delete", manager.pk), {"post": "yes"})
    assert not User.objects.filter(pk=manager.pk).exists()
    listed = by_hand(admin).get(address(Entry, "changelist"), {"q": "manager"})
    assert "030 1" in listed.content.decode()


def test_nobody_changes_the_history(theater):
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Entry.objects.update(who_name="somebody else")
    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            Entry.objects.all().delete()
        whole = pytest.raises(IntegrityError, match="never changes")
        with whole, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL marquee.tables_may_be_emptied = off")
            cursor.execute("TRUNCATE history_entry")


def test_a_manager_sees_what_was_changed_at_own_theaters(by_hand, admin, manager, theater):
    odeon = theater_called("Odeon")
    browser = by_hand(admin)
    for row in (theater, odeon):
        page = address(Theater, "change", row.pk)
        browser.post(page, form_of(browser, page) | {"phone": f"call {row.name}"})
    PromoCode.objects.create(code="CHAIN", percent=10)
    text = by_hand(manager).get(address(Entry, "changelist")).content.decode()
    assert "call Lux" in text
    assert "call Odeon" not in text
    assert "CHAIN" not in text


def test_filters_by_who_what_and_when(by_hand, admin, manager, theater, seats):
    browser = by_hand(manager)
    page = address(Theater, "change", theater.pk)
    browser.post(page, form_of(browser, page) | {"phone": "030 1"})

    def listed(**query):
        rows = browser.get(address(Entry, "changelist"), query).context["cl"].result_list
        return {(row.kind, row.who_name) for row in rows}

    assert listed(by=manager.pk) == {("theaters.theater", "manager")}
    assert listed(kind="theaters.seatcategory") == {("theaters.seatcategory", "")}
    year = timezone.now().astimezone(theater.zone).year
    assert listed(at__year=year - 1) == set()
    assert listed(at__year=year, by=manager.pk) == {("theaters.theater", "manager")}
    assert browser.get(address(Entry, "changelist"), {"by": "x" * 30}).status_code == 302


def test_the_history_of_a_row_is_on_its_page(by_hand, manager, silver):
    browser = by_hand(manager)
    page = address(type(silver), "change", silver.pk)
    assert browser.post(page, form_of(browser, page) | {"default_price": "11"}).status_code == 302
    text = browser.get(address(type(silver), "history", silver.pk)).content.decode()
    for words in ("changed by manager", "default price", ">10<", ">11<"):
        assert words in text


def test_an_entry_shows_moments_by_the_clocks_of_its_theater(by_hand, manager, showtime):
    opens = (showtime.starts_at - timedelta(days=1)).replace(hour=11, minute=30)
    browser = by_hand(manager)
    page = address(Showtime, "change", showtime.pk)
    form = form_of(browser, page)
    local = opens.astimezone(showtime.theater.zone)
    form |= {"sales_from_0": f"{local:%Y-%m-%d}", "sales_from_1": f"{local:%H:%M}"}
    assert browser.post(page, form).status_code == 302
    entry = Entry.objects.about(showtime).first()
    assert f"{local:%H:%M}" in browser.get(address(Entry, "change", entry.pk)).content.decode()


def test_the_list_costs_the_same_for_many_entries(
    by_hand, admin, theater, django_assert_num_queries
):
    browser, where = by_hand(admin), address(Entry, "changelist")
    browser.get(where)
    Screen.objects.create(theater=theater, name="1")
    with connection.execute_wrapper(count := Counted()):
        browser.get(where)
    for name in range(2, 30):
        Screen.objects.create(theater=theater, name=name)
    with django_assert_num_queries(count.queries):
        browser.get(where)


class Counted:
    queries = 0

    def __call__(self, execute, *args):
        self.queries += 1
        return execute(*args)


def test_every_model_that_staff_can_edit_is_remembered(rf):
    """What staff do to bookings and money is in the timeline and the ledger of those."""
    named = {model._meta.label for model in apps.get_models() if issubclass(model, Remembered)}
    assert named == {
        *("accounts.User", "bookings.PromoCode", "manager_panel.Report", "reviews.Review"),
        *("movies.Credit", "movies.Genre", "movies.Movie", "movies.Person", "movies.Slide"),
        *("showtimes.Price", "showtimes.PriceRule", "showtimes.SeatBlock", "showtimes.Showtime"),
        *("theaters.Amenity", "theaters.Screen", "theaters.Seat", "theaters.SeatCategory"),
        *("theaters.StaffMember", "theaters.Theater"),
    }


def test_what_staff_do_about_money_names_them(by_hand, manager, admin, showtime, movie, told):
    at = everything_at(showtime.theater, movie)
    Payment.objects.filter(pk=at.payment.pk).update(kind="cash")
    stray = Stray.objects.create(
        stripe_id="pi_2", kind="payment", amount=5, currency="EUR", why="?"
    )
    page = f"/admin/payments/refund/{at.refund.pk}/settle_otherwise/"
    by_hand(manager).post(page, {"_form_submitted": "1", "note": "In cash."})
    assert told(at.refund) == [
        ("manager", "admin", "changed", {"status": ["pending", "settled otherwise: In cash."]})
    ]
    ticked = {"action": "settle", "_selected_action": [stray.pk]}
    by_hand(admin).post(address(Stray, "changelist"), ticked)
    [(who, _, _, changes)] = told(stray)
    assert (who, list(changes)) == ("root", ["settled_at"])
    shown = by_hand(manager).get(address(Refund, "history", at.refund.pk)).content.decode()
    assert "settled otherwise: In cash." in shown


def test_a_report_that_is_ordered_and_deleted_is_told(by_hand, manager, theater, showtime, told):
    browser = by_hand(manager)
    form = {"kind": "days", "format": "csv", "theaters": [theater.pk], "repeats": ""}
    browser.post(address(Report, "add"), form | {"first": "2026-11-01", "last": "2026-11-02"})
    report = Report.objects.get()
    assert {entry[0] for entry in told(report)} == {"manager"}
    assert told(report)[0][3] == {"theaters": [None, "Lux"]}
    browser.post(address(Report, "delete", report.pk), {"post": "yes"})
    assert told(report)[0][:3] == ("manager", "admin", "deleted")


def test_every_way_of_changing_rows_is_remembered(theater, silver, screen, told):
    seat = screen.seats.first()
    seat.kind = "wheelchair"
    seat.save()
    Seat.objects.filter(pk=seat.pk).update(kind="companion")
    silver.default_price = Decimal("10.000")
    silver.save()
    assert [entry[3] for entry in told(seat)] == [
        {"kind": ["Wheelchair", "Companion"]},
        {"kind": ["Standard", "Wheelchair"]},
    ]
    assert told(silver) == []
