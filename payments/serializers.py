"""What the API says and hears about money."""

from urllib.parse import urlencode

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from bookings.serializers import AlternativeSerializer
from theaters.fields import AmountField, TheaterTimeField

from .models import Invoice, Payment, Refund
from .timeline import Event
from .too_late import alternative

PAYMENT = {
    "id": "6f1c0f5e-3a0f-4d53-9f66-0a5a4f0f4a11",
    "booking": "H7KQ3XMW",
    "exchange": None,
    "kind": "stripe",
    "status": "open",
    "amount": "24.00",
    "currency": "EUR",
    "failure": "",
    "refunds": [],
    "created_at": "2026-11-21T18:32:20Z",
    "succeeded_at": None,
}
STATUSES = ["open", "processing", "succeeded", "cancelled"]
INTENT = "pi_3QxA1b2C3d4E5f6G"
EVENT = {
    "id": "evt_1QxA1b2C3d4E5f6G",
    "object": "event",
    "type": "payment_intent.succeeded",
    "created": 1795286342,
    "data": {"object": {"id": INTENT, "object": "payment_intent", "status": "succeeded"}},
}
INVOICE = {
    "number": "LUX-2026-000017",
    "kind": "invoice",
    "booking": "H7KQ3XMW",
    "total": "24.00",
    "currency": "EUR",
    "issued_at": "2026-11-21T19:33:02+01:00",
}


@extend_schema_serializer(
    examples=[OpenApiExample("Pay a booking", {"booking": "H7KQ3XMW"})], component_name="Payment"
)
class PaymentRequestSerializer(serializers.Serializer):
    booking = serializers.CharField(max_length=8, help_text="The booking's reference.")


class RefundSerializer(serializers.ModelSerializer):
    """
    Money on its way back, until `status` is `succeeded`. `failed`: it did not arrive; if no other
    refund follows by itself, the cinema has been told, and tries again or gives it back otherwise.
    """

    amount = AmountField()

    class Meta:
        model = Refund
        fields = ["amount", "reason", "status", "created_at", "finished_at"]


@extend_schema_serializer(examples=[OpenApiExample("A payment", PAYMENT)])
class PaymentSerializer(serializers.ModelSerializer):
    """
    A payment: of a booking, or of the difference of an `exchange` of its seats. `failure` says why
    the last attempt failed, while the seats are still held. While the bank works on it (a direct
    debit takes days) it is `processing`: the seats are held as long as any, and if the money comes
    after that it buys them if they are free, and else goes back.
    """

    status = serializers.ChoiceField(source="status_now", choices=STATUSES)

    booking = serializers.SlugRelatedField("reference", read_only=True)
    exchange = serializers.UUIDField(source="exchange_id", read_only=True, allow_null=True)
    amount = AmountField()
    refunds = RefundSerializer(many=True, read_only=True)

    class Meta:
        model = Payment
        fields = list(PAYMENT)


PAID_TOO_LATE = PAYMENT | {
    "status": "succeeded",
    "succeeded_at": "2026-11-21T18:52:20Z",
    "refunds": [
        {
            "amount": "24.00",
            "reason": "not_honoured",
            "status": "succeeded",
            "created_at": "2026-11-21T18:52:21Z",
            "finished_at": "2026-11-21T18:52:23Z",
        }
    ],
    "alternative": {"showtime": 5, "seats": [17, 18]},
}
REFUND_FAILED = PAYMENT | {
    "status": "succeeded",
    "succeeded_at": "2026-11-21T18:33:20Z",
    "refunds": [
        {
            "amount": "24.00",
            "reason": "cancelled",
            "status": "failed",
            "created_at": "2026-11-21T18:52:21Z",
            "finished_at": "2026-11-21T18:52:33Z",
        }
    ],
    "alternative": None,
}


@extend_schema_serializer(
    examples=[
        OpenApiExample("A payment", PAYMENT | {"alternative": None}),
        OpenApiExample("Paid too late", PAID_TOO_LATE),
        OpenApiExample("A refund that did not arrive", REFUND_FAILED),
    ]
)
class ShownPaymentSerializer(PaymentSerializer):
    """
    A payment with what else there is: if its money came too late, the seats being gone, it goes
    back, and `alternative` has the nearest free seats together at the same price, as the body of a
    request for another booking; null without any.
    """

    alternative = serializers.SerializerMethodField()

    class Meta(PaymentSerializer.Meta):
        fields = [*PaymentSerializer.Meta.fields, "alternative"]

    @extend_schema_field(AlternativeSerializer(allow_null=True))
    def get_alternative(self, payment):
        return alternative(payment)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Ready to be paid",
            PAYMENT
            | {
                "client_secret": f"{INTENT}_secret_8fQ2",
                "publishable_key": "pk_test_marquee_emulator",
                "pay_url": f"http://127.0.0.1:12111/pay/{INTENT}?client_secret={INTENT}_secret_8fQ2",
            },
        )
    ]
)
class OpenPaymentSerializer(PaymentSerializer):
    """
    A payment that the customer can make now: with Stripe's Payment Element or PaymentSheet, by
    `client_secret` and `publishable_key`, or on the page `pay_url` where there is one.
    """

    client_secret = serializers.SerializerMethodField()
    publishable_key = serializers.SerializerMethodField()
    pay_url = serializers.SerializerMethodField()

    class Meta(PaymentSerializer.Meta):
        fields = [*PaymentSerializer.Meta.fields, "client_secret", "publishable_key", "pay_url"]

    def get_client_secret(self, payment) -> str:
        return self.context["intent"].client_secret

    def get_publishable_key(self, payment) -> str:
        return settings.STRIPE_PUBLISHABLE_KEY

    def get_pay_url(self, payment) -> str | None:
        if not settings.STRIPE_PAY_PAGE:
            return None
        intent = self.context["intent"]
        query = urlencode({"client_secret": intent.client_secret})
        return f"{settings.STRIPE_PAY_PAGE}{intent.id}?{query}"


@extend_schema_serializer(examples=[OpenApiExample("An invoice", INVOICE)])
class InvoiceSerializer(serializers.ModelSerializer):
    """
    An invoice, or a credit note with a negative total. All of it is at its own address, its paper
    at `…/{number}.pdf`.
    """

    booking = serializers.SlugRelatedField("reference", read_only=True)
    total = AmountField()
    issued_at = TheaterTimeField()

    class Meta:
        model = Invoice
        fields = list(INVOICE)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A ticket given back",
            {
                "at": "2026-11-21T20:02:51+01:00",
                "event": "cancelled",
                "detail": "Given back: A2.",
                "amount": "12.00",
                "currency": "EUR",
                "tickets": ["K5QWY3DPEBLW64TMMQQHO33SNQ"],
            },
        )
    ]
)
class TimelineEntrySerializer(serializers.Serializer):
    """One thing that happened to a booking."""

    at = TheaterTimeField()
    event = serializers.ChoiceField(choices=Event.choices)
    detail = serializers.CharField(help_text="A sentence for people.")
    amount = AmountField(allow_null=True, help_text="Where money, or a price, belongs to it.")
    currency = serializers.CharField()
    tickets = serializers.ListField(
        child=serializers.CharField(), help_text="The codes of those that it happened to, if some."
    )


@extend_schema_serializer(examples=[OpenApiExample("Heard", {"received": True})])
class ReceivedSerializer(serializers.Serializer):
    received = serializers.BooleanField()
