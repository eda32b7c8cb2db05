"""What we hold about a person's payments and invoices, for their own eyes."""

from .models import Invoice, Payment
from .serializers import InvoiceSerializer, PaymentSerializer


class InvoiceRecord(InvoiceSerializer):
    """An invoice with what is printed on it."""

    class Meta(InvoiceSerializer.Meta):
        fields = [*InvoiceSerializer.Meta.fields, "snapshot"]


def payments(user) -> list[dict]:
    """All payments for bookings of `user`, with what went back."""
    mine = Payment.objects.filter(booking__user=user).select_related("booking")
    return PaymentSerializer(mine.prefetch_related("refunds__payment"), many=True).data


def invoices(user) -> list[dict]:
    """All invoices and credit notes for bookings of `user`."""
    mine = Invoice.objects.filter(booking__user=user).select_related("booking", "theater")
    return InvoiceRecord(mine, many=True).data
