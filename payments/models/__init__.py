"""Money: what was asked for, what came, what went back, and the papers that say so."""

from .invoice import Invoice, InvoiceSeries
from .ledger import LedgerEntry
from .payment import Payment
from .refund import Refund, RefundDone
from .webhook_event import WebhookEvent

__all__ = [
    "Invoice",
    "InvoiceSeries",
    "LedgerEntry",
    "Payment",
    "Refund",
    "RefundDone",
    "WebhookEvent",
]
