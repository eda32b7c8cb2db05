"""Marquee's own routes, and beside them the view that every other is compared with."""

from django.http import JsonResponse
from django.urls import include, path


def bare(request):
    """A view that answers JSON and does nothing else."""
    return JsonResponse({"status": "bare"})


urlpatterns = [path("api/bare/", bare), path("", include("config.urls"))]
