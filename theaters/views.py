"""Where our theaters are, and what is in them."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, viewsets

from accounts.permissions import IsAdminOrReadOnly
from pictures.uploads import WithPictures
from retries.once import once

from .filters import TheaterFilter
from .models import Amenity, Screen, SeatCategory, Theater
from .permissions import RunsTheTheaterOrReadOnly
from .saving import DeletesWhatIsNotInUse, InUse
from .serializers import (
    AmenitySerializer,
    ScreenWithSeatsSerializer,
    SeatCategorySerializer,
    TheaterSerializer,
    TheaterSummarySerializer,
)


@extend_schema_view(
    list=extend_schema(summary="List theaters"),
    retrieve=extend_schema(summary="Show a theater"),
    create=extend_schema(summary="Open a theater"),
    update=extend_schema(summary="Rewrite a theater"),
    partial_update=extend_schema(summary="Change a theater"),
    destroy=extend_schema(summary="Delete a theater"),
)
class TheaterViewSet(WithPictures, DeletesWhatIsNotInUse, viewsets.ModelViewSet):
    """
    Our theaters, each with its own time zone and currency.

    Admins open and delete them. Its managers change what is not the chain's business: that (slug,
    country, time zone, currency, seller, taxes, fee, managers) is a 400 `not_yours_to_change`.
    Currency and time zone are `fixed` once there are bookings, currency and invoice prefix once
    there are invoices. A theater that has screens or categories is `in_use`.
    """

    queryset = Theater.objects.prefetch_related("amenities")
    kept_for = 60
    lookup_value_converter = "int"
    raises = {"destroy": [InUse]}

    def get_permissions(self):
        for_admins = self.action in ("create", "destroy")
        return [IsAdminOrReadOnly() if for_admins else RunsTheTheaterOrReadOnly()]

    @property
    def filterset_class(self):
        return TheaterFilter if self.action == "list" else None

    def get_queryset(self):
        theaters = super().get_queryset()
        return theaters.prefetch_related("screens", "managers") if self.detail else theaters

    def get_serializer_class(self):
        return TheaterSummarySerializer if self.action == "list" else TheaterSerializer

    @once
    def create(self, request, *args, **kwargs):
        return super().create(request, *args, **kwargs)


@extend_schema_view(
    list=extend_schema(summary="List amenities"),
    retrieve=extend_schema(summary="Show an amenity"),
    create=extend_schema(summary="Add an amenity"),
    update=extend_schema(summary="Rewrite an amenity"),
    partial_update=extend_schema(summary="Rename an amenity"),
    destroy=extend_schema(summary="Delete an amenity"),
)
class AmenityViewSet(viewsets.ModelViewSet):
    """What theaters offer, by name. Admins write; a deleted one is gone from every theater."""

    permission_classes = [IsAdminOrReadOnly]
    queryset = Amenity.objects.all()
    kept_for = 60
    serializer_class = AmenitySerializer
    lookup_value_converter = "int"

    @once
    def create(self, request, *args, **kwargs):
        return super().create(request, *args, **kwargs)


class OfATheaterView(generics.ListCreateAPIView):
    """What one theater has several of. Its managers and admins add to it."""

    permission_classes = [RunsTheTheaterOrReadOnly]

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        self.theater = get_object_or_404(Theater, pk=kwargs["pk"])
        self.check_object_permissions(request, self.theater)

    def get_queryset(self):
        return super().get_queryset().filter(theater=self.theater)

    def perform_create(self, serializer):
        serializer.save(theater=self.theater)

    @once
    def post(self, request, *args, **kwargs):
        return super().post(request, *args, **kwargs)


class OneOfATheaterView(DeletesWhatIsNotInUse, generics.RetrieveUpdateDestroyAPIView):
    """One of these. Its theater's managers and admins write; what is `in_use` is not deleted."""

    permission_classes = [RunsTheTheaterOrReadOnly]
    raises = {"delete": [InUse]}


@extend_schema_view(
    get=extend_schema(summary="List the screens of a theater"),
    post=extend_schema(summary="Add a screen"),
)
class ScreensView(OfATheaterView):
    """The screens of a theater. A new one has no seats until it gets a layout."""

    queryset = Screen.objects.with_seat_counts().order_by("name", "pk")
    serializer_class = ScreenWithSeatsSerializer


@extend_schema_view(
    get=extend_schema(summary="Show a screen"),
    put=extend_schema(summary="Rewrite a screen"),
    patch=extend_schema(summary="Change a screen"),
    delete=extend_schema(summary="Delete a screen"),
)
class ScreenView(OneOfATheaterView):
    """A screen with its seats counted. One that has showtimes stays."""

    queryset = Screen.objects.select_related("theater").with_seat_counts()
    serializer_class = ScreenWithSeatsSerializer


@extend_schema_view(
    get=extend_schema(summary="List the seat categories of a theater"),
    post=extend_schema(summary="Add a seat category"),
)
class SeatCategoriesView(OfATheaterView):
    """The categories of a theater's seats, the simplest first."""

    queryset = SeatCategory.objects.select_related("theater")
    serializer_class = SeatCategorySerializer


@extend_schema_view(
    get=extend_schema(summary="Show a seat category"),
    put=extend_schema(summary="Rewrite a seat category"),
    patch=extend_schema(summary="Change a seat category"),
    delete=extend_schema(summary="Delete a seat category"),
)
class SeatCategoryView(OneOfATheaterView):
    """
    A seat category. A new default price holds for what is booked from then on; one that seats or
    prices name stays.
    """

    queryset = SeatCategory.objects.select_related("theater")
    serializer_class = SeatCategorySerializer
