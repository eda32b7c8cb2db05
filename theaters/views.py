"""Where our theaters are."""

import django_filters
from django.db.models import Q
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.permissions import AllowAny

from .models import Theater
from .serializers import TheaterSerializer, TheaterSummarySerializer


class TheaterFilter(django_filters.FilterSet):
    """How lists of theaters are narrowed."""

    search = django_filters.CharFilter(method="matching", label="Part of the name or the address.")
    city = django_filters.CharFilter(lookup_expr="iexact", label="As in Berlin.")

    class Meta:
        model = Theater
        fields = []

    def matching(self, theaters, name, words):
        return theaters.filter(Q(name__icontains=words) | Q(address__icontains=words))


@extend_schema_view(
    list=extend_schema(summary="List theaters"), retrieve=extend_schema(summary="Show a theater")
)
class TheaterViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Our theaters, each with its own time zone and currency."""

    permission_classes = [AllowAny]
    kept_for = 60
    filterset_class = TheaterFilter
    queryset = Theater.objects.prefetch_related("amenities")
    lookup_value_converter = "int"

    def get_queryset(self):
        theaters = super().get_queryset()
        return theaters.prefetch_related("screens") if self.detail else theaters

    def get_serializer_class(self):
        return TheaterSerializer if self.detail else TheaterSummarySerializer
