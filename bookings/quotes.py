"""What a choice of seats costs: every line with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from showtimes.models import Showtime
from theaters.currencies import rounded
from theaters.models import Seat, Theater

from .models import BookingLine, PromoCode, PromoCodeRefused

Kind = BookingLine.Kind


@dataclass
class Line:
    """A line as `BookingLine` keeps it. `tax` is the tax in `amount`, or that a tax line adds."""

    kind: str
    description: str
    amount: Decimal
    currency: str
    seat: Seat | None = None
    tax: Decimal = Decimal(0)


@dataclass
class Quote:
    """
    The lines for some seats of a showtime. Their amounts add up to `total` exactly; money is in the
    theater's currency.
    """

    showtime: Showtime
    lines: list[Line]
    promo_code: PromoCode | None = None

    @property
    def currency(self) -> str:
        return self.showtime.theater.currency

    @property
    def subtotal(self) -> Decimal:
        return self._sum(Kind.SEAT)

    @property
    def discount(self) -> Decimal:
        return -self._sum(Kind.DISCOUNT)

    @property
    def fees(self) -> Decimal:
        return self._sum(Kind.FEE)

    @property
    def tax(self) -> Decimal:
        """The tax in the total, whether prices include it or not."""
        return sum((line.tax for line in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    def _sum(self, kind: str) -> Decimal:
        return sum((line.amount for line in self.lines if line.kind == kind), Decimal(0))


def quote(showtime: Showtime, seats: Sequence[Seat], promo_code: PromoCode | None = None) -> Quote:
    """
    What `seats`, with their categories, cost now. Raises PromoCodeRefused if `promo_code` does not
    hold for them; whether it is used up is only known when the seats are held.
    """
    theater = showtime.theater
    lines = _seat_lines(showtime, seats)
    if promo_code:
        promo_code.check_holds_for(showtime, tickets=len(seats))
        lines += _discount_lines(promo_code, lines, theater.currency)
    lines += _fee_lines(theater, len(seats))
    for line in lines:
        line.tax = _tax(line.amount, theater)
    lines += _added_tax_lines(theater, lines)
    return Quote(showtime=showtime, lines=lines, promo_code=promo_code)


def find_promo_code(code: str) -> PromoCode | None:
    """The promo code that a customer typed, None for none. Raises PromoCodeRefused if unknown."""
    if not code.strip():
        return None
    try:
        return PromoCode.objects.get(code=code.strip().upper())
    except PromoCode.DoesNotExist:
        raise PromoCodeRefused("There is no such promo code.") from None


def _seat_lines(showtime, seats) -> list[Line]:
    prices = showtime.prices()
    currency = showtime.theater.currency
    return [
        Line(
            Kind.SEAT,
            f"Seat {seat.label}, {seat.category.name}",
            rounded(prices[seat.category_id], currency),
            currency,
            seat=seat,
        )
        for seat in seats
    ]


def _discount_lines(promo_code, lines, currency) -> list[Line]:
    subtotal = sum(line.amount for line in lines)
    off = promo_code.discount(subtotal, currency)
    return [Line(Kind.DISCOUNT, f"Promo code {promo_code.code}", -off, currency)] if off else []


def _fee_lines(theater: Theater, tickets: int) -> list[Line]:
    fee = rounded(theater.booking_fee, theater.currency)
    words = f"Booking fee for {tickets} ticket{'s' if tickets > 1 else ''}"
    return [Line(Kind.FEE, words, fee * tickets, theater.currency)] if fee else []


def _tax(amount: Decimal, theater: Theater) -> Decimal:
    whole = 100 + theater.tax_rate if theater.prices_include_tax else Decimal(100)
    return rounded(amount * theater.tax_rate / whole, theater.currency)


def _added_tax_lines(theater: Theater, lines) -> list[Line]:
    tax = sum(line.tax for line in lines)
    if theater.prices_include_tax or not tax:
        return []
    rate = f"{theater.tax_rate.normalize():f}"
    return [Line(Kind.TAX, f"Sales tax {rate} %", tax, theater.currency)]
