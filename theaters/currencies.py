"""Currencies as people pay in them. What Stripe calls an amount is the business of payments."""

from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError

# ISO 4217: currencies whose minor unit is not a hundredth; that of MGA is a fifth, and not used.
# https://www.six-group.com/en/products-services/financial-information/data-standards.html
WITHOUT_DECIMALS = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW MGA PYG RWF UGX UYI VND VUV XAF XOF XPF".split()
)
WITH_THREE_DECIMALS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
# As English texts write them (Unicode CLDR, locale en-GB); others go by their code.
SIGNS = {
    **{"EUR": "€", "GBP": "£", "JPY": "JP¥", "INR": "₹", "KRW": "₩", "ILS": "₪", "VND": "₫"},
    **{"USD": "US$", "CAD": "CA$", "AUD": "A$", "NZD": "NZ$", "HKD": "HK$", "MXN": "MX$"},
    **{"BRL": "R$", "CNY": "CN¥", "TWD": "NT$", "PHP": "₱"},
}


def decimals(currency: str) -> int:
    """How many decimals an amount in `currency` (ISO 4217) has."""
    if currency in WITHOUT_DECIMALS:
        return 0
    return 3 if currency in WITH_THREE_DECIMALS else 2


def rounded(amount: Decimal, currency: str, how: str = ROUND_HALF_UP) -> Decimal:
    """
    `amount` to what can be paid in `currency`; halves go away from zero, as tills round, unless
    `how` (one of decimal's ways) says otherwise. That is
    its smallest unit, but ten of them where there are a thousand: cards are charged in tens
    (https://docs.stripe.com/currencies#three-decimal).
    """
    return amount.quantize(Decimal(1).scaleb(-min(decimals(currency), 2)), how)


def written(amount: Decimal, currency: str) -> str:
    """`amount` as people read it in a text: €1,024.00, JP¥1,800, KWD 4.500."""
    sign = SIGNS.get(currency) or f"{currency}\N{NO-BREAK SPACE}"
    number = f"{abs(amount):,.{decimals(currency)}f}"
    return f"−{sign}{number}" if amount < 0 else f"{sign}{number}"


def is_payable(amount: Decimal, currency: str) -> bool:
    """Whether `amount` can be paid in `currency`: 0.005 EUR cannot, nor can 3.333 KWD."""
    return amount == rounded(amount, currency)


def what_is_payable(currency: str) -> str:
    """For people who typed what cannot be paid."""
    places = decimals(currency)
    if places > 2:
        return f"Amounts in {currency} are multiples of 0.010."
    return f"Amounts in {currency} have {places} decimals."


def check_is_money(amount: Decimal | None, currency: str):
    """Raises ValidationError for an amount that nobody can pay in `currency`, such as 0.005 EUR."""
    if amount is not None and not is_payable(amount, currency):
        raise ValidationError(what_is_payable(currency), code="invalid")


def validate_currency(value: str):
    """Raises ValidationError unless `value` looks like an ISO 4217 code in capitals."""
    if not (len(value) == 3 and value.isascii() and value.isalpha() and value.isupper()):
        raise ValidationError("Three capital letters, as in EUR.", code="invalid")
