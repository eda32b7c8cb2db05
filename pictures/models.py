"""What every model with pictures has in common."""

from django.db import models, transaction


class HasPictures(models.Model):
    """A row that is saved together with its new pictures, or not at all."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        with transaction.atomic():
            super().save(*args, **kwargs)
