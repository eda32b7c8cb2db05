"""The price rules of a theater, for those who manage it."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.permissions import IsAuthenticated

from retries.once import once
from theaters.models import Theater

from .permissions import ManagesTheaters
from .price_rule_serializers import PriceRuleSerializer
from .price_rules import PriceRule


@extend_schema_view(
    get=extend_schema(
        operation_id="theaters_price_rules_list", summary="List a theater's price rules"
    ),
    post=extend_schema(
        operation_id="theaters_price_rules_create", summary="Add a price rule to a theater"
    ),
)
class PriceRulesView(generics.ListCreateAPIView):
    """
    The price rules of a theater that you manage, in the order in which they are applied.

    Every active rule whose conditions hold changes the price that the rules before it left, until
    one is `final`. `percent` and `amount` add `value` (less than 0 takes off), `price` replaces.
    """

    permission_classes = [IsAuthenticated, ManagesTheaters]
    serializer_class = PriceRuleSerializer
    queryset = PriceRule.objects.all()

    @property
    def theater(self) -> Theater:
        mine = Theater.objects.managed_by(self.request.user)
        return get_object_or_404(mine, pk=self.kwargs["pk"])

    def get_queryset(self):
        return self.theater.price_rules.select_related("theater", "category", "movie")

    def get_serializer_context(self):
        context = super().get_serializer_context()
        # The generator of the schema asks for a serializer without a request.
        adds = self.request and self.request.method == "POST" and "pk" in self.kwargs
        return context | ({"theater": self.theater} if adds else {})

    def perform_create(self, serializer):
        serializer.save(theater=serializer.context["theater"])

    @once
    def post(self, request, *args, **kwargs):
        return super().post(request, *args, **kwargs)


@extend_schema_view(
    get=extend_schema(summary="Show a price rule"),
    patch=extend_schema(summary="Change a price rule"),
    delete=extend_schema(summary="Delete a price rule"),
)
class PriceRuleView(generics.RetrieveUpdateDestroyAPIView):
    """
    A price rule of a theater that you manage. What was booked keeps its price.
    """

    permission_classes = [IsAuthenticated, ManagesTheaters]
    serializer_class = PriceRuleSerializer
    queryset = PriceRule.objects.select_related("theater", "category", "movie")
    http_method_names = ["get", "patch", "delete", "head", "options"]

    def get_queryset(self):
        return super().get_queryset().managed_by(self.request.user)
