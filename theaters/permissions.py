"""Who may change what the public may read."""

from rest_framework.permissions import SAFE_METHODS, BasePermission

from accounts.models import Role

from .models import Theater


class RunsTheTheaterOrReadOnly(BasePermission):
    """
    Everybody reads; admins, and the managers of the theater that a row belongs to, write. A row
    says which by its `theater`, or is one itself.
    """

    def has_permission(self, request, view):
        return _changes_nothing(request, view) or _role(request) in (Role.ADMIN, Role.MANAGER)

    def has_object_permission(self, request, view, row):
        if request.method in SAFE_METHODS:
            return True
        theater = row if isinstance(row, Theater) else row.theater
        return Theater.objects.managed_by(request.user).filter(pk=theater.pk).exists()


def _changes_nothing(request, view) -> bool:
    """Whether it only reads, or is a method that the view lacks: that is a 405 for everybody."""
    return request.method in SAFE_METHODS or not hasattr(view, request.method.lower())


def _role(request) -> str | None:
    return getattr(request.user, "role", None)
