"""Rows that a background job works through, a few at a time, beside other workers."""

import re
from datetime import timedelta

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

# Our own ids, as Stripe's metadata brings them back.
UUID_PATTERN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=1)


class ClaimQuerySet(models.QuerySet):
    """Rows with `next_try_at` and `tries`: whoever claims a row has it until it is due again."""

    def claim(self, limit: int = 50) -> list:
        """
        Up to `limit` rows that are due, put off so that no other worker gets them now. A worker
        that dies needs no cleaning up after: its rows come due again. Waits double up to a minute.
        """
        now = timezone.now()
        with transaction.atomic():
            due = self.filter(next_try_at__lte=now).order_by("next_try_at")
            rows = list(due.select_for_update(skip_locked=True, of=("self",))[:limit])
            for row in rows:
                wait = min(FIRST_WAIT * 2 ** min(row.tries, 10), LONGEST_WAIT)
                self.model.objects.filter(pk=row.pk).update(
                    tries=F("tries") + 1, next_try_at=now + wait
                )
        return rows


class Claimable(models.Model):
    """A row that a job tries until it is finished."""

    next_try_at = models.DateTimeField(default=timezone.now, db_index=True)
    tries = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
