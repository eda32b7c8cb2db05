"""
What the board asks and does: JSON for its script, each address below one theater. Someone else's
theater is not there. The rules are those of the API: showtimes.planning, copying, bulk_prices.
"""

from django.shortcuts import get_object_or_404
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from showtimes import planning
from showtimes.bulk_prices import changes, set_prices
from showtimes.copying import copies, copy
from showtimes.models import Showtime
from theaters.models import Theater

from .answers import copied, repriced
from .day import shown
from .films import films
from .requests import (
    BoardPlanSerializer,
    CopySerializer,
    DaySerializer,
    FilmsSerializer,
    PricesSerializer,
    SaleSerializer,
)


class BoardView(APIView):
    """Of a theater that this person manages. The admin has asked already who they are."""

    authentication_classes = [SessionAuthentication]
    permission_classes = [IsAuthenticated]

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        own = Theater.objects.managed_by(request.user)
        self.theater = get_object_or_404(own, pk=kwargs["theater"])

    def understood(self, serializer_class, *args, **kwargs):
        context = {"request": self.request, "theater": self.theater}
        asked = serializer_class(*args, **kwargs, context=context)
        asked.is_valid(raise_exception=True)
        return asked

    def day(self, **more) -> Response:
        """The day that the sender looks at, as it is now, and `more`."""
        asked = self.understood(DaySerializer, data=self.request.query_params)
        return Response(shown(self.theater, asked.validated_data["day"]) | more)


class DayView(BoardView):
    def get(self, request, theater):
        return self.day()


class FilmsView(BoardView):
    def get(self, request, theater):
        asked = self.understood(FilmsSerializer, data=request.query_params).validated_data
        found = films(
            self.theater, request.build_absolute_uri, words=asked["q"], longest=asked["longest"]
        )
        return Response({"films": found})


class PlanView(BoardView):
    """A new showtime."""

    def post(self, request, theater):
        showtime = self.understood(BoardPlanSerializer, data=request.data).save()
        return self.day(id=showtime.pk)


class OneView(BoardView):
    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        own = Showtime.objects.filter(screen__theater=self.theater)
        own = own.select_related("movie", "screen__theater")
        self.showtime = own.filter(pk=kwargs["showtime"]).first()
        if self.showtime is None:
            raise NotFound("It is not on this board any more: somebody has deleted it.")


class ShowtimeView(OneView):
    """Another place, other prices, another version: what is sent changes."""

    def post(self, request, theater, showtime):
        plan = self.understood(BoardPlanSerializer, self.showtime, data=request.data, partial=True)
        return self.day(id=plan.save().pk)


class RemoveView(OneView):
    def post(self, request, theater, showtime):
        planning.remove(self.showtime)
        return self.day()


class SaleView(BoardView):
    """Puts on sale what is planned, or takes off sale what is on sale; says how many."""

    def post(self, request, theater):
        asked = self.understood(SaleSerializer, data=request.data).validated_data
        chosen = [showtime.pk for showtime in asked["showtimes"]]
        rows = Showtime.objects.filter(pk__in=chosen)
        on_sale = asked["status"] == Showtime.Status.ON_SALE
        return self.day(changed=rows.put_on_sale() if on_sale else rows.take_off_sale())


class CopiesView(BoardView):
    """What copying would do. Changes nothing."""

    def post(self, request, theater):
        asked = self.understood(CopySerializer, data=request.data).validated_data
        return Response(copied(copies(self.theater, **asked)))


class CopyView(BoardView):
    """Copies what fits."""

    def post(self, request, theater):
        asked = self.understood(CopySerializer, data=request.data).validated_data
        return self.day(**copied(copy(self.theater, **asked)))


class PricesView(BoardView):
    """What new prices would change. Changes nothing."""

    def post(self, request, theater):
        asked = self.understood(PricesSerializer, data=request.data)
        return Response(repriced(self.theater, changes(asked.choice, asked.amounts)))


class RepriceView(BoardView):
    """Sets them."""

    def post(self, request, theater):
        asked = self.understood(PricesSerializer, data=request.data)
        done = set_prices(asked.choice, asked.amounts)
        return self.day(**repriced(self.theater, done))
