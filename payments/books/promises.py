"""What is promised of the books at every moment, asked of the database: the answer is empty."""

from collections.abc import Iterator

from django.db.models import Case as Either
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Sum, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from bookings.models import Booking, Ticket
from bookings.promises import words
from bookings.proof.scratch import MARK
from theaters.models import Theater

from ..models import Invoice, LedgerEntry, Payment, Refund
from ..models.ledger import EARNED, Kind
from . import numbers, owed
from .asking import EVERYTHING, MONEY, NOTHING, Broken, Case, Scope, ask, differ, is_more, sum_of
from .sums import came_back_to_us

SUCCEEDED = Payment.Status.SUCCEEDED


def problems(scope: Scope = EVERYTHING) -> Iterator[Broken]:
    """Every case of a broken promise at this moment. One statement, however many bookings."""
    return ask(PROMISES, scope)


def payments_that_the_ledger_has_not() -> QuerySet:
    charge = FilteredRelation("ledger", condition=Q(ledger__kind=Kind.CHARGE))
    paid = Payment.objects.filter(status=SUCCEEDED).alias(charge=charge)
    # Of a flagged payment, only the ledger knows how much came.
    other = differ("charge__amount", "amount") | ~Q(charge__currency=F("currency"))
    return paid.filter(Q(charge=None) | Q(flag="") & other)


def charges_that_nobody_paid() -> QuerySet:
    charges = LedgerEntry.objects.filter(kind=Kind.CHARGE)
    return charges.exclude(payment__status=SUCCEEDED)


def refunds_that_the_ledger_has_not() -> QuerySet:
    went = Either(When(status=Refund.Status.SUCCEEDED, then=-F("amount")), default=NOTHING)
    moved = Coalesce(Sum("ledger__amount"), NOTHING, output_field=MONEY)
    return Refund.objects.annotate(moved=moved, went=went).filter(differ("moved", "went"))


def entries_in_the_wrong_place() -> QuerySet:
    return LedgerEntry.objects.exclude(
        booking=F("payment__booking"), theater=F("booking__showtime__screen__theater")
    )


def more_went_back_than_came() -> QuerySet:
    back = Refund.objects.exclude(status=Refund.Status.FAILED)
    charges = LedgerEntry.objects.filter(kind=Kind.CHARGE)
    payments = Payment.objects.filter(Exists(Refund.objects.filter(payment=OuterRef("pk"))))
    return payments.alias(
        back=sum_of(back, by="payment"), came=sum_of(charges, by="payment")
    ).filter(is_more("back", "came"))


def papers_that_say_something_else() -> QuerySet:
    kept = sum_of(LedgerEntry.objects.filter(kind__in=EARNED), by="payment")
    papers = sum_of(_papers(), "total", by="payment")
    return _of_what_was_honoured(kept).alias(papers=papers).filter(differ("kept", "papers"))


def papers_with_another_tax() -> QuerySet:
    kept = sum_of(LedgerEntry.objects.filter(kind__in=EARNED), "tax", by="payment")
    taxed = _papers().alias(tax=Cast(KT("snapshot__tax"), MONEY))
    papers = sum_of(taxed, "tax", by="payment")
    return _of_what_was_honoured(kept).alias(papers=papers).filter(differ("kept", "papers"))


def _papers() -> QuerySet:
    """Without credit notes whose money came back to us: they stand, and it is owed again."""
    return Invoice.objects.exclude(Exists(came_back_to_us()))


def _of_what_was_honoured(kept) -> QuerySet:
    """Payments with what was `kept` of them, which is nothing of what bought nothing."""
    kept = Either(When(honoured_at__isnull=False, then=kept), default=NOTHING, output_field=MONEY)
    return Payment.objects.alias(kept=kept)


def more_fees_than_were_asked() -> QuerySet:
    fees = sum_of(LedgerEntry.objects.all(), "fee", by="payment")
    paid = Payment.objects.filter(status=SUCCEEDED).alias(fees=fees, none=NOTHING)
    return paid.filter(is_more("none", "fees") | is_more("fees", "booking__fees"))


def sold_for_something_else() -> QuerySet:
    honoured = Payment.objects.filter(honoured_at__isnull=False)
    asked = Either(
        When(confirmed_at__isnull=False, then=F("total") + F("amount_added")),
        default=F("amount_added"),
        output_field=MONEY,
    )
    bookings = _real_bookings().alias(paid=sum_of(honoured, by="booking"), asked=asked)
    return bookings.filter(differ("paid", "asked"))


def tickets_that_count_for_something_else() -> QuerySet:
    # Those that were not exchanged for others: valid ones, and what is kept of cancelled ones.
    tickets = Ticket.objects.exclude(swaps__exchange__status="done")
    counted = tickets.alias(left=F("paid") - Coalesce("due_back", NOTHING))
    bookings = _real_bookings().filter(confirmed_at__isnull=False)
    return bookings.alias(
        counted=sum_of(counted, "left", by="booking"),
        kept=F("total") + F("amount_added") - F("amount_due_back"),
    ).filter(differ("counted", "kept"))


def _real_bookings() -> QuerySet:
    """All but those that `prove_no_double_sale` is making: they are confirmed without money."""
    return Booking.objects.exclude(showtime__language=MARK)


def theaters_whose_ledger_is_off() -> QuerySet:
    plain = Q(payment__flag="")
    at = "showtime__screen__theater"
    entries = LedgerEntry.objects.filter(plain, kind__in=EARNED)
    paid = Payment.objects.filter(status=SUCCEEDED, flag="")
    back = Refund.objects.filter(plain, status=Refund.Status.SUCCEEDED)
    return Theater.objects.alias(
        moved=sum_of(entries, by="theater"),
        kept=sum_of(paid, by=f"booking__{at}") - sum_of(back, by=f"payment__booking__{at}"),
    ).filter(differ("moved", "kept"))


def theaters_whose_papers_are_off() -> QuerySet:
    honoured = LedgerEntry.objects.filter(kind__in=EARNED, payment__honoured_at__isnull=False)
    return Theater.objects.alias(
        moved=sum_of(honoured, by="theater"),
        papers=sum_of(_papers(), "total", by="theater"),
    ).filter(differ("moved", "papers"))


OF_A_PAYMENT = words(F("booking__reference"), ", payment ", F("pk"))
OF_AN_ENTRY = words(F("booking__reference"), ", entry ", F("pk"))
OF_A_REFUND = words(F("payment__booking__reference"), ", refund ", F("pk"))
A_BOOKING = words(F("reference"))
A_THEATER = words(F("name"))


def _payments(rows) -> Case:
    return Case(OF_A_PAYMENT, rows, booking="booking__")


def _entries(rows) -> Case:
    return Case(OF_AN_ENTRY, rows, booking="booking__")


def _bookings(rows) -> Case:
    return Case(A_BOOKING, rows, booking="")


def _theaters(rows) -> Case:
    return Case(A_THEATER, rows, theater="pk")


# What is promised: where it is broken, and the rows that break it.
PROMISES = {
    "What was paid is in the ledger.": _payments(payments_that_the_ledger_has_not),
    "What the ledger has was paid.": _entries(charges_that_nobody_paid),
    "What went back, and nothing else, is in the ledger.": Case(
        OF_A_REFUND, refunds_that_the_ledger_has_not, booking="payment__booking__"
    ),
    "An entry is of its payment's booking and theater.": _entries(entries_in_the_wrong_place),
    "No more goes back than came.": _payments(more_went_back_than_came),
    "Invoices less credit notes are what was kept.": _payments(papers_that_say_something_else),
    "Their tax is what was kept of it.": _payments(papers_with_another_tax),
    "No more fees are kept than were asked.": _payments(more_fees_than_were_asked),
    "What was sold was paid, and what bought nothing sold nothing.": _bookings(
        sold_for_something_else
    ),
    "Tickets count for what was paid and is not due back.": _bookings(
        tickets_that_count_for_something_else
    ),
    "What bought nothing is on its way back.": _payments(owed.that_bought_nothing),
    "What is due back is on its way.": _bookings(owed.due_back),
    "No more is on its way than is due.": _bookings(owed.more_than_is_due),
    "A theater's ledger is its payments less its refunds.": _theaters(theaters_whose_ledger_is_off),
    "A theater's papers are what it kept.": _theaters(theaters_whose_papers_are_off),
    "Numbers of papers have no gap.": Case(
        numbers.SERIES, numbers.series_with_a_gap, theater="theater"
    ),
    "A series ends with its last paper.": Case(
        numbers.COUNTER, numbers.counters_that_are_off, theater="theater"
    ),
}
