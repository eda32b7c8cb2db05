"""Money that is to go back and has no refund that takes it there."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from bookings.models import Booking, Ticket

from ..models import Dispute, Payment, Refund
from .asking import A_WHILE, is_more, sum_of

STRIPE = Payment.Kind.STRIPE
NOT_FAILED = Refund.objects.exclude(status=Refund.Status.FAILED)
# The bank has that much: it gives back by itself what the customer wins.
DISPUTED = Dispute.objects.standing()
# What our own rules give back; what a human gave back in Stripe's dashboard is beside them.
BY_OUR_RULES = [
    Refund.Reason.CANCELLED,
    Refund.Reason.EXCHANGED,
    Refund.Reason.SHOWTIME_CANCELLED,
]


def not_given_back() -> QuerySet:
    """Payments that bought nothing, of which something is neither back nor on its way."""
    idle = Payment.objects.filter(status=Payment.Status.SUCCEEDED, honoured_at=None, flag="")
    back = sum_of(NOT_FAILED, by="payment") + sum_of(DISPUTED, by="payment")
    return idle.alias(back=back).filter(is_more("amount", "back"))


def not_given_back_of_bookings() -> QuerySet:
    """Bookings of which something is due back, and neither back nor on its way."""
    honoured = NOT_FAILED.filter(payment__honoured_at__isnull=False)
    due = Booking.objects.filter(amount_due_back__gt=0).exclude(_has_payment(~Q(flag="")))
    disputed = DISPUTED.filter(payment__honoured_at__isnull=False)
    back = sum_of(honoured, by="payment__booking") + sum_of(disputed, by="payment__booking")
    return due.alias(back=back).filter(is_more("amount_due_back", "back"))


def that_bought_nothing() -> QuerySet:
    late = not_given_back().filter(kind=STRIPE, succeeded_at__lt=timezone.now() - A_WHILE)
    return late.exclude(_failed(payment=OuterRef("pk")))


def due_back() -> QuerySet:
    since = timezone.now() - A_WHILE
    just_now = Ticket.objects.filter(booking=OuterRef("pk"), voided_at__gte=since)
    return not_given_back_of_bookings().exclude(
        Exists(just_now)
        | _has_payment(Q(succeeded_at__gte=since) | ~Q(kind=STRIPE))
        | _failed(payment__booking=OuterRef("pk"))
    )


def more_than_is_due() -> QuerySet:
    ours = NOT_FAILED.filter(reason__in=BY_OUR_RULES, payment__honoured_at__isnull=False)
    refunded = Booking.objects.filter(Exists(ours.filter(payment__booking=OuterRef("pk"))))
    return refunded.alias(back=sum_of(ours, by="payment__booking")).filter(
        is_more("back", "amount_due_back")
    )


def at_the_box_office() -> QuerySet:
    """Payments of what is to be given back where it was paid: Stripe cannot do it."""
    due = Booking.objects.filter(pk=OuterRef("booking"))
    of_bookings = Exists(due.filter(pk__in=not_given_back_of_bookings().values("pk")))
    idle = Q(pk__in=not_given_back().values("pk"))
    elsewhere = Payment.objects.filter(status=Payment.Status.SUCCEEDED).exclude(kind=STRIPE)
    waiting = Exists(Refund.objects.at_the_box_office().filter(payment=OuterRef("pk")))
    return elsewhere.filter(waiting | idle | Q(honoured_at__isnull=False) & of_bookings)


def that_failed() -> QuerySet:
    """Refunds that failed, as long as something of their payment is owed."""
    failed = Refund.objects.in_force().filter(status=Refund.Status.FAILED)
    return failed.filter(
        Q(payment__in=not_given_back().values("pk"))
        | Q(payment__booking__in=not_given_back_of_bookings().values("pk"))
    )


def _has_payment(condition: Q) -> Exists:
    return Exists(
        Payment.objects.filter(condition, booking=OuterRef("pk"), honoured_at__isnull=False)
    )


def _failed(**of) -> Exists:
    failed = Refund.objects.in_force().filter(status=Refund.Status.FAILED)
    return Exists(failed.filter(**of))
