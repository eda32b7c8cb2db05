"""Reports: ordered by managers, made by the jobs, fetched by those who manage their theaters."""

import csv
import io
import re
import zipfile
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Role, User
from bookings.models import Ticket
from manager_panel.figures.rolling import roll_up
from manager_panel.models import Report
from manager_panel.reports.distributors import _in_order as in_order
from manager_panel.reports.files import xlsx_of
from manager_panel.reports.making import (
    make_reports,
    order_reports_again,
    sweep_reports,
)
from manager_panel.reports.table import Column, Table, money, text
from movies.models import Movie
from payments.books import sums
from showtimes.models import Showtime

from .random_sales import Seller, open_chain
from .test_admin import address, by_hand

__all__ = ["by_hand"]
CELL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TODAY = timezone.now().date
BEGIN, END = "2020-01-01", "2099-12-31"


@pytest.fixture
def chain(db):
    return open_chain()


@pytest.fixture
def sold(chain):
    Seller(11).sell_some_days(chain, shows=2, ends=timedelta(days=-3))
    roll_up()


@pytest.fixture
def boss(chain):
    """The manager of all of them."""
    user = User.objects.create_user("boss", "boss@example.com", role=Role.MANAGER)
    user.theaters.set(chain)
    return user


@pytest.fixture
def stranger(chain):
    return User.objects.create_user("stranger", role=Role.MANAGER)


@pytest.fixture
def report(chain, boss):
    """Order a report of the last month, and have it made."""

    def order(kind, form="csv", *, theaters=chain, **more):
        today = timezone.now().date()
        days = {"first": today - timedelta(days=30), "last": today}
        one = Report.objects.create(kind=kind, format=form, ordered_by=boss, **days | more)
        one.theaters.set(theaters)
        while Report.objects.to_make().exists():
            make_reports()
        one.refresh_from_db()
        assert one.status == "done", one.error
        return one

    return order


def rows_of(report) -> list[dict]:
    """What a program reads in a CSV."""
    with report.file.open() as file:
        return list(csv.DictReader(io.TextIOWrapper(file, encoding="utf-8-sig", newline="")))


def cells_of(report) -> list[list]:
    """What a program reads in a spreadsheet: text, and numbers as numbers."""
    with report.file.open() as file, zipfile.ZipFile(file) as book:
        texts = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        texts = ["".join(one.itertext()) for one in texts.findall(f"{CELL}si")]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        assert not sheet.findall(f".//{CELL}f"), "a formula"
    rows = []
    for row in sheet.iter(f"{CELL}row"):
        rows.append([value_of(cell, texts) for cell in row])
    return rows


def value_of(cell, texts):
    value = cell.find(f"{CELL}v")
    if value is None:
        return None
    return texts[int(value.text)] if cell.get("t") == "s" else float(value.text)


def total(rows, column) -> dict[str, Decimal]:
    found = {}
    for row in rows:
        found[row["Currency"]] = found.get(row["Currency"], Decimal(0)) + Decimal(row[column])
    return found


def kept() -> dict[str, Decimal]:
    """By currency, as `check_books` says it."""
    found = {}
    for (_, currency), of in sums().items():
        found[currency] = found.get(currency, Decimal(0)) + of.kept.quantize(Decimal("0.01"))
    return found


@pytest.mark.parametrize(
    "kind", ["showtimes", "films", "days", "screens", "sellers", "payments", "statement"]
)
def test_whatever_it_tells_apart_it_adds_up_to_what_the_books_say(sold, report, kind):
    rows = rows_of(report(kind))
    assert total(rows, "Kept") == kept()
    good = Ticket.objects.valid().filter(booking__confirmed_at__isnull=False).count()
    assert sum(int(row["Tickets"]) for row in rows) == good


def test_a_statement_closes_to_the_cent(sold, report):
    parts = ["Face value", "Discount", "Booking fees", "Tax on top"]
    parts += ["Dearer seats in exchange", "Paid without buying anything", "Refunded"]
    rows = rows_of(report("statement"))
    assert rows
    for row in rows:
        assert sum(Decimal(row[part]) for part in parts) == Decimal(row["Kept"])
        assert Decimal(row["Kept"]) - Decimal(row["Tax in it"]) == Decimal(row["Net"])
        assert Decimal(row["Not in the books"]) == 0
        assert ("." in row["Kept"]) == (row["Currency"] != "JPY")


def test_what_is_still_to_go_back_is_what_the_pages_of_the_showtimes_say(
    sold, report, by_hand, boss, chain
):
    browser, shown = by_hand(boss), {}
    for showtime in Showtime.objects.filter(bookings__isnull=False).distinct():
        page = browser.get(f"/admin/showtimes/showtime/{showtime.pk}/seats/now/").json()
        if going := page["figures"]["going_back"]:
            amount, currency = going.replace(",", "").split("\u00a0")
            shown[currency] = shown.get(currency, Decimal(0)) + Decimal(amount)
    found = total(rows_of(report("statement")), "Still to go back")
    # What came in a foreign currency by mistake has rows of its own; those pages don't speak of it.
    house = {theater.currency for theater in chain}
    assert shown and {one: found[one] for one in house & found.keys() if found[one]} == shown


def test_a_distributor_hears_of_each_ticket_that_is_good(sold, report, chain):
    film = Movie.objects.first()
    rows = rows_of(report("distributor", movie=film))
    good = Ticket.objects.valid().filter(booking__showtime__movie=film)
    good = good.exclude(booking__payments__kind="complimentary").distinct()
    assert rows and {row["Film"] for row in rows} == {film.title}
    paid = {}
    for ticket in good.select_related("booking"):
        currency = ticket.booking.currency
        paid[currency] = paid.get(currency, Decimal(0)) + ticket.paid - ticket.fee
    shown = {money: amount for money, amount in total(rows, "Gross box office").items() if amount}
    assert shown == {money: amount for money, amount in paid.items() if amount}
    for row in rows:
        gross, tax, net = (
            Decimal(row[name]) for name in ("Gross box office", "Tax", "Net box office")
        )
        assert gross - tax == net


def test_a_distributor_hears_of_showings_to_which_nobody_came(chain, report):
    """On a Wednesday, the last day of its first week, and the Thursday after: the second week."""
    film, screen = Movie.objects.first(), chain[0].screens.get()
    days = datetime(2026, 11, 18, 20), datetime(2026, 11, 19, 0, 30), datetime(2026, 11, 19, 20)
    shows = [
        Showtime(
            movie=film,
            screen=screen,
            starts_at=day.replace(tzinfo=chain[0].zone),
            ends_at=day.replace(tzinfo=chain[0].zone) + timedelta(hours=2),
            status="on_sale",
        )
        for day in days
    ]
    Showtime.objects.bulk_create(shows)
    [first, second] = rows_of(
        report("distributor", first=date(2026, 11, 18), last=date(2026, 11, 19))
    )
    assert (first["Week"], first["Day"], first["Showings"]) == ("1", "2026-11-18", "2")
    assert (second["Week"], second["Day"], second["Showings"]) == ("2", "2026-11-19", "1")
    for row in (first, second):
        assert (row["Ticket"], row["Admissions"], row["Price"]) == ("No tickets", "0", "")
        assert row["Gross box office"] == row["Net box office"] == "0.00"


def test_a_distributor_reads_exact_rates_and_prices_in_order(sold, report, chain):
    [ritz] = [theater for theater in chain if theater.currency == "USD"]
    rows = rows_of(report("distributor", theaters=[ritz]))
    assert {row["Tax rate"] for row in rows} <= {"0.08875", ""}
    table = [
        ["Ritz", "Hall", "A", 1, date(2026, 1, 1), 1, "Adult", price] for price in (17, 9, None)
    ]
    assert [row[-1] for row in sorted(table, key=in_order)] == [None, 9, 17]


def test_amounts_in_a_spreadsheet_are_exact_and_have_the_room_they_need():
    columns = [text("Film"), Column("Currency"), money("Kept")]
    many = [["A", "EUR", Decimal("-96.21")], *([["B", "EUR", Decimal("99999.99")]] * 999)]
    with xlsx_of(Table("", columns, many)) as file, zipfile.ZipFile(file) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>-96.21</v>" in sheet and "<v>99899893.80</v>" in sheet
    [widest] = re.findall(r'<col min="3" max="3" width="([0-9.]+)"', sheet)
    assert float(widest) > len("99,899,893.80")


def test_a_spreadsheet_has_numbers_dates_and_totals(sold, report):
    cells = cells_of(report("statement", "xlsx"))
    assert cells[0][0].startswith("Money statement of each showtime")
    heading = next(place for place, row in enumerate(cells) if row and row[0] == "Day")
    column = cells[heading].index("Kept")
    first = cells[heading + 1]
    assert isinstance(first[0], float) and isinstance(first[column], float)
    totals = {row[5]: row[column] for row in cells[heading:] if row[0] == "Total"}
    assert totals == {currency: float(amount) for currency, amount in kept().items()}


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_what_somebody_typed_is_no_formula(sold, report, chain, begins):
    evil = f'{begins}HYPERLINK("http://example.com","x")'
    Movie.objects.update(title=evil)
    [shown] = {row["Film"] for row in rows_of(report("films"))}
    assert shown == f"'{evil}"
    cells = cells_of(report("films", "xlsx"))
    assert any(isinstance(row[0], str) and "HYPERLINK" in row[0] for row in cells if row)


def test_an_empty_report_is_a_file_as_well(report):
    days = {"first": date(2020, 1, 1), "last": date(2020, 1, 2)}
    for form in ("csv", "xlsx"):
        assert report("statement", form, **days).rows == 0


def test_a_manager_orders_a_report_and_fetches_it(by_hand, boss, chain):
    browser = by_hand(boss)
    form = {
        "kind": "days",
        "theaters": [theater.pk for theater in chain],
        "first": "2026-11-01",
        "last": "2026-11-30",
        "format": "csv",
        "repeats": "",
    }
    answer = browser.post(address(Report, "add"), form)
    one = Report.objects.get()
    assert answer.url == address(Report, "change", one.pk)
    page = browser.get(answer.url).content.decode()
    assert "Waiting for its turn" in page and f"/{one.pk}/progress/" in page
    assert browser.get(f"/admin/manager_panel/report/{one.pk}/file/").status_code == 404
    make_reports()
    assert "Download days-" in browser.get(answer.url).content.decode()
    assert b"Ready" in browser.get(f"/admin/manager_panel/report/{one.pk}/progress/").content
    file = browser.get(f"/admin/manager_panel/report/{one.pk}/file/")
    assert file["Content-Disposition"].startswith('attachment; filename="days-2026-11-01')
    assert "no-store" in file["Cache-Control"]
    assert b"".join(file).startswith("\ufeffDay,".encode())


@pytest.mark.parametrize(
    "wrong",
    [
        {"first": "2026-12-01"},
        {"last": "2036-12-01"},
        {"first": "0001-01-01", "last": "0001-01-02"},
        {"kind": "secrets"},
        {"theaters": []},
        {"format": "exe"},
        {"repeats": "hourly"},
        {"movie": "999999"},
    ],
)
def test_an_order_that_makes_no_sense_is_refused(by_hand, boss, chain, wrong):
    form = {"kind": "days", "theaters": [chain[0].pk], "format": "csv", "repeats": ""}
    form |= {"first": "2026-11-01", "last": "2026-11-30"} | wrong
    answer = by_hand(boss).post(address(Report, "add"), form)
    assert (
        answer.status_code == 200 and b"errorlist" in answer.content or b"error" in answer.content
    )
    assert not Report.objects.exists()


def test_nobody_orders_a_report_of_the_theater_of_others(by_hand, chain, boss):
    boss.theaters.set(chain[:1])
    form = {"kind": "days", "theaters": [chain[1].pk], "format": "csv", "repeats": ""}
    form |= {"first": "2026-11-01", "last": "2026-11-30"}
    assert by_hand(boss).post(address(Report, "add"), form).status_code == 200
    assert not Report.objects.exists()


@pytest.mark.parametrize("page", ["change", "progress", "file", "delete", "history"])
def test_a_report_is_for_those_who_manage_all_of_its_theaters(
    by_hand, report, chain, boss, stranger, page
):
    one = report("days")
    boss.theaters.set(chain[:2])
    for user in (boss, stranger):
        browser = by_hand(user)
        where = f"/admin/manager_panel/report/{one.pk}/{page}/"
        for send in (browser.get, browser.post):
            answer = send(where, {"post": "yes"})
            assert answer.status_code in (302, 403, 404, 405)
            assert b"days-" not in answer.content
        again = f"/admin/manager_panel/report/{one.pk}/try_again/"
        assert browser.post(again, {"_form_submitted": "1"}).status_code == 404
        listed = browser.get(address(Report, "changelist")).context["cl"].result_list
        assert one not in listed
    assert Report.objects.filter(pk=one.pk).exists()


def test_no_address_below_media_leads_to_a_report(client, report, settings):
    one = report("days")
    assert Path(settings.MEDIA_ROOT) not in Path(one.file.path).parents
    for name in (one.file.name, f"reports/{one.file.name}", f"../reports/{one.file.name}"):
        assert client.get(f"/media/{name}").status_code == 404


def test_a_report_that_fails_says_so_and_can_be_tried_again(by_hand, report, boss, settings):
    one = report("days")
    Report.objects.update(status="waiting", format="pdf", next_try_at=timezone.now())
    make_reports()
    one.refresh_from_db()
    assert (one.status, "Something went wrong" in one.error) == ("failed", True)
    browser = by_hand(boss)
    page = browser.get(address(Report, "change", one.pk)).content.decode()
    assert "It could not be made." in page and "Try again" in page
    Report.objects.update(format="csv")
    link = f"/admin/manager_panel/report/{one.pk}/try_again/"
    answer = browser.post(link, {"_form_submitted": "1"})
    one.refresh_from_db()
    assert (answer.status_code, one.status) == (200, "waiting")
    make_reports()
    one.refresh_from_db()
    assert one.status == "done"


def test_a_report_whose_worker_died_is_made_by_another(report):
    one = report("days")
    Report.objects.update(status="working", progress=40, tries=1, next_try_at=timezone.now())
    assert make_reports() == 1
    Report.objects.update(status="working", tries=5, next_try_at=timezone.now())
    assert make_reports() == 0
    one.refresh_from_db()
    assert one.status == "failed"


def test_what_a_worker_has_in_hand_no_other_begins(report):
    report("days")
    Report.objects.update(status="working", next_try_at=timezone.now() + timedelta(minutes=1))
    assert make_reports() == 0


def test_old_reports_are_swept_with_their_files(report):
    old, repeating, new = report("days"), report("films"), report("days")
    long_ago = timezone.now() - timedelta(days=15)
    Report.objects.exclude(pk=new.pk).update(ordered_at=long_ago)
    Report.objects.filter(pk=repeating.pk).update(repeats="weekly", next_last="2099-01-07")
    path = Path(old.file.path)
    assert path.exists()
    sweep_reports()
    assert set(Report.objects.all()) == {repeating, new}


@pytest.mark.parametrize(
    ("repeats", "before", "after", "days"),
    [
        ("weekly", (26, 11, 10), (26, 11, 30), (date(2026, 11, 19), date(2026, 11, 25))),
        ("monthly", (1, 11, 10), (1, 11, 30), (date(2026, 11, 1), date(2026, 11, 30))),
    ],
)
def test_a_report_repeats_when_the_days_are_over_everywhere(
    by_hand, boss, chain, letters, repeats, before, after, days
):
    """In Los Angeles, where it is latest, Wednesday's cinema day ends at 11:00 UTC."""
    form = {"kind": "days", "theaters": [chain[1].pk, chain[2].pk], "format": "csv"}
    form |= {"first": "2026-10-01", "last": "2026-10-31", "repeats": repeats}
    browser = by_hand(boss)
    with time_machine.travel(datetime(2026, 11, 21, 12, tzinfo=ZoneInfo("UTC"))):
        browser.post(address(Report, "add"), form)
    month = 12 if repeats == "monthly" else 11
    with time_machine.travel(datetime(2026, month, *before_utc(before))):
        assert order_reports_again() == 0
    with time_machine.travel(datetime(2026, month, *before_utc(after))):
        assert order_reports_again() == 1
        assert order_reports_again() == 0
        while make_reports():
            pass
        [mail] = letters()
    one = Report.objects.get(follows__isnull=False)
    assert (one.first, one.last, one.repeats, one.status) == (*days, "", "done")
    assert set(one.theaters.all()) == set(chain[1:])
    assert mail.to == ["boss@example.com"] and address(Report, "change", one.pk) in mail.body


def before_utc(moment):
    return (*moment, 0, 0, ZoneInfo("UTC"))


@pytest.fixture
def repeating(boss, chain):
    """A report of all theaters, of which the next two are due."""
    last = timezone.now().date() - timedelta(days=8)
    one = Report.objects.create(
        kind="days", first=last, last=last, repeats="weekly", next_last=last, ordered_by=boss,
        status="done",
    )  # fmt: skip
    one.theaters.set(chain)
    return one


def test_whoever_manages_a_theater_no_more_gets_no_more_reports_of_it(
    by_hand, boss, chain, repeating
):
    boss.theaters.set(chain[:1])
    assert order_reports_again() + order_reports_again() == 2
    [first] = repeating.followed_by.all()
    [second] = first.followed_by.all()
    assert [*first.theaters.all(), *second.theaters.all()] == [chain[0], chain[0]]
    repeating.refresh_from_db()
    assert (repeating.repeats, first.repeats, second.repeats) == ("", "weekly", "")
    page = address(Report, "change", first.pk)
    assert by_hand(boss).post(page, {"repeats": ""}).status_code == 302
    first.refresh_from_db()
    assert (first.repeats, first.next_last) == ("", None)


@pytest.mark.parametrize("left", ["the house", "their account", "nothing"])
def test_a_report_that_nobody_is_to_have_any_more_stops(boss, chain, repeating, left):
    if left == "the house":
        boss.theaters.clear()
    elif left == "their account":
        User.objects.filter(pk=boss.pk).update(is_active=False)
    else:
        repeating.theaters.clear()
    assert order_reports_again() == 0
    repeating.refresh_from_db()
    assert (repeating.repeats, repeating.next_last) == ("", None)


def test_who_lost_a_theater_while_its_report_was_made_hears_nothing(
    boss, chain, repeating, letters
):
    order_reports_again()
    boss.theaters.set(chain[:2])
    while make_reports():
        pass
    assert letters() == []


def test_a_month_that_is_not_over_in_the_west_is_reported(by_hand, boss, chain):
    """In Los Angeles it is six in the evening of the 30th, by UTC the 1st."""
    form = {"kind": "days", "theaters": [theater.pk for theater in chain], "format": "csv"}
    form |= {"first": "2026-10-01", "last": "2026-10-31", "repeats": "monthly"}
    browser = by_hand(boss)
    with time_machine.travel(datetime(2026, 12, 1, 2, tzinfo=ZoneInfo("UTC"))):
        browser.post(address(Report, "add"), form)
    assert Report.objects.get().next_last == date(2026, 11, 30)


def test_the_statement_of_a_showtime_is_a_page_for_its_managers(
    sold, by_hand, boss, stranger, chain
):
    showtime = Ticket.objects.valid().latest("pk").booking.showtime
    where = f"/admin/manager_panel/report/statement/{showtime.pk}/"
    page = by_hand(boss).get(where).content.decode()
    assert "Face value of the seats" in page and "Not in the books" not in page
    assert f"{showtime.starts_at.astimezone(showtime.theater.zone):%a %d %b %Y, %H:%M}, " in page
    Showtime.objects.filter(pk=showtime.pk).update(status="cancelled")
    assert "The showtime is cancelled, " in by_hand(boss).get(where).content.decode()
    assert by_hand(stranger).get(where).status_code == 404
    assert by_hand(boss).get("/admin/manager_panel/report/statement/999999/").status_code == 404


def test_a_report_costs_the_same_for_many_showtimes(
    sold, report, chain, django_assert_max_num_queries
):
    with django_assert_max_num_queries(60):
        report("statement")
    Seller(5).sell_some_days(chain, shows=3, ends=timedelta(days=-6))
    with django_assert_max_num_queries(60):
        report("statement")
