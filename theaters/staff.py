"""Who works at a theater: at its box office and at its door. Its managers name them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from history.remembering import Remembered, RememberedQuerySet, Remembers


class Duty(models.TextChoices):
    BOX_OFFICE = "box_office", "Box office"
    DOOR = "door", "Door"


class StaffMember(Remembered):
    """
    Somebody who sells or scans tickets at a theater, whatever their role is elsewhere. Whoever does
    both has a row for each. The account decides whether they can sign in at all.
    """

    remembers = Remembers(theater="theater_id", related=["theater", "user"], but_not=["since"])

    theater = models.ForeignKey(
        "theaters.Theater", on_delete=models.CASCADE, related_name="staff_members"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_members"
    )
    duty = models.CharField(max_length=10, choices=Duty)
    since = models.DateTimeField(default=timezone.now, editable=False)

    objects = RememberedQuerySet.as_manager()

    class Meta:
        ordering = ["theater_id", "duty", "user__username", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["theater", "user", "duty"], name="one_row_for_each_duty_of_a_person"
            ),
            models.CheckConstraint(condition=Q(duty__in=Duty.values), name="duty_is_known"),
        ]

    def __str__(self):
        return f"{self.user}, {self.get_duty_display().lower()}, {self.theater}"
