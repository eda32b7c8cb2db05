"""The addresses of the board, below those of showtimes."""

from collections.abc import Callable

from django.urls import URLPattern, path

from . import views
from .pages import board, start

HERE = "board/<int:theater>/"
VIEWS = {
    "day/": views.DayView,
    "films/": views.FilmsView,
    "plan/": views.PlanView,
    "sale/": views.SaleView,
    "copies/": views.CopiesView,
    "copy/": views.CopyView,
    "prices/": views.PricesView,
    "reprice/": views.RepriceView,
    "showtimes/<int:showtime>/": views.ShowtimeView,
    "showtimes/<int:showtime>/remove/": views.RemoveView,
}


def routes(guarded: Callable) -> list[URLPattern]:
    """The addresses; `guarded` lets nobody in but those who work here."""
    return [
        path("board/", guarded(start), name="planning_boards"),
        path(HERE, guarded(board), name="planning_board"),
        *(path(HERE + rest, guarded(_page(view))) for rest, view in VIEWS.items()),
    ]


def _page(view) -> Callable:
    """`view` as any page of the admin; what REST framework makes would count as part of the API."""
    answer = view.as_view()
    return lambda request, **parts: answer(request, **parts)
