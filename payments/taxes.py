"""Tax by rate: what an invoice sums up, and what a credit note gives back of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bookings.models import BookingLine
from theaters.currencies import decimals, rounded


@dataclass(frozen=True)
class Taxed:
    """What was sold at one `rate`, in percent: `gross`, and the `tax` in it."""

    rate: Decimal
    gross: Decimal
    tax: Decimal

    @property
    def net(self) -> Decimal:
        return self.gross - self.tax

    def __neg__(self):
        return Taxed(self.rate, -self.gross, -self.tax)

    def __add__(self, other: "Taxed"):
        return Taxed(self.rate, self.gross + other.gross, self.tax + other.tax)

    def printed(self, currency: str) -> dict[str, str]:
        """As plain decimals, with those of `currency`."""
        places = decimals(currency)
        money = {"net": self.net, "tax": self.tax, "gross": self.gross}
        return {"rate": plain(self.rate)} | {
            name: f"{amount:.{places}f}" for name, amount in money.items()
        }

    @classmethod
    def read(cls, printed: Mapping[str, str]):
        """What `printed` has written."""
        return cls(*(Decimal(printed[name]) for name in ("rate", "gross", "tax")))


def plain(rate: Decimal) -> str:
    """19, 8.875: without zeros that say nothing."""
    return f"{rate.normalize():f}"


def by_rate(lines: Iterable[BookingLine]) -> list[Taxed]:
    """The sums of `lines` at each rate, the highest first; they add up to the total exactly."""
    lines = list(lines)
    added = tax_is_added(lines)
    sums = {}
    for line in lines:
        if line.kind == BookingLine.Kind.TAX:
            continue
        gross, tax = sums.get(line.tax_rate, (Decimal(0), Decimal(0)))
        gross += line.amount + (line.tax if added else 0)
        sums[line.tax_rate] = (gross, tax + line.tax)
    return [Taxed(rate, *sums[rate]) for rate in sorted(sums, reverse=True)]


def tax_is_added(lines: Iterable[BookingLine]) -> bool:
    """Whether the tax comes on top of the prices, in a line of its own."""
    return any(line.kind == BookingLine.Kind.TAX for line in lines)


def part_of(sums: Sequence[Taxed], amount: Decimal, currency: str) -> list[Taxed]:
    """
    `amount` of what `sums` add up to: the same share of each rate, rounded so that the parts add up
    to `amount`. All of it is `sums`, to the cent.
    """
    total = sum(one.gross for one in sums)
    parts, so_far, given = [], Decimal(0), Decimal(0)
    for one in sums:
        so_far += one.gross
        gross = rounded(amount * so_far / total, currency) - given
        given += gross
        tax = rounded(one.tax * gross / one.gross, currency) if one.gross else one.tax
        parts.append(Taxed(one.rate, gross, tax))
    return parts
