"""The timetable, and which seats are left."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.decorators import method_decorator
from drf_spectacular.utils import (
    OpenApiExample,
    extend_schema,
    extend_schema_view,
)
from rest_framework import generics, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from movies.models import Movie
from retries.once import once
from theaters.models import Theater, cinema_date

from . import planning, timetable
from .availability import Availability
from .compression import compressed
from .contention import Busy
from .filters import DayFilter, TimetableFilter
from .models import Showtime
from .permissions import ManagesTheTheater
from .planning import HasBlocks, HasBookings, ScreenNotFree, ShowtimeCancelled
from .requests import CHANGES, PlanSerializer
from .seat_map import SeatMap
from .serializers import (
    DETAIL,
    AvailabilitySerializer,
    MovieDaySerializer,
    SeatMapSerializer,
    SeatsQuerySerializer,
    ShowtimeDetailSerializer,
    ShowtimeSerializer,
    TheaterDaySerializer,
)

CHANGING = ("create", "update", "partial_update", "destroy")
PLANNED = {"request": PlanSerializer, "responses": ShowtimeDetailSerializer}


def visible_showtimes(request):
    """The showtimes whose address the sender of `request` may open."""
    return Showtime.objects.visible_to(request.user).select_related("movie", "screen__theater")


@extend_schema_view(
    list=extend_schema(summary="List showtimes"),
    retrieve=extend_schema(summary="Show a showtime"),
    create=extend_schema(
        summary="Plan a showtime",
        request=PlanSerializer,
        responses={201: ShowtimeDetailSerializer},
    ),
    update=extend_schema(summary="Plan a showtime anew", **PLANNED),
    partial_update=extend_schema(
        summary="Change a showtime",
        examples=[
            *(OpenApiExample(name, body, request_only=True) for name, body in CHANGES.items()),
            OpenApiExample("A showtime", DETAIL, response_only=True),
        ],
        **PLANNED,
    ),
    destroy=extend_schema(summary="Delete a showtime"),
)
class ShowtimeViewSet(viewsets.GenericViewSet):
    """
    The timetable. Without `date`, `from` or `to`: what has not started yet, the next first.

    A showtime that was cancelled is not listed, but keeps its address. What is planned is seen by
    those who manage its theater, and changed by them.
    """

    kept_for = 0
    counted_to = settings.MOST_COUNTED
    serializer_class = ShowtimeSerializer
    queryset = Showtime.objects.all()
    lookup_value_converter = "int"
    raises = {
        "create": [ScreenNotFree, Busy],
        "update": [ScreenNotFree, HasBookings, HasBlocks, ShowtimeCancelled, Busy],
        "partial_update": [ScreenNotFree, HasBookings, HasBlocks, ShowtimeCancelled, Busy],
        "destroy": [HasBookings, Busy],
    }

    def get_permissions(self):
        return [ManagesTheTheater()] if self.action in CHANGING else [AllowAny()]

    @property
    def filterset_class(self):
        return TimetableFilter if self.action == "list" else None

    def get_serializer_class(self):
        return ShowtimeDetailSerializer if self.action == "retrieve" else ShowtimeSerializer

    def get_queryset(self):
        return visible_showtimes(self.request) if self.detail else Showtime.objects.all()

    def list(self, request):
        """
        What is on sale, each with its film, its theater, its prices and the seats that are left.

        Without `date`, `from` or `to`: what has not started yet. Times carry the theater's own UTC
        offset; `local_date` is the cinema day, which runs from 03:00 to 02:59.
        """
        showtimes = TimetableFilter.of(request, self.get_queryset()).qs
        page = self.paginate_queryset(timetable.columns(showtimes))
        return self.get_paginated_response(timetable.entries(page, request.build_absolute_uri))

    def retrieve(self, request, pk):
        """
        A showtime with the price of each seat category. One that was cancelled keeps its address;
        one that is only planned is there for those who manage its theater.
        """
        return self._shown(self.get_object())

    @once
    def create(self, request):
        """
        Plan a showtime in a theater that you manage; it is on sale at once if `status` says so.

        It ends when film, adverts and cleaning are over. A `starts_at` without an offset is the
        theater's local time.
        """
        plan = self._understood(PlanSerializer, data=request.data)
        return self._shown(plan.save(), status.HTTP_201_CREATED)

    def update(self, request, pk, *, partial=False):
        """
        Change a showtime; what is left out stays. Film, screen and start are changed only while
        nobody has a seat, and the screen only without blocks.
        """
        showtime = self.get_object()
        plan = self._understood(PlanSerializer, showtime, data=request.data, partial=partial)
        return self._shown(plan.save())

    def partial_update(self, request, pk):
        """
        Change what is sent. `prices` are replaced as a whole. Film, screen and start are changed
        only while nobody has a seat; the screen only without blocks, which else follow.
        """
        return self.update(request, pk, partial=True)

    def destroy(self, request, pk):
        """Delete a showtime that nobody ever booked, with its prices and blocks."""
        planning.remove(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _understood(self, serializer_class, *args, **kwargs):
        asked = serializer_class(*args, **kwargs, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        return asked

    def _shown(self, showtime, code=status.HTTP_200_OK):
        return Response(timetable.detail(showtime, self.request.build_absolute_uri), code)

    @extend_schema(
        summary="Poll which seats are taken", responses=AvailabilitySerializer, filters=False
    )
    @action(detail=True)
    @method_decorator(compressed)
    def availability(self, request, pk):
        """
        The ids of the seats that are gone, and nothing else. Send the `ETag` back as
        `If-None-Match`: as long as nothing changes the answer is an empty 304.
        """
        now = Availability(pk, request.user)
        answer = HttpResponse(now.json, content_type="application/json", headers={"ETag": now.etag})
        return get_conditional_response(request, now.etag, response=answer)


class SeatsView(APIView):
    """
    The seat map: the screen, its categories with prices, and every seat with its status. Send the
    `ETag` back as `If-None-Match`: as long as nothing changes the answer is an empty 304.
    """

    permission_classes = [AllowAny]
    kept_for = 0
    raises = {"get": [NotFound]}

    @extend_schema(
        summary="Show the seat map",
        parameters=[SeatsQuerySerializer],
        responses=SeatMapSerializer,
    )
    @method_decorator(compressed)
    def get(self, request):
        asked = SeatsQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        plan = SeatMap(asked.validated_data["showtime"], request.user)
        known = Response(headers={"ETag": plan.etag})
        answer = get_conditional_response(request, plan.etag, response=known)
        if answer is known:
            known.data = plan.drawn()
        return answer


class DayView(generics.GenericAPIView):
    """The showtimes of one film or one theater on one cinema day, in groups."""

    permission_classes = [AllowAny]
    kept_for = 0
    filterset_class = DayFilter
    queryset = Showtime.objects.all()
    pagination_class = None

    def entries(self, showtimes) -> list[dict]:
        rows = timetable.columns(showtimes)
        return timetable.entries(rows, self.request.build_absolute_uri)


class MovieShowtimesView(DayView):
    """
    A film's theaters, each with its showtimes of the cinema day `date` (03:00 to 02:59 by the
    theater's own clock; each theater's today when left out).

    `dates` are the days of the next 60 on which it runs, under the same other filters.
    """

    serializer_class = MovieDaySerializer

    @extend_schema(summary="When and where a film runs", responses=MovieDaySerializer, filters=True)
    def get(self, request, pk):
        movie = get_object_or_404(Movie, pk=pk)
        asked = DayFilter.of(request, Showtime.objects.listed().filter(movie=movie))
        zones = asked.zones()
        on_day = asked.qs.on_cinema_day(asked.day, zones) if asked.day else asked.qs.today(zones)
        theaters = timetable.by_theater(self.entries(on_day))
        dates = asked.qs.cinema_days(zones)
        return Response({"date": asked.day, "dates": dates, "theaters": theaters})


class TheaterShowtimesView(DayView):
    """
    A theater's films, each with its showtimes of the cinema day `date` (03:00 to 02:59 by the
    theater's own clock; its today when left out).

    `dates` are the days of the next 60 on which something runs, under the same other filters.
    """

    serializer_class = TheaterDaySerializer

    @extend_schema(summary="What runs at a theater", responses=TheaterDaySerializer, filters=True)
    def get(self, request, pk):
        # By its screens: PostgreSQL guesses badly how many showtimes a theater has.
        rows = list(Theater.objects.filter(pk=pk).values_list("timezone", "screens"))
        if not rows:
            raise NotFound
        zone, screens = rows[0][0], [screen for _, screen in rows]
        asked = DayFilter.of(request, Showtime.objects.listed().filter(screen__in=screens))
        day, zones = asked.day or cinema_date(timezone.now(), zone), [zone]
        movies = timetable.by_film(self.entries(asked.qs.on_cinema_day(day, zones)))
        return Response({"date": day, "dates": asked.qs.cinema_days(zones), "movies": movies})
