"""What Stripe knows about currencies: which there are, their decimals, least and largest amounts.

Every table here is from https://docs.stripe.com/currencies
"""

from decimal import Decimal

from django.utils import formats, translation

from stripe_emulator.errors import InvalidParameter
from stripe_emulator.parameters import text

SUPPORTED = frozenset(
    """
    aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd
    cad cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq
    gyd hkd hnl hrk htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr
    lrd lsl mad mdl mga mkd mmk mnt mop mro mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab
    pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sll sos srd std szl thb
    tjs tnd top try ttd twd tzs uah ugx usd uyu uzs vnd vuv wst xaf xcd xcg xof xpf yer zar zmw
    """.split()
)
ZERO_DECIMAL = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split())
THREE_DECIMAL = frozenset("bhd jod kwd omr tnd".split())
# Amounts of these must end in zeros although their minor unit is smaller.
MULTIPLE_OF = {
    **dict.fromkeys(THREE_DECIMAL, 10),
    "isk": 100,
    "ugx": 100,
}
MINIMUM = {
    "aed": 200,
    "aud": 50,
    "bgn": 100,
    "brl": 50,
    "cad": 50,
    "chf": 50,
    "czk": 1500,
    "dkk": 250,
    "eur": 50,
    "gbp": 30,
    "hkd": 400,
    "huf": 17500,
    "inr": 50,
    "jpy": 50,
    "mxn": 1000,
    "myr": 200,
    "nok": 300,
    "nzd": 50,
    "pln": 200,
    "ron": 200,
    "sek": 300,
    "sgd": 50,
    "thb": 1000,
    "usd": 50,
}
MOST_DIGITS = {"idr": 12, "cop": 10, "huf": 10}
SYMBOLS = {
    "aud": "A$",
    "brl": "R$",
    "cad": "CA$",
    "cny": "CN¥",
    "eur": "€",
    "gbp": "£",
    "hkd": "HK$",
    "ils": "₪",
    "inr": "₹",
    "jpy": "¥",
    "krw": "₩",
    "mxn": "MX$",
    "nzd": "NZ$",
    "twd": "NT$",
    "usd": "$",
    "vnd": "₫",
}


def decimals(currency):
    """How many digits of an API amount stand behind the decimal point."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def spoken(amount, currency):
    """An API amount as a person reads it: €12.50, ¥1,200, KWD 1.500."""
    places = decimals(currency)
    number = f"{Decimal(amount).scaleb(-places):,.{places}f}"
    symbol = SYMBOLS.get(currency)
    return f"{symbol}{number}" if symbol else f"{currency.upper()} {number}"


# Where the sign stands before the number; elsewhere it follows, after a space.
SIGN_FIRST = frozenset("en ga he hi id ja ko mt ms th tr ur vi zh".split())


def localized(amount, currency, request):
    """An API amount as whoever asks is used to read it: €1,234.50, 1.234,50 €, 1 234,50 €."""
    language = translation.get_language_from_request(request)
    places = decimals(currency)
    with translation.override(language):
        value = Decimal(amount).scaleb(-places)
        number = formats.number_format(value, places, use_l10n=True, force_grouping=True)
    symbol = SYMBOLS.get(currency)
    if language.split("-")[0] not in SIGN_FIRST:
        return f"{number}\N{NO-BREAK SPACE}{symbol or currency.upper()}"
    return f"{symbol}{number}" if symbol else f"{currency.upper()} {number}"


def currency(value, name):
    """Reader for a `currency` parameter: the three-letter code in lower case."""
    code = text(5000)(value, name).lower()
    if code not in SUPPORTED:
        raise InvalidParameter(
            f"Invalid currency: {code}. Stripe currently supports these currencies: "
            f"{', '.join(sorted(SUPPORTED))}",
            param=name,
        )
    return code


def check_charge(amount, code):
    """Raises InvalidParameter unless `amount` may be charged in the currency `code`."""
    least = MINIMUM.get(code, 1)
    most = 10 ** MOST_DIGITS.get(code, 8) - 1
    if amount < least:
        raise _bad_amount("small", f"at least {spoken(least, code)} {code}")
    if amount > most:
        raise _bad_amount("large", f"no more than {spoken(most, code)}")
    step = MULTIPLE_OF.get(code, 1)
    if amount % step:
        raise InvalidParameter(
            f"Invalid amount: {code.upper()} amounts must be evenly divisible by {step}.",
            code="parameter_invalid_integer",
            param="amount",
        )


def _bad_amount(how, bound):
    return InvalidParameter(f"Amount must be {bound}", code=f"amount_too_{how}", param="amount")
