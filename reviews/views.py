"""What people say about a film."""

from django.conf import settings
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, mixins, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.response import Response

from accounts.permissions import IsAdmin
from movies.models import Movie
from retries.once import once
from showtimes.contention import Busy

from .filters import ReviewFilter
from .models import AlreadyReviewed, NotReleased, Review
from .permissions import IsAuthorOrReadOnly
from .serializers import HideSerializer, ReviewSerializer


class VisibleReviews:
    """The reviews that whoever asks may read, each with all that the API says of it."""

    queryset = Review.objects.all()
    serializer_class = ReviewSerializer

    def get_queryset(self):
        reviews = Review.objects.for_user(self.request.user)
        return reviews.with_verified().select_related("user")


@extend_schema_view(
    get=extend_schema(summary="List the reviews of a film"),
    post=extend_schema(summary="Review a film"),
)
class ReviewsView(VisibleReviews, generics.ListCreateAPIView):
    """
    The reviews of a film, newest first; one a person. A film can be reviewed once it is released
    or has been shown. A review that was hidden is seen by its author and by admins only.
    """

    permission_classes = [IsAuthenticatedOrReadOnly]
    filterset_class = ReviewFilter
    counted_to = settings.MOST_COUNTED
    raises = {"post": [AlreadyReviewed, NotReleased, Busy]}

    def get_queryset(self):
        return super().get_queryset().filter(movie=self.get_movie())

    def get_movie(self):
        return get_object_or_404(Movie, pk=self.kwargs["pk"])

    def perform_create(self, serializer):
        serializer.save(user=self.request.user, movie=self.get_movie())

    @once
    def post(self, request, *args, **kwargs):
        return super().post(request, *args, **kwargs)


@extend_schema_view(
    retrieve=extend_schema(summary="Show a review"),
    partial_update=extend_schema(summary="Change my review"),
    destroy=extend_schema(summary="Take my review back"),
)
class ReviewViewSet(
    VisibleReviews,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet,
):
    """One review. Everybody reads it, its author changes it. Admins hide it, and nobody else."""

    http_method_names = ["get", "head", "options", "post", "patch", "delete"]
    permission_classes = [IsAuthorOrReadOnly]
    lookup_value_converter = "int"
    raises = {
        "partial_update": [Busy],
        "destroy": [Busy],
        "hide": [Busy],
        "unhide": [Busy],
    }

    @extend_schema(summary="Hide a review", request=HideSerializer, responses=ReviewSerializer)
    @action(detail=True, methods=["post"], permission_classes=[IsAdmin])
    def hide(self, request, pk):
        """Admins: let only its author read it, with the reason. It counts no more."""
        asked = HideSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return self._after(Review.hide, **asked.validated_data)

    @extend_schema(summary="Show a hidden review again", request=None, responses=ReviewSerializer)
    @action(detail=True, methods=["post"], permission_classes=[IsAdmin])
    def unhide(self, request, pk):
        """Admins: let everybody read it again. It counts again."""
        return self._after(Review.unhide)

    def _after(self, change, **values):
        review = self.get_object()
        change(review, **values)
        return Response(self.get_serializer(review).data)
