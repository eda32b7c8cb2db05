"""Promo codes for a spreadsheet, or for whoever prints them."""

import csv

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.views import View

from ..admin.columns import local

HEAD = ["code", "percent", "amount", "currency", "valid from", "valid until", "bookings in all"]
# What a spreadsheet would read as a formula: https://owasp.org/www-community/attacks/CSV_Injection
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def written(codes, *, zone) -> HttpResponse:
    """`codes` as a CSV file; times by the clocks of `zone`."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="promo-codes.csv"'
    lines = csv.writer(response)
    lines.writerow(HEAD)
    lines.writerows(_line(code, zone) for code in codes)
    return response


def _line(code, zone) -> list[str]:
    text = f"'{code.code}" if code.code.startswith(FORMULAS) else code.code
    times = [local(one, zone).replace("\u00a0", " ") for one in (code.valid_from, code.valid_until)]
    numbers = ["" if one is None else f"{one.normalize():f}" for one in (code.percent, code.amount)]
    return [text, *numbers, code.currency, *times, "" if code.max_uses is None else code.max_uses]


class PromoCodesCsv(View):
    """Those that were made at once: `first` to `last`, their ids, of what this person may see."""

    http_method_names = ["get"]

    def get(self, request, model_admin):
        if not model_admin.has_view_permission(request):
            raise BadRequest("Not yours.")
        first, last = (self._number(request.GET.get(name)) for name in ("first", "last"))
        codes = model_admin.get_queryset(request).filter(pk__gte=first, pk__lte=last)
        return written(codes.order_by("pk"), zone=model_admin.zone(request))

    def _number(self, text) -> int:
        if not (text or "").isascii() or not (text or "").isdecimal() or len(text) > 18:
            raise BadRequest("Which codes?")
        return int(text)
