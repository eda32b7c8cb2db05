"""What staff changed: one entry for each row and each time, that nobody can take back."""

from django.db import models
from django.utils import timezone


class EntryQuerySet(models.QuerySet):
    def about(self, row):
        """Those about `row`, the newest first."""
        return self.filter(kind=row._meta.label_lower, object_id=str(row.pk))

    def of_theaters(self, theaters):
        """Those about what belongs to `theaters`, also to those that are gone."""
        return self.filter(theater__in=theaters.values("pk"))


class Entry(models.Model):
    """
    One change of one row. It stands by itself: it names who and what by the words of that moment,
    and outlives both. `changes` has for each field what it was and what it is (null where there was
    or is nothing), as `[before, after]`; of what is not to be read by others, just null.

    Migration 0001 lets the database refuse to change or remove one.
    """

    class Verb(models.TextChoices):
        ADDED = "added"
        CHANGED = "changed"
        DELETED = "deleted"

    class Door(models.TextChoices):
        ADMIN = "admin", "Admin"
        API = "api", "API"
        SYSTEM = "system", "System"

    at = models.DateTimeField(default=timezone.now, editable=False)
    who = models.BigIntegerField(null=True, help_text="The id of whoever did it.")
    who_name = models.CharField("who", max_length=150, blank=True)
    door = models.CharField("came by", max_length=6, choices=Door)
    verb = models.CharField("did", max_length=7, choices=Verb)
    kind = models.CharField(max_length=60, help_text="As in showtimes.showtime.")
    object_id = models.CharField(max_length=40)
    title = models.CharField("what", max_length=200)
    theater = models.BigIntegerField(null=True, help_text="The id of the theater it belongs to.")
    changes = models.JSONField(default=dict)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "change"
        verbose_name_plural = "changes by staff"
        indexes = [
            models.Index(fields=["theater", "-id"], name="entries_of_a_theater"),
            models.Index(fields=["kind", "object_id", "-id"], name="entries_of_a_row"),
            models.Index(fields=["who", "-id"], name="entries_of_a_person"),
            models.Index(fields=["at"], name="entries_by_time"),
        ]

    def __str__(self):
        return f"{self.title} {self.verb}"
