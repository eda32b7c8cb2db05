"""In the admin: refunds that need attention are seen to, and a showtime is cancelled."""

import pytest
from django.core.management import call_command

from bookings.models import Booking
from payments.models import Payment, Refund
from showtimes.models import Showtime

from .balance import check_balance
from .test_admin import address, by_hand

__all__ = ["by_hand"]


@pytest.fixture
def failed(paid, me, showtime, seats, stripe):
    """A refund of 22.00 that Stripe refused."""
    booking = paid(me, showtime, seats[:2])
    stripe.api.refunds.create({"payment_intent": Payment.objects.get().stripe_intent})
    me.post(f"/api/bookings/{booking['reference']}/cancel/", {})
    call_command("run_jobs", once=True)
    return Refund.objects.get(status="failed")


def ask(browser, row, action, **form):
    page = address(type(row), "change", row.pk).replace("change/", f"{action}/")
    return browser.post(page, form | {"_form_submitted": "1"})


def settle(browser, refund, note="In cash."):
    return ask(browser, refund, "settle_otherwise", note=note)


def listed(browser):
    return browser.get(f"{address(Refund, 'changelist')}?attention=yes").content.decode()


def test_what_needs_attention_is_listed_and_settled(by_hand, manager, failed):
    browser = by_hand(manager)
    reference = failed.payment.booking.reference
    assert reference in listed(browser)
    assert settle(browser, failed).headers["HX-Redirect"] == address(Refund, "change", failed.pk)
    failed.refresh_from_db()
    assert (failed.status, failed.note, failed.settled_by) == ("succeeded", "In cash.", manager)
    assert reference not in listed(browser)
    check_balance()


def test_it_is_tried_again(by_hand, manager, failed):
    browser = by_hand(manager)
    assert ask(browser, failed, "try_again").status_code == 200
    assert Refund.objects.in_force().get().instead_of == failed
    ask(browser, failed, "try_again")
    settle(browser, failed)
    assert Refund.objects.count() == 2
    assert Refund.objects.in_force().get().status == "pending"


def test_the_page_offers_what_can_be_done(by_hand, manager, failed):
    browser = by_hand(manager)
    page = address(Refund, "change", failed.pk)
    offered = browser.get(page).content.decode()
    assert "Try again" in offered and "Settled otherwise" in offered
    settle(browser, failed)
    offered = browser.get(page).content.decode()
    assert "Try again" not in offered and "Settled otherwise" not in offered


@pytest.mark.parametrize("note", ["", " ", "x" * 301, "a\0b"])
def test_a_note_is_needed(by_hand, manager, failed, note):
    answer = settle(by_hand(manager), failed, note=note)
    assert answer.status_code == 200 and "HX-Redirect" not in answer.headers
    failed.refresh_from_db()
    assert failed.status == "failed"


def test_those_of_other_theaters_are_not_there(by_hand, users, failed):
    browser = by_hand(users["elsewhere"])
    assert failed.payment.booking.reference not in listed(browser)
    for action in ("try_again", "settle_otherwise"):
        assert ask(browser, failed, action, note="Mine now.").status_code == 404
    failed.refresh_from_db()
    assert failed.status == "failed"


def test_what_is_due_at_the_box_office_is_settled_there(by_hand, manager, booking, me, seats):
    held = Booking.objects.get()
    cash = Payment.objects.create(booking=held, kind="cash", amount=22, currency="EUR")
    cash.succeed(amount=held.total, currency="EUR")
    me.post(f"/api/bookings/{held.reference}/cancel/", {})
    call_command("run_jobs", once=True)
    browser, refund = by_hand(manager), Refund.objects.get()
    assert held.reference in listed(browser)
    offered = browser.get(address(Refund, "change", refund.pk)).content.decode()
    assert "Settled otherwise" in offered and "Try again" not in offered
    settle(browser, refund)
    assert held.reference not in listed(browser)
    check_balance()


def test_whoever_stands_at_the_counter_is_found_by_name(by_hand, manager, failed):
    browser, booking = by_hand(manager), failed.payment.booking
    Booking.objects.update(contact_name="Zoë Quick")
    Payment.objects.update(kind="cash")
    rows, one = address(Refund, "changelist"), address(Refund, "change", failed.pk)
    for page in (listed(browser), browser.get(one).content.decode()):
        assert "Zoë Quick" in page and "Cash" in page
    assert booking.reference in browser.get(rows, {"q": "quick"}).content.decode()
    assert booking.reference not in browser.get(rows, {"q": "slow"}).content.decode()


@pytest.mark.parametrize(("kind", "is_there"), [("stripe", True), ("cash", False)])
def test_stripe_is_spoken_of_where_it_has_a_part(by_hand, manager, failed, kind, is_there):
    Payment.objects.update(kind=kind)
    page = by_hand(manager).get(address(Refund, "change", failed.pk)).content.decode()
    assert ("Next try at" in page) is is_there


def test_the_form_leads_to_where_a_showtime_is_cancelled(by_hand, users, manager, showtime):
    browser, page = by_hand(manager), address(Showtime, "change", showtime.pk)
    way = page.replace("change/", "cancel-for-good/")
    assert way in browser.get(page).content.decode()
    assert browser.get(way).url == page.replace("change/", "seats/?do=cancel")
    Showtime.objects.update(status="cancelled")
    assert way not in browser.get(page).content.decode()
    assert by_hand(users["elsewhere"]).get(way).status_code == 404


@pytest.mark.parametrize("key", ["0", "99999999999999999999", "abc", "None"])
def test_a_showtime_that_is_not_there(by_hand, manager, showtime, key):
    page = address(Showtime, "change", 77).replace("77/change/", f"{key}/cancel-for-good/")
    for answer in (by_hand(manager).get(page), by_hand(manager).post(page, {"reason": "x"})):
        assert answer.status_code in (200, 302, 404)
    assert Showtime.objects.get().status == "on_sale"
