"""
Whatever happens in whatever order, what customers were told stays true, and their money is where it
belongs: hold, pay, exchange, hear from Stripe (twice, late, in another order), let go, cancel,
wait, and let the jobs work. `STATE_EXAMPLES=500` looks harder than CI does.
"""

import os
from datetime import timedelta
from decimal import Decimal

import time_machine
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from rest_framework.test import APIClient

from bookings.models import PromoCode
from bookings.promises import broken_promises
from payments.books import for_a_human, problems
from payments.jobs import (
    expire_overdue_bookings,
    expire_overdue_exchanges,
    record_owed_refunds,
    send_refunds,
    settle_open_payments,
)
from payments.models import Payment

from .random_exchanges import ONE_OF_THEM, Exchanging
from .told import Told

EXAMPLES = int(os.environ.get("STATE_EXAMPLES", "12" if connection.vendor == "postgresql" else "6"))
STEPS = 25
CUSTOMERS = 3
JOBS = [
    settle_open_payments,
    expire_overdue_bookings,
    expire_overdue_exchanges,
    record_owed_refunds,
    send_refunds,
]
OWED = {"What bought nothing is on its way back.", "What is due back is on its way."}
SEATS = some.sets(some.integers(0, 5), min_size=1, max_size=3)
CODES = some.sampled_from(["", "", "TWICE"])


class Sale(Exchanging):
    """Six seats of a showtime, three guests who want them, a manager, and a clock that we move."""

    def __init__(self, showtime, seats, stripe, manager):
        super().__init__()
        self.manager = APIClient()
        self.manager.force_authenticate(manager)
        self.blocks: dict[str, set[int]] = {}
        self.showtime, self.stripe = showtime, stripe
        self.dear = {seat.pk for seat in seats[6:9]}
        self.seats = [seat.pk for at in range(3) for seat in (seats[at], seats[at + 6])]
        self.bookings: list[Told] = []
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.travel = time_machine.travel(timezone.now(), tick=False)
        self.clock = self.travel.start()

    def teardown(self):
        try:
            self.clock.shift(timedelta(minutes=31))
            self.settle()
        finally:
            self.travel.stop()
            transaction.set_rollback(True)
            self.whole.__exit__(None, None, None)

    def one(self, number: int) -> "Told":
        """One of the last four bookings."""
        return self.bookings[-1 - number % len(self.bookings)]

    # What customers do

    @initialize(seats=SEATS, code=CODES)
    def somebody_has_tickets(self, seats, code):
        """Most of what can happen happens to those who have paid."""
        self.hold(1, seats, code)
        self.pay(0)

    @rule(who=some.integers(1, CUSTOMERS), seats=SEATS, code=CODES)
    def hold(self, who, seats, code):
        self._hold(who, seats, {"promo_code": code})

    @rule(number=ONE_OF_THEM, seats=SEATS)
    def exchange_a_hold(self, number, seats):
        old = self.one(number)
        self._hold(old.who, seats, {"replaces": old.reference}, old=old)

    def _hold(self, who, seats, more, old=None):
        wanted = {self.seats[number] for number in seats}
        free = set(self.seats) - self.shown_as_taken()
        if old and old.look()["status"] == "pending":
            free |= old.seats
        contact = {"name": "Guest", "email": f"guest{who}@example.com"}
        body = {"showtime": self.showtime.pk, "seats": sorted(wanted), "contact": contact} | more
        client = old.client if old else APIClient()
        answer = client.post("/api/bookings/", body)
        if answer.status_code == 201:
            assert wanted <= free, "somebody else's seat"
            self.bookings.append(Told(who, answer.json()))
            if old:
                old.gave_up = True
        else:
            code = answer.json()["errors"][0]["code"]
            assert code in {"seats_taken", "too_many_holds", "booking_closed", "hold_expired",
                            "used_up", "does_not_exist"}, code  # fmt: skip
            assert code != "seats_taken" or not wanted <= free, "a free seat is refused"

    @rule(number=ONE_OF_THEM)
    def start_to_pay(self, number):
        booking = self.one(number)
        booking.look()
        could = booking.waits_for_money(self.stripe)
        answer = booking.client.post("/api/payments/", {"booking": booking.reference})
        assert answer.status_code == (201 if could else 409)
        if could:
            payment = answer.json()
            booking.payments[payment["id"]] = payment
            cost = booking.waiting["difference"] if booking.waiting else booking.last["total"]
            assert payment["amount"] == cost

    @rule(
        number=ONE_OF_THEM,
        card=some.sampled_from(["pm_card_visa"] * 3 + ["pm_card_chargeDeclined"]),
    )
    def pay_at_stripe(self, number, card):
        """Also when it is too late, if Stripe still takes the money."""
        for payment in self.one(number).payments.values():
            self.stripe.confirm(payment, card)

    @rule(number=ONE_OF_THEM, which=some.integers(0, 7))
    def hear_from_stripe(self, number, which):
        """Any event about the booking: a new one, an old one, one that we have had."""
        events = self.one(number).events(self.stripe)
        if events:
            assert self.stripe.deliver(events[which % len(events)]).status_code == 200

    @rule(number=ONE_OF_THEM)
    def pay(self, number):
        """Without any trouble."""
        self.start_to_pay(number)
        for payment in self.one(number).payments.values():
            self.stripe.confirm(payment)
        self.hear_from_stripe(number, 0)

    @rule(number=ONE_OF_THEM, minutes=some.sampled_from([9, 11, 21]), rival=some.booleans())
    def pay_late(self, number, minutes, rival):
        """When the time has run out, perhaps; somebody else may have been quicker then."""
        booking = self.one(number)
        self.start_to_pay(number)
        self.clock.shift(timedelta(minutes=minutes))
        wanted = [place for place, seat in enumerate(self.seats) if seat in booking.to_be_paid]
        if rival:
            self._hold(CUSTOMERS + 1, wanted, {})
        for payment in booking.payments.values():
            self.stripe.confirm(payment)
        for event in booking.events(self.stripe):
            assert self.stripe.deliver(event).status_code == 200

    @rule(number=ONE_OF_THEM)
    def let_go(self, number):
        booking = self.one(number)
        held = booking.look()["status"] == "pending"
        answer = booking.client.delete(booking.address)
        assert answer.status_code == (204 if held else 409)
        booking.gave_up = booking.gave_up or held

    @rule(number=ONE_OF_THEM, which=some.sets(some.integers(0, 2), min_size=1))
    def cancel(self, number, which):
        """Some tickets, or all of them."""
        booking = self.one(number)
        before = booking.look()
        codes = [ticket["code"] for ticket in before["tickets"]]
        chosen = [code for place, code in enumerate(codes) if place in which and len(which) < 3]
        answer = booking.client.post(
            f"{booking.address}cancel/", {"tickets": chosen} if chosen else {}
        )
        if answer.status_code == 200:
            booking.give_back(set(chosen or codes))
        else:
            assert answer.status_code == 409
            over = before["status"] in ("expired", "cancelled")
            assert over or set(chosen) & (booking.gave_back | booking.swapped)

    # What managers do

    @precondition(lambda self: not self.blocks)
    @rule(seats=SEATS)
    def block(self, seats):
        wanted = {self.seats[number] for number in seats}
        could = not wanted & self.shown_as_taken()
        address = f"/api/showtimes/{self.showtime.pk}/blocks/"
        answer = self.manager.post(address, {"kind": "house", "seats": sorted(wanted)})
        assert answer.status_code == (201 if could else 409)
        if could:
            self.blocks[answer.json()["id"]] = wanted

    @precondition(lambda self: self.blocks)
    @rule(number=ONE_OF_THEM)
    def free(self, number):
        block = sorted(self.blocks)[number % len(self.blocks)]
        assert self.manager.delete(f"/api/blocks/{block}/").status_code == 204
        del self.blocks[block]

    # What happens by itself

    @rule(minutes=some.sampled_from([1, 9, 10, 11]))
    def time_passes(self, minutes):
        self.clock.shift(timedelta(minutes=minutes))

    @rule(job=some.sampled_from([*JOBS, None]))
    def a_job_works(self, job):
        """One of them, or all in turn."""
        if job:
            job()
        else:
            self.settle()

    def settle(self):
        """When the jobs have had their time, nobody's money is in the wrong place."""
        for _ in range(3):
            self.clock.shift(timedelta(minutes=1, seconds=1))
            for job in JOBS:
                job()
        assert not Payment.objects.owed_back().exists()
        assert list(problems()) == list(for_a_human()) == []
        for booking in self.bookings:
            booking.check()
            shown = booking.last
            asked = Decimal(shown["total"]) + Decimal(shown["amount_added"])
            honoured = asked - Decimal(shown["amount_due_back"])
            kept = booking.money_at(self.stripe)
            assert kept == (honoured if shown["confirmed_at"] else 0), booking.reference

    # What is true at any time

    @invariant()
    def no_promise_is_broken(self):
        assert broken_promises() == []

    @invariant()
    def the_books_balance(self):
        # What is owed may wait here for longer than a job ever lets it.
        assert {broken.promise for broken in problems()} <= OWED

    @invariant()
    def what_customers_were_told_is_true(self):
        for booking in self.bookings:
            booking.check()
        owned = [seat for booking in self.bookings for seat in booking.seats]
        owned += [seat for blocked in self.blocks.values() for seat in blocked]
        assert len(owned) == len(set(owned)), "two have the same seat"
        assert self.shown_as_taken() == set(owned)

    def shown_as_taken(self) -> set:
        shown = APIClient().get(f"/api/seats/?showtime={self.showtime.pk}").json()["seats"]
        return {seat["id"] for seat in shown if seat["status"] != "free"}


def test_whatever_happens_what_was_told_is_true(showtime, seats, stripe, manager):
    PromoCode.objects.create(code="TWICE", percent=20, max_uses=2)
    run_state_machine_as_test(
        lambda: Sale(showtime, seats, stripe, manager),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink] if EXAMPLES > 12 else [Phase.generate],
        ),
    )
