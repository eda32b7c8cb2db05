"""How far the jobs are with a showtime that was cancelled: people, money, mails."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from post_office.models import STATUS

from bookings.models import Booking, Letter
from showtimes.models import Showtime

from .models import Payment, Refund

NOTHING, HALF_A_THOUSANDTH = Decimal(0), Decimal("0.0005")


@dataclass(frozen=True)
class CallingOff:
    """
    What is done of what cancelling a showtime takes. Bookings and mails are counted, money is in
    the theater's currency: `failed` could not go back, and `by_hand` waits at the box office.
    """

    bookings_done: int
    bookings: int
    refunded: Decimal
    on_its_way: Decimal
    failed: Decimal
    by_hand: Decimal
    amount: Decimal
    mails_done: int
    mails: int

    @property
    def is_done(self) -> bool:
        """Whether nothing is left for the jobs."""
        left = self.amount - self.refunded - self.failed - self.by_hand
        told = self.bookings_done == self.bookings and self.mails_done == self.mails
        # SQLite keeps decimals as floats, whose sums may miss nothing by a little.
        return told and left < HALF_A_THOUSANDTH

    @classmethod
    def of(cls, showtime: Showtime) -> "CallingOff":
        """For a showtime that is cancelled. Eight queries."""
        bookings, money, letters = _bookings(showtime), _money(showtime), _letters(showtime)
        return cls(**bookings, **money, **letters)


def _bookings(showtime: Showtime) -> dict:
    over = Q(cancelled_at__gte=showtime.cancelled_at) | Q(expired_at__gte=showtime.cancelled_at)
    going_on = Q(status__in=[Booking.Status.PENDING, Booking.Status.CONFIRMED])
    return showtime.bookings.aggregate(
        bookings_done=Count("pk", filter=over & ~going_on),
        bookings=Count("pk", filter=over | going_on),
    )


def _money(showtime: Showtime) -> dict:
    reason = Refund.Reason.SHOWTIME_CANCELLED
    refunds = Refund.objects.in_force().filter(payment__booking__showtime=showtime, reason=reason)
    by_hand = refunds.at_the_box_office().order_by().values("pk")
    through = dict(_sums(refunds.exclude(pk__in=by_hand)))
    said = {
        "refunded": through.get("succeeded", NOTHING),
        "on_its_way": through.get("pending", NOTHING) + through.get("sent", NOTHING),
        "failed": through.get("failed", NOTHING),
        "by_hand": sum((amount for _, amount in _sums(refunds.filter(pk__in=by_hand))), NOTHING),
    }
    owed = Payment.objects.owed_back().filter(booking__showtime=showtime)
    waiting = sum((payment.owed for payment in owed), showtime.bookings.at_stake()["amount"])
    return said | {"amount": sum(said.values(), waiting)}


def _sums(refunds) -> QuerySet:
    return refunds.order_by().values_list("status").annotate(Sum("amount"))


def _letters(showtime: Showtime) -> dict:
    letters = Letter.objects.filter(
        booking__showtime=showtime, kind=Letter.Kind.SHOWTIME_CANCELLED, dropped_at=None
    )
    # Mail that was sent is forgotten after some time.
    gone = Q(written_at__isnull=False) & (Q(mail=None) | Q(mail__status=STATUS.sent))
    counted = letters.aggregate(mails_done=Count("pk", filter=gone), written=Count("pk"))
    paid = Q(status=Booking.Status.CONFIRMED) & ~Q(contact_email="")
    to_come = showtime.bookings.filter(paid).count()
    return {"mails_done": counted["mails_done"], "mails": counted["written"] + to_come}
