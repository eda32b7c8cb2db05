"""What some seats cost, line by line, by the functions that quotes are made with."""

from dataclasses import dataclass, field
from decimal import Decimal

from bookings.models import BookingLine, PromoCode, PromoCodeRefused
from bookings.promo_code_trial import PromoCodeTrial, trial_of
from bookings.quotes import Line, Quote, TooYoung, find_promo_code, lines_by, whole
from showtimes.models import Showtime
from showtimes.offer import OfferedSeat
from showtimes.price_list import PriceList, SeatPrice
from showtimes.price_rules import PriceRule
from showtimes.price_trial import PriceTrial, own_prices_of
from showtimes.price_words import in_words
from theaters.online_amounts import AmountNotPayable

from ...admin.columns import local, money
from .code_words import gift
from .questions import Questions


@dataclass(frozen=True)
class Step:
    """
    One thing that makes the price what it is. `tried` is the rule or code that is not saved yet.
    """

    name: str
    why: str
    change: str
    after: str = ""
    tried: bool = False


@dataclass(frozen=True)
class Bill:
    """
    The answer: from the seat's own price to the total; or why there is none. `not_online` says why
    nobody can pay it online.
    """

    showtime: str
    booked: str
    tickets: int
    steps: list[Step] = field(default_factory=list)
    lines: list[Step] = field(default_factory=list)
    a_seat: str = ""
    total: str = ""
    tax: str = ""
    refused: str = ""
    code_refused: str = ""
    not_online: str = ""
    others: list[tuple[str, str]] = field(default_factory=list)


def bill(
    asked: Questions,
    trial: PriceTrial,
    *,
    tried: PriceRule | None = None,
    code: PromoCodeTrial | None = None,
) -> Bill:
    """
    What was `asked` (which is valid), as `trial` prices it: with the rule that is `tried`, or the
    `code`, or else the code that was asked about.
    """
    showtime = asked.asked_showtime()
    prices = trial.price_list(showtime, own_prices_of([showtime]).get(showtime.pk, {}))
    answers = asked.cleaned_data
    facts = {
        "showtime": in_full(showtime),
        "booked": local(asked.moment_of_booking(), asked.theater.zone),
        "tickets": answers["tickets"],
    }
    holds, code_refused = _code(asked, showtime, code)
    try:
        quote = whole(showtime, lines_by(prices, *_seats(prices, answers)), holds)
    except TooYoung as refusal:
        return Bill(**facts, refused=_said(refusal))
    price = prices.price(answers["category"].pk, answers["type"])
    return Bill(
        **facts,
        steps=_steps(price, prices.currency, tried),
        lines=_lines(quote, tried=code),
        a_seat=money(price.amount, quote.currency),
        total=money(quote.total, quote.currency),
        tax=money(quote.tax, quote.currency) if quote.tax else "",
        code_refused=code_refused,
        not_online=_not_online(quote),
        others=[(one.name, in_words(one)) for one in trial.rules if one not in price.rules],
    )


def in_full(showtime: Showtime) -> str:
    """As in The Long Way Down, Sat 21 Nov, 20:15, Screen 1, 2D."""
    start = local(showtime.starts_at, showtime.theater.zone)
    return (
        f"{showtime.movie.title}, {start}, {showtime.screen.name}, {showtime.get_format_display()}"
    )


def _code(
    asked: Questions, showtime: Showtime, code: PromoCodeTrial | None
) -> tuple[PromoCode | None, str]:
    """`code`, or the one that was typed; and why it gives nothing: one of the two, or neither."""
    try:
        code = code or _typed(asked)
        if code is None:
            return None, ""
        tickets = asked.cleaned_data["tickets"]
        code.check(showtime, tickets=tickets, at=asked.moment_of_booking())
    except PromoCodeRefused as refusal:
        return None, refusal.words
    return code.code, ""


def _typed(asked: Questions) -> PromoCodeTrial | None:
    code = find_promo_code(asked.cleaned_data.get("promo_code", ""))
    return trial_of(code) if code else None


def _not_online(quote: Quote) -> str:
    try:
        quote.check_can_be_paid_online()
    except AmountNotPayable as refusal:
        return str(refusal.detail)
    return ""


def _said(refusal) -> str:
    return " ".join(str(words) for all_words in refusal.detail.values() for words in all_words)


def _seats(prices: PriceList, answers) -> tuple[list[OfferedSeat], dict[int, str]]:
    """So many seats as nobody has: what they cost depends on the category alone."""
    category = answers["category"].pk
    seats = [
        OfferedSeat(
            pk=number,
            row="",
            number=number,
            kind="standard",
            category_id=category,
            category_name=prices.names[category],
            price=prices.base[category],
            holder=None,
        )
        for number in range(1, answers["tickets"] + 1)
    ]
    return seats, {seat.pk: answers["type"] for seat in seats}


def _steps(price: SeatPrice, currency: str, tried: PriceRule | None) -> list[Step]:
    (category, own), *changes = price.steps
    after = own
    steps = [Step(category, "The category's own price.", "", money(own, currency))]
    for (name, change), rule in zip(changes, price.rules, strict=True):
        after += change
        why = in_words(rule)
        steps.append(
            Step(name, why, signed(change, currency), money(after, currency), rule is tried)
        )
    return steps


def _lines(quote: Quote, *, tried: PromoCodeTrial | None) -> list[Step]:
    """Those below the seats."""
    lines = [line for line in quote.lines if line.kind != BookingLine.Kind.SEAT]
    return [_below(line, quote, tried) for line in lines]


def _below(line: Line, quote: Quote, tried: PromoCodeTrial | None) -> Step:
    change = signed(line.amount, quote.currency)
    if line.kind != BookingLine.Kind.DISCOUNT:
        return Step(line.description, "", change)
    why = f"{gift(quote.promo_code)}."
    return Step(line.description, why, change, tried=tried is not None)


def signed(amount: Decimal, currency: str) -> str:
    """With a sign, as it is added: −2.00 EUR, +1.00 EUR."""
    return f"{'−' if amount < 0 else '+'}{money(abs(amount), currency)}"
