"""Serializer fields for what depends on the theater: its clock and its money."""

from rest_framework import serializers

from .currencies import decimals


class TheaterTimeField(serializers.DateTimeField):
    """A moment, served as ISO 8601 with the UTC offset of the object's `theater`. Read only."""

    def __init__(self, **kwargs):
        super().__init__(read_only=True, **kwargs)

    def get_attribute(self, instance):
        value = super().get_attribute(instance)
        return value and value.astimezone(instance.theater.zone)

    def to_representation(self, value):
        return value.isoformat()


class AmountField(serializers.DecimalField):
    """Money, served as a string with as many decimals as the object's `currency` has. Read only."""

    def __init__(self, **kwargs):
        super().__init__(max_digits=12, decimal_places=3, read_only=True, **kwargs)

    def get_attribute(self, instance):
        amount = super().get_attribute(instance)
        return amount if amount is None else f"{amount:.{decimals(instance.currency)}f}"

    def to_representation(self, value):
        return value
