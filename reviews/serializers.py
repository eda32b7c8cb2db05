"""What the API says and hears about reviews."""

import unicodedata

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from .models import Review

REVIEW = {
    "id": 12,
    "movie": 3,
    "author": "Ada",
    "rating": 5,
    "text": "I could smell the sea.",
    "verified": True,
    "hidden": False,
    "hidden_reason": "",
    "created_at": "2026-11-20T22:41:00Z",
    "updated_at": "2026-11-20T22:41:00Z",
}
# The general category of control characters; these are the ones that a text may have.
CONTROL, LINES_AND_TABS = "Cc", "\n\r\t"


def check_is_plain_text(text: str):
    """Raises ValidationError if `text` has control characters that nobody types."""
    if any(unicodedata.category(c) == CONTROL and c not in LINES_AND_TABS for c in text):
        raise serializers.ValidationError("Control characters are not allowed.", code="invalid")


@extend_schema_serializer(
    examples=[
        OpenApiExample("Five stars", {"rating": 5, "text": REVIEW["text"]}, request_only=True),
        OpenApiExample("A review", REVIEW, response_only=True),
    ]
)
class ReviewSerializer(serializers.ModelSerializer):
    """
    `verified`: its author has a ticket for a showing of the film that is over. `hidden`: only its
    author and admins see it.
    """

    author = serializers.CharField(
        source="user.get_short_name",
        default=None,
        allow_null=True,
        read_only=True,
        help_text="Null: an account that is no more.",
    )
    rating = serializers.IntegerField(min_value=1, max_value=5)
    text = serializers.CharField(
        max_length=5000, allow_blank=True, required=False, validators=[check_is_plain_text]
    )
    verified = serializers.BooleanField(read_only=True)
    hidden = serializers.BooleanField(read_only=True)

    class Meta:
        model = Review
        fields = list(REVIEW)
        read_only_fields = ["movie", "hidden_reason"]

    def create(self, validated_data):
        return self._annotated(Review.objects.write(**validated_data))

    def update(self, review, validated_data):
        review.change(**validated_data)
        return self._annotated(review)

    def _annotated(self, review):
        reviews = Review.objects.with_verified().select_related("user")
        return get_object_or_404(reviews, pk=review.pk)


@extend_schema_serializer(examples=[OpenApiExample("Why", {"reason": "Tells the end."})])
class HideSerializer(serializers.Serializer):
    reason = serializers.CharField(
        max_length=200, default="", allow_blank=True, help_text="What its author is told."
    )
