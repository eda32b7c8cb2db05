"""Tables as files. What somebody typed is text in them, whatever it begins with."""

import csv
from collections.abc import Callable
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import TextIOWrapper
from tempfile import TemporaryFile

from xlsxwriter import Workbook

from payments.accounting import BYTE_ORDER_MARK, harmless
from theaters.currencies import decimals

from .table import CURRENCY, Cell, Column, Table

WIDEST = 40
# Of a part of one: rates of tax have up to three decimals of a per cent.
PLACES = {"part": 4, "rate": 5}
SAFE = {"in_memory": False, "strings_to_formulas": False, "strings_to_urls": False}


@contextmanager
def csv_of(table: Table):
    """A file with `table` as CSV (RFC 4180): plain numbers, and no totals."""
    with TemporaryFile() as file:
        lines = TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        lines.write(BYTE_ORDER_MARK)
        writer = csv.writer(lines)
        writer.writerow(table.names)
        currency = table.names.index(CURRENCY)
        for row in table.rows:
            cells = zip(table.columns, row, strict=True)
            writer.writerow(_plain(column, cell, row[currency]) for column, cell in cells)
        lines.detach()
        file.seek(0)
        yield file


def _plain(column: Column, cell: Cell, currency: str) -> str:
    if cell is None:
        return ""
    if column.holds in PLACES:
        return f"{float(cell):.{PLACES[column.holds]}f}"
    if column.holds == "money":
        return f"{cell:.{decimals(currency)}f}"
    return harmless(cell) if isinstance(cell, str) else str(cell)


@contextmanager
def xlsx_of(table: Table):
    """A file with `table` as a spreadsheet: what it is, the rows, and totals in bold."""
    with TemporaryFile() as file:
        book = Workbook(file, SAFE)
        _write(book, table)
        book.close()
        file.seek(0)
        yield file


def _write(book: Workbook, table: Table):
    sheet = book.add_worksheet("Report")
    bold, formats = book.add_format({"bold": True}), Formats(book)
    sheet.write_string(0, 0, table.title, book.add_format({"bold": True, "font_size": 14}))
    for line, (name, value) in enumerate(table.about, start=1):
        sheet.write_string(line, 0, name, bold)
        sheet.write_string(line, 1, value)
    top, totals = len(table.about) + 2, list(table.totals())
    for place, name in enumerate(table.names):
        sheet.write_string(top, place, name, formats.heading)
        sheet.set_column(place, place, _width(table, totals, place))
    sheet.freeze_panes(top + 1, 1)
    for line, row in enumerate(table.rows, start=top + 1):
        _write_row(sheet, line, table, row, formats.of)
    for line, row in enumerate(totals, start=top + 1 + len(table.rows)):
        _write_row(sheet, line, table, row, formats.of_total)
    if table.rows:
        sheet.autofilter(top, 0, top + len(table.rows), len(table.columns) - 1)


def _write_row(sheet, line: int, table: Table, row: list[Cell], shape_of: Callable):
    currency = row[table.names.index(CURRENCY)]
    for place, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
        shape = shape_of(column, currency)
        if cell is None:
            sheet.write_blank(line, place, None, shape)
        elif isinstance(cell, str):
            sheet.write_string(line, place, cell, shape)
        elif isinstance(cell, date):
            sheet.write_datetime(line, place, cell, shape)
        else:
            # Not as a float: an amount is written with its own digits.
            sheet.write_number(line, place, cell, shape)


def _width(table: Table, totals: list[list[Cell]], place: int) -> int:
    """For what is in the first rows and in the totals, which have the longest numbers."""
    cells = [row[place] for row in [*table.rows[:200], *totals]]
    longest = max((len(_shown(cell)) for cell in cells), default=0)
    return min(max(longest, len(table.columns[place].name)) + 2, WIDEST)


def _shown(cell: Cell) -> str:
    if isinstance(cell, Fraction):
        return f"{float(cell):.3%}"
    return f"{cell:,}" if isinstance(cell, int | Decimal) else str(cell)


class Formats:
    """How cells look, each made once."""

    def __init__(self, book: Workbook):
        self.book, self.made = book, {}
        self.heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})

    def of(self, column: Column, currency: str):
        return self._made(num_format=_numbers(column, currency))

    def of_total(self, column: Column, currency: str):
        return self._made(num_format=_numbers(column, currency), bold=True, top=1)

    def _made(self, **shape):
        key = tuple(shape.items())
        if key not in self.made:
            self.made[key] = self.book.add_format(shape)
        return self.made[key]


def _numbers(column: Column, currency: str) -> str:
    if column.holds == "money":
        places = decimals(currency)
        return "#,##0" + ("." + "0" * places if places else "")
    return {"count": "#,##0", "part": "0.0%", "rate": "0.00#%", "day": "yyyy-mm-dd"}.get(
        column.holds, "General"
    )


WRITERS = {"csv": csv_of, "xlsx": xlsx_of}
