"""The address of every answer. Each app names its own routes; they all live under /api/."""

from django.contrib import admin
from django.urls import path

from . import health

urlpatterns = [
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("admin/", admin.site.urls),
]
handler400 = "config.errors.bad_request"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
