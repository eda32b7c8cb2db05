"""The inbox of what Stripe tells us."""

from django.db import connection, models
from django.utils import timezone

TOOK_EFFECT = """
    SELECT 1 FROM payments_webhookevent WHERE stripe_id = %s AND processed_at IS NOT NULL
"""


class WebhookEventQuerySet(models.QuerySet):
    def took_effect(self, stripe_id: str) -> bool:
        """Whether the event is here and needs no second look."""
        # In SQL, since every webhook asks.
        with connection.cursor() as cursor:
            cursor.execute(TOOK_EFFECT, [stripe_id])
            return cursor.fetchone() is not None

    def failed(self):
        """Those whose effect is still owed, the oldest first."""
        return self.filter(processed_at=None).order_by("received_at", "pk")

    def put_aside(self) -> int:
        """
        Somebody has looked: no effect of these failed ones is owed any more, and Stripe hears so
        when it sends them again. They keep their error. Answers how many there were.
        """
        return self.failed().update(processed_at=timezone.now())


class WebhookEvent(models.Model):
    """
    One event of Stripe's, kept as it came. `processed_at` is empty while its effect is owed; with
    an `error` beside it, somebody has put it aside.
    """

    stripe_id = models.CharField(max_length=255, unique=True)
    type = models.CharField(max_length=100)
    payload = models.JSONField()
    received_at = models.DateTimeField(auto_now_add=True)
    processed_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    objects = WebhookEventQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at"]
        indexes = [
            models.Index(fields=["received_at"], name="events_by_when_received"),
            models.Index(
                fields=["received_at", "id"],
                condition=models.Q(processed_at=None),
                name="events_that_failed",
            ),
        ]

    def __str__(self):
        return f"{self.type} {self.stripe_id}"
