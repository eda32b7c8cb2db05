"""The manners that every list of the API shares."""

from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """`?page=` and `?page_size=` (20, at most 100) → `count, next, previous, results`."""

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100
