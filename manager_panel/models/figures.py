"""Sums of cinema days that are over, so that nobody adds up two years of rows to see a page."""

from django.db import models

from movies.models import Movie
from payments.models import Payment
from showtimes.models import Showtime
from theaters.models import Theater


def _amount(meaning: str = "") -> models.DecimalField:
    return models.DecimalField(max_digits=16, decimal_places=3, default=0, help_text=meaning)


def _count(meaning: str = "") -> models.PositiveIntegerField:
    return models.PositiveIntegerField(default=0, help_text=meaning)


class Figures(models.Model):
    """
    What one showtime came to, in one currency, of one way to pay; `day` is its cinema day. What is
    counted, and how, is said in manager_panel.figures.counting, which also makes these rows for
    days that are not over, and does not save them.

    `kind` is empty where nothing was to be paid. There is always such a row in the theater's
    currency, and it alone has the `shows` (1, or 0 for a showtime that did not take place) and the
    `capacity` of the hall, as it was on that day.
    """

    # Without indexes of their own, where the constraint below begins with the same columns.
    showtime = models.ForeignKey(
        Showtime, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    theater = models.ForeignKey(Theater, on_delete=models.CASCADE, related_name="+", db_index=False)
    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=13, choices=Payment.Kind, blank=True)

    shows = _count()
    capacity = _count()
    bookings = _count()
    tickets = _count("That are good.")
    given_back = _count("Tickets that were cancelled.")
    admitted = _count("Of the good ones, those that came in.")
    no_shows = _count("Of the good ones, those that did not, where a door was kept.")

    face_value = _amount()
    discount = _amount()
    fees = _amount()
    added_tax = _amount("That came on top of the prices.")
    exchanged = _amount("Paid on top, for dearer seats in exchange.")
    paid = _amount("What the ledger has: all that came.")
    bought_nothing = _amount("Of what came, what bought nothing: too late, twice, flagged.")
    refunded = _amount("What the ledger has: all that went back.")
    due_back = _amount("What was cancelled and exchanged entitles to.")
    kept_fees = _amount("Of what was kept.")
    kept_tax = _amount("Of what was kept.")
    disputed = _amount("What banks have taken away; not in what was refunded.")

    class Meta:
        verbose_name_plural = "figures"
        ordering = ["day", "showtime_id", "currency", "kind"]
        indexes = [
            models.Index(fields=["theater", "day"], name="figures_of_a_theater"),
            models.Index(fields=["day"], name="figures_of_a_day"),
            models.Index(fields=["movie", "day"], name="figures_of_a_film"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["showtime", "currency", "kind"], name="figures_are_kept_once"
            )
        ]

    def __str__(self):
        return f"{self.day}, showtime {self.showtime_id}, {self.currency} {self.kind}".strip()


class HourFigures(models.Model):
    """What a theater sold in one hour of a cinema day, by its clock: 0 and 1 o'clock come last."""

    theater = models.ForeignKey(Theater, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    hour = models.PositiveSmallIntegerField()
    currency = models.CharField(max_length=3)
    bookings = _count()
    tickets = _count()
    amount = _amount()

    class Meta:
        verbose_name_plural = "hour figures"
        ordering = ["day", "hour"]
        constraints = [
            models.UniqueConstraint(
                fields=["theater", "day", "hour", "currency"], name="hours_are_kept_once"
            )
        ]

    def __str__(self):
        return f"{self.day}, {self.hour} o'clock, {self.currency}"


class RolledUp(models.Model):
    """
    How far the figures of a theater are rolled up: all cinema days before `until`. What happens
    later to one of these days (a refund, say) is found by what the ledger has after `ledger`, and
    by tickets that became void since `looked_at`.
    """

    theater = models.OneToOneField(
        Theater, on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    until = models.DateField()
    ledger = models.BigIntegerField(default=0, help_text="Everything up to this entry is in.")
    ledger_seen = models.BigIntegerField(
        default=0, help_text="The last entry when somebody looked; an earlier one may come later."
    )
    looked_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "rolled up"

    def __str__(self):
        return f"{self.theater}, until {self.until}"
