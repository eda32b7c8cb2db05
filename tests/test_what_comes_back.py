"""The customer sees what would come back before they say yes; to the cent."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from bookings.models import Booking, PromoCode, Ticket
from showtimes.models import Showtime
from theaters.models import SeatCategory, Theater


@pytest.fixture
def booking(paid, me, showtime, seats):
    """A1 and A2 at 11.00 each, B6 at 15.50; 1.00 of each is the fee."""
    return paid(me, showtime, [seats[0], seats[1], seats[-1]])


def rule(**fields):
    Theater.objects.update(**{f"cancellation_{name}": value for name, value in fields.items()})


def offer(client, booking, *codes, **headers):
    query = {"tickets": ",".join(codes)} if codes else {}
    return client.get(f"/api/bookings/{booking['reference']}/cancel/", query, **headers)


def cancel(client, booking, *codes):
    body = {"tickets": codes} if codes else {}
    return client.post(f"/api/bookings/{booking['reference']}/cancel/", body)


def code(answer):
    return answer.status_code, answer.json()["errors"][0]["code"]


def figures(offered):
    """What was paid, comes back and is kept: of each ticket, and in all."""
    of = [(one["paid"], one["back"], one["kept"]) for one in (*offered["tickets"], offered)]
    for paid, back, kept in of:
        assert Decimal(paid) - Decimal(back) == Decimal(kept)
    return of


def test_all_of_it_fee_included_unless_the_theater_says_else(me, booking, showtime, theater):
    offered = offer(me, booking).json()
    assert figures(offered) == [
        ("11.00", "11.00", "0.00"),
        ("11.00", "11.00", "0.00"),
        ("15.50", "15.50", "0.00"),
        ("37.50", "37.50", "0.00"),
    ]
    assert offered["currency"] == "EUR"
    assert [one["kept_for"] for one in offered["tickets"]] == [[], [], []]
    until = datetime.fromisoformat(offered["until"])
    assert until == showtime.starts_at - timedelta(minutes=60)
    assert until.utcoffset() == showtime.starts_at.astimezone(theater.zone).utcoffset()
    assert Ticket.objects.valid().count() == 3


def test_without_the_fee(me, booking):
    rule(returns_fee=False)
    offered = offer(me, booking).json()
    assert [one["back"] for one in offered["tickets"]] == ["10.00", "10.00", "14.50"]
    assert offered["back"] == "34.50"
    assert offered["tickets"][0]["kept_for"] == [
        {
            "reason": "booking_fee",
            "detail": "The booking fee is not returned.",
            "amount": "1.00",
        }
    ]


def test_a_part_without_the_fee(me, booking):
    rule(returns_fee=False, refund_percent=Decimal("33.33"))
    offered = offer(me, booking).json()
    assert offered["back"] == "11.50"  # 33.33 % of 34.50
    for one in offered["tickets"]:
        reasons = [kept["reason"] for kept in one["kept_for"]]
        assert reasons == ["booking_fee", "theater_rule"]
        kept = sum(Decimal(kept["amount"]) for kept in one["kept_for"])
        assert kept == Decimal(one["kept"])
    figures(offered)


@pytest.mark.parametrize(
    ("percent", "fee"), [(100, True), (100, False), ("66.67", True), ("12.5", False), (0, False)]
)
def test_what_was_offered_is_what_happens(me, booking, percent, fee):
    rule(returns_fee=fee, refund_percent=Decimal(percent))
    one, *rest = [ticket["code"] for ticket in booking["tickets"]]
    due = Decimal(0)
    for codes in ([one], rest):
        offered = offer(me, booking, *codes).json()
        answer = cancel(me, booking, *codes).json()
        assert answer["given_back"] == offered
        due += Decimal(offered["back"])
        assert Decimal(answer["amount_due_back"]) == due
    assert sum(Ticket.objects.values_list("due_back", flat=True)) == due


def test_the_rest_of_it_without_naming_the_tickets(me, booking):
    cancel(me, booking, booking["tickets"][0]["code"])
    assert [one["paid"] for one in offer(me, booking).json()["tickets"]] == ["11.00", "15.50"]


def test_with_tax_on_top_the_fee_is_kept_with_its_tax(theater, paid, me, showtime, seats):
    Theater.objects.update(prices_include_tax=False, tax_rate=Decimal("8.25"))
    rule(returns_fee=False)
    booking = paid(me, showtime, seats[:3])
    offered = offer(me, booking).json()
    # Three fees of 1.00 are taxed together: 0.25. The seats: three times 0.83 on 10.00.
    assert offered["paid"] == "35.74"
    assert offered["kept"] == "3.25"
    assert offered["back"] == "32.49"


def test_with_a_discount_the_whole_fee_is_kept(theater, paid, me, showtime, seats):
    PromoCode.objects.create(code="HALF", percent=50)
    rule(returns_fee=False)
    booking = paid(me, showtime, seats[:2], promo_code="HALF")
    offered = offer(me, booking).json()
    assert (offered["paid"], offered["back"], offered["kept"]) == ("12.00", "10.00", "2.00")


def test_other_seats_take_the_fee_with_them(paid, me, showtime, seats, stripe):
    booking = paid(me, showtime, seats[-1:])
    swaps = [{"ticket": booking["tickets"][0]["code"], "seat": seats[0].pk}]
    address = f"/api/bookings/{booking['reference']}/exchange/"
    assert me.post(address, {"swaps": swaps}).json()["status"] == "done"
    rule(returns_fee=False)
    assert figures(offer(me, booking).json())[-1] == ("11.00", "10.00", "1.00")


@pytest.mark.parametrize("currency", ["JPY", "KWD"])
def test_in_currencies_with_other_decimals(theater, paid, me, showtime, seats, currency):
    Theater.objects.update(currency=currency, booking_fee=3, tax_rate=7, prices_include_tax=False)
    SeatCategory.objects.update(default_price=1001)
    rule(returns_fee=False, refund_percent=Decimal("77.77"))
    booking = paid(me, showtime, seats[:3])
    offered = offer(me, booking).json()
    figures(offered)
    assert cancel(me, booking).json()["given_back"] == offered
    due = Booking.objects.get().amount_due_back
    assert sum(Ticket.objects.values_list("due_back", flat=True)) == due


def test_too_late_is_said_before(me, booking):
    Showtime.objects.update(starts_at=timezone.now() + timedelta(minutes=59))
    assert code(offer(me, booking)) == (409, "too_late_to_cancel")


def test_a_used_ticket_is_said_before(me, booking):
    Ticket.objects.filter(code=booking["tickets"][0]["code"]).update(admitted_at=timezone.now())
    assert code(offer(me, booking)) == (409, "tickets_not_valid")
    assert offer(me, booking, booking["tickets"][1]["code"]).json()["back"] == "11.00"


def test_of_a_cancelled_booking_nothing_is_offered(me, booking):
    cancel(me, booking)
    assert code(offer(me, booking)) == (409, "booking_closed")


def test_of_a_hold_nothing_comes_back(me, book, showtime, seats):
    held = book(me, showtime, seats[4:5]).json()
    offered = offer(me, held).json()
    assert (offered["tickets"], offered["back"]) == ([], "0.00")
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert code(offer(me, held)) == (409, "hold_expired")


@pytest.mark.parametrize("codes", ["", "A" * 26, "x" * 27, ",", "\0"])
def test_tickets_of_nobody_are_a_400(me, booking, codes):
    answer = (
        offer(me, booking, codes)
        if codes
        else me.get(f"/api/bookings/{booking['reference']}/cancel/?tickets=")
    )
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"].startswith("tickets")


def test_who_may_ask(booking, client_of, bob, manager, showtime):
    key = Booking.objects.get().access_key
    assert offer(client_of(), booking, headers={"Access-Key": key}).status_code == 200
    assert offer(client_of(manager), booking).status_code == 200
    assert code(offer(client_of(bob), booking)) == (404, "not_found")


@pytest.mark.parametrize("count", [1, 6])
def test_it_costs_the_same_for_many_tickets(
    paid, me, showtime, seats, count, django_assert_num_queries
):
    booking = paid(me, showtime, seats[:count])
    with django_assert_num_queries(7):
        assert len(offer(me, booking).json()["tickets"]) == count


def test_managers_change_the_rule(client_of, manager, theater):
    client = client_of(manager)
    change = {
        "cancellation_returns_fee": False,
        "cancellation_refund_percent": "80",
        "cancellation_cutoff_minutes": 30,
    }
    answer = client.patch(f"/api/theaters/{theater.pk}/", change)
    assert answer.status_code == 200
    assert answer.json()["cancellation_returns_fee"] is False


def test_a_showtime_that_the_house_cancelled_gives_all_back(me, booking, showtime):
    rule(returns_fee=False, refund_percent=0)
    Showtime.objects.update(status="cancelled")
    assert offer(me, booking).json()["back"] == "37.50"
    assert cancel(me, booking).json()["amount_due_back"] == "37.50"
