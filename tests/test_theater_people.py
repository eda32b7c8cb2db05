"""Who works at the box office and at the door: the theater's managers name them, on its profile."""

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Role
from history.models import Entry
from theaters.models import Theater
from theaters.staff import StaffMember

from .conftest import PASSWORD
from .test_admin import address, by_hand, form_of, theater_called

__all__ = ["by_hand"]
User = get_user_model()


@pytest.fixture
def profile(by_hand, manager, theater):
    """Its form, as the theater's manager sends it with rows for people: (account, duty)."""
    browser, page = by_hand(manager), address(Theater, "change", theater.pk)

    def send(*rows, **more):
        form = form_of(browser, page)
        first = int(form["staff_members-INITIAL_FORMS"])
        for number, (account, duty) in enumerate(rows, first):
            row = f"staff_members-{number}"
            form |= {f"{row}-account": account, f"{row}-duty": duty, f"{row}-theater": theater.pk}
        form["staff_members-TOTAL_FORMS"] = first + len(rows)
        return browser.post(page, form | more)

    return send


def people():
    rows = StaffMember.objects.order_by("pk")
    return [(row.theater.name, row.user.username, row.duty) for row in rows]


def errors(answer):
    return str(answer.context["errors"])


@pytest.mark.parametrize("login", ["alice", "ALICE", "alice@example.com", " Alice@Example.com "])
def test_a_manager_names_somebody_by_their_exact_account(profile, alice, login):
    assert profile((login, "door")).status_code == 302
    assert people() == [("Lux", "alice", "door")]


def test_both_duties_are_a_row_each_and_are_taken_away_one_by_one(profile, alice, bob):
    assert profile(("alice", "door"), ("alice", "box_office"), ("bob", "door")).status_code == 302
    row = StaffMember.objects.get(user=alice, duty="door")
    order = list(StaffMember.objects.values_list("pk", flat=True)).index(row.pk)
    assert profile(**{f"staff_members-{order}-DELETE": "on"}).status_code == 302
    assert people() == [("Lux", "alice", "box_office"), ("Lux", "bob", "door")]


@pytest.mark.parametrize("account", ["ali", "alice@example", "%", "\u0130", "x" * 254, "'; --"])
def test_who_is_not_found_is_told_what_to_do(profile, alice, account):
    answer = profile((account, "door"))
    assert answer.status_code == 200
    assert "signs up in the app" in errors(answer)
    assert people() == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("", "door"), "required"),
        (("alice", ""), "required"),
        (("alice", "manager"), "Select a valid choice"),
        (("\x00", "door"), "Null characters"),
        (("x" * 300, "door"), "at most 254"),
        (("gone", "door"), "switched off"),
    ],
)
def test_what_is_wrong_with_a_row_is_said(profile, alice, row, said):
    User.objects.create_user("gone", is_active=False)
    answer = profile(row)
    assert (answer.status_code, people()) == (200, [])
    assert said in errors(answer)


def test_who_guesses_many_names_is_stopped(profile, alice, settings):
    settings.THROTTLE_RATES = settings.THROTTLE_RATES | {"naming_account": (3, 3600)}
    for number in range(3):
        assert profile(("alice", "door")).status_code == 302
        StaffMember.objects.all().delete()
        assert "Nobody has an account" in errors(profile((f"guess{number}", "door")))
    assert "Too many names that belong to nobody." in errors(profile(("alice", "door")))
    assert people() == []


def test_nobody_has_a_duty_twice(profile, alice, theater):
    answer = profile(("alice", "door"), ("alice@example.com", "door"))
    assert "named twice" in errors(answer)
    assert profile(("alice", "door")).status_code == 302
    assert "has this duty here already" in errors(profile(("alice", "door")))
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffMember.objects.create(theater=theater, user=alice, duty="door")
    with pytest.raises(IntegrityError, match="duty_is_known"), transaction.atomic():
        StaffMember.objects.create(theater=theater, user=alice, duty="cook")
    assert people() == [("Lux", "alice", "door")]


def test_who_has_a_duty_is_not_made_somebody_else(profile, alice, bob):
    profile(("alice", "door"))
    profile(**{"staff_members-0-account": "bob", "staff_members-0-duty": "box_office"})
    assert people() == [("Lux", "alice", "door")]


def test_people_of_another_theater_are_out_of_reach(profile, alice, bob):
    odeon = theater_called("Odeon")
    theirs = StaffMember.objects.create(theater=odeon, user=alice, duty="door")
    row = {"staff_members-0-id": theirs.pk, "staff_members-0-DELETE": "on"}
    profile(**row, **{"staff_members-TOTAL_FORMS": 1, "staff_members-INITIAL_FORMS": 1})
    profile(("bob", "door"), **{"staff_members-0-theater": odeon.pk})
    assert ("Odeon", "bob", "door") not in people()
    assert ("Odeon", "alice", "door") in people()


def test_the_profile_lists_who_works_there(by_hand, profile, manager, theater, alice, bob):
    profile(("alice", "door"))
    User.objects.filter(pk=alice.pk).update(is_active=False)
    former = User.objects.create_user("mia", "mia@example.com", full_name="Mia Kern")
    theater.managers.add(former)
    text = by_hand(manager).get(address(Theater, "change", theater.pk)).content.decode()
    for words in (
        *("Alice Weiss (alice)", "alice@example.com", "Switched off: cannot sign in"),
        *("Mia Kern", "mia@example.com", "No manager any more", manager.get_full_name()),
    ):
        assert words in text
    assert "bob@example.com" not in text
    assert f"/admin/accounts/user/{alice.pk}/" not in text


def test_managers_are_named_by_admins_only(profile, manager, theater, alice):
    assert profile(managers=[alice.pk]).status_code == 302
    assert list(theater.managers.all()) == [manager]


def test_whoever_has_a_duty_gets_nothing_more_than_before(profile, client, client_of, alice):
    profile(("alice", "door"), ("alice", "box_office"))
    alice.refresh_from_db()
    assert (alice.role, alice.is_staff) == (Role.CUSTOMER, False)
    client.force_login(alice)
    assert client.get("/admin/").status_code == 302


def test_the_api_does_not_say_who_works_there(profile, client_of, admin, theater, alice):
    profile(("alice", "door"))
    text = client_of(admin).get(f"/api/theaters/{theater.pk}/").content.decode()
    assert "staff" not in text and "alice" not in text


def test_the_history_says_who_named_whom(profile, by_hand, manager, alice):
    before = Entry.objects.count()
    profile(("alice", "door"))
    profile(**{"staff_members-0-DELETE": "on"})
    added, deleted = Entry.objects.order_by("pk")[before:]
    assert [one.verb for one in (added, deleted)] == ["added", "deleted"]
    assert {one.who_name for one in (added, deleted)} == {"manager"}
    assert added.title == "alice, door, Lux"
    assert added.changes == {"theater": [None, "Lux"], "user": [None, "alice"]} | {
        "duty": [None, "Door"]
    }
    browser = by_hand(manager)
    assert "alice, door, Lux" in browser.get(address(Entry, "changelist")).content.decode()
    for entry in (added, deleted):
        assert browser.get(address(Entry, "change", entry.pk)).status_code == 200


def test_who_deletes_their_account_is_on_no_list_any_more(profile, client_of, theater, alice):
    profile(("alice", "door"), ("alice", "box_office"))
    leaver = User.objects.create_user("mia", password=PASSWORD, role=Role.MANAGER)
    theater.managers.add(leaver)
    for user in (alice, leaver):
        answer = client_of(user).delete("/api/auth/me/", {"password": PASSWORD})
        assert answer.status_code == 204
    assert people() == []
    assert leaver not in theater.managers.all()


def test_an_account_that_an_admin_deletes_goes_from_the_list(profile, by_hand, admin, alice):
    profile(("alice", "door"))
    browser = by_hand(admin)
    assert browser.post(address(User, "delete", alice.pk), {"post": "yes"}).status_code == 302
    assert people() == []


def test_what_we_hold_about_somebody_names_where_they_work(profile, me, alice):
    profile(("alice", "door"))
    [job] = me.get("/api/auth/me/export/").json()["workplaces"]
    assert (job["theater"], job["duty"]) == ("Lux", "door")


def test_an_admin_names_people_of_a_new_theater_at_once(by_hand, admin, alice):
    browser, page = by_hand(admin), address(Theater, "add")
    form = form_of(browser, page) | {
        **{"name": "Odeon", "slug": "odeon", "address": "Gate St. 7", "city": "London"},
        **{"country": "GB", "timezone": "Europe/London", "currency": "GBP"},
        **{"legal_name": "Odeon Ltd", "invoice_prefix": "ODE", "staff_members-TOTAL_FORMS": 1},
        **{"staff_members-0-account": "alice", "staff_members-0-duty": "box_office"},
    }
    answer = browser.post(page, form)
    assert answer.status_code == 302, errors(answer)
    assert people() == [("Odeon", "alice", "box_office")]


def test_the_profile_costs_the_same_for_many_people(
    by_hand, manager, theater, django_assert_num_queries, django_assert_max_num_queries
):
    browser, page = by_hand(manager), address(Theater, "change", theater.pk)

    def more(count):
        for number in range(count):
            user = User.objects.create_user(f"u{count}-{number}")
            StaffMember.objects.create(theater=theater, user=user, duty="door")

    more(1)
    browser.get(page)
    with django_assert_max_num_queries(60) as first:
        browser.get(page)
    more(12)
    with django_assert_num_queries(len(first)):
        browser.get(page)


def test_another_theaters_manager_finds_neither_page_nor_people(by_hand, theater, users, alice):
    stranger = User.objects.create_user("stranger", role=Role.MANAGER)
    theater_called("Odeon").managers.add(stranger)
    browser = by_hand(stranger)
    row = {"staff_members-0-account": "alice", "staff_members-0-duty": "door"}
    form = row | {"staff_members-TOTAL_FORMS": 1, "staff_members-INITIAL_FORMS": 0}
    assert browser.post(address(Theater, "change", theater.pk), form).status_code == 404
    tried = reverse("admin:theater_tried", args=[theater.pk])
    assert browser.post(tried, form).status_code == 404
    assert people() == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, ["1.00\xa0EUR", "19 %, included in the prices", "The chain, for all that"]),
        ({"booking_fee": 0, "tax_rate": 0, "tax_id": ""}, ["No fee", "No tax", "Not given"]),
        (
            {"currency": "JPY", "booking_fee": 150, "prices_include_tax": False},
            ["150\xa0JPY", "19 %, added at the end"],
        ),
        (
            {
                "stripe_account": "acct_1",
                "application_fee_percent": "2.5",
                "application_fee_per_ticket": "0.2",
                "stripe_refusal": "No such account.",
            },
            [
                "acct_1, for what is bought online.",
                "keeps 2.5 % and 0.20\xa0EUR of each ticket. Stripe refused it: No such account.",
            ],
        ),
    ],
)
def test_what_the_chain_has_set_managers_read_in_words(by_hand, manager, theater, change, words):
    set_by_the_chain = {"tax_rate": 19, "booking_fee": 1} | change
    Theater.objects.filter(pk=theater.pk).update(**set_by_the_chain)
    text = by_hand(manager).get(address(Theater, "change", theater.pk)).content.decode()
    for one in words:
        assert one in text
    for raw in ("1.000", "19.000", "0.00<"):
        assert raw not in text
