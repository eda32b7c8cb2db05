"""Amounts as Stripe counts them. Every table here is from https://docs.stripe.com/currencies"""

from decimal import Decimal

from rest_framework import status
from rest_framework.exceptions import APIException

from theaters.currencies import decimals

# ISK and UGX, which have no decimals, are asked for in hundredths (#special-cases).
ZERO_DECIMAL = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split())
THREE_DECIMAL = frozenset("BHD JOD KWD OMR TND".split())
# Of currencies with three decimals, cards take no thousandths (#three-decimal).
NO_THOUSANDTHS = Decimal("0.01")
# #minimum-and-maximum-charge-amounts. Others have what comes to about half a US dollar, which
# Stripe says when it is asked.
MINIMUM = {
    **dict.fromkeys("AUD BRL CAD CHF EUR INR NZD SGD USD".split(), Decimal("0.50")),
    **dict.fromkeys("AED MYR PLN RON".split(), Decimal("2.00")),
    **dict.fromkeys("MXN THB".split(), Decimal(10)),
    **dict.fromkeys("NOK SEK".split(), Decimal("3.00")),
    "BGN": Decimal("1.00"),
    "CZK": Decimal("15.00"),
    "DKK": Decimal("2.50"),
    "GBP": Decimal("0.30"),
    "HKD": Decimal("4.00"),
    "HUF": Decimal("175.00"),
    "JPY": Decimal(50),
}
MOST_DIGITS = {"IDR": 12, "COP": 10, "HUF": 10}


class AmountNotPayable(APIException):
    """The payment provider takes no payment of this amount; the detail says what it takes."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "amount_not_payable"
    default_detail = "No less than 0.50 EUR can be paid online."


def check_can_be_asked(amount: Decimal, currency: str):
    """Raises AmountNotPayable if Stripe would not take `amount`, as far as we know."""
    places = decimals(currency)
    least = MINIMUM.get(currency, Decimal(0))
    if amount < least:
        raise AmountNotPayable(f"No less than {least:.{places}f} {currency} can be paid online.")
    if currency in THREE_DECIMAL and amount % NO_THOUSANDTHS:
        raise AmountNotPayable(f"{currency} are paid online in whole hundredths only.")
    if len(str(to_minor_units(amount, currency))) > MOST_DIGITS.get(currency, 8):
        raise AmountNotPayable("That is more than can be paid online at once.")


def to_minor_units(amount: Decimal, currency: str) -> int:
    """`amount` as Stripe counts it: 12.50 EUR → 1250, 1200 JPY → 1200, 1.250 KWD → 1250."""
    minor = amount * _minor_units(currency)
    if minor != int(minor):
        raise ValueError(f"{amount} {currency} has more decimals than the currency.")
    return int(minor)


def from_minor_units(minor: int, currency: str) -> Decimal:
    """The amount that Stripe counts as `minor`."""
    return Decimal(minor) / _minor_units(currency)


def _minor_units(currency: str) -> int:
    if currency in ZERO_DECIMAL:
        return 1
    return 1000 if currency in THREE_DECIMAL else 100
