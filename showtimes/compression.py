"""Answers that are shorter on the way, for clients that say so."""

from django.middleware.gzip import GZipMiddleware
from django.utils.decorators import decorator_from_middleware


class Compression(GZipMiddleware):
    """
    Django's, without the random bytes that hide how long a secret is: for what is no secret. To be
    used with a weak ETag, which holds for the answer as it is and compressed.
    """

    max_random_bytes = 0


compressed = decorator_from_middleware(Compression)
