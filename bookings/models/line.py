"""What a booking costs, line by line."""

from django.db import models
from django.db.models import Q

from showtimes.price_rules import TicketType
from theaters.models import Seat


class BookingLine(models.Model):
    """
    One line of what a booking costs, with its reason. The amounts of all lines add up to the
    total. `tax` is the tax in the amount, or the tax that a line of kind tax adds for it.

    The line of a seat says for whom it is (`type`), and its `reasons`, each `{name, amount}`, lead
    from the category's own price to the line's: their amounts add up to it exactly.
    """

    class Kind(models.TextChoices):
        SEAT = "seat"
        DISCOUNT = "discount"
        FEE = "fee"
        TAX = "tax"

    booking = models.ForeignKey("Booking", on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    seat = models.ForeignKey(
        Seat, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    type = models.CharField(max_length=7, choices=TicketType, blank=True)
    description = models.CharField(max_length=200)
    reasons = models.JSONField(default=list, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=3)
    tax = models.DecimalField(max_digits=12, decimal_places=3, default=0)
    tax_rate = models.DecimalField(
        max_digits=6, decimal_places=3, default=0, help_text="Percent, as on that day."
    )

    class Meta:
        ordering = ["booking_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["booking", "position"], name="lines_of_a_booking_have_an_order"
            ),
            models.CheckConstraint(
                condition=Q(kind="seat", seat__isnull=False) | ~Q(kind="seat") & Q(seat=None),
                name="lines_for_seats_name_the_seat",
            ),
            models.CheckConstraint(
                condition=Q(kind="seat", type__in=TicketType.values) | ~Q(kind="seat") & Q(type=""),
                name="lines_for_seats_say_for_whom",
            ),
        ]

    def __str__(self):
        return self.description

    @property
    def currency(self) -> str:
        return self.booking.currency
