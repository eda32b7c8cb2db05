"""What people say about a film."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.permissions import IsAuthenticatedOrReadOnly

from movies.models import Movie

from .models import Review
from .serializers import AlreadyReviewed, ReviewSerializer


@extend_schema_view(
    get=extend_schema(summary="List the reviews of a film"),
    post=extend_schema(summary="Review a film"),
)
class ReviewsView(generics.ListCreateAPIView):
    """The reviews of a film, newest first; one a person."""

    serializer_class = ReviewSerializer
    permission_classes = [IsAuthenticatedOrReadOnly]
    kept_for = 0
    queryset = Review.objects.all()
    raises = {"post": [AlreadyReviewed]}

    def get_queryset(self):
        reviews = Review.objects.filter(movie=self.get_movie())
        return reviews.with_verified().select_related("user")

    def get_movie(self):
        return get_object_or_404(Movie, pk=self.kwargs["pk"])

    def perform_create(self, serializer):
        serializer.save(user=self.request.user, movie=self.get_movie())
