"""What Stripe would not take is said before Stripe is asked."""

from decimal import Decimal

import pytest

from bookings.models import Booking, PromoCode
from payments.models import Payment
from theaters.online_amounts import AmountNotPayable, check_can_be_paid_online


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        *(("0.49", "EUR"), ("0.29", "GBP"), ("49", "JPY"), ("174", "HUF"), ("2.49", "DKK")),
        *(("1.005", "KWD"), ("0.015", "BHD"), ("1000000.00", "EUR"), ("100000000", "JPY")),
    ],
)
def test_too_little_too_much_or_too_fine(amount, currency):
    with pytest.raises(AmountNotPayable) as refusal:
        check_can_be_paid_online(Decimal(amount), currency)
    assert "online" in str(refusal.value.detail)


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        *(("0.50", "EUR"), ("0.30", "GBP"), ("50", "JPY"), ("175", "HUF"), ("1", "ISK")),
        *(("1.010", "KWD"), ("999999.99", "EUR"), ("99999999", "JPY"), ("0.01", "ZAR")),
    ],
)
def test_what_stripe_takes(amount, currency):
    check_can_be_paid_online(Decimal(amount), currency)


@pytest.fixture
def cheap(theater, silver):
    """A ticket is 0.30 EUR, and there is no fee."""
    type(theater).objects.update(booking_fee=0)
    type(silver).objects.filter(pk=silver.pk).update(default_price=Decimal("0.30"))


def refused(answer) -> bool:
    [error] = answer.json()["errors"]
    return answer.status_code == 409 and error == {
        "code": "amount_not_payable",
        "detail": "No less than 0.50 EUR can be paid online, and this comes to 0.30 EUR.",
        "attr": None,
    }


def test_a_customer_is_told_the_least_before_seats_are_held(
    me, book, showtime, seats, silver, cheap
):
    choice = {"showtime": showtime.pk, "seats": [seats[0].pk]}
    assert refused(me.post("/api/bookings/quote/", choice))
    assert refused(book(me, showtime, seats[:1]))
    best = f"/api/showtimes/{showtime.pk}/best-seats/"
    assert refused(me.post(best, {"count": 1, "hold": True, "category": silver.pk}))
    assert not Booking.objects.exists()
    assert book(me, showtime, seats[:2]).json()["total"] == "0.60"


def test_a_customer_is_told_the_most(me, book, showtime, seats, silver):
    type(silver).objects.filter(pk=silver.pk).update(default_price=Decimal("999999.99"))
    answer = book(me, showtime, seats[:1])
    assert answer.status_code == 409
    assert answer.json()["errors"][0]["detail"] == (
        "No more than 999999.99 EUR can be paid online at once, and this comes to 1000000.99 EUR."
    )


def test_what_costs_nothing_is_booked(me, book, showtime, seats, cheap):
    PromoCode.objects.create(code="FREE", percent=100)
    answer = book(me, showtime, seats[:1], promo_code="FREE")
    assert (answer.status_code, answer.json()["status"]) == (201, "confirmed")


def test_a_discount_that_leaves_too_little_is_told_too(me, book, showtime, seats, cheap):
    PromoCode.objects.create(code="HALF", percent=50)
    assert refused(book(me, showtime, seats[:2], promo_code="HALF"))


def test_the_difference_of_an_exchange_that_is_too_little(
    me, paid, showtime, seats, silver, gold, stripe
):
    type(gold).objects.filter(pk=gold.pk).update(default_price=Decimal("10.30"))
    booking = paid(me, showtime, [seats[0]])
    wanted = {"swaps": [{"ticket": booking["tickets"][0]["code"], "seat": seats[6].pk}]}
    address = f"/api/bookings/{booking['reference']}/exchange/"
    assert refused(me.post(f"{address}quote/", wanted))
    assert refused(me.post(address, wanted))


def test_one_who_held_seats_before_prices_fell_is_told_at_payment(me, booking):
    Booking.objects.update(subtotal=Decimal("0.30"), total=Decimal("0.30"), fees=0, tax=0)
    assert refused(me.post("/api/payments/", {"booking": booking["reference"]}))
    assert not Payment.objects.exists()
