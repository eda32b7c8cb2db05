"""Serializer fields: the theater's clock, its money, and the lists that belong to it."""

from django.db.models import BigIntegerField
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


class PriceField(serializers.DecimalField):
    """
    Money, 0 or more, served as a string with as many decimals as the object's `currency` has.
    Whether that currency has such an amount, `currencies.check_is_money` knows.
    """

    def __init__(self, **kwargs):
        super().__init__(**{"max_digits": 10, "decimal_places": 3, "min_value": 0} | kwargs)

    def get_attribute(self, instance):
        amount = super().get_attribute(instance)
        return amount if amount is None else f"{amount:.{decimals(instance.currency)}f}"

    def to_representation(self, value):
        return value


class AmountField(PriceField):
    """Money, served as a string with as many decimals as the object's `currency` has. Read only."""

    def __init__(self, **kwargs):
        super().__init__(max_digits=12, min_value=None, read_only=True, **kwargs)


class IdField(serializers.IntegerField):
    """An id: a whole number that a database could have given out."""

    def __init__(self, **kwargs):
        super().__init__(min_value=1, max_value=BigIntegerField.MAX_BIGINT, **kwargs)


class ShortListField(serializers.ListField):
    """A list of `max_length` at most; a longer one is refused before its items are looked at."""

    def to_internal_value(self, data):
        if isinstance(data, list) and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        return super().to_internal_value(data)


class RowsField(ShortListField):
    """
    Rows of `queryset`, each written as its field `by`; one query, however many they are. A `child`
    checks each of them first.
    """

    default_error_messages = {"does_not_exist": "There is no {missing}."}

    def __init__(self, *, queryset, by, **kwargs):
        self.queryset, self.by = queryset, by
        super().__init__(**{"max_length": 100} | kwargs)

    def to_internal_value(self, data):
        wanted = super().to_internal_value(data)
        rows = self.queryset.all().filter(**{f"{self.by}__in": wanted})
        found = {getattr(row, self.by): row for row in rows}
        if missing := [str(one) for one in wanted if one not in found]:
            self.fail("does_not_exist", missing=", ".join(missing))
        return list(found.values())

    def to_representation(self, rows):
        return [getattr(row, self.by) for row in rows.all()]
