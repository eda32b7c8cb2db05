"""Lists of hundreds of thousands of rows: which are on a page, how many, from when to when."""

from calendar import monthrange
from copy import copy
from datetime import date

from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import capfirst
from unfold.views import ChangeList


class CountedTo(Paginator):
    """
    Counts `most` rows and pages through no more, as long lists of the API do (0022): to count takes
    longer every year, and nobody turns so many pages.
    """

    most = 10_000
    template_name = "manager_panel/pages_of_a_long_list.html"

    @cached_property
    def count(self):
        # Any so many of them, so that they need not be put in order.
        return self.object_list.order_by().values("pk")[: self.most].count()

    @property
    def may_be_more(self) -> bool:
        return self.count == self.most


class List(ChangeList):
    """
    A list is called what its rows are, and counts them once unless some are left out.

    A page is found by its keys alone, and only the rows on it are read with all that they are shown
    with: to put whole rows in order, joined with others, takes many times as long.
    """

    def __init__(self, request, *args, **kwargs):
        super().__init__(request, *args, **kwargs)
        if not self.is_popup:
            self.title = capfirst(self.opts.verbose_name_plural)
        if not self.model_admin.has_change_permission(request):
            # Whoever may only look drags nothing.
            self.model_admin = copy(self.model_admin)
            self.model_admin.ordering_field = None

    def get_results(self, request):
        super().get_results(request)
        if not (self.query or self.has_active_filters):
            self.full_result_count = self.result_count
        keys = list(self.result_list.values_list("pk", flat=True))
        rows = self.root_queryset.filter(pk__in=keys).order_by(*self.queryset.query.order_by)
        self.result_list = rows if rows.query.select_related else self.apply_select_related(rows)

    @property
    def days(self) -> dict:
        """
        What leads to a year, a month or a day, for Django's template of a date hierarchy. All are
        offered from the first to the last that this person may see: to look on which of them there
        is something, with the filters that are chosen, would be to read the whole list.
        """
        chosen = self._chosen()
        first, last = self._first_and_last()
        if first is None:
            return {"show": False}
        if not chosen and first.year == last.year:
            chosen = [first.year, first.month][: 1 + (first.month == last.month)]
        if len(chosen) == 3:
            choices = [{"title": capfirst(_title(chosen))}]
        else:
            choices = [self._link(one) for one in _below(chosen, first, last)]
        return {"show": True, "back": self._back(chosen), "choices": choices}

    def _chosen(self) -> list[int]:
        """The year, the year and month, or all three that the address names."""
        names = [f"{self.date_hierarchy}__{part}" for part in PARTS]
        given = [self.params.get(name) for name in names]
        return [int(one) for one in given[: given.index(None) if None in given else 3]]

    def _first_and_last(self) -> tuple[date | None, date | None]:
        """An index knows them, if one does not ask for the least and the greatest of a join."""
        name = self.date_hierarchy
        rows = self.root_queryset.exclude(**{name: None}).values_list(name, flat=True)
        ends = [*rows.order_by(name)[:1], *rows.order_by(f"-{name}")[:1]]
        return tuple(_day(end) for end in ends) or (None, None)

    def _link(self, chosen: list[int]) -> dict:
        query = {
            f"{self.date_hierarchy}__{part}": n for part, n in zip(PARTS, chosen, strict=False)
        }
        link = self.get_query_string(query, [f"{self.date_hierarchy}__"])
        return {"link": link, "title": capfirst(_title(chosen)) if chosen else "All dates"}

    def _back(self, chosen: list[int]) -> dict | None:
        return self._link(chosen[:-1]) if chosen else None


PARTS = ("year", "month", "day")


def _day(moment) -> date:
    return timezone.localtime(moment).date() if hasattr(moment, "hour") else moment


def _below(chosen: list[int], first: date, last: date) -> list[list[int]]:
    """The years, months or days below `chosen`, none before `first` and none after `last`."""
    ends = [(first.year, first.month, first.day), (last.year, last.month, last.day)]
    deep = len(chosen) + 1
    lowest, highest = (list(end[:deep]) for end in ends)
    numbers = {
        1: lambda: range(first.year, last.year + 1),
        2: lambda: range(1, 13),
        3: lambda: range(1, monthrange(*chosen)[1] + 1),
    }
    return [[*chosen, n] for n in numbers[deep]() if lowest <= [*chosen, n] <= highest]


def _title(chosen: list[int]) -> str:
    if len(chosen) == 1:
        return str(chosen[0])
    month = date(*[*chosen, 1][:3])
    return date_format(month, "YEAR_MONTH_FORMAT" if len(chosen) == 2 else "MONTH_DAY_FORMAT")
