"""The dashboard: what a manager sees first, of own theaters only, and quickly."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Role, User
from bookings.models import Booking, Letter
from manager_panel.figures import Sums
from manager_panel.figures.rolling import roll_up
from manager_panel.models import Report
from manager_panel.rooms.dashboard.cards import cards
from manager_panel.rooms.dashboard.words import change
from payments.models import Payment, Refund
from showtimes.models import Showtime
from theaters.models import Theater

from .panel import accessible, chromium, desk, picture
from .random_sales import Seller, open_chain
from .test_admin import by_hand

__all__ = ["by_hand", "chromium", "desk"]
BOTH = ("light", "dark")


@pytest.fixture
def chain(db):
    return open_chain()


@pytest.fixture
def boss(chain):
    """The manager of all of them."""
    user = User.objects.create_user("boss", "boss@example.com", role=Role.MANAGER)
    user.theaters.set(chain)
    return user


@pytest.fixture
def sold(chain):
    seller = Seller(21)
    seller.sell_some_days(chain, shows=2, ends=timedelta(days=-3))
    seller.sell_some_days(chain, shows=2, ends=timedelta(hours=12))
    return seller


def shown(browser, **query):
    answer = browser.get("/admin/", query)
    assert answer.status_code == 200
    return answer.context


def card(context, title) -> list[str]:
    [one] = [one for one in context["cards"] if one["title"] == title]
    return [value for value, _ in one["values"]]


def test_each_currency_by_itself_and_as_the_books_have_it(by_hand, boss, sold, chain):
    period = {"period": "days", "first": f"{days_ago(40)}", "last": f"{days_ago(-40)}"}
    context = shown(by_hand(boss), **period)
    assert [value[-3:] for value in card(context, "Revenue") if "CHF" not in value] == [
        "EUR",
        "JPY",
        "USD",
    ]
    tickets = sum(
        booking.tickets.valid().count()
        for booking in Booking.objects.filter(status="confirmed", confirmed_at__isnull=False)
    )
    assert card(context, "Tickets") == [f"{tickets:,}"]


def days_ago(days):
    return timezone.now().date() - timedelta(days=days)


def test_it_is_the_same_before_and_after_rolling_up(by_hand, boss, sold):
    browser = by_hand(boss)
    for query in ({"period": "week"}, {"period": "year"}, {}):
        before = shown(browser, **query)
        roll_up()
        after = shown(browser, **query)
        for name in ("cards", "charts"):
            assert before[name] == after[name]


def test_own_theaters_only(by_hand, boss, sold, chain):
    boss.theaters.set(chain[:1])
    browser = by_hand(boss)
    assert {value[-3:] for value in card(shown(browser, period="year"), "Revenue")} <= {
        "EUR",
        "CHF",
    }
    assert chain[1].name not in browser.get("/admin/").content.decode()
    assert browser.get("/admin/", {"theater": chain[1].pk}).status_code == 404
    boss.theaters.set(chain)
    assert shown(browser, theater=chain[1].pk)["form"].chosen_theaters == [chain[1]]


@pytest.mark.parametrize(
    "query",
    [
        {"theater": "x"},
        {"theater": "\x00"},
        {"theater": "9" * 40},
        {"period": "century"},
        {"period": "days"},
        {"period": "days", "first": "2026-13-01", "last": "x"},
        {"period": "days", "first": "2026-02-01", "last": "2026-01-01"},
        {"period": "days", "first": "2001-01-01", "last": "2026-01-01"},
        {"period": "days", "first": "0001-01-01", "last": "0001-01-01"},
        {"period": "days", "first": "9999-12-31", "last": "9999-12-31"},
    ],
)
def test_an_address_that_makes_no_sense_says_so(by_hand, boss, query):
    answer = by_hand(boss).get("/admin/", query)
    assert answer.status_code == (404 if "theater" in query else 200)
    if answer.status_code == 200:
        assert answer.context["form"].errors
        assert answer.context["period"].days == 1


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (100, 100, "as before"),
        (150, 100, "50\u202f% more"),
        (40, 100, "60\u202f% less"),
        (37734, 100, "377 times as much"),
    ],
)
def test_a_change_is_said_so_that_it_can_be_read(now, before, words):
    assert change(Decimal(now), Decimal(before))["words"] == words


def test_a_point_is_one_point_and_currencies_without_money_are_left_out():
    nothing, some = Sums(), Sums(refunded=Decimal(3), tickets=6, capacity=100)
    earlier = {"EUR": Sums(tickets=5, capacity=100)}
    shown = {one["title"]: one for one in cards({"EUR": some, "CHF": nothing}, earlier)}
    assert shown["Occupancy"]["values"][0][1]["words"] == "1 point more"
    assert [value for value, _ in shown["Refunds"]["values"]] == ["3.00\u00a0EUR"]
    assert [value for value, _ in shown["Revenue"]["values"]] == ["−3.00\u00a0EUR"]
    empty = cards({"EUR": nothing}, {})
    assert [card["values"][0][0] for card in empty] == [
        "0.00\u00a0EUR",
        "0",
        "–",
        "0.00\u00a0EUR",
        "–",
    ]


def test_whoever_manages_no_theater_is_told_what_to_do(by_hand, db):
    user = User.objects.create_user("new", role=Role.MANAGER)
    page = by_hand(user).get("/admin/").content.decode()
    assert "No theater yet" in page


def test_an_empty_theater_is_told_what_to_do(by_hand, boss, chain):
    browser = by_hand(boss)
    page = browser.get("/admin/").content.decode()
    assert "Nothing is planned or sold" in page and "Plan showtimes" in page
    assert "<canvas" not in page
    for theater in chain:
        theater.screens.get().delete()
    assert "Add a screen" in browser.get("/admin/").content.decode()


def test_it_names_what_needs_attention_and_leads_there(by_hand, boss, chain):
    seller = Seller(2)
    [showtime] = seller.sell_some_days(chain[:1], shows=1, ends=timedelta(hours=30))
    Showtime.objects.update(status="on_sale")
    booking = Booking.objects.create(
        showtime=showtime, status="confirmed", currency="EUR", subtotal=0, discount=0, fees=0,
        tax=0, total=0, contact_email="x@example.com",
    )  # fmt: skip
    payment = Payment.objects.create(
        booking=booking, amount=9, currency="EUR", status="succeeded", flag="Odd.",
        succeeded_at=timezone.now(),
    )  # fmt: skip
    payment.ledger.charge(payment, amount=Decimal(9), currency="EUR")
    Refund.objects.create(payment=payment, amount=1, reason="cancelled", status="failed")
    Letter.objects.create(booking=booking, kind="confirmed", error="No such address.")
    Theater.objects.filter(pk=chain[0].pk).update(stripe_account="acct_1", stripe_refusal="No.")
    browser = by_hand(boss)
    waiting = {one["words"]: one for one in shown(browser)["waiting"]}
    for begins in ("Theaters", "Refunds that failed", "Payments of another", "Mails that could"):
        [one] = [one for words, one in waiting.items() if words.startswith(begins)]
        listed = browser.get(one["link"]).context["cl"].result_count
        assert one["count"] == listed >= 1
    for other in chain[1:]:
        assert shown(browser, theater=other.pk)["waiting"] == []
    for one in shown(browser, theater=chain[0].pk)["waiting"]:
        assert f"id__exact={chain[0].pk}" in one["link"]
        assert browser.get(one["link"]).context["cl"].result_count == one["count"]
    boss.theaters.set(chain[1:])
    assert shown(browser)["waiting"] == []


def test_showtimes_that_are_nearly_full_or_empty_lead_to_their_pages(
    by_hand, boss, book, client_of, alice, theater, movie, showtime, seats
):
    boss.theaters.set([theater])
    empty = Showtime.objects.create(
        movie=movie,
        screen=showtime.screen,
        starts_at=showtime.starts_at + timedelta(hours=4),
        ends_at=showtime.ends_at + timedelta(hours=4),
        status="on_sale",
    )
    for some in (seats[:6], seats[6:]):
        booking = book(client_of(alice), showtime, some).json()
        payment = Payment.objects.create(
            booking=Booking.objects.get(reference=booking["reference"]),
            amount=Decimal(booking["total"]),
            currency="EUR",
        )
        payment.succeed(amount=payment.amount, currency="EUR")
    found = {kind["title"]: kind["showtimes"] for kind in shown(by_hand(boss))["soon"]}
    links = {title: [one["link"] for one in showtimes] for title, showtimes in found.items()}
    assert links == {
        "Sold out, or nearly": [f"/admin/showtimes/showtime/{showtime.pk}/change/"],
        "Nearly empty, soon": [f"/admin/showtimes/showtime/{empty.pk}/change/"],
    }


@pytest.mark.parametrize("period", ["today", "month", "year"])
def test_it_costs_the_same_for_many_theaters(
    by_hand, boss, chain, sold, django_assert_max_num_queries, period
):
    # At some hours there is nothing in a period, and one or two questions less.
    browser, most = by_hand(boss), 26
    boss.theaters.set(chain[:1])
    roll_up()
    shown(browser, period=period)
    for theaters in (chain[:2], chain):
        boss.theaters.set(theaters)
        with django_assert_max_num_queries(most):
            shown(browser, period=period)


def test_the_desk_on_a_friday_night(desk, manager, chain, sold):
    manager.theaters.set(chain)
    roll_up()
    desk.goto("/admin/?period=week")
    expect(desk.get_by_role("heading", name="Needs attention")).to_be_visible()
    desk.get_by_label("Period").select_option("days")
    expect(desk.get_by_label("From", exact=True)).to_be_visible()
    desk.get_by_label("Period").select_option("month")
    desk.get_by_role("button", name="Show").click()
    expect(desk).to_have_url(re.compile("period=month"))
    hour = desk.locator("section", has_text="Sales by hour").last
    hour.get_by_text("As a table").click()
    expect(hour.get_by_role("table")).to_be_visible()
    drawn = desk.evaluate("[...document.querySelectorAll('canvas')].map(one => one.width)")
    assert len(drawn) >= 5 and all(drawn)
    picture(desk, "dashboard", schemes=BOTH)
    accessible(desk, schemes=BOTH)
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_ordering_a_report_at_the_desk(desk, manager, chain, sold):
    manager.theaters.set(chain)
    roll_up()
    desk.goto("/admin/")
    desk.get_by_role("link", name="Reports").click()
    desk.get_by_role("link", name=re.compile("Add|add")).first.click()
    desk.get_by_label("Report", exact=False).first.select_option("statement")
    picture(desk, "report-order", schemes=BOTH)
    accessible(desk, schemes=BOTH)
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_role("progressbar")).to_be_visible()
    picture(desk, "report-waits")
    call_command("run_jobs", once=True)
    link = desk.get_by_role("link", name=re.compile("^Download"))
    expect(link).to_be_visible()
    picture(desk, "report-ready", schemes=BOTH)
    accessible(desk, schemes=BOTH)
    with desk.expect_download() as download:
        link.click()
    assert download.value.suggested_filename.endswith(".xlsx")
    assert Report.objects.get().status == "done"


def test_a_statement_at_the_desk(desk, manager, theater, chain, sold):
    manager.theaters.set(Theater.objects.all())
    showtime = Showtime.objects.filter(bookings__payments__refunds__status="succeeded").first()
    desk.goto(f"/admin/manager_panel/report/statement/{showtime.pk}/")
    expect(desk.get_by_role("heading", name="Money statement")).to_be_visible()
    picture(desk, "statement", schemes=BOTH)
    accessible(desk, schemes=BOTH)
