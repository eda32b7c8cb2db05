"""Marquee's own routes, and beside them the view that every other is compared with."""

from django.http import JsonResponse
from django.urls import include, path
from rest_framework.response import Response
from rest_framework.views import APIView


def bare(request):
    """A view that answers JSON and does nothing else."""
    return JsonResponse({"status": "bare"})


class SignedIn(APIView):
    """A view that asks for nothing but a token."""

    def get(self, request):
        return Response({"status": "signed in"})


urlpatterns = [
    path("api/bare/", bare),
    path("api/signed-in/", SignedIn.as_view()),
    path("", include("config.urls")),
]
