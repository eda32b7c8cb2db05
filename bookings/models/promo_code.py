"""Promo codes: who gets something off, and how much."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from movies.models import Movie
from showtimes.models import Showtime
from theaters.currencies import rounded
from theaters.models import Theater


class PromoCodeRefused(ValidationError):
    """The promo code gives nothing off this booking; the detail says why."""

    default_code = "promo_code_refused"

    def __init__(self, detail: str):
        super().__init__({"promo_code": [detail]}, code=self.default_code)


class PromoCode(models.Model):
    """
    A code that takes a percentage or an amount off the seats of a booking. Without theaters or
    movies it holds for all of them; an amount is in the currency of the one theater it is for.
    """

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

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent=None, amount__gte=0) & ~Q(currency="")
                | Q(amount=None, percent__gte=0, percent__lte=100),
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

    def discount(self, subtotal: Decimal, currency: str) -> Decimal:
        """What this code takes off `subtotal`, never more than all of it."""
        off = subtotal * self.percent / 100 if self.amount is None else self.amount
        return min(rounded(off, currency), subtotal)

    def check_holds_for(self, showtime: Showtime, *, tickets: int):
        """Raises PromoCodeRefused unless the code is good now, for this showtime and so many."""
        now = timezone.now()
        if (
            self.valid_from
            and now < self.valid_from
            or self.valid_until
            and now >= self.valid_until
        ):
            raise PromoCodeRefused("This promo code is not valid now.")
        if tickets < self.minimum_tickets:
            raise PromoCodeRefused(
                f"This promo code is for {self.minimum_tickets} tickets or more."
            )
        theater = showtime.theater
        if self.currency and self.currency != theater.currency:
            raise PromoCodeRefused("This promo code is for another currency.")
        for chosen, one in ((self.theaters, theater), (self.movies, showtime.movie)):
            if chosen.exists() and not chosen.contains(one):
                raise PromoCodeRefused("This promo code is not for this showtime.")

    def check_uses_are_left(self, *, user, email: str):
        """
        Raises PromoCodeRefused when the code is used up, in all or by this customer. Only certain
        while the row of the code is locked.
        """
        uses = self.bookings.using_it_now()
        if self.max_uses is not None and uses.count() >= self.max_uses:
            raise PromoCodeRefused("This promo code is used up.")
        mine = Q(user=user) if user else Q(contact_email__iexact=email)
        if (limit := self.max_uses_per_customer) is not None and uses.filter(mine).count() >= limit:
            raise PromoCodeRefused("You have used this promo code already.")
