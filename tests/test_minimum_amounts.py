"""What Stripe would not take is said before Stripe is asked."""

from decimal import Decimal

import pytest

from payments.minor_units import AmountNotPayable, check_can_be_asked
from payments.models import Payment


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        *(("0.49", "EUR"), ("0.29", "GBP"), ("49", "JPY"), ("174", "HUF"), ("2.49", "DKK")),
        *(("1.005", "KWD"), ("0.015", "BHD"), ("1000000.00", "EUR"), ("100000000", "JPY")),
    ],
)
def test_too_little_too_much_or_too_fine(amount, currency):
    with pytest.raises(AmountNotPayable) as refusal:
        check_can_be_asked(Decimal(amount), currency)
    assert "online" in str(refusal.value.detail)


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        *(("0.50", "EUR"), ("0.30", "GBP"), ("50", "JPY"), ("175", "HUF"), ("1", "ISK")),
        *(("1.010", "KWD"), ("999999.99", "EUR"), ("99999999", "JPY"), ("0.01", "ZAR")),
    ],
)
def test_what_stripe_takes(amount, currency):
    check_can_be_asked(Decimal(amount), currency)


@pytest.mark.django_db
def test_a_customer_is_told_the_least(me, book, showtime, seats, silver, theater):
    type(theater).objects.update(booking_fee=0)
    type(silver).objects.filter(pk=silver.pk).update(default_price=Decimal("0.30"))
    booking = book(me, showtime, seats[:1]).json()
    answer = me.post("/api/payments/", {"booking": booking["reference"]})
    assert answer.status_code == 409
    assert answer.json()["errors"] == [
        {
            "code": "amount_not_payable",
            "detail": "No less than 0.50 EUR can be paid online.",
            "attr": None,
        }
    ]
    assert not Payment.objects.exists()
