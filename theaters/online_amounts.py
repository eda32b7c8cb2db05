"""What can be paid online at once, as those who hold seats must know before they do."""

from decimal import Decimal

from rest_framework import status
from rest_framework.exceptions import APIException

from .currencies import decimals, is_payable

# https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts. Others have what comes to
# about half a US dollar, which Stripe says when it is asked.
LEAST = {
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
# Digits, decimals among them.
MOST_DIGITS = {"IDR": 12, "COP": 10, "HUF": 10}
# They have no decimals, and are charged in hundredths all the same (#special-cases).
IN_HUNDREDTHS = frozenset({"ISK", "UGX"})


class AmountNotPayable(APIException):
    """The payment provider takes no payment of this amount; the detail says what it takes."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "amount_not_payable"
    default_detail = "No less than 0.50 EUR can be paid online, and this comes to 0.20 EUR."


def check_can_be_paid_online(amount: Decimal, currency: str):
    """
    Raises AmountNotPayable if the payment provider would not take `amount`, as far as we know.
    Nothing at all need not be paid.
    """
    if not amount:
        return
    least, most, places = LEAST.get(currency, Decimal(0)), _most(currency), decimals(currency)
    this = f"this comes to {amount:.{places}f} {currency}"
    if amount < least:
        words = f"No less than {least:.{places}f} {currency} can be paid online, and {this}."
        raise AmountNotPayable(words)
    if not is_payable(amount, currency):
        raise AmountNotPayable(f"{currency} are paid online in whole hundredths only; {this}.")
    if amount > most:
        words = f"No more than {most:.{places}f} {currency} can be paid online at once, and {this}."
        raise AmountNotPayable(words)


def _most(currency: str) -> Decimal:
    places = 2 if currency in IN_HUNDREDTHS else decimals(currency)
    nines = 10 ** MOST_DIGITS.get(currency, 8) - 1
    return Decimal(nines).scaleb(-places)
