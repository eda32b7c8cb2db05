"""Promo codes for a spreadsheet, or for whoever prints them."""

import csv
from datetime import datetime, tzinfo

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.views import View

from payments.accounting import BYTE_ORDER_MARK, harmless
from theaters.currencies import decimals


def written(codes, *, zone) -> HttpResponse:
    """`codes` as a CSV file; times by the clocks of `zone`."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="promo-codes.csv"'
    response.write(BYTE_ORDER_MARK)
    lines = csv.writer(response)
    times = [f"valid from ({zone})", f"valid until ({zone})"]
    lines.writerow(["code", "percent", "amount", "currency", *times, "bookings in all"])
    lines.writerows(_line(code, zone) for code in codes)
    return response


def _line(code, zone) -> list[str]:
    percent = "" if code.percent is None else f"{code.percent.normalize():f}"
    amount = "" if code.amount is None else f"{code.amount:.{decimals(code.currency)}f}"
    times = [_local(one, zone) for one in (code.valid_from, code.valid_until)]
    uses = "" if code.max_uses is None else code.max_uses
    return [harmless(code.code), percent, amount, code.currency, *times, uses]


def _local(moment: datetime | None, zone: tzinfo) -> str:
    """As spreadsheets read it, whatever the year."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else ""


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
