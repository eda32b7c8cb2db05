"""Answers that are kept, so that the same request sent twice is done once."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

KEPT_FOR = timedelta(hours=24)


class KeptAnswerQuerySet(models.QuerySet):
    def lapsed(self):
        """Those that were kept long enough: their keys may be used anew."""
        return self.filter(created_at__lte=timezone.now() - KEPT_FOR)

    def of_account(self, user):
        """What was answered to `user` while signed in."""
        return self.filter(caller=str(user.pk))


class KeptAnswer(models.Model):
    """
    What we answered to a request with an `Idempotency-Key`. The row is written in the transaction
    of what was done, so that both are there or neither is, and `one_answer_per_caller_and_key`
    lets only one of two that arrive at the same moment be done.
    """

    caller = models.CharField(max_length=40, blank=True, help_text="An account's id; else a guest.")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="HMAC of method, path and body.")
    status = models.PositiveSmallIntegerField()
    body = models.TextField(help_text="JSON.")
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = KeptAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caller", "key"], name="one_answer_per_caller_and_key")
        ]

    def __str__(self):
        return f"{self.status} to {self.key}"

    @property
    def has_lapsed(self) -> bool:
        """Whether it was kept long enough."""
        return self.created_at <= timezone.now() - KEPT_FOR
