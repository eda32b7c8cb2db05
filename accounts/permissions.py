"""Who may do what in the API. The role decides."""

from rest_framework.permissions import SAFE_METHODS, BasePermission

from .models import Role


class IsAdmin(BasePermission):
    """Admins only."""

    def has_permission(self, request, view):
        return getattr(request.user, "role", None) == Role.ADMIN


class IsAdminOrReadOnly(IsAdmin):
    """Everybody looks, admins write. A method that is not there is a 405 for anybody."""

    def has_permission(self, request, view):
        looks = request.method in SAFE_METHODS or request.method not in view.allowed_methods
        return looks or super().has_permission(request, view)
