"""For those who keep the books."""

from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.views import APIView

from bookings.papers import CSV
from theaters.models import Theater

from .accounting import COLUMNS, month_of_invoices

MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])\Z"
EXAMPLE = [
    ",".join(COLUMNS),
    "LUX-2026-000017,invoice,2026-11-21 19:33:02,,H7KQ3XMW,Alice Weiss,The Long Way Down,"
    "2026-11-22 20:30:00,19,20.17,3.83,24.00,EUR,Stripe,pi_3QxA1b2C3d4E5f6G",
]


class KeepsBooks(BasePermission):
    """Managers and admins. Which theaters are theirs, the queryset says."""

    message = "Only those who manage a theater may see its invoices."

    def has_permission(self, request, view):
        return getattr(request.user, "is_staff", False)


class MonthSerializer(serializers.Serializer):
    month = serializers.RegexField(MONTH, help_text="As in 2026-11, by the theater's own clock.")


def month_as_file(theater: Theater, month: str) -> StreamingHttpResponse:
    """The invoices of `theater` of a month, as in 2026-11: a file to keep."""
    year, number = month.split("-")
    return StreamingHttpResponse(
        month_of_invoices(theater, int(year), int(number)),
        content_type=f"{CSV.media_type}; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{theater.invoice_prefix}-{month}.csv"'
        },
    )


class MonthOfInvoicesView(APIView):
    """The invoices and credit notes of a theater that you manage, for its accountant."""

    permission_classes = [IsAuthenticated, KeepsBooks]
    content_negotiation_class = CSV
    raises = {"get": [NotFound]}

    @extend_schema(
        operation_id="theaters_invoices_csv",
        summary="A theater's invoices of a month, as CSV",
        parameters=[MonthSerializer],
        responses={
            (200, "text/csv"): OpenApiResponse(
                OpenApiTypes.STR,
                examples=[OpenApiExample("A month", "\r\n".join(EXAMPLE), media_type="text/csv")],
            )
        },
    )
    def get(self, request, pk):
        """
        A line for each tax rate of each invoice and credit note issued in that month by the
        theater's clock, in their order. Times are the theater's, amounts plain decimals and
        negative on credit notes: a column's sum is the month's. UTF-8 with a byte order mark; what
        a spreadsheet would run as a formula begins with an apostrophe.
        """
        theater = get_object_or_404(Theater.objects.managed_by(request.user), pk=pk)
        asked = MonthSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        return month_as_file(theater, asked.validated_data["month"])
