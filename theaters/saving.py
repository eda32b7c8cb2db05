"""How the API writes and deletes rows: what was sent, with the database as the judge."""

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from rest_framework import serializers, status
from rest_framework.exceptions import APIException


class InUse(APIException):
    """Something needs it: screens, seats, showtimes or bookings. It stays."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "in_use"
    default_detail = "It is in use, so it cannot be deleted."


class DeletesWhatIsNotInUse:
    """A view that deletes a row, or raises InUse."""

    def perform_destroy(self, row):
        try:
            with transaction.atomic():
                row.delete()
        except (ProtectedError, IntegrityError) as error:
            raise InUse from error


class SavesWhatWasSent(serializers.ModelSerializer):
    """
    Writes the fields that were sent and no others, so that it undoes nothing that happened to them
    meanwhile. What the database refuses, because somebody was faster, is looked at once more: now
    the serializer's own checks see it, and say it.
    """

    def to_internal_value(self, data):
        """A form cannot leave out a list or a checkbox: what it does not name stays as it is."""
        values = super().to_internal_value(data)
        return {name: value for name, value in values.items() if name in data}

    def save(self, **kwargs):
        try:
            with transaction.atomic():
                return super().save(**kwargs)
        except IntegrityError:
            self.run_validation(self.initial_data)
            raise

    def update(self, row, values):
        columns = {field.name for field in row._meta.concrete_fields} & set(values)
        for name in columns:
            setattr(row, name, values[name])
        row.save(update_fields=columns)
        for name in set(values) - columns:
            getattr(row, name).set(values[name])
        return row
