"""Is the process alive, and can it serve? For load balancers and for `make run`'s own check."""

from django.db import Error, connection
from django.http import JsonResponse


def live(request):
    """200 while the process answers at all."""
    return JsonResponse({"status": "live"})


def ready(request):
    """200 when the database answers and has its tables, 503 when not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
    except Error:
        return JsonResponse({"status": "the database does not answer"}, status=503)
    return JsonResponse({"status": "ready"})
