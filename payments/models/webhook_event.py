"""The inbox of what Stripe tells us."""

from django.db import models


class WebhookEventQuerySet(models.QuerySet):
    def failed(self):
        """Those whose effect is still owed, the oldest first."""
        return self.filter(processed_at=None).order_by("received_at", "pk")


class WebhookEvent(models.Model):
    """One event of Stripe's, kept as it came. `processed_at` is empty while its effect is owed."""

    stripe_id = models.CharField(max_length=255, unique=True)
    type = models.CharField(max_length=100)
    payload = models.JSONField()
    received_at = models.DateTimeField(auto_now_add=True)
    processed_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    objects = WebhookEventQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at"]

    def __str__(self):
        return f"{self.type} {self.stripe_id}"
