"""However seats are sold, exchanged and given back, in whatever currency, the books balance."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from bookings.models import Booking, PromoCode, Ticket
from payments.books import for_a_human, problems, sums
from payments.jobs import record_owed_refunds
from payments.models import Payment, Refund
from showtimes.models import TakenSeat
from theaters.models import SeatCategory

A1, A2, A3, B1, B2 = 0, 1, 2, 6, 7


@pytest.fixture(autouse=True)
def books(db):
    """They balance at the end of each of these tests, also when a while has passed."""
    yield
    assert list(problems()) == []
    with time_machine.travel(timezone.now() + timedelta(minutes=15)):
        assert list(problems()) == []


@pytest.fixture
def buy(paid, me, showtime, seats):
    """Buy the seats with these places through Stripe."""

    def go(*places, **more):
        shown = paid(me, showtime, [seats[place] for place in places], **more)
        return Booking.objects.get(reference=shown["reference"])

    return go


@pytest.fixture
def buy_at_the_box_office(book, me, showtime, seats):
    """Buy them against cash, which Stripe knows nothing about."""

    def go(*places):
        reference = book(me, showtime, [seats[place] for place in places]).json()["reference"]
        booking = Booking.objects.get(reference=reference)
        of_it = {"amount": booking.total, "currency": booking.currency}
        booking.payments.create(kind="cash", **of_it).succeed(**of_it)
        return booking

    return go


def give_back_cash(booking):
    """What is due back of it, and waits at the box office."""
    record_owed_refunds()
    for refund in Refund.objects.at_the_box_office().filter(payment__booking=booking):
        refund.succeed()


@pytest.fixture
def cancel(me):
    """Cancel so many tickets of a booking, or all, and let the jobs work."""

    def post(booking, tickets=None):
        valid = booking.tickets.valid().order_by("pk").values_list("code", flat=True)
        body = {"tickets": list(valid[:tickets])} if tickets else {}
        assert me.post(f"/api/bookings/{booking.reference}/cancel/", body).status_code == 200
        call_command("run_jobs", once=True)

    return post


@pytest.fixture
def swap(me, seats, stripe):
    """Exchange one seat of a booking for another, and pay what it costs more."""

    def post(booking, old, new):
        ticket = Ticket.objects.valid().get(booking=booking, seat=seats[old])
        swaps = [{"ticket": ticket.code, "seat": seats[new].pk}]
        address = f"/api/bookings/{booking.reference}/exchange/"
        answer = me.post(address, {"swaps": swaps}, format="json")
        assert answer.status_code == 201, answer.content
        if answer.json()["status"] == "pending":
            payment = me.post("/api/payments/", {"booking": booking.reference}).json()
            assert stripe.pay(payment).status_code == 200
        call_command("run_jobs", once=True)

    return post


def kept():
    """What is kept, by the ledger and by the papers, and of it fees and tax."""
    [found] = sums().values()
    shown = found.printed("KWD")
    return [shown[name].rstrip("0").rstrip(".") for name in ("kept", "papers", "fees", "tax")]


def sells_in(theater, currency, *, price, included=True, **numbers):
    theater.currency, theater.prices_include_tax = currency, included
    for name, number in numbers.items():
        setattr(theater, name, Decimal(number))
    theater.save()
    SeatCategory.objects.filter(theater=theater).update(default_price=price)


def test_a_free_booking_has_no_payment_and_no_paper(book, me, theater, showtime, seats):
    sells_in(theater, "EUR", price=10, booking_fee="0")
    code = PromoCode.objects.create(code="FREE", percent=100)
    shown = book(me, showtime, seats[:2], promo_code=code.code).json()
    assert (shown["status"], shown["total"]) == ("confirmed", "0.00")
    assert sums() == {}
    assert not Payment.objects.exists()
    me.post(f"/api/bookings/{shown['reference']}/cancel/", {})


def test_a_free_booking_that_is_exchanged_for_something_dearer(
    book, me, theater, showtime, seats, swap
):
    sells_in(theater, "EUR", price=0, booking_fee="0")
    SeatCategory.objects.filter(name="Gold").update(default_price=5)
    shown = book(me, showtime, seats[:1]).json()
    swap(Booking.objects.get(reference=shown["reference"]), A1, B1)
    assert kept()[:2] == ["5", "5"]


def test_a_promo_code(buy, cancel):
    PromoCode.objects.create(code="THIRD", percent=Decimal("33.33"))
    booking = buy(A1, A2, B1, promo_code="THIRD")
    cancel(booking, tickets=1)
    cancel(booking, tickets=1)
    cancel(booking)
    assert kept() == ["0", "0", "0", "0"]


def test_the_fee_that_a_theater_keeps(theater, buy, cancel):
    theater.cancellation_refund_percent = Decimal("50")
    theater.save()
    cancel(buy(A1, A2))
    assert kept() == ["11", "11", "2", "1.76"]


@pytest.mark.parametrize("percent", ["100", "33.33"])
@pytest.mark.parametrize("included", [True, False])
@pytest.mark.parametrize(
    ("currency", "price", "fee"),
    [("JPY", "1801", "101"), ("EUR", "9.99", "0.55"), ("KWD", "3.333", "0.101")],
)
def test_parts_in_any_currency(
    theater, buy_at_the_box_office, me, currency, price, fee, included, percent
):
    more = {"booking_fee": fee, "cancellation_refund_percent": percent, "tax_rate": "8.875"}
    sells_in(theater, currency, price=price, included=included, **more)
    booking = buy_at_the_box_office(A1, A2, A3)
    for ticket in booking.tickets.all():
        body = {"tickets": [ticket.code]}
        assert me.post(f"/api/bookings/{booking.reference}/cancel/", body).status_code == 200
        give_back_cash(booking)
        assert list(problems()) == list(for_a_human()) == []
    assert percent != "100" or kept() == ["0", "0", "0", "0"]


def test_dearer_seats_then_cheaper_ones_then_none(buy, swap, cancel):
    booking = buy(A1, A2)
    swap(booking, A1, B1)
    assert kept()[:3] == ["26.5", "26.5", "2"]
    swap(booking, B1, A3)
    assert kept()[:3] == ["22", "22", "2"]
    swap(booking, A2, B2)
    cancel(booking, tickets=1)
    cancel(booking)
    assert kept() == ["0", "0", "0", "0"]


def test_an_exchange_that_nobody_pays(me, buy, seats):
    booking = buy(A1)
    swaps = [{"ticket": booking.tickets.get().code, "seat": seats[B1].pk}]
    address = f"/api/bookings/{booking.reference}/exchange/"
    assert me.post(address, {"swaps": swaps}, format="json").status_code == 201
    me.post("/api/payments/", {"booking": booking.reference})
    with time_machine.travel(timezone.now() + timedelta(minutes=21)):
        call_command("run_jobs", once=True)
    assert kept()[:2] == ["11", "11"]


def test_paid_too_late(payment, stripe, book, client_of, showtime):
    stripe.confirm(payment)
    with time_machine.travel(timezone.now() + timedelta(minutes=21), tick=True):
        seats = list(TakenSeat.objects.values_list("seat", flat=True))
        contact = {"name": "Guest", "email": "guest@example.com"}
        body = {"showtime": showtime.pk, "seats": seats, "contact": contact}
        assert client_of().post("/api/bookings/", body).status_code == 201
        call_command("run_jobs", once=True)
    assert Refund.objects.get().status == "succeeded"
    assert kept() == ["0", "0", "0", "0"]


def test_until_the_jobs_have_looked_it_is_owed_and_not_broken(buy, cancel, me):
    booking = buy(A1)
    assert me.post(f"/api/bookings/{booking.reference}/cancel/", {}).status_code == 200
    assert list(problems()) == []
    with time_machine.travel(timezone.now() + timedelta(minutes=15)):
        assert [where for _, where in problems()] == [booking.reference]
    call_command("run_jobs", once=True)


def test_another_amount_waits_for_a_human(payment):
    Payment.objects.get().succeed(amount=Decimal("21.99"), currency="EUR")
    [(reason, where)] = for_a_human()
    assert reason == "Money came that was not asked for."
    assert where.endswith("21.99 EUR came, 22.00 EUR was asked for.")
    [found] = sums().values()
    assert found.bought_nothing == found.kept == Decimal("21.99")


def test_cash_is_given_back_at_the_box_office(buy_at_the_box_office, cancel):
    booking = buy_at_the_box_office(A1)
    cancel(booking)
    wanted = ("Money is to be given back at the box office.", f"{booking.reference}, paid: cash")
    assert list(for_a_human()) == [wanted]
    give_back_cash(booking)
    assert list(for_a_human()) == []


def test_tenths_that_no_float_can_hold(theater, buy_at_the_box_office):
    """0.1 + 0.2 is not 0.3 in SQLite."""
    sells_in(theater, "EUR", price="0.70", booking_fee="0.10", tax_rate="7")
    for place in (A1, A2, A3, B1, B2):
        buy_at_the_box_office(place)
    [found] = sums().values()
    assert (found.paid, found.invoiced, found.fees) == (4, 4, Decimal("0.5"))
    assert list(problems()) == []


def test_the_smallest_coin_is_missed(theater, buy_at_the_box_office):
    sells_in(theater, "KWD", price="99000.010", booking_fee="0.010")
    booking = buy_at_the_box_office(A1)
    payments = Payment.objects.filter(booking=booking)
    payments.update(amount=booking.total - Decimal("0.001"))
    assert {name for name, _ in problems()} >= {
        "What was paid is in the ledger.",
        "What was sold was paid, and what bought nothing sold nothing.",
        "A theater's ledger is its payments less its refunds.",
    }
    payments.update(amount=booking.total)
