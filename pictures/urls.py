"""Below MEDIA_URL: the names that we make, and plain names of pictures put there by hand."""

from django.urls import re_path

from . import views

urlpatterns = [
    re_path(
        r"^(?P<path>[a-z]+/[0-9a-f]{32}(?:-medium|-small)?)\.webp\Z",
        views.picture_of_ours,
        name="picture",
    ),
    re_path(r"^(?P<path>[a-z]+/[A-Za-z0-9_-]{1,100})\.(?P<suffix>webp|jpe?g|png)\Z", views.picture),
]
