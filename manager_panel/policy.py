"""
What a page of the admin may load, and from where: a script that somebody has smuggled into a name
or a note runs nowhere, and no other site puts our pages into a frame.
"""

from urllib.parse import urlsplit

from django.conf import settings

from .second_factor import INSIDE


def policy() -> str:
    """The directives of Content-Security-Policy. Pictures may lie on a host of their own."""
    media = urlsplit(settings.MEDIA_URL)
    pictures = f" {media.scheme}://{media.netloc}" if media.netloc else ""
    return "; ".join(
        [
            "default-src 'none'",
            # The theme's own scripts (Alpine) make functions of attributes, and set styles.
            "script-src 'self' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            f"img-src 'self' data: blob:{pictures}",
            "font-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def says_what_pages_may_load(get_response):
    """
    The middleware that says it for everything below the admin, also for what is refused; and that
    nobody keeps what they saw there.
    """

    def middleware(request):
        response = get_response(request)
        if request.path_info.startswith(f"/{INSIDE}"):
            response.headers.setdefault("Content-Security-Policy", policy())
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware
