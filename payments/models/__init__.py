"""Money: what was asked for, what came, what went back, and the papers that say so."""

from .dispute import Dispute
from .invoice import Invoice, InvoiceSeries
from .ledger import LedgerEntry
from .payment import Payment
from .refund import Refund, RefundDone
from .refused_webhook import RefusedWebhook
from .stray import Stray
from .webhook_event import WebhookEvent

__all__ = [
    "Dispute",
    "Invoice",
    "InvoiceSeries",
    "LedgerEntry",
    "Payment",
    "Refund",
    "RefundDone",
    "RefusedWebhook",
    "Stray",
    "WebhookEvent",
]
