"""The page of the board, and the way to it."""

from datetime import date

from django.contrib import admin
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from theaters.models import Theater

from .day import fixed, shown
from .films import films, on_the_timetable
from .requests import DaySerializer


def start(request):
    """Today, in the first of this person's theaters; a page that says so if there is none."""
    first = Theater.objects.managed_by(request.user).first()
    if first:
        return HttpResponseRedirect(reverse("admin:planning_board", args=[first.pk]))
    return render(request, "manager_panel/planning_board/none.html", _frame(request))


def board(request, theater):
    """A day of one theater; for a day that makes no sense, its today."""
    own = Theater.objects.managed_by(request.user)
    theater = get_object_or_404(own, pk=theater)
    asked = DaySerializer(data=request.GET)
    day: date = asked.validated_data["day"] if asked.is_valid() else theater.today()
    return render(
        request,
        "manager_panel/planning_board/board.html",
        _frame(request)
        | {
            "theater": theater,
            "theaters": own.only("name"),
            "board": {
                "theater": fixed(theater),
                "day": shown(theater, day),
                "films": films(theater, request.build_absolute_uri),
                "planned": on_the_timetable(theater),
                "home": reverse("admin:planning_board", args=[theater.pk]),
                "films_page": reverse("admin:movies_movie_changelist"),
            },
        },
    )


def _frame(request) -> dict:
    return admin.site.each_context(request) | {"title": "Planning board", "is_fullwidth": "1"}
