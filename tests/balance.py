"""What was paid, what went back, what still must: for every booking it comes out even."""

from decimal import Decimal

from bookings.models import Booking
from payments.models import Payment, Refund


def check_balance():
    """Paid − refunded − due = kept, and no payment goes back more than once."""
    for booking in Booking.objects.all():
        payments = booking.payments.filter(status="succeeded", flag="")
        paid = total(payments)
        refunds = Refund.objects.in_force().filter(payment__booking=booking)
        back, on_its_way = total(refunds.filter(status="succeeded")), total(refunds.unfinished())
        failed = Refund.objects.needing_attention().filter(status="failed")
        waiting = total(failed.filter(payment__booking=booking))
        owed = sum(one.owed for one in Payment.objects.owed_back().filter(booking=booking))
        bought = total(payments.exclude(honoured_at=None))
        kept = bought - booking.amount_due_back
        assert nearly(paid - back - on_its_way - waiting - owed, kept), booking
        valid = sum(ticket.paid for ticket in booking.tickets.valid())
        assert kept >= valid or nearly(kept, valid)
        for payment in payments:
            given = payment.refunds.in_force().exclude(status="failed")
            assert total(given) <= payment.amount


def total(rows) -> Decimal:
    return sum((row.amount for row in rows), Decimal(0))


def nearly(one, other) -> bool:
    return abs(one - other) < Decimal("0.0005")
