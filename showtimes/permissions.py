"""Who may change the timetable."""

from rest_framework.permissions import BasePermission

from theaters.models import Theater


class ManagesTheTheater(BasePermission):
    """Managers may change the showtimes of their own theaters, admins those of all."""

    message = "Only those who manage the theater may change its timetable."

    def has_permission(self, request, view):
        return getattr(request.user, "is_staff", False)

    def has_object_permission(self, request, view, showtime):
        own = Theater.objects.managed_by(request.user)
        return own.filter(pk=showtime.screen.theater_id).exists()


class ManagesTheaters(BasePermission):
    """Managers and admins. Which theaters are theirs, the queryset says."""

    message = "Only those who manage a theater may see and change that."

    def has_permission(self, request, view):
        return getattr(request.user, "is_staff", False)
