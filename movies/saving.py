"""How rows of the catalogue are written."""

from django.db import IntegrityError, transaction
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, NotFound


class ChangedMeanwhile(APIException):
    """Somebody else was faster, and what was sent no longer fits. Nothing was changed."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "changed_meanwhile"
    default_detail = "Somebody else has just changed or removed something here. Please try again."


class SavesWhatWasSent(serializers.ModelSerializer):
    """
    Changing a row writes the fields that were sent, and leaves the others as they are: in one
    transaction, in which nobody else changes that row. Raises ChangedMeanwhile, NotFound.
    """

    def save(self, **kwargs):
        try:
            with transaction.atomic():
                return super().save(**kwargs)
        except IntegrityError as error:
            raise ChangedMeanwhile from error

    def update(self, row, validated_data):
        rows = type(row).objects.select_for_update(no_key=True)
        if not rows.filter(pk=row.pk).values_list("pk"):
            raise NotFound
        for name, value in validated_data.items():
            setattr(row, name, value)
        row.save(update_fields=list(validated_data))
        return row
