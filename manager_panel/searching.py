"""The search in the sidebar, which is the theme's."""

from collections.abc import Callable
from functools import wraps

from django.core.paginator import InvalidPage
from django.http import Http404


def pages_that_are_there(search: Callable) -> Callable:
    """The theme's `search`, for which a `page` that makes no sense is not there."""

    @wraps(search)
    def answer(request, extra_context=None):
        try:
            return search(request, extra_context)
        except (InvalidPage, ValueError) as error:
            raise Http404("There is no such page.") from error

    return answer
