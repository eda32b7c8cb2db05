"""
A hold runs out at that very moment: its owner pays, others want the seats, a job clears up. One of
them ends up with the seats, and nobody has paid for nothing unnoticed.
"""

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from bookings.models import Booking
from bookings.promises import broken_promises
from payments.jobs import expire_overdue_bookings, settle_open_payments
from payments.models import Payment
from showtimes.models import TakenSeat
from showtimes.models.taken_seat import TakenSeatQuerySet

from .conftest import begin, hold, pay, runs_out

TAKERS = 4
A_MINUTE = timedelta(minutes=1)


class Moment:
    """The instant in which all holds run out, and who does what about it just then."""

    def __init__(self, dice):
        self.dice = dice
        self.end = timezone.now() + timedelta(milliseconds=400)
        runs_out(self.end)

    def around(self, act):
        """`act` some milliseconds before or after the instant."""
        at = self.end + timedelta(milliseconds=self.dice.uniform(-25, 15))

        def run():
            time.sleep(max(0, (at - timezone.now()).total_seconds()))
            return act()

        return run

    def persistently(self, act):
        """`act` again and again until it is a 201, or began when the moment was well over."""

        def run():
            while True:
                is_over = timezone.now() > self.end + timedelta(milliseconds=200)
                answer = act()
                if is_over or answer.status_code == 201:
                    return answer

        return self.around(run)


def holders_of(pair) -> set:
    return set(TakenSeat.objects.live().filter(seat__in=pair).values_list("holder", flat=True))


@pytest.mark.parametrize("seed", range(4))
def test_whoever_starts_to_pay_or_takes_over_has_the_seats(
    at_once, stripe, guest, showtime, seats, seed
):
    pair = seats[:2]
    client, booking = guest(showtime, pair)
    moment = Moment(random.Random(seed))
    jobs = [moment.around(lambda: pay(client, booking))]
    jobs += [moment.persistently(lambda: hold(showtime, pair)) for _ in range(TAKERS)]
    jobs += [moment.around(expire_overdue_bookings)]
    owner, *takers, _ = at_once(jobs)
    told = [answer.json() for answer in takers if answer.status_code == 201]
    if owner.status_code == 201:
        told.append(booking)
    else:
        assert owner.json()["errors"][0]["code"] == "hold_expired"
    [has_it] = told
    assert holders_of(pair) == {Booking.objects.get(reference=has_it["reference"]).pk}


@pytest.mark.parametrize("seed", range(4))
def test_whoever_paid_or_takes_over_has_the_seats(at_once, stripe, guest, showtime, seats, seed):
    pair = seats[:2]
    client, booking = guest(showtime, pair)
    event = paid_at_stripe(stripe, pay(client, booking).json())
    moment = Moment(random.Random(seed))
    jobs = [moment.around(lambda: stripe.deliver(event)) for _ in range(2)]
    jobs += [moment.persistently(lambda: hold(showtime, pair)) for _ in range(TAKERS)]
    jobs += [moment.around(settle_open_payments), moment.around(expire_overdue_bookings)]
    answers = at_once(jobs)
    assert {answer.status_code for answer in answers[:2]} == {200}
    takers = [answer.json() for answer in answers[2:-2] if answer.status_code == 201]
    owner = Booking.objects.get(reference=booking["reference"])
    confirmed = owner.status == Booking.Status.CONFIRMED
    assert confirmed + len(takers) == 1, "not exactly one has the seats"
    check_the_money(stripe, honoured=confirmed)


def paid_at_stripe(stripe, payment) -> dict:
    """The event of a payment that Stripe has, and of which we have not heard."""
    stripe.confirm(payment)
    [event] = stripe.events("payment_intent.succeeded", payment["client_secret"].split("_s")[0])
    return event


def check_the_money(stripe, *, honoured):
    """It bought the seats, or it goes back by itself."""
    call_command("run_jobs", once=True)
    payment = Payment.objects.get()
    assert payment.status == "succeeded"
    assert bool(payment.honoured_at) == honoured
    refunds = [(refund.amount, refund.status) for refund in payment.refunds.all()]
    assert refunds == ([] if honoured else [(payment.amount, "succeeded")])


@pytest.mark.parametrize("seed", range(3))
def test_confirm_and_expire_at_once(at_once, stripe, guest, showtime, seats, seed):
    """Many bookings, each of which is paid for while the jobs clear up: all are confirmed."""
    held = [guest(showtime, [seat]) for seat in seats[:8]]
    events = [paid_at_stripe(stripe, pay(*one).json()) for one in held]
    moment = Moment(random.Random(seed))
    jobs = [moment.around(lambda event=event: stripe.deliver(event)) for event in events]
    jobs += [moment.around(expire_overdue_bookings)] * 3 + [moment.around(settle_open_payments)] * 2
    answers = at_once(jobs)
    assert {answer.status_code for answer in answers[:8]} == {200}
    assert Counter(Booking.objects.values_list("status", flat=True)) == {"confirmed": 8}


@pytest.fixture
def overtaken(showtime, seats):
    """
    `act` of the owner begins just before the hold of A1 and A2 runs out, and meets another customer
    who took them over just after that and has not committed yet; what both are told.
    """

    def run(act):
        runs_out(end := timezone.now())
        with ThreadPoolExecutor(1) as pool, time_machine.travel(end - A_MINUTE) as clock:
            with transaction.atomic():
                lock_all(TakenSeat)
                owner = begin(pool, [act])
                assert not owner.done(), "the owner met nobody"
                clock.move_to(end)
                taker = hold(showtime, seats[:2])
            [answer] = owner.result()
        return answer.status_code, taker.status_code

    return run


def lock_all(model):
    """In SQL, since tests take our own locks away."""
    ask(f"SELECT count(id) FROM (SELECT id FROM {model._meta.db_table} FOR UPDATE) locked")


def ask(question):
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


@pytest.fixture
def starts_to_pay(stripe, guest, showtime, seats):
    """The owner of A1 and A2 wants to pay."""
    client, booking = guest(showtime, seats[:2])
    return lambda: pay(client, booking)


@pytest.fixture
def paid(stripe, guest, showtime, seats):
    """Stripe tells that A1 and A2 are paid."""
    event = paid_at_stripe(stripe, pay(*guest(showtime, seats[:2])).json())
    return lambda: stripe.deliver(event)


def test_who_starts_to_pay_too_late_is_told(overtaken, starts_to_pay):
    assert overtaken(starts_to_pay) == (409, 201)


def test_who_starts_to_pay_while_the_hold_is_cleared_up_is_told(starts_to_pay):
    runs_out(end := timezone.now())
    with ThreadPoolExecutor(1) as pool, time_machine.travel(end - A_MINUTE) as clock:
        with transaction.atomic():
            lock_all(Booking)
            owner = begin(pool, [starts_to_pay])
            clock.move_to(end)
            assert expire_overdue_bookings() == 1
        [answer] = owner.result()
    assert answer.json()["errors"][0]["code"] == "hold_expired"
    assert not Payment.objects.exists()


@pytest.mark.without_a_guard
def test_without_counting_the_seats_both_are_told_they_have_them(
    overtaken, starts_to_pay, monkeypatch
):
    def count_nothing(self, until):
        TakenSeat.objects.held_by(self.pk).extend(until)

    monkeypatch.setattr(Booking, "_keep_seats", count_nothing)
    assert overtaken(starts_to_pay) == (201, 201)
    assert "A held booking has its seats." in {broken.promise for broken in broken_promises()}


def test_who_paid_too_late_gets_the_money_back(overtaken, paid, stripe):
    assert overtaken(paid) == (200, 201)
    check_the_money(stripe, honoured=False)


@pytest.mark.without_a_guard
def test_without_the_lock_both_have_the_seats(overtaken, paid, monkeypatch):
    monkeypatch.setattr(TakenSeatQuerySet, "select_for_update", lambda self, **how: self)
    assert overtaken(paid) == (200, 201)
    assert "A held booking has its seats." in {broken.promise for broken in broken_promises()}
    assert Payment.objects.get().honoured_at


@pytest.mark.without_a_guard
def test_without_looking_who_has_the_locked_seats_both_have_them(
    overtaken, paid, stripe, monkeypatch
):
    """The seats are locked as ever, but nobody asks whether their holder may still have them."""
    monkeypatch.setattr(TakenSeat, "is_live", False)
    assert overtaken(paid) == (200, 201)
    assert "A held booking has its seats." in {broken.promise for broken in broken_promises()}
    assert Payment.objects.get().honoured_at
