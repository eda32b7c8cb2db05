"""What a choice of seats costs: every line with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from rest_framework.exceptions import ValidationError

from showtimes.models import Showtime
from showtimes.offer import OfferedSeat
from showtimes.price_list import CHILD_UNDER, is_too_young, prices_of
from showtimes.price_rules import TicketType
from theaters.currencies import rounded
from theaters.models import Theater
from theaters.online_amounts import check_can_be_paid_online

from .models import BookingLine, PromoCode, PromoCodeRefused, Ticket
from .models.ticket import divided

Kind = BookingLine.Kind
ALL_ADULTS: Mapping[int, str] = MappingProxyType({})
LONGEST = BookingLine._meta.get_field("description").max_length


class TooYoung(ValidationError):
    """A ticket is for a child, and the film's certificate lets no child in."""

    default_code = "too_young"

    def __init__(self, movie, *, field: str = "seats"):
        certificate = movie.certificate or "Its certificate"
        super().__init__(
            {
                field: [
                    f"{certificate} admits from {movie.minimum_age} years, so there are no child "
                    f"tickets (under {CHILD_UNDER}) for this film."
                ]
            },
            code=self.default_code,
        )


@dataclass
class Line:
    """A line as `BookingLine` keeps it. `tax` is the tax in `amount`, or that a tax line adds."""

    kind: str
    description: str
    amount: Decimal
    currency: str
    seat: OfferedSeat | None = None
    type: str = ""
    reasons: list[dict] = field(default_factory=list)
    tax: Decimal = Decimal(0)
    tax_rate: Decimal = Decimal(0)


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

    def check_can_be_paid_online(self):
        """Raises AmountNotPayable. The box office, which takes any amount, does not ask."""
        check_can_be_paid_online(self.total, self.currency)

    def _sum(self, kind: str) -> Decimal:
        return sum((line.amount for line in self.lines if line.kind == kind), Decimal(0))


def quote(
    showtime: Showtime,
    seats: Sequence[OfferedSeat],
    promo_code: PromoCode | None = None,
    ticket_types: Mapping[int, str] = ALL_ADULTS,
) -> Quote:
    """
    What `seats` cost now; `ticket_types` says for whom a seat is, by its
    id, and an adult sits in the others. Raises TooYoung, and PromoCodeRefused if `promo_code` does
    not hold for them; whether its uses are gone is asked elsewhere.
    """
    lines = seat_lines(showtime, seats, ticket_types)
    if promo_code:
        promo_code.check_holds_for(showtime, tickets=len(seats))
    return whole(showtime, lines, promo_code)


def whole(showtime: Showtime, seats: list[Line], promo_code: PromoCode | None = None) -> Quote:
    """The lines for `seats`, and those that follow from them: discount, fee and added tax."""
    theater, lines = showtime.theater, [*seats]
    if promo_code:
        lines += _discount_lines(promo_code, lines, theater)
    lines += _fee_lines(theater, len(seats))
    lines += _added_tax_lines(theater, lines)
    return Quote(showtime=showtime, lines=lines, promo_code=promo_code)


def find_promo_code(code: str) -> PromoCode | None:
    """The promo code that a customer typed, None for none. Raises PromoCodeRefused if unknown."""
    if not code.strip():
        return None
    try:
        return PromoCode.objects.get(code=code.strip().upper())
    except PromoCode.DoesNotExist:
        raise PromoCodeRefused("unknown") from None


def sold_line(ticket: Ticket, theater: Theater) -> Line:
    """The line of a seat that was sold, at the price that was frozen then."""
    return Line(
        Kind.SEAT,
        f"Seat {ticket.seat.label}",
        ticket.price,
        theater.currency,
        type=ticket.type,
        tax=_tax(ticket.price, theater),
    )


def seat_lines(
    showtime: Showtime, seats: Sequence[OfferedSeat], ticket_types: Mapping[int, str]
) -> list[Line]:
    """What each of `seats` costs now. Raises TooYoung."""
    prices, theater = prices_of(showtime, seats), showtime.theater
    lines = []
    for seat in seats:
        kind = ticket_types.get(seat.pk, TicketType.ADULT)
        if is_too_young(showtime.movie, kind):
            raise TooYoung(showtime.movie)
        price = prices.price(seat.category_id, kind)
        lines.append(
            Line(
                Kind.SEAT,
                _words(seat, kind, price),
                price.amount,
                theater.currency,
                seat=seat,
                type=kind,
                reasons=price.reasons(theater.currency),
                tax=_tax(price.amount, theater),
                tax_rate=theater.tax_rate,
            )
        )
    return lines


def _words(seat, kind, price) -> str:
    """What is bought, for whom, and why it costs that: Seat A1, Silver, child, Matinee −20 %."""
    whom = [] if kind == TicketType.ADULT else [str(kind)]
    words = ", ".join([f"Seat {seat.label}", seat.category_name, *whom, *price.words])
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


def _discount_lines(promo_code, lines, theater) -> list[Line]:
    """
    The discount, and the tax that it saves: what the seats are taxed less now that each costs its
    share of the discount less. Taxed by itself, it could save more by rounding than they owe.
    """
    amounts = [line.amount for line in lines]
    off = promo_code.discount(sum(amounts), theater.currency)
    if not off:
        return []
    nets = divided(sum(amounts) - off, amounts, theater.currency)
    saved = sum(line.tax for line in lines) - sum(_tax(net, theater) for net in nets)
    words = f"Promo code {promo_code.code}"
    taxed = {"tax": -saved, "tax_rate": theater.tax_rate}
    return [Line(Kind.DISCOUNT, words, -off, theater.currency, **taxed)]


def _fee_lines(theater: Theater, tickets: int) -> list[Line]:
    fee = rounded(theater.booking_fee, theater.currency) * tickets
    words = f"Booking fee for {tickets} ticket{'s' if tickets > 1 else ''}"
    taxed = {"tax": _tax(fee, theater), "tax_rate": theater.tax_rate}
    return [Line(Kind.FEE, words, fee, theater.currency, **taxed)] if fee else []


def _tax(amount: Decimal, theater: Theater) -> Decimal:
    whole = 100 + theater.tax_rate if theater.prices_include_tax else Decimal(100)
    return rounded(amount * theater.tax_rate / whole, theater.currency)


def _added_tax_lines(theater: Theater, lines) -> list[Line]:
    tax = sum(line.tax for line in lines)
    if theater.prices_include_tax or not tax:
        return []
    rate = f"{theater.tax_rate.normalize():f}"
    words = f"Sales tax {rate} %"
    return [Line(Kind.TAX, words, tax, theater.currency, tax_rate=theater.tax_rate)]
