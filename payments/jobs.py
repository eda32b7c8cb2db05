"""
What has to happen though nobody asks: each job takes the rows that are due, beside other workers.

With every webhook lost, these alone finish every booking.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.outbox import forget_old_mail, send_waiting_mail
from accounts.passwords import write_reset_mails
from accounts.throttles import forget_old_tries
from bookings.models import Booking, Exchange
from bookings.popularity import count_popularity_now_and_then
from retries.models import KeptAnswer
from showtimes.models import Showtime

from . import gateway
from .intents import look_at_charge, look_at_dispute, settle
from .letters.writing import write_letters
from .models import Payment, Refund
from .models.claims import ClaimQuerySet
from .models.refund import GIVEN_BACK_ALREADY

log = logging.getLogger(__name__)


def settle_open_payments() -> int:
    """Ask Stripe about open payments, and take back those whose booking is over."""
    payments = Payment.objects.open().filter(kind=Payment.Kind.STRIPE).with_what_it_buys()
    return _ask_about(payments, settle)


def look_at_changed_charges() -> int:
    """Bring into our books what was given back, or disputed, at Stripe without us."""
    return _ask_about(Payment.objects.with_a_changed_charge(), look_at_charge)


def look_at_open_disputes() -> int:
    """Ask Stripe about disputes of which it has not told us the end."""
    return _ask_about(Payment.objects.with_an_open_dispute(), look_at_dispute)


def expire_overdue_bookings() -> int:
    """Expire bookings whose hold ran out and for which nobody can pay any more."""
    return _expire_all(Booking)


def expire_overdue_exchanges() -> int:
    """Expire exchanges that were not paid in time and for which nobody can pay any more."""
    return _expire_all(Exchange)


def _expire_all(model: type[Booking | Exchange]) -> int:
    expired = 0
    while _expire_one(model):
        expired += 1
    return expired


@transaction.atomic
def _expire_one(model: type[Booking | Exchange]) -> bool:
    # A bank may work on a payment for days, and nobody can take it back: the seats don't wait.
    waits = Payment.objects.open().filter(processing_since=None)
    field = "booking" if model is Booking else "exchange"
    unpaid = model.objects.overdue().exclude(Exists(waits.filter(**{field: OuterRef("pk")})))
    late = unpaid.select_for_update(skip_locked=True, of=("self",)).first()
    if late:
        late.expire()
    return bool(late)


def call_off_bookings() -> int:
    """
    Cancel the bookings of showtimes that were cancelled, each by itself: whoever comes after one
    that died goes on where it was. An unpaid one waits until nobody can pay for it any more.
    """
    done = 0
    while _call_off_one():
        done += 1
    _note_what_is_empty()
    return done


@transaction.atomic
def _call_off_one() -> bool:
    payable = Q(status=Booking.Status.PENDING, payments__status=Payment.Status.OPEN)
    ready = Booking.objects.called_off().exclude(
        pk__in=Booking.objects.filter(payable).values("pk")
    )
    booking = ready.select_for_update(skip_locked=True, of=("self",)).first()
    if booking:
        booking.call_off()
    return bool(booking)


def _note_what_is_empty():
    going_on = Booking.objects.called_off().filter(showtime=OuterRef("pk"))
    empty = Showtime.objects.to_empty().filter(~Exists(going_on))
    Showtime.objects.filter(pk__in=list(empty.values_list("pk", flat=True))).update(
        emptied_at=timezone.now()
    )


def record_owed_refunds() -> int:
    """Write down what we owe back, so that it can be sent."""
    owing = Payment.objects.owed_back().order_by("succeeded_at")[:100]
    return sum(bool(payment.refund_what_is_owed()) for payment in owing)


def send_refunds() -> int:
    """Send refunds to Stripe, and ask about those that are on their way."""
    refunds = Refund.objects.unfinished().through_stripe().select_related("payment__booking")
    return _ask_about(refunds, _send)


def _send(refund: Refund):
    try:
        if refund.stripe_refund:
            theirs = gateway.find_refund(refund.stripe_refund)
        else:
            theirs = gateway.send_refund(refund)
    except gateway.AccountRefused as refusal:
        log.error("Refund %s: the chain gives the theater's part: %s", refund.pk, refusal)
        refund.give_without_theater(refusal.code, str(refusal))
    except gateway.Refused as refusal:
        log.error("Refund %s was refused: %s", refund.pk, refusal)
        refund.fail(refusal.code, str(refusal))
        if refusal.code == GIVEN_BACK_ALREADY:
            Payment.objects.filter(pk=refund.payment_id).charge_changed()
    else:
        refund.follow(theirs)


def forget_answers() -> int:
    """Let go of answers that were kept long enough for an Idempotency-Key."""
    return KeptAnswer.objects.lapsed().delete()[0]


def _ask_about(rows: ClaimQuerySet, ask: Callable) -> int:
    """
    For how many of the `rows` that are due `ask` got done; those that fail come due again. While
    Stripe is away, or has had enough of us, nobody goes on asking: this round is over.
    """
    done = 0
    for claimed in rows.claim_all():
        for position, row in enumerate(claimed):
            try:
                done += _tried(ask, row)
            except gateway.StripeUnreachable as error:
                log.warning("Stripe cannot be reached: %s", error.__cause__)
                rows.put_off(claimed[position:], at_least=timedelta(seconds=error.wait))
                return done
    return done


def _tried(job: Callable, row) -> bool:
    """Whether `job` got done for `row`; one that fails comes due again."""
    try:
        job(row)
    except gateway.StripeUnreachable:
        raise
    except Exception:
        log.exception("%s failed for %s", job.__name__, row.pk)
        return False
    return True


def forget_contacts() -> int:
    """Forget whom to write to about bookings of people who left, once nothing is to come."""
    return Booking.objects.of_people_who_left().forget_contacts()


# In this order: what expires and what comes in too late is owed back in the same round; mail that
# is written leaves in the same round.
JOBS = [
    settle_open_payments,
    look_at_changed_charges,
    look_at_open_disputes,
    expire_overdue_bookings,
    expire_overdue_exchanges,
    call_off_bookings,
    record_owed_refunds,
    send_refunds,
    forget_answers,
    count_popularity_now_and_then,
    write_reset_mails,
    write_letters,
    send_waiting_mail,
    forget_contacts,
    forget_old_mail,
    forget_old_tries,
]
