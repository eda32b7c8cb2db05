"""The address of every answer. Each app names its own routes; they all live under /api/."""

from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import (
    SpectacularAPIView,
    SpectacularRedocView,
    SpectacularSwaggerSplitView,
)

from . import health

api = [
    path("", include(f"{app}.urls"))
    for app in ("accounts", "movies", "theaters", "showtimes", "bookings", "payments", "reviews")
]
urlpatterns = [
    path(
        "api/",
        include(
            [
                *api,
                path("schema/", SpectacularAPIView.as_view(), name="schema"),
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
    path("admin/", admin.site.urls),
    path("", include("storefront.urls")),
    # Django serves uploads under DEBUG only; in production that is the web server's work.
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]
handler500 = "config.errors.server_error"
