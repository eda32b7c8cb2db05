"""The catalogue of films, and what the home page shows of it."""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, mixins, viewsets
from rest_framework.permissions import AllowAny

from .filters import MovieFilter
from .models import Movie, Slide
from .serializers import MovieSerializer, MovieSummarySerializer, SlideSerializer


@extend_schema_view(
    list=extend_schema(summary="List films"), retrieve=extend_schema(summary="Show a film")
)
class MovieViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """The films that we show, have shown or will show."""

    permission_classes = [AllowAny]
    kept_for = 60
    filterset_class = MovieFilter
    queryset = Movie.objects.all()
    lookup_value_converter = "int"

    def get_queryset(self):
        movies = Movie.objects.with_when().prefetch_related("genres")
        return movies.prefetch_related("credits__person") if self.detail else movies

    def get_serializer_class(self):
        return MovieSerializer if self.detail else MovieSummarySerializer


class SlidesView(generics.ListAPIView):
    """What the home page shows now, in order. Not paged: there are few."""

    permission_classes = [AllowAny]
    kept_for = 60
    serializer_class = SlideSerializer
    queryset = Slide.objects.all()
    pagination_class = None

    def get_queryset(self):
        return Slide.objects.on_show()

    @extend_schema(summary="List the slides of the home page")
    def get(self, request, *args, **kwargs):
        return super().get(request, *args, **kwargs)
