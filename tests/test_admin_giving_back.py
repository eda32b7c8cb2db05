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


def cancel(browser, showtime, reason="No power."):
    return ask(browser, showtime, "cancel_for_good", reason=reason)


def test_a_showtime_is_cancelled_by_its_manager(by_hand, manager, paid, me, showtime, seats):
    paid(me, showtime, seats[:2])
    browser = by_hand(manager)
    page = address(Showtime, "change", showtime.pk)
    asked = browser.get(page.replace("change/", "cancel_for_good/")).content.decode()
    assert "2 tickets of 1 bookings" in asked and "22.00" in asked
    assert "HX-Redirect" in cancel(browser, showtime).headers
    showtime.refresh_from_db()
    assert (showtime.status, showtime.cancellation_reason) == ("cancelled", "No power.")
    call_command("run_jobs", once=True)
    assert Refund.objects.get().amount == 22
    assert "Cancel this showtime" not in browser.get(page).content.decode()
    check_balance()


def test_nobody_cancels_the_showtimes_of_others(by_hand, users, showtime):
    browser = by_hand(users["elsewhere"])
    assert cancel(browser, showtime).status_code == 404
    page = address(Showtime, "change", showtime.pk).replace("change/", "cancel_for_good/")
    assert "tickets of" not in browser.get(page).content.decode()
    assert Showtime.objects.get().status == "on_sale"


@pytest.mark.parametrize("key", ["0", "99999999999999999999", "abc", "None"])
def test_a_showtime_that_is_not_there(by_hand, manager, showtime, key):
    page = address(Showtime, "change", 77).replace("77/change/", f"{key}/cancel_for_good/")
    for answer in (by_hand(manager).get(page), by_hand(manager).post(page, {"reason": "x"})):
        assert answer.status_code in (200, 302, 404)
    assert Showtime.objects.get().status == "on_sale"
