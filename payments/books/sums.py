"""What a theater's books add up to."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from theaters.currencies import decimals

from ..models import Invoice, LedgerEntry, Refund
from ..models.ledger import BACK_AND_FORTH, DISPUTES, EARNED, Kind
from .asking import EVERYTHING, MONEY, NOTHING, Case, Scope

NONE = Decimal(0)


@dataclass
class Sums:
    """Of one theater in one currency; none is negative, unless more went than came."""

    paid: Decimal = NONE
    refunded: Decimal = NONE
    bought_nothing: Decimal = NONE
    fees: Decimal = NONE
    tax: Decimal = NONE
    disputed: Decimal = NONE
    invoiced: Decimal = NONE
    credited: Decimal = NONE
    came_back: Decimal = NONE
    on_its_way: Decimal = NONE

    @property
    def kept(self) -> Decimal:
        """What was paid less what went back, whether it bought anything or not."""
        return self.paid - self.refunded

    @property
    def papers(self) -> Decimal:
        """Invoices less credit notes."""
        return self.invoiced - self.credited

    def printed(self, currency: str) -> dict[str, str]:
        """All of them, with the decimals of `currency`."""
        shown = asdict(self) | {"kept": self.kept, "papers": self.papers}
        places = decimals(currency)
        # Adding nothing takes the sign off a nothing that SQLite's floats have left.
        return {name: f"{round(amount, places) + 0:.{places}f}" for name, amount in shown.items()}


def sums(scope: Scope = EVERYTHING) -> dict[tuple[str, str], Sums]:
    """Of each theater, by its name, and currency. Three statements, however many bookings."""
    found = defaultdict(Sums)
    for rows in (_ledger(scope), _papers(scope), _refunds(scope)):
        for row in rows:
            of = found[row.pop("theater_name"), row.pop("money")]
            for name, amount in row.items():
                setattr(of, name, amount)
    return dict(sorted(found.items()))


def _ledger(scope: Scope) -> Iterable[dict]:
    earned = Q(kind__in=EARNED)
    return _by_theater(
        LedgerEntry.objects.all(),
        scope,
        paid=_sum("amount", Q(kind=Kind.CHARGE)),
        refunded=-_sum("amount", Q(kind__in=BACK_AND_FORTH)),
        bought_nothing=_sum("amount", earned & Q(payment__honoured_at=None)),
        fees=_sum("fee", earned),
        tax=_sum("tax", earned),
        disputed=-_sum("amount", Q(kind__in=DISPUTES)),
    )


def _papers(scope: Scope) -> Iterable[dict]:
    return _by_theater(
        Invoice.objects.all(),
        scope,
        invoiced=_sum("total", Q(kind=Invoice.Kind.INVOICE)),
        credited=-_sum("total", Q(kind=Invoice.Kind.CREDIT_NOTE)),
        came_back=-_sum("total", Q(Exists(came_back_to_us()))),
    )


def came_back_to_us() -> QuerySet:
    """Of a credit note: the refund whose money came back, and is owed again; the paper stands."""
    owed_again = Refund.objects.in_force().exclude(status=Refund.Status.SUCCEEDED)
    return owed_again.filter(credit_note=OuterRef("pk"))


def _refunds(scope: Scope) -> Iterable[dict]:
    return _by_theater(
        Refund.objects.unfinished(),
        scope,
        way="payment__",
        on_its_way=_sum("amount", Q()),
    )


def _by_theater(rows: QuerySet, scope: Scope, *, way: str = "", **found) -> Iterable[dict]:
    rows = Case(NOTHING, lambda: rows, booking=f"{way}booking__").within(scope)
    of = {
        "theater_name": F(f"{way}booking__showtime__screen__theater__name"),
        "money": F(f"{way}currency"),
    }
    return rows.order_by().values(**of).annotate(**found)


def _sum(field: str, condition: Q) -> Sum:
    return Sum(field, filter=condition, default=NOTHING, output_field=MONEY)
