"""An invoice as a whole, read from what was printed: what has changed since changes nothing."""

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from .serializers import INTENT, INVOICE, PAYMENT, InvoiceSerializer

WHOLE = INVOICE | {
    "corrects": None,
    "credit_notes": ["LUX-2026-C000003"],
    "seller": {
        "name": "Lux Kino GmbH",
        "theater": "Lux",
        "address": "Kantstr. 1",
        "postal_code": "10623",
        "city": "Berlin",
        "country": "DE",
        "tax_id": "DE123456789",
    },
    "buyer": {"name": "Alice Weiss", "email": "alice@example.com"},
    "showtime": {
        "movie": "The Long Way Down",
        "screen": "Screen 1",
        "starts_at": "2026-11-22T20:30:00+01:00",
    },
    "lines": [
        {"description": "Seat A1, Silver", "amount": "11.00", "tax": "1.76", "tax_rate": "19"},
        {"description": "Seat A2, Silver", "amount": "11.00", "tax": "1.76", "tax_rate": "19"},
        {
            "description": "Booking fee for 2 tickets",
            "amount": "2.00",
            "tax": "0.32",
            "tax_rate": "19",
        },
    ],
    "tax_included": True,
    "taxes": [{"rate": "19", "net": "20.16", "tax": "3.84", "gross": "24.00"}],
    "payment": {"id": PAYMENT["id"], "by": "Stripe", "stripe_intent": INTENT},
}


class SellerSerializer(serializers.Serializer):
    name = serializers.CharField(help_text="The legal name.")
    theater = serializers.CharField()
    address = serializers.CharField()
    postal_code = serializers.CharField()
    city = serializers.CharField()
    country = serializers.CharField()
    tax_id = serializers.CharField()


class BuyerSerializer(serializers.Serializer):
    name = serializers.CharField()
    email = serializers.CharField()


class SoldShowtimeSerializer(serializers.Serializer):
    movie = serializers.CharField()
    screen = serializers.CharField()
    starts_at = serializers.CharField(help_text="By the theater's clock, ISO 8601.")


class InvoiceLineSerializer(serializers.Serializer):
    description = serializers.CharField()
    amount = serializers.CharField()
    tax = serializers.CharField(help_text="In the amount, or added to it: see `tax_included`.")
    tax_rate = serializers.CharField(default="", help_text="In percent.")


class TaxOfRateSerializer(serializers.Serializer):
    """What was sold at one `rate`, in percent."""

    rate = serializers.CharField()
    net = serializers.CharField()
    tax = serializers.CharField()
    gross = serializers.CharField()


class PaidBySerializer(serializers.Serializer):
    id = serializers.UUIDField(source="payment_id")
    by = serializers.CharField(source="snapshot.paid_by", help_text="Stripe, cash, card terminal.")
    stripe_intent = serializers.CharField(source="snapshot.stripe_intent", allow_blank=True)


@extend_schema_serializer(examples=[OpenApiExample("An invoice", WHOLE)])
class WholeInvoiceSerializer(InvoiceSerializer):
    """
    The whole document as it was issued, for good: amounts are plain decimals in `currency`,
    negative on credit notes. `taxes` sums up each rate, and their `gross` adds up to `total`. A
    credit note `corrects` an invoice, which names it in `credit_notes`.
    """

    corrects = serializers.SerializerMethodField()
    credit_notes = serializers.SerializerMethodField()
    seller = SellerSerializer(source="snapshot.seller")
    buyer = BuyerSerializer(source="snapshot.buyer")
    showtime = SoldShowtimeSerializer(source="snapshot")
    lines = InvoiceLineSerializer(source="snapshot.lines", many=True)
    tax_included = serializers.BooleanField(source="snapshot.tax_included")
    taxes = serializers.SerializerMethodField()
    payment = PaidBySerializer(source="*")

    class Meta(InvoiceSerializer.Meta):
        fields = list(WHOLE)

    def get_corrects(self, invoice) -> str | None:
        return invoice.snapshot.get("corrects") or None

    def get_credit_notes(self, invoice) -> list[str]:
        return invoice.credit_notes

    @extend_schema_field(TaxOfRateSerializer(many=True))
    def get_taxes(self, invoice):
        return [one.printed(invoice.currency) for one in invoice.taxes]
