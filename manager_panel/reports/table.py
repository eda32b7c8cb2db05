"""A table, before it is a file."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple


class Column(NamedTuple):
    """
    `holds` says what is in it: text, day, count, part (a Fraction, shown in per cent), rate (the
    same, as exact as a rate of tax) or money, in the currency of its row. `adds_up` columns have
    totals, for each currency.
    """

    name: str
    holds: str = "text"
    adds_up: bool = False


Cell = str | int | Decimal | Fraction | object | None


@dataclass
class Table:
    """Rows under columns, one of which is the currency; `about` says above it what it is."""

    title: str
    columns: list[Column]
    rows: list[list[Cell]]
    about: list[tuple[str, str]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def totals(self) -> Iterable[list[Cell]]:
        """A row for each currency, in which what adds up is added up."""
        currency = self.names.index(CURRENCY)
        for money in sorted({row[currency] for row in self.rows}):
            mine = [row for row in self.rows if row[currency] == money]
            total = [
                sum(row[place] for row in mine) if column.adds_up else None
                for place, column in enumerate(self.columns)
            ]
            total[0], total[currency] = "Total", money
            yield total


CURRENCY = "Currency"


def text(name: str) -> Column:
    return Column(name)


def count(name: str) -> Column:
    return Column(name, "count", adds_up=True)


def money(name: str) -> Column:
    return Column(name, "money", adds_up=True)
