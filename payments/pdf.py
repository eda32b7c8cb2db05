"""Invoices and credit notes on paper: printed from their snapshot, never from what is so today."""

from datetime import datetime
from pathlib import Path

from bookings.pdf import rendered
from bookings.scripts import printable

from .models import Invoice

TEMPLATE = Path(__file__).parent / "typst" / "invoice.typ"


def invoice_pdf(invoice: Invoice) -> bytes:
    """
    The A4 pages of an invoice or a credit note; the same bytes each time. Dates are the theater's
    own. Asks the database nothing, and costs some milliseconds: not for inside a transaction.
    """
    snapshot = invoice.snapshot
    languages = {snapshot["movie"]: snapshot.get("language", "")}
    country = snapshot["seller"]["country"]
    return rendered(TEMPLATE, printable(_data(invoice), country=country, languages=languages))


def _data(invoice: Invoice) -> dict:
    snapshot = invoice.snapshot
    kind = invoice.get_kind_display()
    issued = _issued(invoice)
    return {
        "title": f"{kind} {invoice.number}",
        "kind": kind,
        "number": invoice.number,
        "issued": _day(issued),
        "issued_on": [issued.year, issued.month, issued.day],
        "seller": _seller(snapshot["seller"]),
        "tax_id": snapshot["seller"]["tax_id"],
        "buyer": [line for line in snapshot["buyer"].values() if line],
        "facts": _facts(snapshot),
        "lines": snapshot["lines"],
        "currency": snapshot["currency"],
        "sums": _sums(invoice),
        "total": snapshot["total"],
        "payment": _payment(invoice),
    }


def _issued(invoice: Invoice) -> datetime:
    """When it was issued by the theater's clock; if that was not kept, by that of the showtime."""
    if local := invoice.snapshot.get("issued_at"):
        return datetime.fromisoformat(local)
    return invoice.issued_at.astimezone(_starts(invoice.snapshot).tzinfo)


def _starts(snapshot: dict) -> datetime:
    return datetime.fromisoformat(snapshot["starts_at"])


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _seller(seller: dict) -> list[str]:
    city = f"{seller['postal_code']} {seller['city']}".strip()
    theater = [seller["theater"]] if seller["theater"] != seller["name"] else []
    return [seller["name"], *theater, seller["address"], f"{city}, {seller['country']}"]


def _facts(snapshot: dict) -> list[tuple[str, str]]:
    starts = _starts(snapshot)
    corrected = snapshot.get("corrects")
    return [
        *([("Corrects invoice", corrected)] if corrected else []),
        ("Booking", snapshot["booking"]),
        ("Film", snapshot["movie"]),
        ("Showtime", f"{starts:%A}, {_day(starts)}, {starts:%H:%M}"),
        ("Screen", snapshot["screen"]),
    ]


def _sums(invoice: Invoice) -> list[tuple[str, str]]:
    # What is given back is given back with its tax, wherever the tax was added.
    included = invoice.snapshot["tax_included"] or invoice.kind == Invoice.Kind.CREDIT_NOTE
    taxes = [one.printed(invoice.snapshot["currency"]) for one in invoice.taxes]
    sums = []
    for one in taxes:
        rate = f"{one['rate']} %"
        sums.append(("Net" if len(taxes) == 1 else f"Net, at {rate}", one["net"]))
        sums.append((f"Tax {rate}, {'included' if included else 'added'}", one["tax"]))
    return sums


def _payment(invoice: Invoice) -> str:
    verb = "Returned" if invoice.kind == Invoice.Kind.CREDIT_NOTE else "Paid"
    snapshot = invoice.snapshot
    how = ", ".join(part for part in (snapshot["paid_by"], snapshot["stripe_intent"]) if part)
    return f"{verb}: {how}"
