"""
Every page of the admin, asked for by an admin and by a manager: what it takes, and how large it is.
The pages are those of the tables of tests/test_who_may_in_the_admin.py: a new one is measured, too.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Count
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from bookings.models import Booking
from movies.models import Credit
from showtimes.models import Showtime
from tests.test_admin import MODELS, address, source_of
from tests.test_who_may_in_the_admin import ROOMS, TABLE, rows_of
from theaters.models import Screen, Theater

# From here on a page is pointed at.
SLOW, MANY, LARGE = 0.5, 40, 1_000_000
ROUNDS, SLOWEST = 3, 25
# Part of a name, a whole one, an address, a reference, a telephone number, a title, nothing.
WORDS = ["anna", "Jürgen Mueller", "guest1234@", "ACAACDEF", "1012345", "film 7", "qqzzqq"]
# What rooms want to be asked.
ASKED = {
    "/day/": [{"day": "{today}"}],
    "/films/": [{}, {"q": "film"}],
    "/seats/find/": [{"q": word} for word in WORDS] + [{"q": "anna", "here": ""}],
    "/promocode/csv/": [{"first": "1", "last": "500"}],
    "/search/": [{"s": "film"}, {"s": "film", "extended": "1"}],
    "/refund/": [{}],
}


@dataclass
class Page:
    """An address, and what is sent there if anything is; `kind` is what it does with the model."""

    kind: str
    path: str
    form: dict | None = None

    def __str__(self):
        return f"{self.kind} {self.path}{' (ticked)' if self.form else ''}"


@dataclass
class Cost:
    """`seconds` in all, of which the database took `there`."""

    seconds: float
    there: float
    statements: int
    size: int

    @property
    def flags(self) -> str:
        is_slow, is_many = self.seconds > SLOW, self.statements > MANY
        return "!" * is_slow + "#" * is_many + "@" * (self.size > LARGE)


def measure(people: dict[str, User], only: str):
    """Print the slowest pages of each person, and all that are pointed at."""
    for role, person in people.items():
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(person)
        costs = {}
        for page in pages(person):
            if only in str(page) and (cost := cost_of(client, page)):
                costs[str(page)] = cost
        report(role, costs)


def report(role: str, costs: dict[str, Cost]):
    slowest = sorted(costs, key=lambda page: -costs[page].seconds)
    shown = [p for n, p in enumerate(slowest) if n < SLOWEST or costs[p].flags]
    print(f"\n{len(costs)} pages of the {role}; ! > {SLOW} s, # > {MANY} statements, @ > 1 MB")
    for page in shown:
        cost = costs[page]
        print(
            f"{1000 * cost.seconds:7.0f} ms{1000 * cost.there:7.0f} there{cost.statements:4} SQL"
            f"{cost.size / 1000:8.0f} kB "
            f"{cost.flags:3} {page}",
            flush=True,
        )


def cost_of(client: Client, page: Page) -> Cost | None:
    """The median of a few times; None for a page that this person does not have."""
    with CaptureQueriesContext(connection) as queries:
        answer, seconds = asked(client, page)
    statements, there = len(queries), sum(float(query["time"]) for query in queries)
    if answer.status_code != 200:
        assert answer.status_code in (302, 403, 404, 405), (page, answer.status_code)
        return None
    size = len(b"".join(answer) if answer.streaming else answer.content)
    times = [asked(client, page)[1] for _ in range(ROUNDS)] if seconds > SLOW / 5 else [seconds]
    return Cost(median(times), there, statements, size)


def asked(client: Client, page: Page):
    began = time.perf_counter()
    answer = client.post(page.path, page.form) if page.form else client.get(page.path)
    return answer, time.perf_counter() - began


def pages(person: User) -> Iterator[Page]:
    """All that may be asked for with GET, and what asks whether to do something with many rows."""
    rows = rows_to_ask_for()
    request = RequestFactory().get("/")
    request.user = person
    for model in MODELS:
        if model._meta.label_lower in {row[0] for row in rows_of(TABLE)}:
            yield from pages_of(model, rows[model._meta.model_name], request)
    ids = {name: row.pk for name, (row, *_) in rows.items()}
    ids |= {"reference": rows["booking"][0].reference, "today": f"{timezone.now():%Y-%m-%d}"}
    ids["content_type"] = ContentType.objects.get_for_model(Booking).pk
    for method, route, *_ in rows_of(ROOMS):
        if method == "GET" and "logout" not in route:
            for query in next((q for end, q in ASKED.items() if route.endswith(end)), [{}]):
                words = {name: value.format(**ids) for name, value in query.items()}
                yield Page("room", f"{route.format(**ids)}?{urlencode(words)}")


def rows_to_ask_for() -> dict[str, list]:
    """By the name of the model, those with most on them; else the last one."""
    largest = Screen.objects.annotate(size=Count("seats")).order_by("-size")
    booked = Showtime.objects.annotate(sold=Count("bookings")).order_by("-sold", "pk")
    with_cast = Credit.objects.values("movie").annotate(cast=Count("pk")).order_by("-cast")
    rows = {model._meta.model_name: [model.objects.order_by("pk").last()] for model in MODELS}
    rows |= {
        "showtime": list(booked[:2]),
        "screen": [largest[0], Screen.objects.earliest("pk")],
        "theater": [Theater.objects.earliest("pk")],
        "movie": [Credit.objects.filter(movie=with_cast[0]["movie"])[0].movie],
        "booking": [booked[0].bookings.first()],
        "seat": [Screen.objects.earliest("pk").seats.earliest("pk")],
        "user": [User.objects.get(username="customer1")],
    }
    return rows


def pages_of(model, rows: list, request) -> Iterator[Page]:
    """The list in all its ways, and the pages of `rows`."""
    if all(row is not None for row in rows):
        for row in rows:
            for name in ("change", "delete", "history"):
                yield Page(name, address(model, name, row.pk))
    yield Page("add", address(model, "add"))
    here, page = address(model, "changelist"), admin.site.get_model_admin(model)
    if not page.has_view_permission(request):
        return
    for kind, query in ways_to_look(model, page, request):
        yield Page(kind, f"{here}?{urlencode(query)}")
    if len(source := source_of(model)) > 1:
        for words in ("", "film", "anna"):
            found = urlencode(source | {"term": words})
            yield Page("choices", f"/admin/autocomplete/?{found}")
    ticked = list(page.get_queryset(request).order_by("pk").values_list("pk", flat=True)[:50])
    if ticked and page.has_delete_permission(request):
        form = {"action": "delete_selected", ACTION_CHECKBOX_NAME: ticked}
        yield Page("delete many", here, form)


def ways_to_look(model, page, request) -> Iterator[tuple[str, dict]]:
    yield "list", {}
    here = page.get_changelist_instance(request)
    yield "last page", {"p": here.paginator.num_pages}
    for n, name in enumerate(here.list_display):
        if here.get_ordering_field(name):
            yield "in order", {"o": n}
            yield "in order", {"o": -n}
    for spec in here.filter_specs:
        for query in values_of(spec):
            yield "filter", query
    for words in WORDS:
        yield "search", {"q": words}
    if page.date_hierarchy:
        year = {f"{page.date_hierarchy}__year": 2025}
        yield "year", year
        yield "month", year | {f"{page.date_hierarchy}__month": 11}


def values_of(spec) -> list[dict]:
    """Some of the addresses that a filter leads to."""
    if parameter := getattr(spec, "parameter_name", None):
        return [{parameter: value} for value, _ in spec.lookup_choices[:4]]
    if spec.lookup_kwarg.endswith("isempty"):
        return [{spec.lookup_kwarg: value} for value in "01"]
    choices = getattr(spec, "lookup_choices", None) or spec.field.flatchoices or [(1, "")]
    values = [one[0] if isinstance(one, tuple | list) else one for one in choices]
    return [{spec.lookup_kwarg: value} for value in values[:4]]
