"""
What we say to Stripe, and how we recognise its voice. The only module that imports stripe.

Never called inside a transaction. Every write carries an idempotency key made from our own UUID, so
that asking twice does it once.
"""

import json
import time
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import stripe
from django.conf import settings
from rest_framework import status
from rest_framework.exceptions import APIException

stripe.enable_telemetry = False

# https://docs.stripe.com/currencies#zero-decimal, #three-decimal; ISK and UGX are asked for in
# hundredths (#special-cases).
ZERO_DECIMAL = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split())
THREE_DECIMAL = frozenset("BHD JOD KWD OMR TND".split())
TIMEOUT = 10  # seconds, for one attempt
ATTEMPTS_AGAIN = 2
TOLERANCE = 300  # seconds that a webhook's clock may be off, either way


class StripeUnreachable(APIException):
    """Stripe cannot be reached just now. Nothing is lost; try again."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "payment_provider_unavailable"
    default_detail = "The payment provider cannot be reached just now. Please try again."
    wait = 5  # seconds, said as Retry-After


class Refused(Exception):
    """Stripe says no, and would say it again. `code` is Stripe's own word for why."""

    def __init__(self, error: stripe.StripeError):
        self.code = error.code or ""
        super().__init__(error.user_message or str(error))


class NotFromStripe(Exception):
    """A webhook whose signature, time or body is not what Stripe sends."""


@dataclass(frozen=True)
class Intent:
    """What Stripe says of a PaymentIntent; amounts in whole units of `currency` (capitals)."""

    id: str
    status: str
    client_secret: str
    amount: Decimal
    amount_received: Decimal
    currency: str
    metadata: dict

    @classmethod
    def read(cls, data) -> "Intent":
        """From Stripe's own object, as the API or an event has it. Raises KeyError, TypeError."""
        currency = data["currency"].upper()
        return cls(
            id=data["id"],
            status=data["status"],
            client_secret=data.get("client_secret") or "",
            amount=from_minor_units(data["amount"], currency),
            amount_received=from_minor_units(data["amount_received"], currency),
            currency=currency,
            metadata=dict(data.get("metadata") or {}),
        )


@dataclass(frozen=True)
class StripeRefund:
    """What Stripe says of a refund."""

    id: str
    status: str
    failure: str
    metadata: dict

    @classmethod
    def read(cls, data) -> "StripeRefund":
        """From Stripe's own object, as the API or an event has it. Raises KeyError."""
        return cls(
            id=data["id"],
            status=data["status"],
            failure=data.get("failure_reason") or "",
            metadata=dict(data.get("metadata") or {}),
        )


def to_minor_units(amount: Decimal, currency: str) -> int:
    """`amount` as Stripe counts it: 12.50 EUR → 1250, 1200 JPY → 1200, 1.250 KWD → 1250."""
    minor = amount * _minor_units(currency)
    if minor != int(minor):
        raise ValueError(f"{amount} {currency} has more decimals than the currency.")
    return int(minor)


def from_minor_units(minor: int, currency: str) -> Decimal:
    """The amount that Stripe counts as `minor`."""
    return Decimal(minor) / _minor_units(currency)


def _minor_units(currency: str) -> int:
    if currency in ZERO_DECIMAL:
        return 1
    return 1000 if currency in THREE_DECIMAL else 100


def create_intent(payment) -> Intent:
    """Ask Stripe to take `payment`. Called again, the same intent. Raises StripeUnreachable."""
    booking = payment.booking
    params = {
        "amount": to_minor_units(payment.amount, payment.currency),
        "currency": payment.currency.lower(),
        "description": f"Booking {booking.reference}",
        "metadata": {"payment": str(payment.pk), "booking": booking.reference},
    }
    if payment.exchange_id:
        params["description"] += ", other seats"
        params["metadata"]["exchange"] = str(payment.exchange_id)
    if booking.contact_email:
        params["receipt_email"] = booking.contact_email
    return _intent("create", params, {"idempotency_key": f"payment-{payment.pk}"})


def find_intent(intent: str) -> Intent:
    """What Stripe says of an intent now. Raises Refused or StripeUnreachable."""
    return _intent("retrieve", intent)


def cancel_intent(payment) -> Intent:
    """
    Take back what we asked; the answer tells whether the money came first. Raises Refused or
    StripeUnreachable.
    """
    options = {"idempotency_key": f"cancel-{payment.pk}-{payment.tries}"}
    try:
        return _intent("cancel", payment.stripe_intent, None, options)
    except Refused as refusal:
        if refusal.code == "payment_intent_unexpected_state":
            return find_intent(payment.stripe_intent)
        raise


def send_refund(refund) -> StripeRefund:
    """
    Give the money of `refund` back: once, however often we ask. Raises Refused, StripeUnreachable.

    Stripe forgets idempotency keys after a day, so from the second attempt on we look first
    whether it has the refund already.
    """
    if refund.tries and (known := _find_refund(refund)):
        return known
    params = {
        "payment_intent": refund.payment.stripe_intent,
        "amount": to_minor_units(refund.amount, refund.currency),
        "metadata": {"refund": str(refund.pk), "booking": refund.payment.booking.reference},
    }
    options = {"idempotency_key": f"refund-{refund.pk}"}
    return StripeRefund.read(_ask(connect().v1.refunds.create, params, options))


def find_refund(stripe_refund: str) -> StripeRefund:
    """What Stripe says of a refund now. Raises Refused or StripeUnreachable."""
    return StripeRefund.read(_ask(connect().v1.refunds.retrieve, stripe_refund))


def _find_refund(refund) -> StripeRefund | None:
    of_intent = {"payment_intent": refund.payment.stripe_intent, "limit": 100}
    for data in _ask(connect().v1.refunds.list, of_intent)["data"]:
        if (data.get("metadata") or {}).get("refund") == str(refund.pk):
            return StripeRefund.read(data)
    return None


def read_event(body: bytes, signature: str) -> dict:
    """
    The event in a webhook's raw `body`. Raises NotFromStripe unless one of our secrets signed it,
    within five minutes of now, and it is an event of the mode (test or live) that we are in.

    https://docs.stripe.com/webhooks#verify-manually
    """
    try:
        text = body.decode()
        timestamp = int(dict(part.split("=", 1) for part in signature.split(","))["t"])
    except (ValueError, KeyError) as error:
        raise NotFromStripe("The signature or the body is malformed.") from error
    if not signature.isascii() or not any(
        _signed_by(secret, text, signature) for secret in settings.STRIPE_WEBHOOK_SECRETS
    ):
        raise NotFromStripe("No secret of ours has signed this.")
    if timestamp > time.time() + TOLERANCE:
        raise NotFromStripe("The signature is from the future.")
    return _checked_event(text)


def _signed_by(secret: str, text: str, signature: str) -> bool:
    try:
        return stripe.WebhookSignature.verify_header(text, signature, secret, TOLERANCE)
    except stripe.SignatureVerificationError:
        return False


def _checked_event(text: str) -> dict:
    try:
        event = json.loads(text)
        _check_can_be_kept(event)
        whole = isinstance(event["id"], str) and isinstance(event["type"], str)
        whole = whole and isinstance(event["data"]["object"], dict)
        livemode = event["livemode"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotFromStripe("The body is not an event.") from error
    if not whole or event["id"] == "":
        raise NotFromStripe("The body is not an event.")
    if livemode is not _livemode():
        raise NotFromStripe("The event is of the other mode, test or live.")
    return event


def _check_can_be_kept(event):
    """Raises ValueError for what no database keeps: NaN, infinity, half characters, NUL."""
    kept = json.dumps(event, allow_nan=False, ensure_ascii=False)
    kept.encode()
    if "\\u0000" in kept:
        raise ValueError("NUL")


def _livemode() -> bool:
    return "_live_" in settings.STRIPE_SECRET_KEY


@cache
def connect() -> stripe.StripeClient:
    """The client, made once: its connections are kept."""
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses={"api": settings.STRIPE_API_BASE},
        max_network_retries=ATTEMPTS_AGAIN,
        http_client=stripe.RequestsClient(timeout=TIMEOUT),
    )


def _intent(verb: str, *args) -> Intent:
    return Intent.read(_ask(getattr(connect().v1.payment_intents, verb), *args))


def _ask(function, *args) -> dict:
    try:
        return function(*args).to_dict()
    except (stripe.InvalidRequestError, stripe.CardError) as error:
        raise Refused(error) from error
    except stripe.StripeError as error:
        # Also a wrong key of ours: that says nothing about the payment.
        raise StripeUnreachable from error
