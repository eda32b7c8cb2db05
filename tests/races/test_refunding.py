"""Money goes back once, however many workers, managers and customers are at it at once."""

import os
import signal
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from bookings.models import Booking
from payments import jobs
from payments.models import Payment, Refund, RefundDone
from payments.models.payment import PaymentQuerySet
from payments.models.refund import RefundQuerySet
from showtimes.models import Showtime, TakenSeat
from showtimes.planning import cancel
from tests.balance import check_balance

from .conftest import pay

WORKERS = 8


@pytest.fixture
def sold(stripe, guest, showtime):
    """Guests paid, each for one of the seats; answers the bookings."""

    def sell(seats):
        bookings = []
        for seat in seats:
            client, held = guest(showtime, [seat])
            assert stripe.pay(pay(client, held).json()).status_code == 200
            bookings.append(Booking.objects.get(reference=held["reference"]))
        return bookings

    return sell


def test_eight_workers_write_down_once_what_is_owed(at_once, sold, seats):
    for booking in sold(seats[:4]):
        booking.cancel()
    at_once([jobs.record_owed_refunds] * WORKERS)
    assert Refund.objects.count() == 4
    at_once([jobs.send_refunds] * WORKERS)
    assert {one.status for one in Refund.objects.all()} == {"succeeded"}
    check_balance()


def lock_nothing(monkeypatch):
    monkeypatch.setattr(PaymentQuerySet, "select_for_update", lambda self, **how: self)


@pytest.mark.without_a_guard
def test_without_the_lock_it_is_written_down_more_than_once(at_once, sold, seats, monkeypatch):
    lock_nothing(monkeypatch)
    for booking in sold(seats[:4]):
        booking.cancel()
    for _ in range(10):
        Refund.objects.all().delete()
        at_once([jobs.record_owed_refunds] * WORKERS)
        if Refund.objects.count() > 4:
            return
    pytest.fail("nothing went wrong without the lock")


@pytest.fixture
def failed(sold, seats):
    def make(seat):
        [booking] = sold([seat])
        booking.cancel()
        jobs.record_owed_refunds()
        refund = Refund.objects.get(payment__booking=booking)
        refund.fail("unknown")
        return refund

    return make


@pytest.fixture
def both_at_once(at_once, failed, manager):
    """Some try a failed refund again while others settle it; how often each was done."""

    def run(seat):
        refund = failed(seat)

        def done(change):
            try:
                change(Refund.objects.get(pk=refund.pk))
            except RefundDone:
                return 0
            return 1

        again = [lambda: done(Refund.try_again)] * (WORKERS // 2)
        settled = [lambda: done(lambda one: one.settle(by=manager, note="Cash."))]
        answers = at_once(again + settled * (WORKERS // 2))
        in_force = Refund.objects.in_force().filter(payment=refund.payment)
        assert in_force.aggregate(sum=Sum("amount"))["sum"] == refund.amount
        return sum(answers)

    return run


def test_a_failed_refund_is_tried_again_or_settled_and_once(both_at_once, seats):
    assert [both_at_once(seat) for seat in seats[:3]] == [1, 1, 1]
    check_balance()


@pytest.mark.without_a_guard
def test_without_looking_whether_it_was_tried_again_it_is_both(both_at_once, seats, monkeypatch):
    lock_nothing(monkeypatch)
    monkeypatch.setattr(RefundQuerySet, "in_force", lambda self: self.all())
    with pytest.raises(Exception):  # noqa: B017 (the constraint, or the sum)
        for seat in seats[:6]:
            assert both_at_once(seat) == 1


@pytest.fixture
def called_off(sold, seats, showtime):
    """Eight guests paid, two hold seats, and the showtime is cancelled."""

    def make():
        bookings = sold(seats[:8])
        cancel(showtime, "No power.")
        return bookings

    return make


def check_everybody_has_it_back():
    assert not Booking.objects.filter(status__in=["pending", "confirmed"]).exists()
    assert not TakenSeat.objects.exists()
    for payment in Payment.objects.filter(status="succeeded"):
        assert [one.amount for one in payment.refunds.all()] == [payment.amount]
    check_balance()


def test_eight_workers_call_a_showtime_off_once(at_once, called_off):
    called_off()
    at_once([jobs.call_off_bookings] * WORKERS)
    at_once([jobs.record_owed_refunds] * WORKERS)
    assert Showtime.objects.get().emptied_at
    check_everybody_has_it_back()


def test_customers_give_back_while_the_house_calls_off(at_once, called_off):
    bookings = called_off()

    def give_back(booking):
        try:
            booking.cancel()
        except Exception as refusal:
            return getattr(refusal, "status_code", 500)
        return 200

    givers = [lambda one=one: give_back(one) for one in bookings]
    answers = at_once([*givers, jobs.call_off_bookings, jobs.call_off_bookings])
    assert set(answers[:8]) <= {200, 409}
    jobs.call_off_bookings()
    jobs.record_owed_refunds()
    check_everybody_has_it_back()


def test_it_is_cancelled_while_others_book_and_pay(at_once, stripe, guest, showtime, seats, sold):
    held = [guest(showtime, [seat]) for seat in seats[:4]]
    events = []
    for client, booking in held:
        payment = pay(client, booking).json()
        stripe.confirm(payment)
        intent = payment["client_secret"].split("_s")[0]
        events += stripe.events("payment_intent.succeeded", intent)
    books = [lambda seat=seat: guest_books(guest, showtime, seat) for seat in seats[4:8]]
    delivers = [lambda event=event: stripe.deliver(event).status_code for event in events]
    at_once([lambda: cancel(showtime, "No power."), *delivers, *books])
    for event in events:
        assert stripe.deliver(event).status_code == 200
    for _ in range(2):
        for job in jobs.JOBS[: jobs.JOBS.index(jobs.record_owed_refunds) + 1]:
            job()
    check_everybody_has_it_back()


def guest_books(guest, showtime, seat):
    try:
        guest(showtime, [seat])
    except KeyError:
        return "refused"
    return "held"


@pytest.fixture
def worker():
    """`manage.py run_jobs` in a process of its own, on the database of the test."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    url = parts._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run_jobs", "--once"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": url, "DEBUG": "1"},
    )
    yield process
    process.kill()
    process.wait(60)


def test_a_worker_that_is_killed_half_way_leaves_nobody_out(called_off, request):
    third = called_off()[-3]
    with transaction.atomic():
        # The last come first; at the third the worker waits, in the middle of its work.
        list(third.tickets.select_for_update())
        process = request.getfixturevalue("worker")
        wait_until(lambda: Booking.objects.filter(status="cancelled").count() == 2)
        time.sleep(0.2)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(60)
    assert Booking.objects.filter(status="confirmed").count() == 6
    jobs.call_off_bookings()
    jobs.record_owed_refunds()
    Refund.objects.update(next_try_at=timezone.now())
    jobs.send_refunds()
    check_everybody_has_it_back()
    assert {one.status for one in Refund.objects.all()} == {"succeeded"}


def wait_until(happened, seconds=60):
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)
