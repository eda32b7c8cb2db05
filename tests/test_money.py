"""Lines add up to the total exactly, in every currency, with tax included or added."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bookings.models import PromoCode
from bookings.models.ticket import divided
from payments.minor_units import from_minor_units, to_minor_units
from theaters.currencies import decimals, rounded

AMOUNTS = some.decimals(min_value=0, max_value=10_000, places=3)
CURRENCIES = some.sampled_from(["EUR", "USD", "JPY", "KWD", "ISK"])


@given(total=AMOUNTS, weights=some.lists(AMOUNTS, min_size=1, max_size=10), currency=CURRENCIES)
def test_a_total_is_divided_without_losing_a_cent(total, weights, currency):
    total = rounded(total, currency)
    parts = divided(total, weights, currency)
    assert sum(parts) == total
    assert all(part >= 0 and part == rounded(part, currency) for part in parts)


@given(amount=AMOUNTS, currency=CURRENCIES)
def test_minor_units_and_back(amount, currency):
    amount = rounded(amount, currency)
    assert from_minor_units(to_minor_units(amount, currency), currency) == amount


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("12.50", "EUR", 1250), ("1200", "JPY", 1200), ("1.250", "KWD", 1250), ("500", "ISK", 50000)],
)
def test_stripe_counts_in_minor_units(amount, currency, minor):
    assert to_minor_units(Decimal(amount), currency) == minor


@pytest.mark.parametrize(("currency", "places"), [("EUR", 2), ("JPY", 0), ("KWD", 3), ("ISK", 0)])
def test_currencies_have_their_own_decimals(currency, places):
    assert decimals(currency) == places


def quote(client, showtime, seats, **more):
    body = {"showtime": showtime.pk, "seats": [seat.pk for seat in seats]}
    return client.post("/api/bookings/quote/", body | more, format="json").json()


@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD"])
@pytest.mark.parametrize("included", [True, False])
def test_lines_add_up_in_every_currency(theater, showtime, seats, client_of, currency, included):
    theater.currency, theater.prices_include_tax = currency, included
    theater.tax_rate = Decimal("8.875")
    theater.save()
    PromoCode.objects.create(code="THIRD", percent=Decimal("33.33"))
    cost = quote(client_of(), showtime, seats[:3] + seats[-3:], promo_code="third ")
    total = sum(Decimal(line["amount"]) for line in cost["lines"])
    assert total == Decimal(cost["total"])
    kinds = [line["kind"] for line in cost["lines"]]
    assert kinds == ["seat"] * 6 + ["discount", "fee"] + ["tax"] * (not included)
    assert all(
        -Decimal(line["amount"]).as_tuple().exponent == decimals(currency) for line in cost["lines"]
    )
    parts = Decimal(cost["subtotal"]) - Decimal(cost["discount"]) + Decimal(cost["fees"])
    assert Decimal(cost["total"]) == parts + (0 if included else Decimal(cost["tax"]))


def test_tax_that_prices_include_is_said_and_not_added(showtime, seats, client_of):
    cost = quote(client_of(), showtime, seats[:2])
    # 19 % in 10.00 is 1.60 (twice), in the fees of 2.00 it is 0.32.
    assert (cost["tax"], cost["total"]) == ("3.52", "22.00")


def test_a_promo_code_counts_its_uses(showtime, seats, client_of, alice, bob, book):
    PromoCode.objects.create(code="ONCE", amount=Decimal("5"), currency="EUR", max_uses=1)
    assert book(client_of(alice), showtime, seats[:1], promo_code="once").json()["total"] == "6.00"
    answer = book(client_of(bob), showtime, seats[1:2], promo_code="once")
    assert answer.json()["errors"][0]["code"] == "used_up"
    assert answer.status_code == 400


def test_a_booking_that_costs_nothing_is_confirmed_at_once(
    theater, showtime, seats, client_of, alice, book
):
    theater.booking_fee = 0
    theater.save()
    PromoCode.objects.create(code="FREE", percent=Decimal("100"))
    booking = book(client_of(alice), showtime, seats[:2], promo_code="FREE").json()
    assert (booking["status"], booking["total"]) == ("confirmed", "0.00")
    assert len(booking["tickets"]) == 2


@pytest.mark.parametrize(
    ("price", "fee", "rate", "off"),
    [("23.00", "1.75", "8.875", "10"), ("19.90", "0.35", "8.1", "7")],
)
def test_honest_totals_are_kept_though_sqlite_counts_in_floats(
    theater, silver, showtime, seats, book, client_of, alice, price, fee, rate, off
):
    silver.default_price = Decimal(price) / 2
    silver.save()
    theater.booking_fee, theater.tax_rate = Decimal(fee), Decimal(rate)
    theater.prices_include_tax = False
    theater.save()
    PromoCode.objects.create(code="OFF", percent=Decimal(off))
    for first in (0, 2, 4):
        answer = book(client_of(alice), showtime, seats[first : first + 2], promo_code="OFF")
        assert answer.status_code == 201
