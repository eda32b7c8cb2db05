"""What a seat costs at one showtime."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from history.remembering import Remembered, RememberedQuerySet, Remembers
from theaters.models import SeatCategory

# What the title of its showtime needs.
TITLE = ["showtime__movie", "showtime__screen__theater"]


class Price(Remembered):
    """What a category costs at one showtime, where that is not the category's default."""

    remembers = Remembers(theater="category.theater_id", related=["category", *TITLE])

    showtime = models.ForeignKey("Showtime", on_delete=models.CASCADE, related_name="own_prices")
    category = models.ForeignKey(SeatCategory, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=10, decimal_places=3, validators=[MinValueValidator(0)])

    objects = RememberedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["showtime", "category"], name="one_price_per_category_and_showtime"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="price_is_not_negative"),
        ]

    def __str__(self):
        return f"{self.category.name}: {self.amount}"

    def title_to_remember(self):
        return f"{self.category.name}, {self.showtime}"
