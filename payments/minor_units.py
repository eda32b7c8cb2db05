"""Amounts as Stripe counts them. Every table here is from https://docs.stripe.com/currencies"""

from decimal import Decimal

# ISK and UGX, which have no decimals, are asked for in hundredths (#special-cases).
ZERO_DECIMAL = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split())
THREE_DECIMAL = frozenset("BHD JOD KWD OMR TND".split())


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
