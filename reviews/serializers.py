"""What the API says and hears about reviews."""

from django.db import IntegrityError, transaction
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.exceptions import APIException

from .models import Review

REVIEW = {
    "id": 12,
    "author": "Ada",
    "rating": 5,
    "text": "I could smell the sea.",
    "verified": True,
    "created_at": "2026-11-20T22:41:00Z",
}


class AlreadyReviewed(APIException):
    """One review a person and film: change the one that is there."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "already_reviewed"
    default_detail = "You have reviewed this film already."


@extend_schema_serializer(
    examples=[
        OpenApiExample("Five stars", {"rating": 5, "text": REVIEW["text"]}, request_only=True),
        OpenApiExample("A review", REVIEW, response_only=True),
    ]
)
class ReviewSerializer(serializers.ModelSerializer):
    """`verified`: its author has a ticket for a showing of the film that is over."""

    author = serializers.CharField(source="user.get_short_name", read_only=True)
    rating = serializers.IntegerField(min_value=1, max_value=5)
    verified = serializers.BooleanField(read_only=True)

    class Meta:
        model = Review
        fields = list(REVIEW)

    def create(self, validated_data):
        try:
            with transaction.atomic():
                review = super().create(validated_data)
        except IntegrityError as error:
            raise AlreadyReviewed from error
        return Review.objects.with_verified().get(pk=review.pk)
