"""The rules of the door: from when until when tickets are let in."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models

# Earlier or later than that is a typing error.
MOST_MINUTES = 24 * 60


class Admission(NamedTuple):
    """Tickets are let in from `opens_at` until `closes_at`."""

    opens_at: datetime
    closes_at: datetime


def admission(
    starts_at: datetime, ends_at: datetime, *, opens_minutes: int, closes_minutes: int | None
) -> Admission:
    """
    That of a showtime: so many minutes before its start until so many after it (None: as long as
    it lasts), and never when it is over.
    """
    opens_at = starts_at - timedelta(minutes=opens_minutes)
    if closes_minutes is None:
        return Admission(opens_at, ends_at)
    return Admission(opens_at, min(starts_at + timedelta(minutes=closes_minutes), ends_at))


class LetsPeopleIn(models.Model):
    """When the doors of a theater's showtimes open and close. It holds for all that are to come."""

    admission_opens_minutes = models.PositiveIntegerField(
        default=30,
        validators=[MaxValueValidator(MOST_MINUTES)],
        help_text="Tickets are let in from so many minutes before the start.",
    )
    admission_closes_minutes = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_MINUTES)],
        help_text="And until so many minutes after it. Empty: as long as the showtime lasts.",
    )

    class Meta:
        abstract = True

    def clean(self):
        """Raises Django's ValidationError, with the field's name, if nobody could ever come in."""
        super().clean()
        try:
            check_there_is_time(self.admission_opens_minutes, self.admission_closes_minutes)
        except ValidationError as error:
            raise ValidationError({"admission_closes_minutes": error}) from error

    def admission(self, starts_at: datetime, ends_at: datetime) -> Admission:
        """That of a showtime here."""
        return admission(
            starts_at,
            ends_at,
            opens_minutes=self.admission_opens_minutes,
            closes_minutes=self.admission_closes_minutes,
        )


def check_there_is_time(opens_minutes: int | None, closes_minutes: int | None):
    """Raises Django's ValidationError if doors close at the moment at which they open."""
    if opens_minutes == closes_minutes == 0:
        raise ValidationError(
            "Nobody could come in: the doors close when they open.", code="never_open"
        )
