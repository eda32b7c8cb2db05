"""The inbox of what Stripe tells us."""

from django.db import models


class WebhookEvent(models.Model):
    """One event of Stripe's, kept as it came. `processed_at` is empty while its effect is owed."""

    stripe_id = models.CharField(max_length=255, unique=True)
    type = models.CharField(max_length=100)
    payload = models.JSONField()
    received_at = models.DateTimeField(auto_now_add=True)
    processed_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-received_at"]

    def __str__(self):
        return f"{self.type} {self.stripe_id}"
