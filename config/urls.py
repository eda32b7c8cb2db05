"""The address of every answer. Each app names its own routes; they all live under /api/."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import (
    SpectacularAPIView,
    SpectacularRedocView,
    SpectacularSwaggerSplitView,
)

from . import health
from .schema import MadeOnce

# What a crowd asks comes first: Django tries one route after the other.
api = [
    path("", include(f"{app}.urls"))
    for app in ("showtimes", "bookings", "payments", "movies", "theaters", "reviews", "accounts")
]
urlpatterns = [
    path(
        "api/",
        include(
            [
                *api,
                path(
                    "schema/",
                    SpectacularAPIView.as_view(generator_class=MadeOnce),
                    name="schema",
                ),
                path(
                    "docs/",
                    SpectacularSwaggerSplitView.as_view(http_method_names=["get"]),
                    name="docs",
                ),
                path(
                    "redoc/", SpectacularRedocView.as_view(http_method_names=["get"]), name="redoc"
                ),
            ]
        ),
    ),
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("admin/second-factor/", include("manager_panel.urls")),
    path("admin/", admin.site.urls),
    path("dev/mail/", include("accounts.dev_mail.urls")),
    path("", include("storefront.urls")),
]
if settings.MEDIA_URL.startswith("/"):  # else uploads have a host of their own
    urlpatterns.append(path(settings.MEDIA_URL[1:], include("pictures.urls")))
handler500 = "config.errors.server_error"
