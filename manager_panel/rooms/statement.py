"""The money statement of one showtime, as a page: it closes to the smallest coin."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse

from manager_panel.figures import Sums
from manager_panel.figures.counting import count
from payments.models import Payment
from showtimes.models import Showtime
from theaters.currencies import written

# What was sold, with the sign with which it counts, and what became of it.
SOLD = [
    ("Face value of the seats", "face_value", 1),
    ("Discounts", "discount", -1),
    ("Booking fees", "fees", 1),
    ("Tax on top of prices", "added_tax", 1),
    ("Dearer seats in exchange", "exchanged", 1),
    ("Paid without buying anything: too late, twice, or flagged", "bought_nothing", 1),
]
FREE = "Nothing to pay"


def statement_page(request: HttpRequest, showtime: int) -> TemplateResponse:
    """For those who manage its theater; a 404 for others."""
    page = admin.site.get_model_admin(Showtime)
    if not page.has_view_permission(request):
        raise PermissionDenied
    found = page.get_queryset(request).filter(pk=showtime)
    this = found.select_related("movie", "screen__theater").first()
    if this is None:
        raise Http404
    rows = count(Showtime.objects.filter(pk=showtime))
    currencies = sorted({row.currency for row in rows if row.bookings or row.paid})
    context = admin.site.each_context(request) | {
        "title": "Money statement",
        "opts": page.opts,
        "original": this,
        "showtime": this,
        # As text: a template would show it by the clock of the site.
        "starts": f"{this.starts_at.astimezone(this.theater.zone):%a %d %b %Y, %H:%M}",
        "statements": [_statement(rows, currency) for currency in currencies],
    }
    return TemplateResponse(request, "manager_panel/statement.html", context)


def _statement(rows: list, currency: str) -> dict:
    """What is shown of one currency."""
    mine = [row for row in rows if row.currency == currency]
    whole = Sums()
    for row in mine:
        whole.add(row)
    whole = whole.rounded(currency)
    return {
        "currency": currency,
        "sums": whole,
        "lines": list(_lines(whole, currency)),
        "kinds": [_kind(row, currency) for row in mine if row.bookings or row.paid],
    }


def _lines(whole: Sums, currency: str):
    for words, name, sign in SOLD:
        if amount := sign * getattr(whole, name):
            yield {"words": words, "amount": written(amount, currency)}
    if whole.not_in_the_books:
        wrong = written(-whole.not_in_the_books, currency)
        yield {"words": "Not in the books: run check_books", "amount": wrong, "is": "wrong"}
    yield {"words": "Paid", "amount": written(whole.paid, currency), "is": "sum"}
    yield {"words": "Refunded", "amount": written(-whole.refunded, currency)}
    yield {"words": "Kept", "amount": written(whole.kept, currency), "is": "sum"}
    yield {"words": "Tax in it", "amount": written(-whole.kept_tax, currency)}
    yield {"words": "Net", "amount": written(whole.net, currency), "is": "sum"}


def _kind(row, currency: str) -> dict:
    sums = Sums()
    sums.add(row)
    sums = sums.rounded(currency)
    return {
        "words": Payment.Kind(row.kind).label if row.kind else FREE,
        "tickets": sums.tickets,
        "paid": written(sums.paid, currency),
        "refunded": written(sums.refunded, currency),
        "kept": written(sums.kept, currency),
    }
