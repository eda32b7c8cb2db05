"""The manners that every part of the API shares: pages and the size of bodies."""

from django.conf import settings
from rest_framework import parsers
from rest_framework.exceptions import APIException
from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """`?page=` and `?page_size=` (20, at most 100) → `count, next, previous, results`."""

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100


class BodyTooLarge(APIException):
    """The body is longer than DATA_UPLOAD_MAX_MEMORY_SIZE bytes."""

    status_code = 413
    default_code = "body_too_large"
    default_detail = "The body of a request may be 1 MiB long at most."


class JSONParser(parsers.JSONParser):
    """REST framework reads JSON past Django's limit on bodies, so the limit is kept here."""

    def parse(self, stream, media_type=None, parser_context=None):
        request = parser_context["request"]
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise BodyTooLarge
        return super().parse(stream, media_type, parser_context)
