"""The manners that every part of the API shares."""

from rest_framework import parsers
from rest_framework.exceptions import ParseError
from rest_framework.pagination import PageNumberPagination


class JSONParser(parsers.JSONParser):
    """REST framework's, for which JSON that is nested too deeply is broken JSON too."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError("JSON parse error - nested too deeply") from error


class Pages(PageNumberPagination):
    """`?page=` and `?page_size=` (20, at most 100) → `count, next, previous, results`."""

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100
