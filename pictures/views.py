"""Serving uploaded pictures: nothing but pictures, and never as anything else."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

CONTENT_TYPES = {
    "webp": "image/webp",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
}
FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def picture(request: HttpRequest, path: str, suffix: str) -> HttpResponseBase:
    """
    The picture at `path` below MEDIA_ROOT, as the type that `suffix` stands for. A picture that was
    put there by hand may be replaced under its name, so it is asked for again.
    """
    response = serve(request, f"{path}.{suffix}", document_root=settings.MEDIA_ROOT)
    response["Content-Type"] = CONTENT_TYPES[suffix]
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-cache"
    return response


def picture_of_ours(request: HttpRequest, path: str) -> HttpResponseBase:
    """The same for a picture whose name is given once: it can be kept for ever."""
    response = picture(request, path, "webp")
    if response.status_code < 400:
        response["Cache-Control"] = FOR_EVER
    return response
