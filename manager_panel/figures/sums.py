"""What figures add up to."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction

from theaters.currencies import decimals

NOTHING = Decimal(0)
SMALLEST = Decimal("0.001")


@dataclass
class Sums:
    """
    Of some showtimes, in one currency. Each of its fields is one of manager_panel.models.Figures.
    """

    shows: int = 0
    capacity: int = 0
    bookings: int = 0
    tickets: int = 0
    given_back: int = 0
    admitted: int = 0
    no_shows: int = 0
    face_value: Decimal = NOTHING
    discount: Decimal = NOTHING
    fees: Decimal = NOTHING
    added_tax: Decimal = NOTHING
    exchanged: Decimal = NOTHING
    paid: Decimal = NOTHING
    bought_nothing: Decimal = NOTHING
    refunded: Decimal = NOTHING
    due_back: Decimal = NOTHING
    kept_fees: Decimal = NOTHING
    kept_tax: Decimal = NOTHING
    disputed: Decimal = NOTHING

    @property
    def sold(self) -> Decimal:
        """What the tickets cost when they were bought."""
        return self.face_value - self.discount + self.fees + self.added_tax

    @property
    def asked(self) -> Decimal:
        """All that should have come: sold, exchanged, and what came without buying anything."""
        return self.sold + self.exchanged + self.bought_nothing

    @property
    def not_in_the_books(self) -> Decimal:
        """Nothing, while the books balance: what was sold without the money for it."""
        return self.asked - self.paid

    @property
    def kept(self) -> Decimal:
        """What came less what went back, as `check_books` says it."""
        return self.paid - self.refunded

    @property
    def going_back(self) -> Decimal:
        """What is owed back and did not go yet."""
        return max(self.due_back + self.bought_nothing - self.refunded, NOTHING)

    @property
    def net(self) -> Decimal:
        """What was kept, without the tax in it."""
        return self.kept - self.kept_tax

    @property
    def occupancy(self) -> Fraction | None:
        """The part of the seats that was sold; None where there were none."""
        return Fraction(self.tickets, self.capacity) if self.capacity else None

    @property
    def no_show_rate(self) -> Fraction | None:
        """Of those who were expected where a door was kept; None where none was."""
        expected = self.admitted + self.no_shows
        return Fraction(self.no_shows, expected) if expected else None

    def add(self, row: object):
        """Add the figures of `row`, which has fields of the same names."""
        for name in MEASURES:
            setattr(self, name, getattr(self, name) + getattr(row, name))

    def rounded(self, currency: str) -> "Sums":
        """The same to the smallest coin: SQLite keeps decimals as floats."""
        places = decimals(currency)
        # Adding nothing takes the sign off a nothing that floats have left.
        amounts = {name: round(Decimal(getattr(self, name)), places) + 0 for name in AMOUNTS}
        return Sums(**{name: getattr(self, name) for name in COUNTS} | amounts)


def added(rows: Iterable) -> Sums:
    """The sums of `rows`."""
    total = Sums()
    for row in rows:
        total.add(row)
    return total


COUNTS = [field.name for field in fields(Sums) if field.type is int]
AMOUNTS = [field.name for field in fields(Sums) if field.type is Decimal]
MEASURES = [*COUNTS, *AMOUNTS]
