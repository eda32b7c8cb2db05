"""In which order price rules are applied."""

from django.db import transaction
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from showtimes.price_rules import PriceRule

from ..room import RoomData

# Room for one that comes between two others.
STEP = 10


class ListHasChanged(APIException):
    """Somebody added or removed a rule since the list was read."""

    status_code = 409
    default_code = "list_has_changed"
    default_detail = "Somebody has changed the rules meanwhile. Load the page again and look."


class OrderSerializer(serializers.Serializer):
    rules = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), max_length=1000
    )


class RulesInOrder(RoomData):
    """Gives the rules of a theater the order in which their ids come."""

    def post(self, request, **kwargs):
        asked = OrderSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        self._put_in_order(asked.validated_data["rules"])
        return Response({"rules": asked.validated_data["rules"]})

    @transaction.atomic
    def _put_in_order(self, wanted: list[int]):
        # In one order for all, so that two who do this do not wait in a circle.
        rules = PriceRule.objects.filter(theater=self.row.pk).order_by("pk").select_for_update()
        rules = {rule.pk: rule for rule in rules}
        if sorted(rules) != sorted(wanted):
            raise ListHasChanged
        for position, pk in enumerate(wanted, start=1):
            rule = rules[pk]
            if rule.position != position * STEP:
                rule.position = position * STEP
                rule.save(update_fields=["position"])
