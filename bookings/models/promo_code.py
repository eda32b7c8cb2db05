"""Promo codes: who gets something off, and how much."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from history.remembering import Remembered, RememberedQuerySet, Remembers
from movies.models import Movie
from showtimes.models import Showtime
from theaters.currencies import rounded
from theaters.models import Theater

REFUSALS = {
    "unknown": "There is no such promo code.",
    "not_yet": "This promo code is not valid yet.",
    "ended": "This promo code is no longer valid.",
    "too_few_tickets": "This promo code is for {minimum} tickets or more.",
    "wrong_currency": "This promo code is for another currency.",
    "wrong_theater": "This promo code is not for this theater.",
    "wrong_film": "This promo code is not for this film.",
    "used_up": "This promo code is used up.",
    "used_by_you": "You have used this promo code already.",
}


class PromoCodeRefused(ValidationError):
    """The promo code gives nothing off this booking; the code, one of REFUSALS, says why."""

    def __init__(self, code: str, **words):
        self.words = REFUSALS[code].format(**words)
        super().__init__({"promo_code": [self.words]}, code=code)


@dataclass(frozen=True)
class HoldsFor:
    """The ids of the theaters and movies that a promo code is for; where there are none, of all."""

    theaters: frozenset[int] = frozenset()
    movies: frozenset[int] = frozenset()

    def check(self, showtime: Showtime):
        """Raises PromoCodeRefused unless `showtime` is among them."""
        if not _is_among(showtime.screen.theater_id, self.theaters):
            raise PromoCodeRefused("wrong_theater")
        if not _is_among(showtime.movie_id, self.movies):
            raise PromoCodeRefused("wrong_film")


class PromoCode(Remembered):
    """
    A code that takes a percentage or an amount off the seats of a booking. Without theaters or
    movies it holds for all of them; an amount is in the currency of the one theater it is for.
    """

    remembers = Remembers(theater="only_theater", lists=["theaters", "movies"])
    code = models.CharField(max_length=40, unique=True, help_text="Kept in capitals.")
    percent = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    amount = models.DecimalField(
        max_digits=10, decimal_places=3, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(max_length=3, blank=True, help_text="Of the amount.")
    valid_from = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    max_uses = models.PositiveIntegerField(null=True, blank=True, help_text="Bookings in all.")
    max_uses_per_customer = models.PositiveIntegerField(null=True, blank=True)
    minimum_tickets = models.PositiveSmallIntegerField(default=1)
    theaters = models.ManyToManyField(Theater, related_name="promo_codes", blank=True)
    movies = models.ManyToManyField(Movie, related_name="promo_codes", blank=True)

    objects = RememberedQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                # Of what is null, a database can't say that it is wrong.
                condition=Q(percent=None, amount__isnull=False, amount__gte=0) & ~Q(currency="")
                | Q(amount=None, percent__isnull=False, percent__gte=0, percent__lte=100),
                name="a_promo_code_is_a_percentage_or_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None)
                | Q(valid_until=None)
                | Q(valid_until__gt=F("valid_from")),
                name="a_promo_code_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return self.code

    @property
    def only_theater(self) -> int | None:
        """The id of the theater it is for, where that is one."""
        keys = [theater.pk for theater in self.theaters.all()] if self.pk else []
        return keys[0] if len(keys) == 1 else None

    def discount(self, subtotal: Decimal, currency: str) -> Decimal:
        """What this code takes off `subtotal`, never more than all of it."""
        off = subtotal * self.percent / 100 if self.amount is None else self.amount
        return min(rounded(off, currency), subtotal)

    def holds_for(self) -> HoldsFor:
        """What it is for, as that is saved. Two queries."""
        return HoldsFor(_keys(self.theaters), _keys(self.movies))

    def check_holds_for(self, showtime: Showtime, *, tickets: int, at: datetime | None = None):
        """
        Raises PromoCodeRefused unless the code is good for this showtime and so many, for who books
        now, or `at` another moment.
        """
        self.check_conditions(showtime, tickets=tickets, at=at or timezone.now())
        self.holds_for().check(showtime)

    def check_conditions(self, showtime: Showtime, *, tickets: int, at: datetime):
        """The same, but for what it `holds_for`; no query."""
        self._check_the_clock(at)
        if tickets < self.minimum_tickets:
            raise PromoCodeRefused("too_few_tickets", minimum=self.minimum_tickets)
        if self.currency and self.currency != showtime.theater.currency:
            raise PromoCodeRefused("wrong_currency")

    def _check_the_clock(self, now):
        if self.valid_from and now < self.valid_from:
            raise PromoCodeRefused("not_yet")
        if self.valid_until and now >= self.valid_until:
            raise PromoCodeRefused("ended")

    @property
    def is_limited(self) -> bool:
        """Whether its uses are counted."""
        return self.max_uses is not None or self.max_uses_per_customer is not None

    def use(self, *, user, email: str):
        """
        Make sure that one more booking may use this code; must run in the transaction that makes
        the booking. Those who want a code whose uses are counted wait for one another, so that its
        last use is used once. Raises PromoCodeRefused, also if it was deleted meanwhile.
        """
        try:
            if self.is_limited:
                self.locked().check_uses_are_left(user=user, email=email)
            else:
                self._keep()
        except PromoCode.DoesNotExist:
            raise PromoCodeRefused("unknown") from None

    def _keep(self):
        """Nobody deletes it until the transaction ends. Raises DoesNotExist."""
        # On SQLite, which lets one write at a time, the transaction has its turn already.
        lock = "FOR KEY SHARE" if connection.vendor == "postgresql" else ""
        rows = f"SELECT id FROM {PromoCode._meta.db_table} WHERE id = %s {lock}"
        if not list(PromoCode.objects.raw(rows, [self.pk])):
            raise PromoCode.DoesNotExist

    def locked(self) -> "PromoCode":
        """The row, which nobody else locks until the transaction ends; others may refer to it."""
        return PromoCode.objects.select_for_update(no_key=True).get(pk=self.pk)

    def check_uses_are_left(self, *, user, email: str, apart_from=None):
        """
        Raises PromoCodeRefused when the code is used up, in all or by this person, not counting the
        booking `apart_from`. Only certain while the row of the code is locked.
        """
        uses = self.bookings.using_it_now().exclude(pk=apart_from and apart_from.pk).order_by()
        theirs = uses.of_person(user=user, email=email)
        self.check_limits(
            uses=_counted(uses, limit=self.max_uses),
            theirs=_counted(theirs, limit=self.max_uses_per_customer),
        )

    def check_limits(self, *, uses: int, theirs: int):
        """Raises PromoCodeRefused if there are so many `uses`, `theirs` among them, as may be."""
        if _are_gone(self.max_uses, uses):
            raise PromoCodeRefused("used_up")
        if _are_gone(self.max_uses_per_customer, theirs):
            raise PromoCodeRefused("used_by_you")

    def has_a_use_for(self, *, user, email: str) -> bool:
        """Whether uses are left, in all and for this person, as it looks now."""
        try:
            self.check_uses_are_left(user=user, email=email)
        except PromoCodeRefused:
            return False
        return True


def _keys(chosen) -> frozenset[int]:
    return frozenset(chosen.order_by().values_list("pk", flat=True))


def _is_among(key: int | None, chosen: frozenset[int]) -> bool:
    """Whether `key` is one of the `chosen`, or none was chosen."""
    return not chosen or key in chosen


def _counted(uses, *, limit: int | None) -> int:
    """No more are counted than the limit, however many there are; without one, none."""
    return 0 if limit is None else uses[:limit].count()


def _are_gone(limit: int | None, uses: int) -> bool:
    return limit is not None and uses >= limit
