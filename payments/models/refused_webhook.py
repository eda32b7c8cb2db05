"""How many webhooks were refused, since nothing else is kept of them."""

import logging

from django.db import DatabaseError, models
from django.db.models import F
from django.utils import timezone

log = logging.getLogger(__name__)


class RefusedWebhookQuerySet(models.QuerySet):
    def count_one(self, why: str):
        """One more was refused today (UTC) for this reason. Never raises: a count is only that."""
        today = timezone.now().date()
        row = self.filter(day=today, why=why)
        try:
            if not row.update(count=F("count") + 1):
                self.bulk_create([RefusedWebhook(day=today, why=why)], ignore_conflicts=True)
                row.update(count=F("count") + 1)
        except DatabaseError:
            log.exception("A refused webhook could not be counted")


class RefusedWebhook(models.Model):
    """
    How many webhooks were refused on a day (UTC) for one reason. A few of `wrong_secret` are
    strangers; if all are, the secret is wrong, and bookings are confirmed by the jobs only.
    """

    day = models.DateField()
    why = models.CharField(max_length=20)
    count = models.PositiveIntegerField(default=0)

    objects = RefusedWebhookQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "why"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "why"], name="refused_webhooks_are_counted_by_day_and_reason"
            )
        ]

    def __str__(self):
        return f"{self.day}: {self.count} {self.why}"
