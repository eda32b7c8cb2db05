"""Rows that a background job works through, a few at a time, beside other workers."""

import random
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

# Our own ids, as Stripe's metadata brings them back.
UUID_PATTERN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=1)
LONGEST_WAIT_WHILE_AWAY = timedelta(minutes=5)


class ClaimQuerySet(models.QuerySet):
    """Rows with `next_try_at` and `tries`: whoever claims a row has it until it is due again."""

    def claim_all(self) -> Iterator[list]:
        """All rows that are due at this moment, in handfuls; each as `claim` gives it."""
        now = timezone.now()
        while rows := self.claim(due_by=now):
            yield rows

    def claim(self, limit: int = 50, *, due_by: datetime | None = None) -> list:
        """
        Up to `limit` rows that are due, put off so that no other worker gets them now. A worker
        that dies needs no cleaning up after: its rows come due again. Waits double up to a minute.
        """
        now = timezone.now()
        with transaction.atomic():
            due = self.filter(next_try_at__lte=due_by or now).order_by("next_try_at")
            rows = list(due.select_for_update(skip_locked=True, of=("self",))[:limit])
            for row in rows:
                self.model.objects.filter(pk=row.pk).update(
                    tries=F("tries") + 1, next_try_at=now + _wait(row.tries, LONGEST_WAIT)
                )
        return rows

    def put_off(self, rows: list, *, at_least: timedelta):
        """
        Whoever was to be asked about `rows` is away, or asks us to wait. Each waits twice as long
        as the last time, up to five minutes, and a little more or less than the others.
        """
        for row in rows:
            wait = max(at_least, _wait(row.tries, LONGEST_WAIT_WHILE_AWAY)) * random.uniform(1, 1.5)
            self.model.objects.filter(pk=row.pk).update(next_try_at=timezone.now() + wait)


def _wait(tries: int, longest: timedelta) -> timedelta:
    return min(FIRST_WAIT * 2 ** min(tries, 10), longest)


class Claimable(models.Model):
    """A row that a job tries until it is finished."""

    next_try_at = models.DateTimeField(default=timezone.now, db_index=True)
    tries = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
