"""How far the jobs are with a showtime that was cancelled: people, money, mails."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum
from post_office.models import STATUS

from bookings.models import Booking, Letter
from showtimes.models import Showtime

from .models import Payment, Refund


@dataclass(frozen=True)
class CallingOff:
    """
    What is done of what cancelling a showtime takes. Bookings and mails are counted, money is in
    the theater's currency; `failed` is money that a human must give back.
    """

    bookings_done: int
    bookings: int
    refunded: Decimal
    on_its_way: Decimal
    failed: Decimal
    amount: Decimal
    mails_done: int
    mails: int

    @property
    def is_done(self) -> bool:
        """Whether nothing is left for the jobs."""
        settled = self.refunded + self.failed == self.amount
        return self.bookings_done == self.bookings and settled and self.mails_done == self.mails

    @classmethod
    def of(cls, showtime: Showtime) -> "CallingOff":
        """For a showtime that is cancelled. Six queries."""
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
    refunds = Refund.objects.in_force().filter(
        payment__booking__showtime=showtime, reason=Refund.Reason.SHOWTIME_CANCELLED
    )
    sums = dict(refunds.order_by().values_list("status").annotate(Sum("amount")))
    nothing = Decimal(0)
    waiting = showtime.bookings.at_stake()["amount"]
    payments = Payment.objects.owed_back().filter(booking__showtime=showtime)
    waiting += sum((payment.owed for payment in payments), nothing)
    on_its_way = sum((sums.get(one, nothing) for one in ("pending", "sent")), nothing)
    refunded, failed = (sums.get(one, nothing) for one in ("succeeded", "failed"))
    return {
        "refunded": refunded,
        "on_its_way": on_its_way,
        "failed": failed,
        "amount": refunded + on_its_way + failed + waiting,
    }


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
