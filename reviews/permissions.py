"""Who may change a review."""

from rest_framework.permissions import SAFE_METHODS, IsAuthenticatedOrReadOnly


class IsAuthorOrReadOnly(IsAuthenticatedOrReadOnly):
    """Who may see a review reads it; only its author writes."""

    def has_object_permission(self, request, view, review):
        return request.method in SAFE_METHODS or review.user_id == request.user.pk
