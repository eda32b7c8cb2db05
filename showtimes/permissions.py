"""Who may change the timetable."""

from rest_framework.permissions import SAFE_METHODS, BasePermission

from theaters.models import Theater


class ManagersPlan(BasePermission):
    """Everybody may look; those who manage the theater may change its showtimes."""

    message = "Only those who manage the theater may change its timetable."

    def has_permission(self, request, view):
        return request.method in SAFE_METHODS or getattr(request.user, "is_staff", False)

    def has_object_permission(self, request, view, showtime):
        if request.method in SAFE_METHODS:
            return True
        own = Theater.objects.managed_by(request.user)
        return own.filter(pk=showtime.screen.theater_id).exists()
