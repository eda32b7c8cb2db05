"""The manners that every part of the API shares."""

from functools import partial

from django import forms
from django.conf import settings
from django.core.paginator import EmptyPage, Paginator
from django.utils.functional import cached_property
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import parsers
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.utils.urls import remove_query_param, replace_query_param

from .legacy_urls import fields_of, renamed
from .marks import PARAMETER, in_order, mark_of, rows_after


class JSONParser(parsers.JSONParser):
    """
    REST framework's, for which JSON that is nested too deeply is broken JSON too, and which reads
    the names of the systems that Marquee replaces.
    """

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            data = super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError("JSON parse error - nested too deeply") from error
        if not isinstance(data, dict):
            return data
        return renamed(data, fields_of(parser_context["request"].path_info))


class Filters(DjangoFilterBackend):
    """django-filter's, for which a yes or no that is neither is an error, as all else is."""

    def get_filterset(self, request, queryset, view):
        filterset = super().get_filterset(request, queryset, view)
        if filterset is not None:
            self._demand_yes_or_no(filterset.form)
        return filterset

    def _demand_yes_or_no(self, form):
        form.full_clean()
        for name, field in form.fields.items():
            answer = form.data.get(name, "").lower()
            if isinstance(field, forms.NullBooleanField) and answer not in YES_OR_NO:
                form.add_error(name, NEITHER)


YES_OR_NO = {"", "true", "false", "1", "0"}
NEITHER = forms.ValidationError("Say true or false.", code="invalid")


class OneLook(Paginator):
    """
    Takes a page and the total in one look from a list that has a `window` of both. `most` rows are
    counted and paged, or all of them: to count and to skip rows takes longer the more there are.
    """

    def __init__(self, *args, most: int | None = None, **kwargs):
        self.most = most
        super().__init__(*args, **kwargs)

    @cached_property
    def count(self):
        if not self.most:
            return super().count
        # Any so many of them, so that they need not be put in order.
        return self.object_list.order_by().values("pk")[: self.most].count()

    def page(self, number):
        if not hasattr(self.object_list, "window"):
            return super().page(number)
        start = (number - 1) * self.per_page
        stop = min(start + self.per_page, self.most or LAST_PAGE * self.per_page)
        rows, self.count = self.object_list.window(start, stop) if start < stop else ([], 0)
        if not rows and number > 1:
            raise EmptyPage(self.error_messages["no_results"])
        return self._get_page(rows, number, self)


class Pages(PageNumberPagination):
    """
    `?page=` and `?page_size=` (20, at most 100) → `count, next, previous, results`.

    A view whose list grows with the years says what it is `counted_to`: no more rows are counted,
    and none beyond are skipped. There `next` goes on with `?after=`.
    """

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100

    def paginate_queryset(self, queryset, request, view=None):
        self.most = getattr(view, "counted_to", None)
        self.django_paginator_class = partial(OneLook, most=self.most)
        rows = self._from_the_mark(queryset, request) if self.most else queryset
        return super().paginate_queryset(rows, request, view)

    def _from_the_mark(self, rows, request):
        mark = request.query_params.get(PARAMETER)
        if hasattr(rows, "window"):
            return rows.narrowed(lambda rows: rows_after(in_order(rows), mark)) if mark else rows
        rows = in_order(rows)
        return rows_after(rows, mark) if mark else rows

    def get_next_link(self):
        paginator = self.page.paginator
        if self.page.has_next() or paginator.count != self.most:
            return super().get_next_link()
        rows = getattr(paginator.object_list, "rows", paginator.object_list)
        mark = mark_of(in_order(rows), self.most - 1)
        here = remove_query_param(self.request.build_absolute_uri(), self.page_query_param)
        return replace_query_param(here, PARAMETER, mark)

    def get_schema_operation_parameters(self, view):
        parameters = super().get_schema_operation_parameters(view)
        return parameters + [AFTER] if hasattr(view, "counted_to") else parameters

    def get_paginated_response_schema(self, schema):
        page = super().get_paginated_response_schema(schema)
        page["properties"]["count"] |= {"description": COUNT}
        return page

    def get_page_size(self, request):
        return self._number(request, "page_size", at_most=self.max_page_size) or self.page_size

    def get_page_number(self, request, paginator):
        return self._number(request, "page", at_most=LAST_PAGE) or 1

    def _number(self, request, name, *, at_most) -> int | None:
        """The whole number from 1 to `at_most` that was sent as `name`; None if nothing was."""
        sent = request.query_params.get(name, "")
        if not sent:
            return None
        # Not `isdigit` alone, which knows the digits of every script.
        number = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
        if not 1 <= number <= at_most:
            raise ValidationError({name: [f"A whole number from 1 to {at_most}."]})
        return number


LAST_PAGE = 999_999_999
COUNT = (
    f"How many there are. Lists with `after` count to {settings.MOST_COUNTED:,}, which stands for "
    "more: follow `next`."
)
AFTER = {
    "name": PARAMETER,
    "in": "query",
    "schema": {"type": "string"},
    "description": "Where a long list goes on, as its `next` says. It counts from there.",
}
