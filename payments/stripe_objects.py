"""
What Stripe says of its own objects, as far as it matters to us: read from an answer of its API or
from an event alike. Amounts are in whole units of `currency` (capitals).

`read` raises KeyError, TypeError or AttributeError for what is no such object.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from .minor_units import from_minor_units


@dataclass(frozen=True)
class Intent:
    """
    A PaymentIntent. Of a destination charge, `destination` is the account that its money goes on
    to, less our `application_fee`. https://docs.stripe.com/api/payment_intents/object
    """

    id: str
    status: str
    client_secret: str
    amount: Decimal
    amount_received: Decimal
    currency: str
    failure: str
    metadata: dict
    destination: str
    application_fee: Decimal

    @classmethod
    def read(cls, data) -> "Intent":
        currency = data["currency"].upper()
        return cls(
            id=data["id"],
            status=data["status"],
            client_secret=data.get("client_secret") or "",
            amount=from_minor_units(data["amount"], currency),
            amount_received=from_minor_units(data["amount_received"], currency),
            currency=currency,
            failure=_failure(data.get("last_payment_error")),
            metadata=dict(data.get("metadata") or {}),
            destination=(data.get("transfer_data") or {}).get("destination") or "",
            application_fee=from_minor_units(data.get("application_fee_amount") or 0, currency),
        )


@dataclass(frozen=True)
class StripeRefund:
    """
    A refund; `from_theater` if the account to which the payment went gave its part back.
    https://docs.stripe.com/api/refunds/object
    """

    id: str
    status: str
    intent: str
    amount: Decimal
    currency: str
    failure: str
    metadata: dict
    from_theater: bool

    @classmethod
    def read(cls, data) -> "StripeRefund":
        currency = data["currency"].upper()
        return cls(
            id=data["id"],
            status=data["status"],
            intent=data.get("payment_intent") or "",
            amount=from_minor_units(data["amount"], currency),
            currency=currency,
            failure=data.get("failure_reason") or "",
            metadata=dict(data.get("metadata") or {}),
            from_theater=bool(data.get("transfer_reversal")),
        )


@dataclass(frozen=True)
class StripeDispute:
    """A dispute. https://docs.stripe.com/api/disputes/object"""

    id: str
    status: str
    intent: str
    amount: Decimal
    currency: str
    reason: str
    opened_at: datetime
    evidence_due_by: datetime | None

    @classmethod
    def read(cls, data) -> "StripeDispute":
        currency = data["currency"].upper()
        due_by = (data.get("evidence_details") or {}).get("due_by")
        return cls(
            id=data["id"],
            status=data["status"],
            intent=data.get("payment_intent") or "",
            amount=from_minor_units(data["amount"], currency),
            currency=currency,
            reason=data["reason"],
            opened_at=_moment(data["created"]),
            evidence_due_by=_moment(due_by) if due_by else None,
        )


def _failure(error: dict | None) -> str:
    if not error:
        return ""
    return error.get("message") or "The payment failed."


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
