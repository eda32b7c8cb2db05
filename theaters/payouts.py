"""Theaters that are paid out separately: each to a Stripe account of its own, less a fee."""

from decimal import ROUND_DOWN, Decimal

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from .currencies import rounded

LONGEST_ACCOUNT = 60


class PaidOutSeparately(models.Model):
    """
    To whom the money of a theater goes, if not to the chain, and what the chain keeps of it:
    docs/decisions/0033. Without a `stripe_account`, which is how a theater begins, all of this is
    off.
    """

    stripe_account = models.CharField(
        max_length=LONGEST_ACCOUNT,
        blank=True,
        validators=[RegexValidator(r"^acct_[A-Za-z0-9]+\Z", "As in acct_1032D82eZvKYlo2C.")],
        help_text=(
            "The theater's account in Stripe Connect, acct_…: what is paid online from now on goes "
            "there, less the fee. Empty: the chain gets it. What was paid before stays where it "
            "went."
        ),
    )
    application_fee_percent = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="Percent of what is paid online that the chain keeps, if there is an account.",
    )
    application_fee_per_ticket = models.DecimalField(
        max_digits=10,
        decimal_places=3,
        default=0,
        validators=[MinValueValidator(0)],
        help_text="What it keeps of each ticket besides, in the theater's currency.",
    )
    stripe_refusal = models.CharField(
        max_length=500,
        blank=True,
        editable=False,
        help_text="Why Stripe refused the account when somebody last wanted to pay.",
    )

    class Meta:
        abstract = True

    def application_fee(self, amount: Decimal, *, tickets: int) -> Decimal:
        """
        What the chain keeps of `amount`, paid for so many new `tickets`, in the theater's currency:
        rounded down to what can be paid in it, and never more than the amount.
        """
        percent = amount * self.application_fee_percent / 100
        fee = percent + self.application_fee_per_ticket * tickets
        return rounded(min(fee, amount), self.currency, ROUND_DOWN)
