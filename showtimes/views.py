"""The timetable, and which seats are left."""

from hashlib import sha256
from itertools import groupby

from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, mixins, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from movies.models import Movie
from theaters.models import Theater

from .filters import ShowtimeFilter, TimetableFilter
from .models import Showtime
from .sales import with_sales
from .seat_map import seat_map, taken_seats
from .serializers import (
    AvailabilitySerializer,
    MovieDaySerializer,
    SeatMapSerializer,
    SeatsQuerySerializer,
    ShowtimeSerializer,
    TheaterDaySerializer,
)

FULL = Showtime.objects.select_related("movie", "screen__theater")


def _etag(taken: list[int]) -> str:
    return quote_etag(sha256(repr(taken).encode()).hexdigest()[:32])


@extend_schema_view(
    list=extend_schema(summary="List showtimes"), retrieve=extend_schema(summary="Show a showtime")
)
class ShowtimeViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet):
    """
    The timetable. Without `date`, `from` or `to`: what has not started yet, the next first.

    A showtime that was cancelled is not listed, but keeps its address.
    """

    permission_classes = [AllowAny]
    kept_for = 0
    serializer_class = ShowtimeSerializer
    filterset_class = TimetableFilter
    queryset = Showtime.objects.all()
    lookup_value_converter = "int"

    def get_queryset(self):
        return FULL.announced() if self.detail else FULL.listed()

    def paginate_queryset(self, queryset):
        return with_sales(super().paginate_queryset(queryset))

    def get_object(self):
        return with_sales([super().get_object()])[0]

    @extend_schema(
        summary="Poll which seats are taken", responses=AvailabilitySerializer, filters=False
    )
    @action(detail=True, filterset_class=None)
    def availability(self, request, pk):
        """
        The ids of the seats that are gone, and nothing else. Send the `ETag` back as
        `If-None-Match`: as long as nothing changes the answer is an empty 304.
        """
        showtime = get_object_or_404(Showtime.objects.announced(), pk=pk)
        taken = taken_seats(showtime)
        response = Response({"taken": taken}, headers={"ETag": _etag(taken)})
        return get_conditional_response(request, response["ETag"], response=response)


class SeatsView(APIView):
    """The seat map: the screen, its categories with prices, and every seat with its status."""

    permission_classes = [AllowAny]
    kept_for = 0
    raises = {"get": [NotFound]}

    @extend_schema(
        summary="Show the seat map",
        parameters=[SeatsQuerySerializer],
        responses=SeatMapSerializer,
    )
    def get(self, request):
        asked = SeatsQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        showtime = get_object_or_404(FULL.announced(), pk=asked.validated_data["showtime"])
        return Response(seat_map(showtime))


class DayView(generics.GenericAPIView):
    """The showtimes of one film or one theater on one cinema day, in groups."""

    permission_classes = [AllowAny]
    kept_for = 0
    filterset_class = ShowtimeFilter
    queryset = FULL
    pagination_class = None

    def showtimes(self, **where):
        """The day's showtimes with figures, and the days from today on that have some."""
        showtimes = self.get_queryset().listed().filter(**where)
        chosen = self.filter_queryset(showtimes)
        if not self.request.query_params.get("date"):
            chosen = chosen.today()
        any_day = {**self.request.query_params.dict(), "date": ""}
        of_any_day = ShowtimeFilter(any_day, showtimes).qs.upcoming()
        return with_sales(chosen), of_any_day.cinema_days()

    def answer(self, *, name, group_by, **where):
        showtimes, dates = self.showtimes(**where)
        showtimes.sort(key=lambda one: (str(group_by(one)), group_by(one).pk, one.starts_at))
        groups = []
        for one, its in groupby(showtimes, key=group_by):
            one.showtimes_of_day = list(its)
            groups.append(one)
        day = self.request.query_params.get("date") or None
        data = {"date": day, "dates": dates, name: groups}
        return Response(self.get_serializer(data).data)


class MovieShowtimesView(DayView):
    """
    A film's theaters, each with its showtimes of the cinema day `date` (03:00 to 02:59 by the
    theater's own clock; each theater's today when left out).
    """

    serializer_class = MovieDaySerializer

    @extend_schema(summary="When and where a film runs", responses=MovieDaySerializer, filters=True)
    def get(self, request, pk):
        movie = get_object_or_404(Movie, pk=pk)
        return self.answer(name="theaters", group_by=lambda one: one.theater, movie=movie)


class TheaterShowtimesView(DayView):
    """
    A theater's films, each with its showtimes of the cinema day `date` (03:00 to 02:59 by the
    theater's own clock; its today when left out).
    """

    serializer_class = TheaterDaySerializer

    @extend_schema(summary="What runs at a theater", responses=TheaterDaySerializer, filters=True)
    def get(self, request, pk):
        theater = get_object_or_404(Theater, pk=pk)
        return self.answer(name="movies", group_by=lambda one: one.movie, screen__theater=theater)
