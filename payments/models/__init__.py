"""Money: what was asked for, what came, what went back, and the papers that say so."""

from .invoice import Invoice, InvoiceSeries
from .payment import Payment
from .refund import Refund, RefundDone
from .webhook_event import WebhookEvent

__all__ = ["Invoice", "InvoiceSeries", "Payment", "Refund", "RefundDone", "WebhookEvent"]
