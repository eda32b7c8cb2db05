"""What the accountant gets: the invoices and credit notes of a theater's month, as CSV."""

import csv
from collections.abc import Iterator
from datetime import datetime
from io import StringIO

from theaters.models import Theater

from .models import Invoice
from .models.invoice import taxes_of

COLUMNS = [
    *("number", "kind", "issued_at", "corrects", "booking", "buyer", "film", "showtime"),
    *("tax_rate", "net", "tax", "gross", "currency", "paid_by", "stripe_intent"),
]
# Excel takes a file without it for one in an old code page, and Žižkov for Å½iÅ¾kov.
BYTE_ORDER_MARK = "\ufeff"
# What a spreadsheet may run: https://owasp.org/www-community/attacks/CSV_Injection
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LOCAL = "%Y-%m-%d %H:%M:%S"
AT_A_TIME = 500


def month_of_invoices(theater: Theater, year: int, month: int) -> Iterator[str]:
    """
    The invoices and credit notes of `theater` issued in a month by its own clock, in their order,
    as lines of CSV (RFC 4180) under the names of COLUMNS: a line for each tax rate of each.

    Times are local, amounts plain decimals in `currency`, negative on credit notes: their sums are
    the month's. One query, read in parts: it takes no memory however many there are.
    """
    first = datetime(year, month, 1, tzinfo=theater.zone)
    end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=theater.zone)
    invoices = (
        Invoice.objects.filter(theater=theater, issued_at__gte=first, issued_at__lt=end)
        .order_by("issued_at", "pk")
        .values_list("number", "kind", "issued_at", "snapshot")
    )
    yield BYTE_ORDER_MARK + _lines([COLUMNS])
    for number, kind, issued_at, snapshot in invoices.iterator(chunk_size=AT_A_TIME):
        local = issued_at.astimezone(theater.zone)
        yield _lines(_rows(snapshot, [number, kind, f"{local:{LOCAL}}"]))


def _rows(snapshot: dict, about: list[str]) -> Iterator[list[str]]:
    buyer, currency = snapshot["buyer"], snapshot["currency"]
    starts = datetime.fromisoformat(snapshot["starts_at"])
    text = [snapshot.get("corrects", ""), snapshot["booking"]]
    text += [buyer["name"] or buyer["email"], snapshot["movie"], f"{starts:{LOCAL}}"]
    paid = [snapshot["paid_by"], snapshot["stripe_intent"]]
    for one in taxes_of(snapshot):
        sums = one.printed(currency)
        amounts = [sums[name] for name in ("rate", "net", "tax", "gross")]
        yield [*about, *map(harmless, text), *amounts, currency, *map(harmless, paid)]


def harmless(text: str) -> str:
    """`text` as text, whatever a spreadsheet would make of its first character."""
    return f"'{text}" if text.startswith(BEGINS_A_FORMULA) else text


def _lines(rows) -> str:
    written = StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()
