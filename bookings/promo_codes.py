"""What promo codes have brought, and many of them at once."""

import secrets
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, F, Sum, prefetch_related_objects

from history.doers import told_in_one
from history.remembering import tell_of_new
from theaters.currencies import rounded

from .models import PromoCode
from .models.booking import REFERENCE_ALPHABET

# Nobody guesses one of a million codes that are so long.
LENGTH = 8
MOST = 1000
COPIED = [
    *("percent", "amount", "currency", "valid_from", "valid_until"),
    *("max_uses", "max_uses_per_customer", "minimum_tickets"),
]


@dataclass(frozen=True)
class Use:
    """Of promo codes, in bookings of one currency: what they took off, and what was paid still."""

    currency: str
    bookings: int
    discount: Decimal
    brought: Decimal


def uses(bookings) -> list[Use]:
    """What those of `bookings` come to that are confirmed, by currency. One query."""
    confirmed = bookings.filter(status="confirmed").order_by()
    paid = F("total") + F("amount_added") - F("amount_due_back")
    sums = confirmed.values("currency").annotate(
        count=Count("pk"), off=Sum("discount"), paid=Sum(paid)
    )
    return [
        Use(
            row["currency"],
            row["count"],
            discount=rounded(Decimal(row["off"]), row["currency"]),
            brought=rounded(Decimal(row["paid"]), row["currency"]),
        )
        for row in sums.order_by("currency")
    ]


@transaction.atomic
def more_like(code: PromoCode, *, count: int, prefix: str, max_uses: int | None) -> list[PromoCode]:
    """
    So many new codes with the conditions of `code`, each to be used `max_uses` times: `prefix` and
    eight random characters that nobody mistakes for one another.
    """
    conditions = {name: getattr(code, name) for name in COPIED} | {"max_uses": max_uses}
    theaters, movies = list(code.theaters.all()), list(code.movies.all())
    with told_in_one():
        made = PromoCode.objects.bulk_create(
            PromoCode(code=text, **conditions) for text in _new_codes(prefix, count)
        )
        _relate(PromoCode.theaters.through, "theater", made, theaters)
        _relate(PromoCode.movies.through, "movie", made, movies)
    prefetch_related_objects(made, "theaters")
    tell_of_new(made, theaters=theaters, movies=movies)
    return made


def _new_codes(prefix: str, count: int) -> list[str]:
    found = {}
    while len(found) < count:
        text = prefix + "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(LENGTH))
        found[text] = None
    return list(found)


def _relate(through, name: str, codes, others):
    through.objects.bulk_create(
        through(promocode=code, **{name: other}) for code in codes for other in others
    )
