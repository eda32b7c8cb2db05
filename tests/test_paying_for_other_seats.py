"""The difference of an exchange: paid before the seats are swapped, or given back by itself."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from bookings.models import Booking, Exchange, PromoCode, Ticket
from payments.models import Invoice, Payment, Refund
from showtimes.models import PriceRule, Showtime, TakenSeat
from theaters.models import SeatCategory

A1, A2, A3, A4, A5, A6, B1, B2, B3 = range(9)


@pytest.fixture
def booking(paid, me, showtime, seats):
    """A1 and A2, paid by Alice: 22.00 EUR."""
    return paid(me, showtime, seats[:2])


@pytest.fixture
def gold_booking(paid, me, showtime, seats):
    """B1 and B2, paid by Alice: 31.00 EUR."""
    return paid(me, showtime, seats[B1:B3])


@pytest.fixture
def swap(seats):
    """Exchange the tickets for old seats for new ones, {A1: A3}; answers what is said."""

    def post(client, booking, wishes):
        tickets = Ticket.objects.valid().filter(booking__reference=booking["reference"])
        codes = {ticket.seat_id: ticket.code for ticket in tickets}
        swaps = [
            {"ticket": codes[seats[old].pk], "seat": seats[new].pk} for old, new in wishes.items()
        ]
        address = f"/api/bookings/{booking['reference']}/exchange/"
        answer = client.post(address, {"swaps": swaps}, format="json")
        assert answer.status_code == 201, answer.content
        return answer.json()

    return post


@pytest.fixture
def waiting(me, booking, swap):
    """An exchange of A1 for B1 that waits for 4.50 EUR."""
    return swap(me, booking, {A1: B1})


def pay(client, booking):
    return client.post("/api/payments/", {"booking": booking["reference"]})


def read(client, booking):
    return client.get(f"/api/bookings/{booking['reference']}/").json()


def exchanges(client, booking):
    return client.get(f"/api/bookings/{booking['reference']}/exchange/").json()["results"]


def places(client, booking):
    tickets = read(client, booking)["tickets"]
    return [
        f"{one['seat']['row']}{one['seat']['number']}"
        for one in tickets
        if one["status"] == "valid"
    ]


def taken():
    return {row.seat.label: row.holder for row in TakenSeat.objects.select_related("seat")}


def code(answer):
    return answer.status_code, answer.json()["errors"][0]["code"]


def later(**time):
    return time_machine.travel(timezone.now() + timedelta(**time))


def run_jobs():
    call_command("run_jobs", once=True)


def refunds():
    return list(Refund.objects.order_by("created_at").values_list("amount", "reason", "status"))


def event_of(stripe, payment):
    intent = payment["client_secret"].split("_secret_")[0]
    [event] = stripe.events("payment_intent.succeeded", intent)
    return event


def check_the_sums(booking):
    """What valid tickets count for, and what is due back, is what was asked in all."""
    booking = Booking.objects.get(reference=booking["reference"])
    tickets = list(booking.tickets.all())
    valid = sum(ticket.paid for ticket in tickets if ticket.status == "valid")
    assert valid + booking.amount_due_back == booking.total + booking.amount_added


# Paying the difference


def test_the_difference_is_asked_for_and_nothing_else(me, booking, waiting, stripe):
    payment = pay(me, booking).json()
    intent = stripe.intent_of(payment)
    assert (intent.amount, intent.currency) == (450, "eur")
    assert (payment["amount"], payment["exchange"]) == ("4.50", waiting["id"])
    metadata = {"booking": booking["reference"], "exchange": waiting["id"]}
    assert intent.metadata.to_dict() == metadata | {"payment": payment["id"]}


def test_two_devices_get_the_same_intent(me, booking, waiting, stripe):
    first, second = pay(me, booking).json(), pay(me, booking).json()
    assert first["client_secret"] == second["client_secret"]
    assert Payment.objects.open().count() == 1


def test_when_it_is_paid_the_seats_are_swapped(me, booking, waiting, stripe):
    assert stripe.pay(pay(me, booking).json()).status_code == 200
    assert places(me, booking) == ["A2", "B1"]
    [done] = exchanges(me, booking)
    assert (done["status"], done["held_until"] is None) == ("done", False)
    own = Booking.objects.get().pk
    assert taken() == {"A2": own, "B1": own}
    assert not TakenSeat.objects.exclude(held_until=None).exists()
    after = read(me, booking)
    assert (after["total"], after["amount_added"]) == ("22.00", "4.50")
    check_the_sums(booking)


def test_the_difference_has_an_invoice_of_its_own(me, booking, waiting, stripe):
    stripe.pay(pay(me, booking).json())
    invoice = Invoice.objects.latest("pk")
    assert (invoice.total, invoice.number[-6:]) == (Decimal("4.50"), "000002")
    lines = [("Seat B1, Gold, instead of A1", "4.50", "0.72", "19")]
    found = [tuple(line.values()) for line in invoice.snapshot["lines"]]
    assert (found, invoice.snapshot["tax"]) == (lines, "0.72")
    assert me.get(f"/api/invoices/{invoice.number}.pdf").status_code == 200


def test_a_second_copy_of_the_event_changes_nothing(me, booking, waiting, stripe):
    payment = pay(me, booking).json()
    stripe.pay(payment)
    event = event_of(stripe, payment)
    assert stripe.deliver(event).status_code == 200
    assert stripe.deliver(event | {"id": "evt_again"}).status_code == 200
    assert places(me, booking) == ["A2", "B1"]
    assert Booking.objects.get().amount_added == Decimal("4.50")
    assert Invoice.objects.count() == 2


def test_the_jobs_alone_finish_it(me, booking, waiting, stripe):
    stripe.confirm(pay(me, booking).json())
    run_jobs()
    assert places(me, booking) == ["A2", "B1"]


def test_a_card_that_is_declined_leaves_time_for_another(me, booking, waiting, stripe):
    payment = pay(me, booking).json()
    stripe.confirm(payment, "pm_card_chargeDeclined")
    assert stripe.pay(payment).status_code == 200
    assert places(me, booking) == ["A2", "B1"]


def test_without_an_exchange_that_waits_there_is_nothing_to_pay(me, booking, swap, stripe):
    assert code(pay(me, booking)) == (409, "booking_closed")
    swap(me, booking, {A1: A4})
    assert code(pay(me, booking)) == (409, "booking_closed")


def test_after_its_time_it_is_not_paid_any_more(me, booking, waiting):
    with later(minutes=11):
        assert code(pay(me, booking)) == (409, "hold_expired")


def test_another_amount_buys_nothing_and_is_looked_at(me, booking, waiting, stripe):
    payment = pay(me, booking).json()
    stripe.confirm(payment)
    event = event_of(stripe, payment)
    event["data"]["object"]["amount_received"] = 100
    stripe.deliver(event)
    assert Payment.objects.latest("created_at").flag
    assert Exchange.objects.get().status == "pending"
    assert code(pay(me, booking)) == (409, "booking_closed")


def test_taking_an_unpaid_payment_back_lets_the_seats_go(me, booking, waiting, stripe):
    payment = pay(me, booking).json()
    assert me.delete(f"/api/payments/{payment['id']}/").status_code == 204
    assert Exchange.objects.get().status == "cancelled"
    assert read(me, booking)["status"] == "confirmed"


def test_a_payment_for_seats_that_were_swapped_is_not_taken_back(me, booking, waiting, stripe):
    payment = pay(me, booking).json()
    stripe.pay(payment)
    assert code(me.delete(f"/api/payments/{payment['id']}/")) == (409, "booking_closed")
    assert places(me, booking) == ["A2", "B1"]


# Not in time


def test_the_intent_is_cancelled_before_the_exchange_expires(me, booking, waiting, stripe):
    payment = pay(me, booking).json()
    with later(minutes=11):
        run_jobs()
    assert stripe.intent_of(payment).status == "canceled"
    assert Exchange.objects.get().status == "expired"
    assert set(taken()) == {"A1", "A2"}
    assert places(me, booking) == ["A1", "A2"]


def test_one_that_nobody_began_to_pay_expires(me, booking, waiting):
    run_jobs()
    assert Exchange.objects.get().status == "pending"
    with later(minutes=11):
        run_jobs()
    assert Exchange.objects.get().status == "expired"
    assert set(taken()) == {"A1", "A2"}


def test_money_that_came_before_the_intent_was_cancelled_buys(me, booking, waiting, stripe):
    stripe.confirm(pay(me, booking).json())
    with later(minutes=11):
        run_jobs()
    assert places(me, booking) == ["A2", "B1"]


def test_paid_too_late_with_the_seats_still_free_buys(me, booking, waiting, stripe):
    payment = pay(me, booking).json()
    stripe.confirm(payment)
    with later(minutes=11):
        Exchange.objects.get().expire()
        assert stripe.deliver(event_of(stripe, payment)).status_code in (200, 400)
        run_jobs()
    assert places(me, booking) == ["A2", "B1"]
    assert not Payment.objects.owed_back().exists()


def test_paid_too_late_with_the_seats_gone_is_given_back_in_full(
    me, booking, waiting, stripe, book, client_of, bob, showtime, seats
):
    stripe.confirm(pay(me, booking).json())
    with later(minutes=11):
        assert book(client_of(bob), showtime, [seats[B1]]).status_code == 201
        run_jobs()
        run_jobs()
    assert refunds() == [(Decimal("4.50"), "not_honoured", "succeeded")]
    assert places(me, booking) == ["A1", "A2"]
    assert read(me, booking)["status"] == "confirmed"
    assert Booking.objects.get(reference=booking["reference"]).amount_added == 0


@pytest.mark.parametrize("end", ["let_go", "replace", "cancel", "use"])
def test_money_for_an_exchange_that_is_over_goes_back(me, booking, waiting, swap, stripe, end):
    payment = pay(me, booking).json()
    address = f"/api/bookings/{booking['reference']}/"
    if end == "let_go":
        assert me.delete(f"{address}exchange/").status_code == 204
    elif end == "replace":
        swap(me, booking, {A1: B2})
    elif end == "cancel":
        codes = [booking["tickets"][0]["code"]]
        me.post(f"{address}cancel/", {"tickets": codes}, format="json")
    else:
        Ticket.objects.filter(seat__number=1).update(admitted_at=timezone.now())
    stripe.pay(payment)
    paid_back = Payment.objects.owed_back().get(exchange=waiting["id"])
    assert paid_back.owed == Decimal("4.50")
    assert Booking.objects.get().amount_added == 0
    assert "B1" not in taken() or end == "use"
    check_the_sums(booking)


def test_one_that_expired_is_not_bought_after_another_was_done(me, booking, waiting, swap, stripe):
    payment = pay(me, booking).json()
    stripe.confirm(payment)
    with later(minutes=11):
        Exchange.objects.get().expire()
        swap(me, booking, {A2: A4})
    stripe.deliver(event_of(stripe, payment))
    assert places(me, booking) == ["A1", "A4"]
    assert Payment.objects.owed_back().get().owed == Decimal("4.50")


def test_a_cancelled_showtime_gives_it_back(me, booking, waiting, stripe):
    payment = pay(me, booking).json()
    Showtime.objects.update(status="cancelled")
    stripe.pay(payment)
    assert Payment.objects.owed_back().get().owed == Decimal("4.50")


# Cheaper


def test_what_is_cheaper_goes_back_by_itself(me, gold_booking, swap):
    made = swap(me, gold_booking, {B1: A1})
    assert (made["status"], made["difference"], made["tax"]) == ("done", "-4.50", "-0.72")
    assert read(me, gold_booking)["amount_due_back"] == "4.50"
    run_jobs()
    assert refunds() == [(Decimal("4.50"), "exchanged", "succeeded")]
    note = Invoice.objects.get(kind="credit_note")
    assert (note.total, note.snapshot["tax"]) == (Decimal("-4.50"), "-0.72")
    assert note.snapshot["lines"][0]["description"] == "Seats were exchanged for cheaper ones"
    check_the_sums(gold_booking)


def test_one_up_and_one_down_cost_nothing(me, paid, swap, showtime, seats):
    booking = paid(me, showtime, [seats[A1], seats[B1]])
    made = swap(me, booking, {A1: B2, B1: A2})
    assert (made["status"], made["difference"]) == ("done", "0.00")
    assert [line["amount"] for line in made["lines"]] == ["4.50", "-4.50"]
    paid_for = dict(Ticket.objects.valid().values_list("seat__row", "paid"))
    assert paid_for == {"A": Decimal("11.00"), "B": Decimal("15.50")}


# What comes after


def test_cancelling_gives_back_from_each_payment_what_it_paid(me, booking, waiting, stripe):
    stripe.pay(pay(me, booking).json())
    me.post(f"/api/bookings/{booking['reference']}/cancel/")
    assert read(me, booking)["amount_due_back"] == "26.50"
    run_jobs()
    assert sorted(refunds()) == [
        (Decimal("4.50"), "cancelled", "succeeded"),
        (Decimal("22.00"), "cancelled", "succeeded"),
    ]
    notes = Invoice.objects.filter(kind="credit_note").order_by("-total")
    assert [note.snapshot["tax"] for note in notes] == ["-0.72", "-3.52"]
    corrected = Invoice.objects.filter(kind="invoice").order_by("total")
    assert [note.snapshot["corrects"] for note in notes] == [one.number for one in corrected]


def test_cancelling_the_dearer_ticket_gives_back_what_it_cost_in_all(me, booking, waiting, stripe):
    stripe.pay(pay(me, booking).json())
    [gold] = [one for one in read(me, booking)["tickets"] if one["seat"]["row"] == "B"]
    address = f"/api/bookings/{booking['reference']}/cancel/"
    me.post(address, {"tickets": [gold["code"]]}, format="json")
    run_jobs()
    assert refunds() == [(Decimal("15.50"), "cancelled", "succeeded")]
    me.post(address)
    run_jobs()
    assert sum(amount for amount, *_ in refunds()) == Decimal("26.50")
    assert sorted(amount for amount, *_ in refunds()) == [
        Decimal("4.50"),
        Decimal("6.50"),
        Decimal("15.50"),
    ]


def test_up_and_down_again(me, booking, waiting, stripe, swap):
    stripe.pay(pay(me, booking).json())
    assert swap(me, booking, {B1: A1})["difference"] == "-4.50"
    run_jobs()
    assert refunds() == [(Decimal("4.50"), "exchanged", "succeeded")]
    check_the_sums(booking)
    me.post(f"/api/bookings/{booking['reference']}/cancel/")
    run_jobs()
    assert sum(amount for amount, *_ in refunds()) == Decimal("26.50")


def test_each_exchange_has_a_payment_of_its_own(me, booking, waiting, stripe, swap):
    stripe.pay(pay(me, booking).json())
    swap(me, booking, {A2: B2})
    stripe.pay(pay(me, booking).json())
    amounts = Payment.objects.order_by("created_at").values_list("amount", flat=True)
    assert list(amounts) == [Decimal("22.00"), Decimal("4.50"), Decimal("4.50")]
    assert not Payment.objects.owed_back().exists()
    assert read(me, booking)["amount_added"] == "9.00"
    check_the_sums(booking)


# Taxes, promo codes, currencies


def succeed(booking):
    """Its money comes, also where Stripe would not take the last decimal."""
    booking = Booking.objects.get(reference=booking["reference"])
    waiting = booking.exchanges.pending().first()
    payment = Payment.objects.create(
        booking=booking,
        exchange=waiting,
        amount=waiting.difference if waiting else booking.total,
        currency=booking.currency,
        stripe_intent=f"pi_{booking.payments.count()}",
    )
    payment.succeed(amount=payment.amount, currency=payment.currency)


@pytest.mark.parametrize("included", [True, False])
@pytest.mark.parametrize(
    ("currency", "silver_price", "gold_price"),
    [("EUR", "9.99", "14.55"), ("JPY", "1500", "2201"), ("KWD", "3.333", "4.447")],
)
@pytest.mark.parametrize("percent", [None, "33.33"])
def test_the_difference_is_what_the_booking_would_have_cost_more(
    me,
    theater,
    showtime,
    seats,
    book,
    swap,
    currency,
    silver_price,
    gold_price,
    percent,
    included,
):
    theater.currency, theater.prices_include_tax = currency, included
    theater.tax_rate, theater.booking_fee = Decimal("8.875"), Decimal("1")
    theater.save()
    SeatCategory.objects.filter(name="Silver").update(default_price=silver_price)
    SeatCategory.objects.filter(name="Gold").update(default_price=gold_price)
    more = {"promo_code": "THIRD"} if percent else {}
    if percent:
        PromoCode.objects.create(code="THIRD", percent=Decimal(percent))
    booking = book(me, showtime, [seats[A1], seats[A2], seats[A4]], **more).json()
    succeed(booking)
    wanted = {"showtime": showtime.pk, "seats": [seats[n].pk for n in (B1, B2, A4)]}
    dear = me.post("/api/bookings/quote/", wanted | more, format="json").json()
    made = swap(me, booking, {A1: B1, A2: B2})
    asked = Decimal(made["difference"])
    assert Decimal(booking["total"]) + asked == Decimal(dear["total"])
    assert Decimal(booking["tax"]) + Decimal(made["tax"]) == Decimal(dear["tax"])
    assert sum(Decimal(line["amount"]) for line in made["lines"]) == asked
    succeed(booking)
    check_the_sums(booking)
    lines = Invoice.objects.latest("pk").snapshot["lines"]
    assert sum(Decimal(line["amount"]) for line in lines) == asked
    swap(me, booking, {B1: A1})
    check_the_sums(booking)


def test_a_promo_code_is_not_counted_again_and_need_not_hold_any_more(
    me, showtime, seats, book, swap, stripe
):
    code = PromoCode.objects.create(code="HALF", percent=50, max_uses=1)
    booking = book(me, showtime, [seats[A1]], promo_code="HALF").json()
    stripe.pay(pay(me, booking).json())
    code.valid_until = timezone.now()
    code.save()
    assert swap(me, booking, {A1: B1})["difference"] == "2.25"


def test_a_booking_that_cost_nothing_pays_for_a_better_seat(
    me, showtime, seats, book, swap, stripe, theater
):
    theater.booking_fee = 0
    theater.save()
    SeatCategory.objects.filter(name="Silver").update(default_price=0)
    booking = book(me, showtime, [seats[A1]]).json()
    assert booking["status"] == "confirmed"
    swap(me, booking, {A1: B1})
    stripe.pay(pay(me, booking).json())
    check_the_sums(booking)
    me.post(f"/api/bookings/{booking['reference']}/cancel/")
    run_jobs()
    assert refunds() == [(Decimal("14.50"), "cancelled", "succeeded")]


def test_no_more_goes_back_than_was_paid(me, showtime, seats, book, swap, stripe):
    code = PromoCode.objects.create(code="ALMOST", percent=90)
    booking = book(me, showtime, [seats[B1]], promo_code="ALMOST").json()
    stripe.pay(pay(me, booking).json())
    PromoCode.objects.filter(pk=code.pk).update(percent=0)
    SeatCategory.objects.filter(name="Silver").update(default_price=1)
    made = swap(me, booking, {B1: A1})
    assert (booking["total"], made["difference"]) == ("2.45", "-2.45")
    assert sum(Decimal(line["amount"]) for line in made["lines"]) == Decimal("-2.45")
    check_the_sums(booking)


def test_new_seats_cost_what_they_do_today_and_kept_ones_what_they_did(me, booking, swap, theater):
    PriceRule.objects.create(theater=theater, name="Late", effect="amount", value=2)
    made = swap(me, booking, {A1: A4})
    assert (made["status"], made["difference"]) == ("pending", "2.00")
