"""What no job can put right: a human must look at it."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import F, QuerySet
from django.utils import timezone

from bookings.promises import words
from theaters.models import Theater

from ..models import LedgerEntry, Payment, Refund
from . import owed
from .asking import EVERYTHING, NOTHING, Broken, Case, Scope, ask, is_more, sum_of

# So long Stripe may be away before somebody should ask why.
A_DAY = timedelta(days=1)


def for_a_human(scope: Scope = EVERYTHING) -> Iterator[Broken]:
    """Every case that waits for a human: not broken, but not done. One statement."""
    return ask(WAITING, scope)


def flagged() -> QuerySet:
    left = sum_of(LedgerEntry.objects.all(), by="payment")
    paid = Payment.objects.filter(status=Payment.Status.SUCCEEDED).exclude(flag="")
    return paid.alias(left=left, none=NOTHING).filter(is_more("left", "none"))


def not_sent() -> QuerySet:
    return Refund.objects.filter(
        status=Refund.Status.PENDING, created_at__lt=timezone.now() - A_DAY
    )


AN_ACCOUNT = words(F("name"), ", ", F("stripe_account"), ": ", F("stripe_refusal"))
A_FLAG = words(F("booking__reference"), ", payment ", F("pk"), ": ", F("flag"))
A_PAYMENT = words(F("booking__reference"), ", paid: ", F("kind"))
A_DISPUTE = words(F("booking__reference"), ", payment ", F("pk"))
A_FAILURE = words(F("payment__booking__reference"), ", refund ", F("pk"), ": ", F("failure"))
A_REFUND = words(F("payment__booking__reference"), ", refund ", F("pk"))

# Why it waits: where, and the rows that do.
WAITING = {
    "Stripe refuses the account of a theater: nobody can pay there online.": Case(
        AN_ACCOUNT, Theater.objects.refused_by_stripe, theater="pk"
    ),
    "Money came that was not asked for.": Case(A_FLAG, flagged, booking="booking__"),
    "A refund failed, and is owed.": Case(
        A_FAILURE, owed.that_failed, booking="payment__booking__"
    ),
    "It is disputed, and goes back if the bank decides for us.": Case(
        A_DISPUTE, Payment.objects.waiting_for_the_bank, booking="booking__"
    ),
    "A refund has waited for Stripe for a day.": Case(
        A_REFUND, not_sent, booking="payment__booking__"
    ),
    "Money is to be given back at the box office.": Case(
        A_PAYMENT, owed.at_the_box_office, booking="booking__"
    ),
}
